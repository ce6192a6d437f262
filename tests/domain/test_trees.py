from __future__ import annotations

import itertools
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.sheets import Node
from bot.domain.trees import (
    MOST_CHAIN,
    MOST_LEAVES,
    MOST_LEVELS,
    MOST_NODES,
    Layout,
    lay_out,
)


def family(parents: list[int | None], current: int | None = None) -> list[Node]:
    return [
        Node(str(index), None if parent is None else str(parent), current=index == current)
        for index, parent in enumerate(parents)
    ]


def chain(length: int) -> list[int | None]:
    return [None, *range(length - 1)]


def at(layout: Layout) -> dict[str, tuple[int, float]]:
    return {one.node.id: (one.level, one.slot) for one in layout.placed}


def check(layout: Layout, nodes: list[Node]) -> None:
    """What holds for every layout."""
    ids = [one.node.id for one in layout.placed]
    places = at(layout)
    assert len(set(places.values())) == len(ids) == len(places)
    assert len(ids) <= MOST_NODES
    assert layout.slots <= MOST_LEAVES
    assert layout.levels <= (MOST_CHAIN if layout.slots == 1 else MOST_LEVELS)
    assert len(ids) + layout.left_out == len({node.id for node in nodes})
    told = sum(one.skipped + one.hidden for one in layout.placed)
    assert told <= layout.left_out
    below: dict[str, list[float]] = {}
    for one in layout.placed:
        assert 0 <= one.level < layout.levels
        assert 0 <= one.slot <= layout.slots - 1
        if one.parent is None:
            assert one.level == 0
        else:
            assert ids.index(one.parent) < ids.index(one.node.id)
            assert one.level == places[one.parent][0] + 1
            below.setdefault(one.parent, []).append(one.slot)
    for parent, slots in below.items():
        assert slots == sorted(slots)
        assert places[parent][1] == (slots[0] + slots[-1]) / 2
    for level in range(layout.levels):  # a place apart: no two boxes touch
        row = sorted(slot for of, slot in places.values() if of == level)
        assert all(right - left >= 1 for left, right in itertools.pairwise(row))


def test_nothing():
    assert lay_out([]) == Layout((), 0, 0, 0)


def test_a_small_family_is_shown_whole():
    nodes = family([None, 0, 0, 1, 1, 2], current=4)
    layout = lay_out(nodes)
    check(layout, nodes)
    assert at(layout) == {
        "0": (0, 1.25),
        "1": (1, 0.5),
        "2": (1, 2),
        "3": (2, 0),
        "4": (2, 1),
        "5": (2, 2),
    }
    assert layout.left_out == 0


@pytest.mark.parametrize("current", [0, 5, 40, 49])
def test_a_chain_of_fifty(current: int):
    nodes = family(chain(50), current)
    layout = lay_out(nodes)
    check(layout, nodes)
    assert (layout.levels, layout.slots, layout.left_out) == (MOST_CHAIN, 1, 50 - MOST_CHAIN)
    shown = {one.node.id for one in layout.placed}
    near = [number for number in range(current - 9, current + 10) if 0 <= number < 50]
    assert {"0", *map(str, near)} <= shown
    assert sum(one.skipped + one.hidden for one in layout.placed) == layout.left_out


def test_fifty_beside_one_another():
    nodes = family([None, *[0] * 50], current=20)
    layout = lay_out(nodes)
    check(layout, nodes)
    assert (layout.levels, layout.slots, layout.left_out) == (2, MOST_LEAVES, 50 - MOST_LEAVES)
    shown = sorted(int(one.node.id) for one in layout.placed)
    assert shown == [0, *range(16, 24)]
    assert layout.placed[0].hidden == layout.left_out


def test_a_missing_parent_begins_another_tree():
    nodes = [Node("a", "gone"), Node("b", "a"), Node("c", "gone as well")]
    layout = lay_out(nodes)
    check(layout, nodes)
    assert [one.node.id for one in layout.placed if one.parent is None] == ["a", "c"]


def test_circles_and_double_ids():
    nodes = [Node("a", "b"), Node("b", "a"), Node("c", "c"), Node("c", "c"), Node("d", "b")]
    layout = lay_out(nodes)
    check(layout, nodes)
    assert {one.node.id for one in layout.placed} == {"a", "b", "c", "d"}


@settings(deadline=2000)
@given(
    seed=st.integers(0, 10_000), size=st.integers(1, 120), reach=st.sampled_from([1, 2, 4, 12, 120])
)
def test_any_family(seed: int, size: int, reach: int):
    chance = random.Random(seed)
    parents = [
        None
        if index == 0 or chance.random() < 0.02
        else chance.randrange(max(0, index - reach), index)
        for index in range(size)
    ]
    current = chance.randrange(size)
    nodes = family(parents, current)
    layout = lay_out(nodes)
    check(layout, nodes)
    shown = {one.node.id for one in layout.placed}
    root = current
    while (parent := parents[root]) is not None:
        root = parent
    assert {str(current), str(root)} <= shown
    if Counter(parents)[None] == 1:
        told = sum(one.skipped + one.hidden for one in layout.placed)
        assert told == layout.left_out


def test_a_family_of_thousands_is_laid_out_at_once():
    nodes = family(chain(3000), current=1500)
    check(lay_out(nodes), nodes)
