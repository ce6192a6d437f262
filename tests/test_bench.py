"""The measuring in bench/: what it calls kept, and that it really measures."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bench.kills import batches
from bench.rate import highest
from bench.report import ROWS, Budget, lines, markdown
from bench.running import BOTS
from bench.scale import PROVIDER_S, at
from bench.side_by_side import medians
from bench.stage import running
from tests.crash.killing import Tally

FLOOR = Path(BOTS["floor"][0])


@pytest.mark.parametrize(
    ("budget", "easel", "floor", "kept"),
    [
        (Budget(times=1.5), 15.0, 10.0, True),
        (Budget(times=1.5), 15.1, 10.0, False),
        (Budget(times=1.5, most=1000), 1001.0, 900.0, False),
        (Budget(times=1.5, most=1000), 1000.0, 900.0, True),
        (Budget(times=1, plus=150), 179.0, 29.0, True),
        (Budget(times=1, plus=150), 180.0, 29.0, False),
        (Budget(least=15), 15.0, None, True),
        (Budget(least=15), 14.0, 13.0, False),  # the floor does not excuse it
        (Budget(most=25), 25.1, None, False),
        (Budget(times=2), 10.0, None, None),
        (Budget(), 10.0, 1.0, None),
    ],
)
def test_what_is_kept(budget: Budget, easel: float, floor: float | None, kept: bool | None) -> None:
    assert budget.kept(easel, floor) is kept


def test_the_budgets_are_those_agreed() -> None:
    agreed = {row.key: str(row.budget) for row in ROWS if str(row.budget) != "–"}
    acknowledgement = "≤ 1.5 × floor, ≤ 1000"
    assert agreed == {
        "ack_alone_p50_ms": acknowledgement,
        "ack_alone_p99_ms": acknowledgement,
        "ack_crowd_p50_ms": acknowledgement,
        "ack_crowd_p99_ms": acknowledgement,
        "added_p50_ms": "≤ floor + 150",
        "added_p99_ms": "≤ floor + 400",
        "rate_per_s": "≥ 15",
        "cpu_ms": "≤ 2 × floor",
        "peak_mib": "≤ 0.5 × floor",
        "loop_p99_ms": "≤ 25",
        "start_s": "≤ floor + 1",
        "first_start_s": "≤ floor + 1",
        "idle_mib": "≤ floor + 60",
        "wait_beside_s": "≤ floor + 1",
    }


def test_the_table() -> None:
    floor = {"cpu_ms": 10.0, "idle_mib": 50.0}
    easel = {"cpu_ms": 20.5, "idle_mib": 100.0, "wait_alone_s": 1.1, "wait_beside_s": 2.0}
    found = lines(floor, easel)
    assert [(line.key, line.floor, line.kept) for line in found] == [
        ("cpu_ms", 10.0, False),
        ("idle_mib", 50.0, True),
        ("wait_beside_s", 1.1, True),
    ]
    head, rule, first, *_ = markdown(found).splitlines()
    assert [cell.strip() for cell in head.split("|")[1:-1]] == [
        *("what", "budget", "floor", "Easel", "kept?")
    ]
    assert set(rule) <= set("|- ")
    assert [cell.strip() for cell in first.split("|")[2:-1]] == [
        *("≤ 2 × floor", "10", "20.5", "**no**")
    ]


def test_percentiles_and_medians() -> None:
    hundred = [float(number) for number in range(100, 0, -1)]
    assert (at(hundred, 0.5), at(hundred, 0.99), at([7.0], 0.99)) == (50.0, 99.0, 7.0)
    assert medians([{"a": 1.0, "b": 4.0}, {"a": 9.0}, {"a": 2.0}]) == {"a": 2.0, "b": 4.0}


@pytest.mark.parametrize("limit", [2, 3, 17, 59])
async def test_the_highest_rate(limit: int) -> None:
    tried: list[int] = []

    async def holds(rate: int) -> bool:
        tried.append(rate)
        return rate <= limit

    assert await highest(holds, 2, 60, 1) == limit
    assert len(tried) <= 6


def test_batches_and_their_sum() -> None:
    assert list(batches(7, 55, 25)) == [(7, 25), (8, 25), (9, 5)]
    assert Tally(1, 5, 4, 1, 0, 0) + Tally(2, 3, 3, 0, 1, 0) == Tally(3, 8, 7, 1, 1, 0)


def test_the_floor_is_short_and_takes_nothing_of_ours() -> None:
    source = FLOOR.read_text("utf-8")
    assert len(source.splitlines()) < 70
    named: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            named.add(node.module or "")
    assert not {name for name in named if name.partition(".")[0] in {"bot", "cogs", "bench"}}


@pytest.mark.nightly
@pytest.mark.parametrize("bot", BOTS)
async def test_one_picture_is_measured(bot: str) -> None:
    async with running(bot) as made:
        await made.warm(PROVIDER_S / 10)
        [stamp] = await made.posted([await made.imagine(0)], 20)
    assert stamp.sent_s < stamp.acked_s < stamp.posted_s
    assert stamp.posted_s - stamp.sent_s > PROVIDER_S / 10
