"""The mean of two moments of one training."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from diffusion_core.blend import main
from diffusion_core.checkpoints import load_weights, save_weights
from diffusion_core.nn.unet import UNet, UNetConfig

SMALL = UNetConfig(channels=(16, 32, 32), blocks=1, thin=8, level_dim=32)


def saved(path, config: UNetConfig, pictures: int) -> dict:
    torch.manual_seed(pictures)
    save_weights(path, UNet(config).state_dict(), config, {"pictures": pictures, "command": f"run {pictures}"})
    return load_weights(path, "")[0]


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_every_weight_lies_on_the_line_between_the_two_and_the_record_names_both(tmp_path, share, capsys):
    old, new = saved(tmp_path / "a", SMALL, 100), saved(tmp_path / "b", SMALL, 200)
    main([str(tmp_path / "a"), str(tmp_path / "b"), "--share", str(share), "--out", str(tmp_path / "c")])
    made, config, training = load_weights(tmp_path / "c", "")
    assert tuple(config["channels"]) == SMALL.channels and any(not torch.equal(old[n], new[n]) for n in old)
    for name, tensor in made.items():
        torch.testing.assert_close(tensor, (1 - share) * old[name] + share * new[name], atol=1e-3, rtol=1e-3)
    assert training["pictures"] == 200 and training["blend"]["of"]["command"] == "run 100"
    assert "100" in capsys.readouterr().out


def test_other_layouts_odd_shares_and_missing_files_are_said_in_one_line(tmp_path, capsys):
    saved(tmp_path / "a", SMALL, 1), saved(tmp_path / "b", replace(SMALL, channels=(16, 32, 48)), 2)
    a, b, out = (str(tmp_path / name) for name in ("a", "b", "out"))
    for asked, said in (([a, b], "different layouts"), ([a, a, "--share", "2"], "from 0 to 1"), ([a, a + "x"], "ax")):
        with pytest.raises(SystemExit) as ended:
            main([*asked, "--out", out])
        lines = capsys.readouterr().err.strip().splitlines()
        assert ended.value.code == 2 and said in lines[-1] and len(lines) == 1
    assert not (tmp_path / "out").exists()
