"""Many learners on one real server: memory, errors and latencies.

    python -m benchmarks.serve                    30, then 100 learners; about eight minutes
    python -m benchmarks.serve --quick            five learners and runs of three steps, to see that it works
    python -m benchmarks.serve --only burst       one alone: come, walk-30, steady, burst, training, walk-100, cached
    python -m benchmarks.serve --soak 10          afterwards ten minutes of learners who come and go

The clients share the machine with the server, so run it while nothing else does. It ends with status 1 when a promise
is not kept; after --quick, whose figures mean little, only when something went wrong.
Needs benchmarks/requirements-serve.txt beside requirements-dev.txt.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.serve import scenarios
from benchmarks.serve.learner import Learner
from benchmarks.serve.report import Tally, targets
from benchmarks.serve.scenarios import Pace, crowd
from benchmarks.serve.server import Server, machine, serving

TRAINEES = 10
HURRIED = Pace(arrive=2.0, think=0.4, period=5.0, rounds=1, steps=3, long_training=False)


@dataclass(frozen=True)
class Scenario:
    """One of the things that learners do at once: how many they are, and within how many seconds they come."""

    name: str
    learners: int
    act: scenarios.Act
    arrive: float = 1.0


def planned(counts: Sequence[int], pace: Pace, trainees: int) -> list[Scenario]:
    """All scenarios but the soak, in their order."""
    few, many = counts[0], counts[-1]
    return [
        Scenario("come", few, scenarios.come),
        Scenario(f"walk-{few}", few, scenarios.walk(pace), pace.arrive),
        Scenario("steady", few, scenarios.steady(pace)),
        Scenario("burst", few, scenarios.burst(pace, few)),
        Scenario("training", trainees, scenarios.train(pace)),
        *(Scenario(f"walk-{n}", n, scenarios.walk(pace), pace.arrive) for n in counts[1:]),
        Scenario("cached", many, scenarios.leaf(pace), pace.arrive),
    ]


async def measure(server: Server, plan: Sequence[Scenario], pace: Pace, minutes: float) -> dict:
    """The scenarios in turn: what was measured by name, and the memory of the idle server in MiB."""
    async with Learner(server.address) as first:  # the first page of a new server pays for its imports
        await first.open(scenarios.WORDS)
    idle, tallies = server.look().mib, {}
    print(f"idle server: {idle:,.0f} MiB\n", flush=True)
    await crowd(server, "warm up", 1, scenarios.walk(HURRIED), 0.0)  # the network is loaded, as when a class is there

    async def run(scenario: Scenario) -> None:
        tally = await crowd(server, scenario.name, scenario.learners, scenario.act, scenario.arrive)
        tallies[scenario.name] = tally
        print(tally.table(), end="\n\n", flush=True)

    for scenario in plan:
        await run(scenario)
    if minutes:
        await run(Scenario("soak", plan[0].learners, scenarios.soak(server, pace, minutes), pace.arrive))
        print(f"after the soak: {server.sessions()} sessions, {server.look().threads} threads")
    return {"idle_mib": idle, "tallies": tallies}


def tell(found: dict, tracebacks: int, file: Path | None) -> bool:
    """Print what is promised and what was found, write the file; whether all promises were kept."""
    tallies: dict[str, Tally] = found["tallies"]
    promised = targets(tallies, found["idle_mib"])
    print("promised:")
    for target in promised:
        print(target.line())
    print(f"tracebacks in the server's log: {tracebacks}")
    if file:
        rows = [asdict(target) | {"met": target.met} for target in promised]
        told = {"machine": machine(), "idle_mib": found["idle_mib"], "targets": rows, "tracebacks": tracebacks,
                "scenarios": [tally.data() for tally in tallies.values()]}  # fmt: skip
        file.write_text(json.dumps(told, indent=1))
    return not tracebacks and all(target.met for target in promised)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, nargs="+", default=[30, 100], help="how many at once, in turn")
    parser.add_argument("--quick", action="store_true", help="five hurried learners, to see that it works")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only these scenarios")
    parser.add_argument("--soak", type=float, default=0.0, metavar="MINUTES", help="then let learners come and go")
    options = parser.parse_args()
    counts, pace, trainees = ([5], HURRIED, 2) if options.quick else (options.learners, Pace(), TRAINEES)
    plan = planned(counts, pace, trainees)
    if unknown := set(options.only or ()) - {scenario.name for scenario in plan}:
        parser.error(f"no scenario {', '.join(sorted(unknown))}; there are {', '.join(each.name for each in plan)}")
    plan = [scenario for scenario in plan if not options.only or scenario.name in options.only]
    print(f"{machine()}; the clients draw nothing")
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "streamlit.log") as server:
        found = asyncio.run(measure(server, plan, pace, options.soak))
        tracebacks = server.tracebacks()
    kept = tell(found, tracebacks, options.json)
    wrong = tracebacks + sum(tally.problems.total() for tally in found["tallies"].values())
    return int(bool(wrong) if options.quick else not kept)


if __name__ == "__main__":
    sys.exit(main())
