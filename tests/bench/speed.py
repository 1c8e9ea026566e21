"""Relais beside a plain Node server: `make bench` prints a table of ratios with the goals beside them.

Both run at the same time and are measured in turns, several rounds, so that whatever else the machine does meets both; a ratio is
the median of the rounds, with the lowest and the highest beside it. Ours has its real handlers: tickets, turns, the durable log.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.durable import fdatasync_ms, rates
from bench.served import SERVE_ONE_BY_ONE, House, Server, another, furnish, nobody_in_particular, serve_node, serve_relais

LARGEST, SMALL = 1000, 3
WRONG = ("lost", "doubled", "reordered")
Rounds = dict[str, dict[str, list[dict[str, Any]]]]


def sizes(scale: float) -> list[int]:
    """One large room, from which smaller ones borrow their audience, and many small ones."""
    return [max(4, int(LARGEST * scale)), *[SMALL] * max(4, int(500 * scale))]


def jobs(scale: float, seconds: float) -> dict[str, dict[str, Any]]:
    """What is measured of both servers. `rooms`: a size taken from the large room, or how many of the small ones."""

    def few(size: int) -> int:
        return max(2, int(size * scale))

    return {
        "memory": {"kind": "memory", "large": few(1000), "seconds": seconds},
        "room of 2": {"kind": "open", "large": 2, "rate": 20, "seconds": seconds},
        "room of 20": {"kind": "open", "large": few(20), "rate": 20, "seconds": seconds},
        "room of 200": {"kind": "open", "large": few(200), "rate": 5, "seconds": seconds},
        "room of 200, closed loop": {"kind": "closed", "large": few(200), "seconds": seconds},
        "room of 1000": {"kind": "open", "large": few(1000), "rate": 2, "seconds": 2 * seconds},
        "500 rooms of 3": {"kind": "open", "small": few(500), "rate": 1, "seconds": 2 * seconds},
        "storm of 500": {"kind": "storm", "large": few(500)},
    }


def durable_jobs(scale: float, seconds: float) -> dict[str, dict[str, Any]]:
    """What is measured of our server alone."""
    return {
        "64 presenters": {"kind": "acknowledged", "small": max(2, int(64 * scale)), "seconds": seconds},
        "one presenter": {"kind": "acknowledged", "small": 1, "seconds": seconds},
    }


def run(job: dict[str, Any], server: Server, rooms: list[list[Any]]) -> dict[str, Any]:
    """One measurement, by clients in a process of their own."""
    chosen = rooms[1 : 1 + job["small"]] if "small" in job else [rooms[0][: job["large"]]]
    asked = {**job, "rooms": chosen, "url": server.url, "process": server.process.pid}
    command, path = [sys.executable, "-m", "bench.load"], {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, input=json.dumps(asked).encode(), stdout=subprocess.PIPE, env=path, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


async def one_round(house: House, scale: float, seconds: float, found: Rounds) -> None:
    """Every measurement once, of each server in turn."""
    plain = nobody_in_particular(len(room) for room in house.rooms)
    servers = {"relais": (serve_relais(house), house.rooms), "node": (serve_node(), plain)}
    single = serve_relais(house, SERVE_ONE_BY_ONE)

    def keep(name: str, which: str, figures: dict[str, Any]) -> None:
        found[name][which].append(figures)
        words = ", ".join(f"{key} {value:.4g}" for key, value in figures.items() if value is not None)
        print(f"  {name}, {which}: {words}", file=sys.stderr, flush=True)

    try:
        for place, (name, job) in enumerate(jobs(scale, seconds).items()):
            for which in sorted(servers, reverse=place % 2 == 0):
                keep(name, which, run(job, *servers[which]))
        for name, job in durable_jobs(scale, seconds).items():
            before = fdatasync_ms(house.folder)
            for which, server in (("relais", servers["relais"][0]), ("one by one", single)):
                keep(name, which, run(job, server, house.rooms))
            keep(name, "fdatasync", {"ack_p50_ms": (before + fdatasync_ms(house.folder)) / 2})
    finally:
        for server in (*(server for server, _ in servers.values()), single):
            server.stop()
    for which, rate in (await rates(another(house), seconds)).items():
        keep("store alone", which, {"events_a_second": rate})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a figure of one measurement beside another's, and the goal for their ratio, if there is one."""

    words: str
    measured: str
    figure: str
    beside: str = "node"
    goal: str = ""

    def ratios(self, found: Rounds) -> list[float]:
        """The ratio of each round."""
        both = zip(found[self.measured]["relais"], found[self.measured][self.beside], strict=True)
        return [ours[self.figure] / max(theirs[self.figure], 1e-9) for ours, theirs in both]

    def is_reached(self, ratio: float) -> bool:
        """Whether the ratio is what it should be."""
        way, bound = self.goal.split()
        return ratio <= float(bound) if way == "≤" else ratio >= float(bound)


