from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.conversations import Turn
from bot.domain.ids import BlobKey, JobId, Place, job_id
from bot.domain.images import Stored
from bot.domain.quotas import Limit, Limits, Usage
from bot.ui import layout, under
from bot.ui.english import TEXTS
from bot.ui.words import units
from tests.ui.discord_schema import labels, takes_message, texts, walk, within_limits

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
JOB = JobId("1180000000000000000-3")
LAST = 2**64 - 1  # the longest snowflake
WORST = ["*" * 4500, "🎨" * 4500, "word " * 900, "\u200b" * 50, "", "<@1> # https://discord.gg/x"]
wild = st.one_of(st.text(), st.sampled_from(WORST), st.text(min_size=100))


def turn(words: str, name: str = "chat") -> Turn:
    return Turn(
        id=JOB,
        parent=None,
        place=Place(1, 2),
        user_id=LAST,
        words=words,
        text="",
        picture=Stored(BlobKey("0" * 64), "image/png", 1024, 768, 1_500_000),
        inputs=(),
        aspect="16:9",
        route=name,
        model=name,
        cost_usd_micros=38_701,
        took_s=6.54,
        message_id=3,
        attachment_id=4,
        private=False,
        created_at=NOW,
    )


@pytest.mark.parametrize("words", WORST)
def test_discord_takes_every_message(words: str) -> None:
    job = job_id(LAST, 10**8)
    usages = [Usage(limit, 10**9, 10**9, NOW) for limit in Limit]
    takes_message(
        layout.result(job=job, user_id=LAST, words=words, text=words, filename="easel-1.png")
    )
    takes_message(layout.failure(words, words=words, retry=job))
    takes_message(layout.failure(words))
    takes_message(layout.info(turn(words, words)))
    takes_message(layout.quota(usages))
    takes_message(layout.quota([]))
    takes_message(layout.limits(Limits(10**9, 0, 1)))
    takes_message(layout.notice(words))


@settings(deadline=None)  # the first example pays for imports
@given(wild, wild)
def test_no_words_pass_a_limit(words: str, text: str) -> None:
    within_limits(layout.result(job=JOB, user_id=LAST, words=words, text=text, filename="a.png"))
    within_limits(layout.info(turn(words, text)))


def test_a_result_shows_picture_words_and_author() -> None:
    view = layout.result(
        job=JOB, user_id=42, words="a *red* kite", text="Here it is:\n- a kite", filename="a.png"
    )
    assert texts(view) == ["**a \\*red\\* kite**", "Here it is\\:\n\\- a kite", "-# for <@42>"]
    gallery = next(part for part in walk(view.to_components()) if part["type"] == 12)
    assert gallery["items"] == [
        {"media": {"url": "attachment://a.png"}, "description": "a *red* kite", "spoiler": False}
    ]
    assert labels(view) == ["Edit", "Again", "Vary", "Continue", "Compare"]
    ids = [part["custom_id"] for part in walk(view.to_components()) if part["type"] == 2]
    assert ids == [f"e1:{action}:{JOB}" for action in under.BUTTONS]
    (menu,) = [part for part in walk(view.to_components()) if part["type"] == 3]
    assert (menu["custom_id"], menu["placeholder"]) == (f"m1:more:{JOB}", "More…")
    assert [option["value"] for option in menu["options"]] == list(under.MORE)


def test_a_result_offers_only_what_is_handled() -> None:
    def parts(handled: Collection[str]) -> list[int]:
        view = layout.result(job=JOB, user_id=42, words="x", filename="a.png", handled=handled)
        return [part["type"] for part in walk(view.to_components()) if part["type"] in (1, 2, 3)]

    assert parts({"again", "vary", "retry"}) == [1, 2, 2]
    assert parts({"info"}) == [1, 3]
    assert parts(()) == []


def test_a_long_wish_is_whole_in_the_alt_text() -> None:
    wish = "kites and " * 100
    view = layout.result(job=JOB, user_id=42, words=wish, filename="a.png")
    gallery = next(part for part in walk(view.to_components()) if part["type"] == 12)
    assert gallery["items"][0]["description"] == wish.strip()
    assert units(texts(view)[0]) < len(wish)


def test_nobody_but_the_author_is_named() -> None:
    view = layout.result(job=JOB, user_id=42, words="<@7> @everyone", text="<@&8>", filename="a")
    said = "\n".join(texts(view))
    assert said.count("<@") == 1
    assert "@everyone" not in said


def test_a_failure_offers_to_try_again_only_if_asked() -> None:
    assert labels(layout.failure("No.", retry=JOB)) == ["Try again"]
    assert labels(layout.failure("No.")) == []
    assert texts(layout.failure("No.", words="# kite")) == ["No.", "> \\# kite"]


def test_info_tells_everything() -> None:
    said = texts(layout.info(turn("a kite")))[1]
    for part in ("a kite", "chat", "1024 × 768", "1.4 MiB", "16\\:9", "6.5 seconds", "$0.0388"):
        assert part in said
    assert f"<t:{int(NOW.timestamp())}:R>" in said


def test_quota_says_what_is_left_and_when_it_returns() -> None:
    usages = [
        Usage(Limit.PERSON_DAY, 3, 20, NOW),
        Usage(Limit.GUILD_DAY, 201, 200, NOW),
        Usage(Limit.GUILD_MONTH, 0, 0, NOW),
    ]
    you, day, month = texts(layout.quota(usages))[1].split("\n")
    assert "17 of 20" in you
    assert f"<t:{int(NOW.timestamp())}:R>" in you
    assert "0 of 200" in day
    assert month.endswith("switched off")


@pytest.mark.parametrize("limit", Limit)
def test_every_limit_has_its_names(limit: Limit) -> None:
    assert f"quota_left_{limit.value}" in TEXTS
    if limit not in (Limit.GIFT, Limit.POT):  # which no moderator sets
        assert f"limits_{limit.value}" in TEXTS
    if limit is not Limit.GIFT:  # where gifts are used up, the person's day is what is full
        assert f"quota_{limit.value}" in TEXTS


def test_an_unset_wish_is_still_a_message() -> None:
    view = layout.result(job=JOB, user_id=1, words="", filename="a.png")
    assert texts(view) == ["-# for <@1>"]
    gallery = next(part for part in walk(view.to_components()) if part["type"] == 12)
    assert gallery["items"][0]["description"]
