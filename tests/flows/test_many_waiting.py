"""Many wait: the edits that tell them stay under Discord's limits, and those in front come first.

Discord's limits, as bots see them: 5 edits in 5 s of a channel's messages, 5 in 2 s of an
interaction's answers, 50 calls a second in all.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Iterable

import pytest

from tests.flows.conftest import World
from tests.flows.waiting import Edit, watch


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    limits = dict.fromkeys(("EASEL_PERSON_DAY", "EASEL_GUILD_DAY"), "1000")
    return {**settings, **limits, "EASEL_CONCURRENCY": "2", "EASEL_GRACE": "0"}


def most_in(edits: Iterable[Edit], period_s: float) -> int:
    """The largest number of edits in any time of this length."""
    times = sorted(edit.at_s for edit in edits)
    return max((sum(at <= one < at + period_s for one in times) for at in times), default=0)


@pytest.mark.nightly
@pytest.mark.parametrize("count", [40, 200])
async def test_edits_stay_under_the_limits(world: World, count: int) -> None:
    world.provider.delay_s = 2.0
    other = world.guild.create_text_channel("more")
    for _ in range(count // 8):
        await world.alice.slash(world.channel, "imagine", prompt="a kite", count=4)
    edits = watch(world).edits
    for number in range(count // 4):
        for channel in (world.channel, other):
            await world.bob.send(channel, f"<@{world.env.backend.bot_user.id}> boat {number}")
    await asyncio.sleep(11.0)
    seen = list(edits)
    assert [edit for edit in seen if not edit.result], "the edits are watched"

    by_channel: dict[str, list[Edit]] = defaultdict(list)
    by_token: dict[str, list[Edit]] = defaultdict(list)
    by_message: dict[str, list[Edit]] = defaultdict(list)
    for edit in seen:
        _, kind, *major, _, message = edit.path.split("/")
        (by_token if kind == "webhooks" else by_channel)[":".join(major)].append(edit)
        by_message[message].append(edit)
    for one in by_channel.values():
        assert most_in((edit for edit in one if not edit.result), 5.0) <= 2
        assert most_in(one, 5.0) <= 5
    assert max(most_in(one, 2.0) for one in by_token.values()) <= 5
    assert most_in(seen, 1.0) <= 50
    for one in by_message.values():
        said = [edit.said for edit in one]
        assert all(before != after for before, after in itertools.pairwise(said))
        assert not any(edit.result for edit in one[:-1]), "nothing follows an answer"
    assert any(edit.said.startswith("🎨 Drawing") for edit in seen)
