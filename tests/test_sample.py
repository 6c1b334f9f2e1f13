"""The picture command and the model behind it: options, sentences, and the same picture for the same words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from diffusion_core import sample as command
from diffusion_core import shipped
from diffusion_core.model import UNET_FILE, Model, load_model, load_text
from diffusion_core.nn.text import START, TextConfig, TextEncoder
from diffusion_core.sample import main, paint, sheet, to_pixels
from diffusion_core.schedules import Schedule
from diffusion_core.shipped import ASSETS, ShippedFileError, read_manifest, sha256_of
from diffusion_core.world.captions import CAPTION_WORDS


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


def last(model: Model, prompt: str, seeds=(3,), **settings) -> torch.Tensor:
    *_, step = paint(model, prompt.split(), seeds, Schedule(), **settings)
    return step.x_t


def test_every_shipped_file_is_in_the_manifest_with_its_hash():
    files = {p.relative_to(ASSETS).as_posix(): p for p in ASSETS.rglob("*") if p.is_file()}
    files.pop("manifest.json")
    manifest = read_manifest()
    assert set(files) == set(manifest)
    for name, path in files.items():
        assert sha256_of(path) == manifest[name]["sha256"], name
    assert sum(entry["bytes"] for entry in manifest.values()) <= 40 * 2**20
    assert all(entry["bytes"] <= 10 * 2**20 for entry in manifest.values())


def test_shipped_network_draws_the_colour_it_is_asked_for(model):
    """A house fills the middle of its picture: its colour there is the colour named."""
    red = to_pixels(last(model, "a red house in the snow", range(4), steps=10)).astype(float)
    blue = to_pixels(last(model, "a blue house in the snow", range(4), steps=10)).astype(float)
    middle = (slice(None), slice(12, 24), slice(10, 22))
    assert (red[middle][..., 0] - red[middle][..., 2]).mean() > 40
    assert (blue[middle][..., 2] - blue[middle][..., 0]).mean() > 40


def test_a_picture_in_a_batch_is_the_picture_alone(model):
    together = last(model, "a red cat", (1, 2, 3), steps=4)
    torch.testing.assert_close(together[1:2], last(model, "a red cat", (2,), steps=4), atol=1e-3, rtol=0)


def test_guidance_zero_does_not_hear_the_prompt(model):
    cat, dog = (last(model, p, steps=3, guidance_scale=0.0) for p in ("a red cat", "a blue dog"))
    torch.testing.assert_close(cat, dog)
    assert (last(model, "a red cat", steps=3) - last(model, "a blue dog", steps=3)).abs().max() > 0.3


def test_text_encoder_knows_kings_from_queens():
    text = load_text()
    king, man, woman, queen = text.pooled(text.tokenise([["king"], ["man"], ["woman"], ["queen"]]))
    assert king @ man > king @ woman and queen @ woman > queen @ man
    target = king - man + woman
    nouns = ["queen", "cat", "dog", "turtle", "robot", "house", "tree", "fish", "bird", "horse", "car"]
    rivals = text.pooled(text.tokenise([[noun] for noun in nouns]))
    assert nouns[int((rivals @ target).argmax())] == "queen"


def test_tokens_start_pad_and_refuse_strangers():
    text = TextEncoder(TextConfig(words=CAPTION_WORDS))
    rows = text.tokenise([[], ["cat"], ["cat"] * 50])
    assert rows.shape == (3, 24) and (rows[:, 0] == START).all()
    assert (rows[0, 1:] == 0).all() and (rows[2] > 0).all()
    with pytest.raises(ValueError, match="dragon"):
        text.tokenise([["dragon"]])


def test_sheet_lays_pictures_out_in_rows():
    pictures = np.arange(5, dtype=np.uint8)[:, None, None, None] * np.full((1, 2, 2, 3), 50, np.uint8)
    image = np.asarray(sheet(pictures, 3, enlarge=1))
    assert image.shape == (6, 9, 3)
    assert (image[3:5, 3:5] == 200).all()


def test_command_writes_picture_and_film(tmp_path):
    main(["a red cat", "--steps", "3", "--out", str(tmp_path / "x.png"), "--gif", str(tmp_path / "x.gif")])
    assert Image.open(tmp_path / "x.png").size == (33 * 8, 33 * 8)
    assert Image.open(tmp_path / "x.gif").n_frames == 4


@pytest.mark.parametrize(
    "arguments",
    [
        ["cat", "--sampler", "magic"],
        ["cat", "--steps", "0"],
        ["cat", "--steps", "many"],
        ["cat", "--guidance", "-1"],
        ["cat", "--seed", "-3"],
        ["cat", "--enlarge", "0"],
        ["cat", "--schedule", "slow"],
        ["cat", "--steps", "2", "--out", "no/such/folder/x.png"],
        [],
    ],
)
def test_a_wrong_option_gets_one_sentence_and_exit_code_2(arguments, capsys):
    with pytest.raises(SystemExit) as leave:
        main(arguments)
    said = capsys.readouterr().err.strip()
    assert leave.value.code == 2
    assert said and "\n" not in said and "Traceback" not in said


def test_missing_weights_name_the_command(capsys, monkeypatch):
    def missing():
        raise ShippedFileError("unet.safetensors is missing. Make it with: the command")

    monkeypatch.setattr(command, "load_model", missing)
    with pytest.raises(SystemExit) as leave:
        main(["a cat"])
    assert leave.value.code == 2 and "the command" in capsys.readouterr().err


def test_weights_of_another_hash_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(shipped, "ASSETS", tmp_path)
    changed = tmp_path / "weights" / "unet.safetensors"
    changed.parent.mkdir()
    changed.write_bytes(UNET_FILE.read_bytes() + b" ")
    monkeypatch.setattr(shipped, "read_manifest", lambda: {"weights/unet.safetensors": {"sha256": "0" * 64}})
    with pytest.raises(ShippedFileError, match="not the file that this version"):
        load_model(changed)


def test_training_command_refuses_bad_options():
    root = Path(__file__).parents[1]
    for options in (["unet", "--minutes", "-1"], ["unet", "--batch", "1"], ["poet"]):
        done = subprocess.run(
            [sys.executable, "-m", "diffusion_core.train", *options], cwd=root, capture_output=True, text=True
        )
        assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1, done.stderr
