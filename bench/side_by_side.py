"""Easel beside the floor: the same requests, the same stand-ins, processes of their own.

Prints one table of medians and budgets; the exit status is 1 when a budget is missed. A full
run needs Linux, nothing else to do, and about an hour; `--quick` takes minutes and proves little.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sqlite3
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.measures import MEASURES
from bench.report import lines, markdown
from bench.scale import QUICK, Numbers, Scale

BUSY = 1.0  # processes that run, on the average of a minute
Runs = dict[str, list[Numbers]]


def machine() -> dict[str, object]:
    """What the numbers were measured on."""
    return {
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


async def measure(names: Sequence[str], scale: Scale, runs: int) -> Runs:
    """Measure both in turns, so that a busy minute of the machine strikes them alike."""
    found: Runs = {"floor": [], "easel": []}
    for number in range(runs):
        round_: dict[str, Numbers] = {"floor": {}, "easel": {}}
        for name in names:
            for bot in list(round_) if number % 2 == 0 else reversed(round_):
                began_s = time.monotonic()
                numbers = await MEASURES[name](bot, scale)
                round_[bot] |= numbers
                said = ", ".join(f"{key} {value:.4g}" for key, value in numbers.items())
                if numbers:
                    took_s = time.monotonic() - began_s
                    print(f"run {number + 1}, {bot}, {took_s:.0f} s: {said}", file=sys.stderr)
        for bot, numbers in round_.items():
            found[bot].append(numbers)
    return found


def medians(runs: Sequence[Numbers]) -> Numbers:
    """The median of each number, over the runs that have it."""
    names = {name: None for run in runs for name in run}
    return {name: statistics.median(run[name] for run in runs if name in run) for name in names}


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="medians of so many (3)")
    parser.add_argument("--only", nargs="+", choices=list(MEASURES), default=list(MEASURES))
    parser.add_argument("--quick", action="store_true", help="one short run of each")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers there, too")
    options = parser.parse_args()
    about = machine()
    if os.getloadavg()[0] > BUSY:
        print("This machine has other things to do: the numbers will mislead.", file=sys.stderr)
    scale, times = (QUICK, 1) if options.quick else (Scale(), options.runs)
    runs = asyncio.run(measure(options.only, scale, times))
    middle = {bot: medians(found) for bot, found in runs.items()}
    table = lines(middle["floor"], middle["easel"])
    print(markdown(table))
    if options.json:
        report = {
            "machine": about,
            "scale": asdict(scale),
            "runs": runs,
            "medians": middle,
            "table": [asdict(line) for line in table],
        }
        options.json.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    return int(any(line.kept is False for line in table))


if __name__ == "__main__":
    sys.exit(main())
