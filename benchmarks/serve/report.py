"""Figures of many learners: medians and 95th percentiles, against what the course promises a classroom."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.serve.server import Look

GIB = 1024  # MiB
GROWTH = 0.05  # of its memory, that the server may differ by between two quarters of a soak


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that at least this share of them does not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(math.ceil(share * len(ranked)), 1) - 1] if ranked else math.nan


@dataclass
class Tally:
    """What one scenario measured: seconds by what was timed, what went wrong, how the server looked."""

    name: str
    learners: int
    times: dict[str, list[float]] = field(default_factory=dict)
    problems: Counter[str] = field(default_factory=Counter)
    looks: list[Look] = field(default_factory=list)
    seconds: float = 0.0
    server_seconds: float = 0.0  # of processor time
    client_seconds: float = 0.0

    def note(self, what: str, *seconds: float) -> None:
        """Add measured times."""
        self.times.setdefault(what, []).extend(seconds)

    def p95(self, what: str) -> float:
        return percentile(self.times.get(what, []), 0.95)

    def most(self, what: str) -> float:
        return max(self.times.get(what, []), default=math.nan)

    @property
    def peak(self) -> float:
        """The most memory it was seen with, in MiB."""
        return max((look.mib for look in self.looks), default=math.nan)

    def table(self) -> str:
        """The scenario as text."""
        shares = (self.server_seconds / self.seconds, self.client_seconds / self.seconds) if self.seconds else (0, 0)
        lines = [f"{self.name}: {self.learners} learners, {self.seconds:.0f} s; server {shares[0]:.2f} cores, "
                 f"clients {shares[1]:.2f} cores; memory at most {self.peak:,.0f} MiB; "
                 f"errors {self.problems.total()}"]  # fmt: skip
        for what, values in self.times.items():
            lines.append(f"  {what:34s} n {len(values):5d}   median {percentile(values, 0.5):6.2f} s"
                         f"   p95 {percentile(values, 0.95):6.2f} s   most {max(values):6.2f} s")  # fmt: skip
        lines += [f"  error, {count} times: {problem}" for problem, count in self.problems.most_common(8)]
        return "\n".join(lines)

    def data(self) -> dict:
        """The same for a file."""
        told = {what: {"n": len(v), "median": percentile(v, 0.5), "p95": percentile(v, 0.95), "most": max(v)}
                for what, v in self.times.items() if v}  # fmt: skip
        return {"scenario": self.name, "learners": self.learners, "seconds": round(self.seconds, 1), "times": told,
                "server_cores": self.server_seconds / max(self.seconds, 1e-9),
                "client_cores": self.client_seconds / max(self.seconds, 1e-9), "peak_mib": self.peak,
                "problems": dict(self.problems)}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """A promise and what was found; a promise about nothing measured is not kept."""

    says: str
    found: float
    limit: float
    unit: str = "s"

    @property
    def met(self) -> bool:
        return self.found <= self.limit  # NaN is not

    def line(self) -> str:
        found = "not measured" if math.isnan(self.found) else f"{self.found:,.2f} {self.unit}".strip()
        return f"  {'met   ' if self.met else 'MISSED'}  {self.says:66s} {found} (at most {self.limit:g})"


def targets(tallies: dict[str, Tally], idle: float) -> list[Target]:
    """The promises that the scenarios at hand can speak of; `idle`: the server's MiB before anybody worked."""
    made = []
    if steady := tallies.get("steady"):
        who = f"{steady.learners} learners, four pictures each, again and again"
        made += [Target(f"{who}: p95 finished", steady.p95("four pictures finished"), 3.0),
                 Target(f"{who}: p95 between frames", steady.p95("between frames"), 0.4),
                 Target(f"{who}: errors", steady.problems.total(), 0, "")]  # fmt: skip
    if burst := tallies.get("burst"):
        who = f"{burst.learners} learners in the same second"
        made += [Target(f"{who}: everyone's first frame", burst.most("first frame"), 1.5),
                 Target(f"{who}: everyone finished", burst.most("four pictures finished"), 12.0),
                 Target(f"{who}: errors", burst.problems.total(), 0, "")]  # fmt: skip
    if cached := tallies.get("cached"):
        who = f"{cached.learners} learners opening and scrubbing cached lessons"
        made += [Target(f"{who}: p95 page ready", cached.p95("page ready"), 3.0),
                 Target(f"{who}: memory", cached.peak / GIB, 3.0, "GiB"),
                 Target(f"{who}: errors", cached.problems.total(), 0, "")]  # fmt: skip
    if training := tallies.get("training"):
        who = f"{training.learners} learners training at once"
        made += [Target(f"{who}: memory over the idle server", (training.peak - idle) / GIB, 2.0, "GiB"),
                 Target(f"{who}: errors", training.problems.total(), 0, "")]  # fmt: skip
    if soak := tallies.get("soak"):
        what = f"soak of {soak.seconds / 60:.0f} minutes: growth, last quarter over second"
        made += [Target(what, growth(soak.looks), GROWTH, "of its memory"),
                 Target("soak: errors", soak.problems.total(), 0, "")]  # fmt: skip
    return made


def growth(looks: Sequence[Look]) -> float:
    """How much more memory in the last quarter than in the second, as a share; medians, so that one look is no one's.

    The second and not the first: Streamlit keeps the sessions of those who left for two minutes.
    """
    if len(looks) < 8:
        return math.nan
    quarter = len(looks) // 4
    early, late = (
        percentile([look.mib for look in part], 0.5) for part in (looks[quarter : 2 * quarter], looks[-quarter:])
    )
    return late / early - 1
