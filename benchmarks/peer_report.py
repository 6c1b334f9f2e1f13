"""Interleaved timing, and what is said of it: medians, the middle half, ratios round by round."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence

import torch

Times = dict[str, list[float]]  # seconds, one a round
OURS = "ours"
PAUSE = 0.02  # seconds: threads of the last job that still wait for work, awake, fall asleep


def interleaved(
    jobs: Mapping[str, Callable[[], object]], rounds: int, show: Callable[[str], None] = lambda name: None
) -> Times:
    """Seconds of each job in each round, in turn, so that a slow moment hits all alike; the first only warms up."""
    threads, times = torch.get_num_threads(), Times({name: [] for name in jobs})
    for round_ in range(rounds + 1):
        for name, job in jobs.items():
            show(f"{name}, round {round_} of {rounds}")
            torch.set_num_threads(threads)  # the engine sets it, too
            time.sleep(PAUSE)
            start = time.perf_counter()
            job()
            if round_:
                times[name].append(time.perf_counter() - start)
    return times


def middle(values: Sequence[float]) -> dict[str, float]:
    """The median and the middle half: {"median", "low", "high"}."""
    if len(values) == 1:
        return {"median": values[0], "low": values[0], "high": values[0]}
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": median, "low": low, "high": high}


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, float]:
    """Our time ÷ theirs, round by round, so that what slows both in a round cancels: {"ratio", "low", "high"}."""
    found = middle([mine / other for mine, other in zip(ours, theirs, strict=True)])
    return {"ratio": found["median"], "low": found["low"], "high": found["high"]}


def compared(times: Times) -> dict[str, dict[str, float]]:
    """Seconds of each and, where there is an other side, our time ÷ its time."""
    rows = {}
    for name, seconds in times.items():
        rows[name] = {f"seconds_{key}": value for key, value in middle(seconds).items()}
        if name != OURS:
            rows[name] |= ratio(times[OURS], seconds)
    return rows


def shares(
    times: Times, flops: Mapping[str, int], rows: int, ceilings: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    """How much arithmetic a second each pass of `rows` rows does, and its share of its own ceiling (FLOP/s)."""
    found = {}
    for name, seconds in times.items():
        rate = rows * flops[name] / statistics.median(seconds)
        found[name] = {
            "seconds_median": statistics.median(seconds), "flops_per_second": rate, "share": rate / ceilings[name],
        }  # fmt: skip
    return found


def comparison_table(title: str, rows: Mapping[str, Mapping[str, float]]) -> str:
    """One line for each side; in brackets the middle half of the rounds."""
    lines = [f"| {title} | seconds | ours ÷ theirs |", "|---|---|---|"]
    for name, row in rows.items():
        seconds = f"{row['seconds_median']:.3f} ({row['seconds_low']:.3f}–{row['seconds_high']:.3f})"
        against = f"{row['ratio']:.2f} ({row['low']:.2f}–{row['high']:.2f})" if "ratio" in row else ""
        lines.append(f"| {name} | {seconds} | {against} |")
    return "\n".join(lines)


def share_table(rows: Mapping[str, Mapping[str, float]], count: int) -> str:
    """The passes, against the best matrix product."""
    lines = [f"| one pass of {count} rows | ms | GFLOP/s | share of best product in its type |", "|---|---|---|---|"]
    for name, row in rows.items():
        rate = row["flops_per_second"] / 1e9
        lines.append(f"| {name} | {row['seconds_median'] * 1e3:.1f} | {rate:.0f} | {row['share']:.0%} |")
    return "\n".join(lines)


def record(headline: Mapping[str, str], facts: Mapping[str, object], **tables: Mapping[str, dict]) -> dict:
    """All of it for programs; headline: which row of `pictures` stands under which key at the top."""
    top = {key: {n: tables["pictures"][row][n] for n in ("ratio", "low", "high")} for key, row in headline.items()}
    return top | tables | dict(facts)