TABLE = (
    Row("CPU per delivery, room of 200 in closed loop", "room of 200, closed loop", "cpu_us", goal="≤ 1.2"),
    Row("deliveries a second, room of 200 in closed loop", "room of 200, closed loop", "deliveries_a_second", goal="≥ 0.8"),
    Row("room of 1000: until the last has it, p50", "room of 1000", "by_all_p50_ms", goal="≤ 1.0"),
    Row("500 rooms of 3: CPU per delivery", "500 rooms of 3", "cpu_us", goal="≤ 1.5"),
    Row("storm of 500: until the last has joined, its ticket included", "storm of 500", "with_ticket_s", goal="≤ 1.2"),
    Row("the same with tickets given before", "storm of 500", "joined_s"),
    Row("memory per connection", "memory", "kb", goal="≤ 1.5"),
    Row("store alone, 64 callers, beside a bare writer thread", "store alone", "events_a_second", "bare writer", "≥ 0.5"),
    Row(
        "64 presenters: acknowledged slides a second, beside a commit each",
        "64 presenters",
        "events_a_second",
        "one by one",
        "≥ 5",
    ),
    Row("one presenter: acknowledgement p50, beside one fdatasync", "one presenter", "ack_p50_ms", "fdatasync", "≤ 1.5"),
    Row("room of 2: delivery p50", "room of 2", "p50_ms"),
    Row("room of 20: delivery p50", "room of 20", "p50_ms"),
    Row("room of 200: delivery p50", "room of 200", "p50_ms"),
    Row("room of 200: CPU per delivery", "room of 200", "cpu_us"),
    Row("room of 1000: CPU per delivery", "room of 1000", "cpu_us"),
)


def table(found: Rounds) -> str:
    """The ratios and their goals, as Markdown."""
    lines = ["| Relais beside the other | median | lowest, highest | goal | |", "|---|---|---|---|---|"]
    for row in TABLE:
        ratios = row.ratios(found)
        middle = statistics.median(ratios)
        reached = "" if not row.goal else "reached" if row.is_reached(middle) else "**short**"
        words = f"{row.words} (node)" if row.beside == "node" else row.words
        lines.append(f"| {words} | {middle:.2f} | {min(ratios):.2f}, {max(ratios):.2f} | {row.goal} | {reached} |")
    wrong = [sum(figures.get(what, 0) for measured in found.values() for figures in measured["relais"]) for what in WRONG]
    lines.append(f"| lost, doubled, reordered in all of these | {', '.join(map(str, wrong))} | | 0, 0, 0 | |")
    return "\n".join(lines)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each measurement takes")
    parser.add_argument("--scale", type=float, default=1.0, help="a part of every size, to see that it works")
    asked = parser.parse_args()
    found: Rounds = defaultdict(lambda: defaultdict(list))
    with tempfile.TemporaryDirectory(prefix="relais-bench-") as folder:
        house = asyncio.run(furnish(Path(folder) / "house", sizes(asked.scale)))
        for number in range(asked.rounds):
            print(f"round {number + 1} of {asked.rounds}", file=sys.stderr, flush=True)
            asyncio.run(one_round(house, asked.scale, asked.seconds, found))
    print(table(found))


if __name__ == "__main__":
    main()
