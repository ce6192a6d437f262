"""A family of pictures as a drawing: which of them are shown, and where.

Depth runs along one axis and siblings along the other. Children stand in the order they came in,
a parent in the middle of its children, and no two in the same place. A family that is too large
is shown around the current picture; its beginning always is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.sheets import Node

MOST_NODES = 40
MOST_LEVELS = 10
MOST_LEAVES = 8
MOST_CHAIN = 25
"""The levels of a family without branches, which can be drawn in several rows."""

Children = Mapping[str | None, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Placed:
    """A node that is shown. `across` and `down` count in places; `across` may be a half."""

    node: Node
    parent: str | None
    """The nearest of its ancestors that is shown."""
    skipped: int
    """How many between the two are not shown."""
    hidden: int
    """How many of those that come after it are not shown, but for skipped ones."""
    level: int
    slot: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The nodes shown, parents before their children."""

    placed: tuple[Placed, ...]
    levels: int
    slots: int
    left_out: int
    """How many nodes of the family are not shown, in all."""


def lay_out(nodes: Sequence[Node]) -> Layout:
    """Choose and place. Survives what should not be: double ids, circles, missing parents.

    Of several nodes that are `current` the last counts, and without one the last node.
    """
    by_id = {node.id: node for node in nodes}
    if not by_id:
        return Layout((), 0, 0, 0)
    parents = _parents(by_id)
    children = _children(by_id, parents)
    current = next((node.id for node in reversed(nodes) if node.current), nodes[-1].id)
    shown = _chosen(current, parents, children)
    above: dict[str, str | None] = {}
    for one, _ in _levels(children):  # parents first
        parent = parents[one]
        above[one] = parent if parent is None or parent in shown else above[parent]
    kept_children = _children((one for one in by_id if one in shown), above)
    slots = _slots(kept_children)
    skipped = {one: _between(one, parents, shown) for one in shown}
    in_gaps = {gone for gap in skipped.values() for gone in gap}
    hidden = dict.fromkeys(shown, 0)
    for one in by_id:
        if one not in shown and one not in in_gaps and (top := above[one]) is not None:
            hidden[top] += 1
    placed = tuple(
        Placed(by_id[one], above[one], len(skipped[one]), hidden[one], level, slots[one])
        for one, level in _levels(kept_children)
    )
    return Layout(
        placed,
        levels=max(each.level for each in placed) + 1,
        slots=_leaves(kept_children),
        left_out=len(by_id) - len(shown),
    )


def _parents(by_id: Mapping[str, Node]) -> dict[str, str | None]:
    """Each node's parent, or None; a circle is cut where it is met."""
    parents: dict[str, str | None] = {}
    for start in by_id:
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in parents and at not in path:
            path[at] = None
            above = by_id[at].parent
            at = above if above in by_id else None
        for one in path:
            above = by_id[one].parent
            parents[one] = above if above in by_id else None
        if at is not None and at in path:
            parents[at] = None
    return parents


def _children(ids: Iterable[str], parents: Mapping[str, str | None]) -> dict[str | None, list[str]]:
    children: dict[str | None, list[str]] = {}
    for one in ids:
        children.setdefault(parents[one], []).append(one)
    return children


def _chosen(current: str, parents: Mapping[str, str | None], children: Children) -> set[str]:
    """The nodes shown: the current one's beginning, and what is nearest to the current one."""
    root = current
    while (above := parents[root]) is not None:
        root = above
    shown = {current, root}
    seen: set[str | None] = {current}
    waiting: deque[str | None] = deque([current])
    while waiting and len(shown) < MOST_NODES:
        at = waiting.popleft()
        for near in _near(at, seen, parents, children):
            seen.add(near)
            if near is None or near in shown or _has_room(shown | {near}, parents):
                waiting.append(near)
                if near is not None and len(shown) < MOST_NODES:
                    shown.add(near)
    return shown


def _near(
    at: str | None,
    seen: Collection[str | None],
    parents: Mapping[str, str | None],
    children: Children,
) -> list[str | None]:
    """The parent, then the children; beside a child that was seen its next brothers first.

    None, above all roots, connects them.
    """
    below = list(children.get(at, ()))
    known = next((place for place, child in enumerate(below) if child in seen), 0)
    order = sorted(range(len(below)), key=lambda place: abs(place - known))
    up = [] if at is None else [parents[at]]
    return [one for one in [*up, *(below[place] for place in order)] if one not in seen]


def _has_room(shown: Collection[str], parents: Mapping[str, str | None]) -> bool:
    above = {one: _shown_above(one, parents, shown) for one in shown}
    children = _children(shown, above)
    leaves, levels = _leaves(children), 1 + max(level for _, level in _levels(children))
    return leaves <= MOST_LEAVES and levels <= (MOST_CHAIN if leaves == 1 else MOST_LEVELS)


def _between(one: str, parents: Mapping[str, str | None], shown: Collection[str]) -> list[str]:
    """The nodes between one and the nearest of its ancestors that is shown; none without one."""
    gap: list[str] = []
    at = parents[one]
    while at is not None and at not in shown:
        gap.append(at)
        at = parents[at]
    return gap if at is not None else []


def _shown_above(one: str, parents: Mapping[str, str | None], shown: Collection[str]) -> str | None:
    at = parents[one]
    while at is not None and at not in shown:
        at = parents[at]
    return at


def _levels(children: Children) -> list[tuple[str, int]]:
    """Every node with its level, parents before their children."""
    found: list[tuple[str, int]] = []
    waiting = deque((root, 0) for root in children.get(None, ()))
    while waiting:
        one, level = waiting.popleft()
        found.append((one, level))
        waiting.extend((child, level + 1) for child in children.get(one, ()))
    return found


def _leaves(children: Children) -> int:
    return sum(1 for one, _ in _levels(children) if not children.get(one))


def _slots(children: Children) -> dict[str, float]:
    """Where each node stands among those of its level: leaves in a row, parents between."""
    slots: dict[str, float] = {}

    def place(one: str) -> None:  # at most MOST_CHAIN deep
        below = children.get(one, ())
        for child in below:
            place(child)
        ends = (slots[below[0]], slots[below[-1]]) if below else None
        slots[one] = sum(ends) / 2 if ends else float(taken())

    def taken() -> int:
        return sum(1 for one in slots if not children.get(one))

    for root in children.get(None, ()):
        place(root)
    return slots
