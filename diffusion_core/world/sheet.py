"""A contact sheet of the drawn world, each picture with its facts, and the speed of drawing."""

from __future__ import annotations

import os
import time
from pathlib import Path

from PIL import Image, ImageDraw

from diffusion_core.world.dataset import draw_pool, example
from diffusion_core.world.drawing import draw
from diffusion_core.world.scenes import scene_seed
from diffusion_core.world.vocabulary import NOTHING, Scene

CELL, LABEL, COLUMNS = 192, 40, 8


def describe(scene: Scene) -> list[str]:
    """A scene in two short lines: the figures, and what is around them."""
    figures = []
    for figure in scene.figures:
        worn = "" if figure.wearing == NOTHING else f" + {figure.wearing}"
        figures.append(f"{figure.colour} {figure.subject}{worn}")
    around = [scene.thing if scene.thing != NOTHING else None, scene.place, scene.time]
    return [" | ".join(figures), ", ".join(fact for fact in around if fact)]


def make_sheet(count: int, size: int, seed: int) -> Image.Image:
    """The first `count` examples of data set `seed`, drawn at `size` and enlarged with hard pixels."""
    columns = min(COLUMNS, count)
    rows = -(-count // columns)
    sheet = Image.new("RGB", (columns * (CELL + 8), rows * (CELL + LABEL)), (24, 24, 28))
    pen = ImageDraw.Draw(sheet)
    for index in range(count):
        scene, _ = example(seed, index)
        picture = Image.fromarray(draw(scene, scene_seed(seed, index), size))
        x, y = index % columns * (CELL + 8) + 4, index // columns * (CELL + LABEL) + 4
        sheet.paste(picture.resize((CELL, CELL), Image.Resampling.NEAREST), (x, y))
        pen.multiline_text((x, y + CELL + 2), "\n".join(describe(scene)), fill=(220, 220, 224), spacing=1)
    return sheet


def save_sheet(path: Path, count: int, size: int, seed: int) -> None:
    """Write the sheet as a picture file; the folder must exist."""
    if not path.parent.is_dir():
        raise ValueError(f"There is no folder {path.parent}: make it first, or name another file.")
    if path.suffix.lower() not in {".png", ".webp", ".jpg"}:
        raise ValueError(f"A sheet is a picture file: name it {path.stem}.png.")
    make_sheet(count, size, seed).save(path)


def measure_speed(workers: int, count: int = 4000) -> float:
    """Scenes drawn per second at 32×32 by `workers` processes, start-up included."""
    start = time.perf_counter()
    draw_pool(count, seed=0, workers=workers)
    return count / (time.perf_counter() - start)


def report_speed() -> str:
    """One line for one core, one for all of them."""
    cores = os.cpu_count() or 1
    lines = [f"{workers} core(s): {measure_speed(workers):.0f} scenes/s" for workers in sorted({1, cores})]
    return "\n".join(lines)
