"""Measure the shipped network: python -m diffusion_core.evaluate agreement | sheet

agreement prints how often pictures show what their prompts say, seen and held-out combinations apart, with
the judge's own score on drawings of the very same scenes beside it. sheet draws pictures with their verdicts.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor
from tqdm import tqdm

from diffusion_core.agreement import (
    GROUPS,
    PAIR,
    PICTURES,
    THREE,
    TWO,
    Asked,
    Judged,
    Measured,
    Painter,
    judge_prompts,
    measure,
    prompt_at,
)
from diffusion_core.guidance import Interval, cfg_one_pass
from diffusion_core.intervals import wilson
from diffusion_core.judge import ATTRIBUTES, Check, Judge, Verdict, compare, load_judge
from diffusion_core.model import UNET_FILE, Model, load_model
from diffusion_core.sample import OneLineParser, to_pixels
from diffusion_core.samplers import SAMPLERS, Run, drive
from diffusion_core.schedules import Schedule
from diffusion_core.shipped import ShippedFileError

SETTINGS = {"sampler": "dpmpp_2m", "steps": 20, "guidance_scale": 3.0, "schedule": "cosine"}
PAIRS_SHARE = 4  # held-out pairs of subjects are two in number: a quarter of the prompts is enough
SHEET_ROWS = {"seen": 4, "held_out": 3, "two_figures": 2, "two_held_out": 1}
COLUMNS, SIDE, TEXT, GAP = 10, 96, 40, 8  # of the sheet, in pixels
GREY, RED = (205, 205, 210), (235, 70, 70)


def painter(model: Model, pictures: int = PICTURES, interval: Interval | None = None) -> Painter:
    """Sample prompts together, every row with its own words and its own noise; interval as for guidance.cfg."""

    def paint(asked: Sequence[Asked]) -> Tensor:
        words = [one.reading.words for one in asked for _ in range(pictures)]
        seeds = [one.seed + n for one in asked for n in range(pictures)]
        both = model.encode([*words, *[()] * len(words)])
        schedule, size = Schedule(SETTINGS["schedule"]), model.unet.config.picture_size
        times, sampler = schedule.times(SETTINGS["steps"]), SAMPLERS[SETTINGS["sampler"]]
        run = Run.start(schedule, times, sampler, seeds, (3, size, size))
        *_, last = drive(cfg_one_pass(model.denoiser(both), SETTINGS["guidance_scale"], interval), run)
        return last.x_t

    return paint


def evaluate_agreement(judge: Judge, paint: Painter, prompts: int) -> dict[str, list[Judged]]:
    """Paint and judge every group of prompts, under one progress bar."""
    counts = dict.fromkeys(GROUPS, prompts) | {"two_held_out": -(-prompts // PAIRS_SHARE)}
    judged: dict[str, list[Judged]] = {group: [] for group in GROUPS}
    with tqdm(total=sum(counts.values()), unit="prompt") as bar:
        for group, count in counts.items():
            bar.set_description(group)
            for one in judge_prompts(judge, paint, [prompt_at(group, i) for i in range(count)]):
                judged[group].append(one)
                bar.update()
    return judged


def rows_of(judged: dict[str, list[Judged]]) -> dict[str, Measured]:
    """The rows of the table, by name."""
    apart = {
        distance: [one for one in judged["held_out"] if one.asked.distance == distance] for distance in (TWO, THREE)
    }
    groups = {
        "one figure, seen": judged["seen"],
        "one figure, held out": judged["held_out"],
        **{f"… {distance}": some for distance, some in apart.items()},
        "two figures, seen": judged["two_figures"],
        f"two figures, held-out {PAIR}": judged["two_held_out"],
    }
    return {name: measure(some) for name, some in groups.items()}


def table(rows: dict[str, Measured]) -> str:
    """Markdown, in per cent: sampled pictures, then the judge on drawings of the same scenes."""
    rates_of = (*ATTRIBUTES, "bound", "sides")
    head = ("combinations", "pictures", "all right", "95%", "judge's ceiling", "share of ceiling", *rates_of)
    lines = [head, ("---", *["---:"] * (len(head) - 1))]
    for name, row in rows.items():
        right = row.sampled.right
        low, high = wilson(right.hits, right.count)
        rates = [row.sampled.attributes[attribute].share for attribute in ATTRIBUTES]
        pair = row.sampled.bound.share if name.startswith("two figures") else float("nan"), row.sampled.sides.share
        figures = (right.share, row.drawn.right.share, row.share_of_ceiling, *rates, *pair)
        all_right, ceiling, share, *rest = ("–" if f != f else f"{100 * f:.1f}" for f in figures)
        lines.append((name, str(right.count), all_right, f"{100 * low:.1f} to {100 * high:.1f}", ceiling, share, *rest))
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    padded = [(line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])) for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in padded)


def record_of(
    judged: dict[str, list[Judged]], training: dict[str, Any], until: float | None = None
) -> dict[str, Any]:
    """All that was measured, for programs: ceiling, seen, held_out, two_figures."""
    rows = {group: measure(some) for group, some in judged.items()}
    held_out = rows["held_out"].record() | {
        "by_distance": {
            distance: measure([one for one in judged["held_out"] if one.asked.distance == distance]).record()
            for distance in (TWO, THREE)
        }
    }
    ceiling = rows["seen"].drawn.right + rows["held_out"].drawn.right
    return {
        "settings": SETTINGS | {"pictures_per_prompt": PICTURES, "guided_until": until}, "training": training,
        "ceiling": ceiling.record(), "seen": rows["seen"].record(), "held_out": held_out,
        "two_figures": _of_two(rows["two_figures"]) | {"held_out": _of_two(rows["two_held_out"])},
    }  # fmt: skip


def _of_two(row: Measured) -> dict[str, Any]:
    low, high = wilson(row.sampled.bound.hits, row.sampled.bound.count)
    binding = {"binding": row.sampled.bound.share, "binding_low": low, "binding_high": high}
    binding["sides"] = row.sampled.sides.share if row.sampled.sides.count else None
    return row.record() | binding | {"binding_ceiling": row.drawn.bound.share}


def verdict_sheet(judge: Judge, model: Model) -> tuple[Image.Image, int]:
    """A hundred prompts with one picture each, wrong ones framed red; and how many are right."""
    asked = [prompt_at(group, i) for group, rows in SHEET_ROWS.items() for i in range(rows * COLUMNS)]
    canvas = Image.new("RGB", (COLUMNS * (SIDE + GAP), sum(SHEET_ROWS.values()) * (SIDE + TEXT + GAP)), (24, 24, 28))
    right, paint = 0, painter(model, 1)
    for row in tqdm(range(0, len(asked), COLUMNS), unit="row"):
        some = asked[row : row + COLUMNS]
        x = paint(some)
        for column, (one, sight, pixels) in enumerate(zip(some, judge.look(x), to_pixels(x), strict=True)):
            verdict = compare(sight, one.reading.scene, one.reading.sided)
            right += verdict.right
            corner = (column * (SIDE + GAP) + GAP // 2, row // COLUMNS * (SIDE + TEXT + GAP) + GAP // 2)
            _draw_cell(canvas, corner, Image.fromarray(pixels), one.prompt, verdict)
    return canvas, right


def _draw_cell(
    canvas: Image.Image, corner: tuple[int, int], picture: Image.Image, prompt: str, verdict: Verdict
) -> None:
    pen, font, (x, y) = ImageDraw.Draw(canvas), ImageFont.load_default(8), corner
    canvas.paste(picture.resize((SIDE, SIDE), Image.Resampling.NEAREST), corner)
    if not verdict.right:
        pen.rectangle((x - 2, y - 2, x + SIDE + 1, y + SIDE + 1), outline=RED, width=2)
    lines, words = [""], prompt.split()
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], longer] if pen.textlength(longer, font) <= SIDE + GAP - 2 else [*lines, word]
    for i, line in enumerate(lines[:3]):
        pen.text((x, y + SIDE + 1 + 9 * i), line, fill=GREY, font=font)
    if not verdict.right:
        pen.text((x, y + SIDE + 28), _said(verdict.wrong), fill=RED, font=font)


def _said(wrong: Sequence[Check]) -> str:
    """The first thing wrong, as "dog? cat 93%", and how many more there are."""
    first = wrong[0]
    more = f" +{len(wrong) - 1}" if len(wrong) > 1 else ""
    return f"{first.asked}? {first.answer.value or 'none'} {first.answer.confidence:.0%}{more}"


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = OneLineParser("python -m diffusion_core.evaluate", description="Measure the shipped network.")
    commands = parser.add_subparsers(dest="what", required=True, parser_class=OneLineParser)
    agreement = commands.add_parser("agreement", help="how often pictures show what their prompts say")
    agreement.add_argument("--json", type=Path, help="where the figures go, for programs")
    agreement.add_argument("--prompts", type=int, default=250, help="how many in each group; 20 for a quick look")
    agreement.add_argument("--until", type=float, help="log-SNR above which guidance rests; everywhere if not given")
    pictures = commands.add_parser("sheet", help="a hundred pictures with the judge's verdicts")
    pictures.add_argument("--out", type=Path, default=Path("sheet.png"), help="where the sheet goes (PNG)")
    for command in (agreement, pictures):
        command.add_argument("--bfloat16", action="store_true", help="in the type of processors that multiply in it")
        command.add_argument("--weights", type=Path, default=UNET_FILE, help="another U-Net's weights")
    options = parser.parse_args(arguments)
    if options.what == "agreement" and not 1 <= options.prompts <= 100_000:
        parser.error(f"--prompts must be from 1 to 100000, not {options.prompts}")
    try:
        model = load_model(options.weights)
        _run(options, load_judge(), model.frozen(torch.bfloat16 if options.bfloat16 else torch.float32))
    except (ShippedFileError, OSError) as problem:
        parser.error(str(problem))


def _run(options: argparse.Namespace, judge: Judge, model: Model) -> None:
    if options.what == "sheet":
        canvas, right = verdict_sheet(judge, model)
        canvas.save(options.out)
        print(f"{options.out}: {right} of {COLUMNS * sum(SHEET_ROWS.values())} right")
        return
    interval = None if options.until is None else (-math.inf, options.until)
    judged = evaluate_agreement(judge, painter(model, interval=interval), options.prompts)
    print(table(rows_of(judged)))
    if options.json:
        options.json.write_text(json.dumps(record_of(judged, model.training, options.until), indent=1) + "\n")


if __name__ == "__main__":
    main()
