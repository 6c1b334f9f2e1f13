"""The comparison with other packages: what its figures mean, and that the networks compared are as large as said."""

from __future__ import annotations

import importlib.util
import json
import math

import pytest
import torch

from benchmarks import peer_jobs, peer_report
from benchmarks.peer_networks import CLOSE, DIFFUSERS, GROUPS, PLAIN, Size, family_size, match, our_size
from diffusion_core.engine import Engine
from diffusion_core.nn.unet import UNet, UNetConfig

# theirs: diffusers on NumPy 2
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

TIMES = {"ours": [1.0, 2.0, 3.0], "other": [2.0, 8.0, 3.0]}


def test_ratios_are_ours_over_theirs_round_by_round() -> None:
    row = peer_report.compared(TIMES)["other"]
    assert (row["low"], row["ratio"], row["high"]) == (0.375, 0.5, 0.75)  # of 0.25, 0.5 and 1
    assert row["seconds_median"] == 3.0
    assert "ratio" not in peer_report.compared(TIMES)["ours"]


def test_one_round_is_its_own_middle() -> None:
    assert peer_report.middle([2.0]) == {"median": 2.0, "low": 2.0, "high": 2.0}


def test_jobs_take_turns_and_the_first_round_is_not_counted() -> None:
    order: list[str] = []
    jobs = {name: lambda name=name: order.append(name) for name in "ab"}
    times = peer_report.interleaved(jobs, 2)
    assert order == list("ababab")
    assert {name: len(seconds) for name, seconds in times.items()} == {"a": 2, "b": 2}


def test_shares_count_all_rows() -> None:
    found = peer_report.shares({"ours": [0.5]}, {"ours": 10}, rows=16, ceilings={"ours": 640.0})["ours"]
    assert (found["flops_per_second"], found["share"]) == (320.0, 0.5)


def test_record_for_programs() -> None:
    pictures = peer_report.compared(TIMES)
    found = peer_report.record({"equal_flops": "other"}, {"threads": 2}, pictures=pictures, training={}, passes={})
    found = json.loads(json.dumps(found))
    assert found["equal_flops"] == {"ratio": 0.5, "low": 0.375, "high": 0.75}
    assert found["threads"] == 2 and found["pictures"]["ours"]["seconds_median"] == 2.0


def test_table_leaves_our_own_ratio_open() -> None:
    lines = peer_report.comparison_table("x", peer_report.compared(TIMES)).splitlines()
    assert lines[2].endswith("|  |") and "0.50 (0.38–0.75)" in lines[3]


def test_our_size_is_that_of_the_real_network() -> None:
    size = our_size(UNetConfig())
    assert size.parameters == sum(p.numel() for p in UNet(UNetConfig()).parameters())
    assert size.flops > 1e8


@pytest.mark.parametrize("way", ["parameters", "flops"])
def test_diffusers_is_made_as_large_as_ours(way: str) -> None:
    pytest.importorskip("diffusers", reason="diffusers is in requirements-dev.txt")
    ours = our_size(UNetConfig())
    layout = match(DIFFUSERS, ours, way)
    size = family_size(DIFFUSERS, layout)
    assert abs(getattr(size, way) / getattr(ours, way) - 1) <= CLOSE
    assert all(channels % GROUPS == 0 for channels in layout)


def test_exact_proportions_win_where_they_fit() -> None:
    pytest.importorskip("diffusers", reason="diffusers is in requirements-dev.txt")
    usual = family_size(DIFFUSERS, (32, 64, 128))
    assert match(DIFFUSERS, Size(usual.parameters, 0), "parameters") == (32, 64, 128)


def test_other_networks_draw_and_learn(monkeypatch: pytest.MonkeyPatch, tiny_model) -> None:
    pytest.importorskip("diffusers", reason="diffusers is in requirements-dev.txt")
    monkeypatch.setattr(peer_jobs, "STEPS", 2)
    network = DIFFUSERS.build((8, 16, 32))
    pictures = peer_jobs.their_pictures(network.eval(), tiny_model)()
    assert pictures.shape == (4, 3, 32, 32) and pictures.isfinite().all()
    before = [p.detach().clone() for p in network.parameters()]
    step = peer_jobs.their_training_step(network, tiny_model, 2)
    step()  # the learning rate rises from 0
    assert math.isfinite(step().loss)
    assert any(not torch.equal(b, p) for b, p in zip(before, network.parameters(), strict=True))


def test_our_side_is_the_engine_and_the_course_s_own_training(tiny_model) -> None:
    engine = Engine(lambda network: tiny_model)
    peer_jobs.our_pictures(engine)()  # raises where the engine's run fails
    engine.stop()
    step = peer_jobs.our_training_step(tiny_model, 2)
    assert [step().step, step().step] == [1, 2]


def test_half_precision_stays_so_to_the_end(monkeypatch: pytest.MonkeyPatch, tiny_model) -> None:
    pytest.importorskip("diffusers", reason="diffusers is in requirements-dev.txt")
    monkeypatch.setattr(peer_jobs, "STEPS", 1)
    network = DIFFUSERS.build((8, 16, 32)).eval().to(torch.bfloat16, memory_format=torch.channels_last)
    assert peer_jobs.their_pictures(network, tiny_model, half=True)().dtype == torch.bfloat16


@pytest.mark.skipif(importlib.util.find_spec(PLAIN.package) is None, reason="wants benchmarks/requirements-peers.txt")
def test_denoising_diffusion_pytorch_comes_without_torchvision() -> None:
    present = importlib.util.find_spec("torchvision") is not None
    network = PLAIN.build((8, 16))
    assert network(torch.zeros(2, 3, 32, 32), torch.zeros(2), torch.zeros(2, 24, 128)).shape == (2, 3, 32, 32)
    assert (importlib.util.find_spec("torchvision") is not None) == present  # the stand-in is gone
