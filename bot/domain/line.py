"""The line: who draws next when more is asked for than can be drawn at a time.

Slots are shared out between guilds first, then between the people of a guild. Who has the fewest
pictures being drawn comes first; among equals, whose last turn is the longest ago; then who asked
first. So a guild with five hundred requests keeps another's first one waiting for one picture, a
person with a hundred does the same to a neighbour, and nobody waits for ever: whoever has had a
turn goes behind everybody else.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Generic, TypeAlias, TypeVar

from bot.domain.ids import JobId
from bot.domain.jobs import Job

Mark: TypeAlias = tuple[int, dt.datetime]
"""The number of somebody's last turn, 0 for none, and since when the oldest request waits."""

Share: TypeAlias = str | tuple[str, int]
"""Who has a share in the slots: a guild, or a person in a guild."""

K = TypeVar("K", str, int)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request in the line. `guild` is a guild's id, or "dm:" and the person's."""

    job_id: JobId
    guild: str
    user_id: int
    since: dt.datetime

    @classmethod
    def of(cls, job: Job) -> Waiting:
        """A job's place in the line is by the time it was asked for, also after a restart."""
        guild_id = job.place.guild_id
        guild = f"dm:{job.user_id}" if guild_id is None else str(guild_id)
        return cls(job.id, guild, job.user_id, job.created_at)


class _Turns(Generic[K]):
    """Whose turn it is among guilds, or among the people of one."""

    def __init__(self) -> None:
        self.running: Counter[K] = Counter()
        self._marks: dict[K, Mark] = {}
        self._heap: list[tuple[int, Mark, K]] = []

    def put(self, key: K, mark: Mark) -> None:
        """Let it have a turn, after those whose mark is earlier."""
        self._marks[key] = mark
        self._push(key)

    def ended(self, key: K) -> None:
        """One of its pictures is drawn."""
        self.running[key] -= 1
        if key in self._marks:
            self._push(key)

    def pop(self) -> K:
        """The next; it is out until it is put in again."""
        while True:
            running, mark, key = heapq.heappop(self._heap)
            # What is out of date is left in the heap, as taking it out would cost more.
            if running == self.running[key] and self._marks.get(key) == mark:
                del self._marks[key]
                return key

    def _push(self, key: K) -> None:
        heapq.heappush(self._heap, (self.running[key], self._marks[key], key))


class _Guild:
    """The people of a guild who wait, each with requests from the oldest on."""

    def __init__(self) -> None:
        self.people = _Turns[int]()
        self.requests: dict[int, deque[Waiting]] = {}
        self.oldest: dt.datetime | None = None


def order(
    waiting: Iterable[Waiting],
    running: Sequence[Waiting],
    served: Mapping[Share, int],
    slots: int,
    *,
    most: int | None = None,
) -> tuple[Waiting, ...]:
    """Those who wait, in the order in which they may expect a slot.

    `running` are those with a slot, in the order they began: they are expected to end in it, and
    so are those after them. `served` has the numbers of the last turns. With `most`, only so
    many are worked out.
    """
    guilds: dict[str, _Guild] = {}
    turns = _Turns[str]()
    for one in running:
        guild = guilds.setdefault(one.guild, _Guild())
        turns.running[one.guild] += 1
        guild.people.running[one.user_id] += 1
    left = 0
    for one in sorted(waiting, key=lambda one: (one.since, one.job_id)):
        guild = guilds.setdefault(one.guild, _Guild())
        guild.oldest = guild.oldest or one.since
        guild.requests.setdefault(one.user_id, deque()).append(one)
        left += 1
    for name, guild in guilds.items():
        if guild.oldest is None:
            continue
        turns.put(name, (served.get(name, 0), guild.oldest))
        for user_id, requests in guild.requests.items():
            guild.people.put(user_id, (served.get((name, user_id), 0), requests[0].since))

    at_work = deque(running)
    expected: list[Waiting] = []
    numbers = count(max(served.values(), default=0) + 1)
    left = left if most is None else min(left, most)
    while len(expected) < left:
        while len(at_work) >= slots:
            ended = at_work.popleft()
            turns.ended(ended.guild)
            guilds[ended.guild].people.ended(ended.user_id)
        name = turns.pop()
        guild = guilds[name]
        user_id = guild.people.pop()
        requests = guild.requests[user_id]
        begun = requests.popleft()
        mark = (next(numbers), begun.since)
        turns.running[name] += 1
        guild.people.running[user_id] += 1
        if requests:
            guild.people.put(user_id, mark)
        else:
            del guild.requests[user_id]
        if guild.requests:
            turns.put(name, mark)
        at_work.append(begun)
        expected.append(begun)
    return tuple(expected)
