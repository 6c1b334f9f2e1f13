"""Look at the drawn world: python -m diffusion_core.world --sheet out.png --size 64 --seed 0."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NoReturn

from diffusion_core.world.sheet import report_speed, save_sheet


class _Parser(argparse.ArgumentParser):
    """An argument parser that complains in one sentence."""

    def error(self, message: str) -> NoReturn:
        print(f"{message[:1].upper()}{message[1:]}; see --help for the options.", file=sys.stderr)
        raise SystemExit(2)


def _size(text: str) -> int:
    if not text.isdecimal() or not 32 <= int(text) <= 512 or int(text) % 32:
        raise argparse.ArgumentTypeError(f"{text} is no size from 32 to 512 in steps of 32")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 2000:
        raise argparse.ArgumentTypeError(f"{text} is no count from 1 to 2000")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is no whole number from 0 up")
    return int(text)


def main(arguments: list[str] | None = None) -> int:
    """Draw a sheet, measure speed, or both; 0 when done, 2 for a wrong option."""
    parser = _Parser(prog="python -m diffusion_core.world", description=__doc__)
    parser.add_argument("--sheet", type=Path, help="write a labelled contact sheet to this file")
    parser.add_argument("--size", type=_size, default=32, help="side of a picture in pixels: 32, 64, …")
    parser.add_argument("--seed", type=_seed, default=0, help="which data set")
    parser.add_argument("--count", type=_count, default=64, help="pictures on the sheet")
    parser.add_argument(
        "--speed", action="store_true", help="print scenes per second, on one core and on all"
    )
    options = parser.parse_args(arguments)
    if options.sheet is None and not options.speed:
        parser.error("nothing to do: give --sheet FILE or --speed")
    if options.sheet is not None:
        try:
            save_sheet(options.sheet, options.count, options.size, options.seed)
        except (ValueError, OSError) as problem:
            print(problem, file=sys.stderr)
            return 2
        print(f"{options.count} pictures in {options.sheet}")
    if options.speed:
        print(report_speed())
    return 0


if __name__ == "__main__":
    sys.exit(main())
