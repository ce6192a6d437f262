"""Thousands of SIGKILLs of the real process at random instants: nothing lost, nothing twice.

Each seed is a batch: a fresh database, `--each` kills while people go on asking, and then the
judgement of tests/crash. Batches are independent, so `--seed` goes on where a run was ended.
Prints a line for each batch and one for all; the exit status is 1 when a judgement fails.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

from tests.crash.killing import Tally, random_kills, tally
from tests.crash.stage import staged
from tests.databases import new_postgresql


async def batch(seed: int, kills: int, settings: dict[str, str]) -> tuple[Tally, str]:
    """Kill and judge; the tally, and what was wrong."""
    wrong = ""
    with tempfile.TemporaryDirectory() as folder:
        async with staged(Path(folder), EASEL_GRACE="1", **settings) as stage:
            try:
                await random_kills(stage, seed, kills)
            except (AssertionError, TimeoutError):
                wrong = traceback.format_exc()
                await stage.bot.close()
            return await tally(stage), wrong


def run(seed: int, kills: int, settings: dict[str, str]) -> tuple[Tally, str]:
    """The batch, in a process of its own."""
    return asyncio.run(batch(seed, kills, settings))


def batches(first: int, kills: int, each: int) -> Iterator[tuple[int, int]]:
    """Each batch's seed and kills."""
    for number, done in enumerate(range(0, kills, each)):
        yield first + number, min(each, kills - done)


def line(found: Tally) -> str:
    return ", ".join(f"{name} {count}" for name, count in asdict(found).items())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0, help="of the first batch")
    parser.add_argument("--each", type=int, default=25, help="kills in a batch")
    parser.add_argument("--at-once", type=int, default=3, help="batches at a time")
    parser.add_argument("--postgresql", action="store_true", help="in place of SQLite")
    options = parser.parse_args()
    began_s = time.monotonic()
    total, failed = Tally(), list[int]()
    with ProcessPoolExecutor(options.at_once, mp_context=get_context("spawn")) as pool:
        seeds: dict[Future[tuple[Tally, str]], int] = {}
        for seed, kills in batches(options.seed, options.kills, options.each):
            settings = {"EASEL_DATABASE_URL": new_postgresql()} if options.postgresql else {}
            seeds[pool.submit(run, seed, kills, settings)] = seed
        for done in as_completed(seeds):
            broken = done.exception()
            found, wrong = (
                (Tally(), "".join(traceback.format_exception(broken))) if broken else done.result()
            )
            total += found
            print(f"seed {seeds[done]}: {line(found)}{', FAILED' if wrong else ''}", flush=True)
            if wrong:
                failed.append(seeds[done])
                print(wrong, file=sys.stderr, flush=True)
    took_s = time.monotonic() - began_s
    print(f"{line(total)}; {took_s:.0f} s, {took_s / max(1, total.kills):.2f} s a kill")
    if failed:
        print(f"failed: seeds {', '.join(map(str, sorted(failed)))}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
