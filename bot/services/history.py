"""Looking back: pages of pictures, a picture's family as a tree, its branch as a time-lapse."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from bot.domain.conversations import Turn
from bot.domain.history import Page, Scope, Search
from bot.domain.ids import JobId
from bot.domain.sheets import Drawn, Node, Read, Tile
from bot.domain.trees import Layout, lay_out
from bot.errors import EaselError, PictureError, RequestError
from bot.media.pool import Media
from bot.services.cooldown import Cooldown
from bot.services.delivery import Delivery
from bot.services.inputs import Inputs
from bot.storage import history, turns
from bot.storage.blobs import Blobs
from bot.storage.database import Database
from bot.workers import Workers

PAGE = 12  # pictures of a page
A_MINUTE = 20  # drawings for one person
FETCH_S = 10.0  # for what is no longer kept here; what has not come by then is drawn blank
FETCHES = 4  # at a time
SMALL_PX, SMALL_BYTES = 640, 512 * 1024  # what was fetched is kept small until it is drawn
DRAWN_BYTES = 8 * 1024 * 1024


class Eyes(Protocol):
    """A person who looks back, and the place from which."""

    @property
    def scope(self) -> Scope:
        """What may be seen, as far as that is known at once."""
        ...

    async def sees(self, channel_id: int) -> bool:
        """Whether the person may see a channel that may be unknown at first, as old threads are."""
        ...


NamesOf: TypeAlias = Callable[[Sequence[int]], Awaitable[Mapping[int, str]]]
"""Finds people's names, as far as they are known."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A drawn family."""

    drawn: Drawn
    turns: tuple[Turn, ...]
    """Those that are shown, in the order of their numbers in the drawing, which begin with 1."""
    left_out: int
    complete: bool
    """False when more are left out than were counted."""


class History:
    """Pictures of the past, for those who may see them."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        workers: Workers,
        inputs: Inputs,
        media: Media,
        delivery: Delivery,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._workers = workers
        self._inputs = inputs
        self._media = media
        self._delivery = delivery
        self._cooldown = Cooldown(A_MINUTE, 60.0)

    def check(self, user_id: int) -> None:
        """Count a drawing for a person. Raises RequestError `cooldown` when it is too often."""
        self._cooldown.take(user_id)

    async def page(self, eyes: Eyes, search: Search, number: int) -> Page:
        """A page of what was looked for, newest first; the last when there are not so many.

        Raises RequestError `history_empty` when there is nothing.
        """
        async with self._database.reading() as conn:
            total = await history.count(conn, eyes.scope, search)
            pages = -(-total // PAGE)
            number = max(0, min(number, pages - 1))
            found = await history.page(conn, eyes.scope, search, limit=PAGE, offset=number * PAGE)
        shown = await seen(eyes, found)
        if not shown and pages <= 1:
            raise RequestError("history_found_nothing" if search.words else "history_empty")
        return Page(tuple(shown), number, pages, number * PAGE + 1, total)

    async def branch(self, eyes: Eyes, job_id: JobId, number: int | None = None) -> Page:
        """A page of a picture's branch, from its beginning on; without a number the last one.

        Raises RequestError `history_gone` when the person cannot see the picture.
        """
        found = await self._branch(eyes, job_id)
        pages = -(-len(found) // PAGE)
        number = pages - 1 if number is None else max(0, min(number, pages - 1))
        first = number * PAGE
        return Page(tuple(found[first : first + PAGE]), number, pages, first + 1, len(found))

    async def sheet(self, page: Page) -> Drawn:
        """A page as one picture, with a number and the words at each of its pictures."""
        reads = await self._reads(page.turns)
        tiles = [Tile(reads[turn.id], _caption(turn)) for turn in page.turns]
        return await self._media.contact_sheet(tiles, max_bytes=DRAWN_BYTES, first=page.first)

    async def tree(self, eyes: Eyes, job_id: JobId, names_of: NamesOf) -> Tree:
        """The family of a picture. Raises RequestError `history_gone` as `branch` does."""
        async with self._database.reading() as conn:
            family = await history.family(conn, job_id)
        shown = {turn.id: turn for turn in await seen(eyes, family.turns)}
        if job_id not in shown:
            raise RequestError("history_gone")
        names = await names_of([turn.user_id for turn in shown.values()])
        layout = lay_out(_nodes(shown, family.parents, job_id, names))
        placed = [shown[JobId(one.node.id)] for one in layout.placed]
        reads = {str(one): read for one, read in (await self._reads(placed)).items()}
        drawn = await self._media.tree(_numbered(layout), reads, max_bytes=DRAWN_BYTES)
        return Tree(drawn, tuple(placed), layout.left_out, family.complete)

    async def lapse(self, eyes: Eyes, job_id: JobId) -> tuple[Turn, int, Drawn]:
        """The branch up to a picture as an animation: the picture, how many, and the animation.

        Raises RequestError: `history_gone`, or `lapse_one` for a picture that comes from none.
        """
        found = await self._branch(eyes, job_id)
        if len(found) < 2:
            raise RequestError("lapse_one")
        reads = await self._reads(found)
        drawn = await self._media.time_lapse(
            [reads[turn.id] for turn in found], max_bytes=DRAWN_BYTES
        )
        return found[-1], len(found), drawn

    async def turn(self, eyes: Eyes, job_id: JobId) -> Turn:
        """A picture that the person may see. Raises RequestError `history_gone`."""
        async with self._database.reading() as conn:
            found = await turns.get(conn, job_id)
        if found is None or not await seen(eyes, [found]):
            raise RequestError("history_gone")
        return found

    async def picture(self, turn: Turn, limit_bytes: int) -> tuple[bytes, str]:
        """A picture's bytes and media type, made to fit a message.

        Raises EaselError when it cannot be had any more.
        """
        data = await self._inputs.of_turn(turn, self._delivery)
        return await self._media.fit(data, turn.picture.media_type, limit_bytes)

    async def _branch(self, eyes: Eyes, job_id: JobId) -> list[Turn]:
        async with self._database.reading() as conn:
            found = await turns.branch(conn, job_id)
        shown = await seen(eyes, found)
        if not shown or shown[-1].id != job_id:
            raise RequestError("history_gone")
        return shown

    async def _reads(self, wanted: Sequence[Turn]) -> Mapping[JobId, Read]:
        """How to read each picture: from its file, or as it was fetched from Discord just now."""
        reads = {turn.id: _file(self._blobs, turn) for turn in wanted}
        missing = await self._workers.run(_missing, self._blobs, wanted)
        if missing:
            await self._fetch(missing, reads)
        return reads

    async def _fetch(self, missing: Sequence[Turn], reads: dict[JobId, Read]) -> None:
        free = asyncio.Semaphore(FETCHES)

        async def one(turn: Turn) -> None:
            async with free:
                with suppress(EaselError):
                    data = await self._inputs.of_turn(turn, self._delivery)
                    small = await self._media.clean(
                        data, max_side_px=SMALL_PX, max_bytes=SMALL_BYTES
                    )
                    reads[turn.id] = lambda: small.data

        with suppress(TimeoutError):
            async with asyncio.timeout(FETCH_S), asyncio.TaskGroup() as tasks:
                for turn in missing:
                    tasks.create_task(one(turn))


async def seen(eyes: Eyes, found: Sequence[Turn]) -> list[Turn]:
    """Those of some turns that the person may see, in order."""
    scope = eyes.scope
    shown = [turn for turn in found if scope.shows(turn)]
    channels = {turn.place.channel_id for turn in shown if turn.user_id != scope.user_id}
    asked: dict[int, Awaitable[bool]] = {channel: eyes.sees(channel) for channel in channels}
    answers = dict(zip(asked, await asyncio.gather(*asked.values()), strict=True))
    return [
        turn for turn in shown if turn.user_id == scope.user_id or answers[turn.place.channel_id]
    ]


def _file(blobs: Blobs, turn: Turn) -> Read:
    return lambda: blobs.get(turn.picture.key)


def _missing(blobs: Blobs, wanted: Sequence[Turn]) -> list[Turn]:
    """Those whose files are gone and that Discord may have: private ones it gives to nobody."""
    missing: list[Turn] = []
    for turn in wanted:
        try:
            blobs.require(turn.picture.key)
        except PictureError:
            if not turn.private:
                missing.append(turn)
    return missing


def _caption(turn: Turn) -> str:
    return " ".join(turn.words.split())  # a first line of its own would be a name


def _nodes(
    shown: Mapping[JobId, Turn],
    parents: Mapping[JobId, JobId | None],
    current: JobId,
    names: Mapping[int, str],
) -> list[Node]:
    """The family without what the person may not see: children go to the nearest that is seen."""
    nodes: list[Node] = []
    for turn in shown.values():
        above = parents[turn.id]
        while above is not None and above not in shown:
            above = parents[above]
        caption = f"{names.get(turn.user_id, '')}\n{_caption(turn)}"
        nodes.append(Node(turn.id, above, caption, current=turn.id == current))
    return nodes


def _numbered(layout: Layout) -> Layout:
    """The same with a number before each caption: words alone do not tell variations apart."""
    placed = [
        replace(one, node=replace(one.node, caption=f"{number}. {one.node.caption}"))
        for number, one in enumerate(layout.placed, 1)
    ]
    return replace(layout, placed=tuple(placed))
