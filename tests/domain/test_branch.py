from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.branch import (
    PICTURE_ONLY,
    Room,
    Shown,
    as_before,
    compose,
    copies,
    origins,
    room_of,
    rooted,
    shown_for,
    words_so_far,
)
from bot.domain.conversations import ANSWER_TOKENS, Line, Turn
from bot.domain.ids import BlobKey, JobId, Place
from bot.domain.images import AttachmentSource, BlobSource, Source, Stored, TurnSource
from bot.domain.invalid import Invalid
from bot.domain.jobs import Wish
from bot.domain.routes import Profile

STORED = Stored(BlobKey("0" * 64), "image/png", 1024, 1024, 100)
THREE = Room(3)


def turn(number: int, words: str = "", text: str = "") -> Turn:
    return Turn(
        id=JobId(str(number)),
        parent=JobId(str(number - 1)) if number > 1 else None,
        place=Place(1, 2),
        user_id=3,
        words=words or f"step {number}",
        text=text,
        picture=STORED,
        inputs=(),
        aspect=None,
        route="chat",
        model="m",
        cost_usd_micros=0,
        took_s=1.0,
        message_id=number,
        attachment_id=number,
        private=False,
        created_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    )


def line_of(*numbers: int) -> list[Turn]:
    return [turn(number) for number in numbers]


def files(count: int) -> tuple[Source, ...]:
    return tuple(AttachmentSource(f"https://cdn.discordapp.com/{n}") for n in range(count))


def ours(*numbers: int) -> tuple[Source, ...]:
    return tuple(TurnSource(JobId(str(number))) for number in numbers)


def sent(shown: Shown) -> tuple[Source, ...]:
    """All the pictures, in the order they go."""
    return (*shown.pictures, *([shown.first] if shown.first else []))


def asked(shown: Shown) -> list[str]:
    return [line.text for line in shown.history if line.role == "user"]


@pytest.mark.parametrize(
    ("branch", "given_", "places", "pictures", "words"),
    [
        # A new picture: what was given, in its order.
        ((), 0, 3, (), 0),
        ((), 3, 3, files(3), 0),
        # The first edit: newest and first are one.
        ((1,), 0, 3, ours(1), 1),
        ((1,), 1, 3, (*ours(1), *files(1)), 1),
        # Five edits, then one more.
        ((1, 2, 3, 4, 5, 6), 0, 3, ours(6, 1), 6),
        ((1, 2, 3, 4, 5, 6), 1, 3, (*ours(6), *files(1), *ours(1)), 6),
        # One from step 2, and one from its child, which is the seventh picture.
        ((1, 2), 0, 3, ours(2, 1), 2),
        ((1, 2, 7), 0, 3, ours(7, 1), 3),
        # References fill all places; a model with one place; one with many.
        ((1, 2, 3), 2, 3, (*ours(3), *files(2)), 3),
        ((1, 2, 3), 0, 1, ours(3), 3),
        ((1, 2, 3), 12, 14, (*ours(3), *files(12), *ours(1)), 3),
    ],
)
def test_pictures_and_their_order(
    branch: tuple[int, ...],
    given_: int,
    places: int,
    pictures: tuple[Source, ...],
    words: int,
) -> None:
    shown = compose(line_of(*branch), files(given_), "make it night", Room(places))
    assert sent(shown) == pictures
    assert asked(shown) == [f"step {number}" for number in branch][-words:] * bool(words)


def test_only_this_branch_is_shown() -> None:
    shown = compose(line_of(1, 2, 7), (), "and a boat", THREE)
    assert asked(shown) == ["step 1", "step 2", "step 7"]
    assert shown.history[1] == Line("assistant", PICTURE_ONLY)


def test_a_picture_named_twice_goes_once() -> None:
    branch = line_of(1, 2, 3)
    shown = compose(branch, (*ours(3), *files(1), *files(1)), "x", THREE)
    assert sent(shown) == (*ours(3), *files(1), *ours(1))
    assert sent(compose(branch, ours(1), "x", THREE)) == ours(3, 1)
    assert compose(branch, ours(1), "x", THREE).first is None  # it was asked for: not optional


def test_too_many_references_are_refused() -> None:
    compose((), files(3), "x", THREE)
    for branch, count in (((), 4), ((1,), 3)):
        with pytest.raises(Invalid) as refused:
            compose(line_of(*branch), files(count), "x", THREE)
        assert (refused.value.key, refused.value.values) == ("too_many_pictures", {"limit": 3})


def test_fifty_turns_of_long_words_keep_the_newest() -> None:
    branch = [turn(number, f"{number:02} " + "w" * 1997, "t" * 500) for number in range(1, 51)]
    shown = compose(branch, (), "w" * 2000, THREE)
    assert sent(shown) == ours(50, 1)
    kept = [int(words[:2]) for words in asked(shown)]
    assert kept == list(range(41, 51))
    short = compose(line_of(*range(1, 51)), (), "and a boat", THREE)
    assert len(asked(short)) == 50


@pytest.mark.parametrize("letter", ["w", "é", "画", "🪁"])
def test_a_token_is_counted_for_each_byte(letter: str) -> None:
    bytes_ = len(letter.encode())
    branch = [turn(number, letter * 1000) for number in range(1, 51)]
    history = words_so_far(branch, "", 2, THREE)
    room = 32_768 - ANSWER_TOKENS - 2 * 1290
    assert len(history) // 2 == room // (1000 * bytes_ + len(PICTURE_ONLY) + 16)


def test_there_is_no_gap_where_a_turn_does_not_fit() -> None:
    branch = [turn(1), turn(2, "w" * 40_000), turn(3), turn(4)]
    assert asked(compose(branch, (), "x", THREE)) == ["step 3", "step 4"]


def test_words_beyond_measure_take_the_room_of_what_is_optional() -> None:
    shown = compose(line_of(1, 2), files(1), "w" * 40_000, THREE)
    assert shown == Shown((*ours(2), *files(1)), None, ())
    # Room for the newest picture but not for the first: 1290 tokens are a picture.
    words = "w" * (32_768 - ANSWER_TOKENS - 2 * 1290 - 8)
    assert compose(line_of(1, 2), (), words, THREE).first == ours(1)[0]
    assert compose(line_of(1, 2), (), words + "w", THREE).first is None


def test_the_room_of_a_model() -> None:
    profile = Profile("m", (), ("1K", "4K"), 14, 1, 1, (), (("1K", 1120), ("4K", 2520)))
    assert room_of(profile) == Room(14, answer_tokens=1120 + 512)
    assert room_of(profile, "4K").answer_tokens == 2520 + 512


@given(
    turns=st.lists(st.tuples(st.text(max_size=50), st.text(max_size=50)), max_size=12),
    references=st.integers(0, 5),
    words=st.text(max_size=50),
    places=st.integers(1, 14),
    context=st.integers(0, 9000),
)
def test_always_within_the_model(
    turns: Sequence[tuple[str, str]], references: int, words: str, places: int, context: int
) -> None:
    branch = [turn(at, said or "-", text) for at, (said, text) in enumerate(turns, 1)]
    room = Room(places, context_tokens=context)
    if references + bool(branch) > places:
        with pytest.raises(Invalid):
            compose(branch, files(references), words, room)
        return
    shown = compose(branch, files(references), words, room)
    pictures = sent(shown)
    assert len(pictures) == len(set(pictures)) <= places
    assert pictures[: bool(branch)] == ours(len(branch))[: bool(branch)]
    assert set(files(references)) <= set(pictures)
    # What is kept is the newest part, whole and in order.
    lines = [(a, b) for (a, b) in pairwise(shown.history) if a.role == "user"]
    newest = branch[len(branch) - len(lines) :]
    assert [(a.text, b.text) for a, b in lines] == [
        (t.words, t.text or PICTURE_ONLY) for t in newest
    ]
    used = len(words.encode()) + sum(len(line.text.encode()) for line in shown.history)
    if shown.history or shown.first:
        assert used + len(pictures) * room.picture_tokens + room.answer_tokens <= context


def test_a_region_is_told_of_one_picture() -> None:
    profile = Profile("m", (), (), 3, 2048, 7_000_000)
    branch = line_of(1, 2, 3)
    wish = Wish("a boat", (), JobId("3"))
    assert sent(shown_for(wish, branch, profile)) == ours(3, 1)
    part = replace(wish, region="B2", told="only there")
    assert sent(shown_for(part, branch, profile)) == ours(3)
    assert len(shown_for(part, branch, profile).history) == 6


KEPT = BlobSource(STORED)


@pytest.mark.parametrize(
    ("sources", "parent", "expected"),
    [
        ((), None, ()),
        (files(2), None, files(2)),
        ((), "3", ours(3)),
        (ours(3), "3", ours(3)),
        (files(1), "3", (*ours(3), *files(1))),
        ((*files(1), *ours(3)), "3", (*ours(3), *files(1))),
        # A character's pictures beside the parent; all that was sent before.
        ((*ours(3), KEPT), "3", (*ours(3), KEPT)),
        ((KEPT,), "3", (KEPT,)),
        ((KEPT,), None, (KEPT,)),
    ],
)
def test_a_wish_names_what_it_works_on_first(
    sources: tuple[Source, ...], parent: str | None, expected: tuple[Source, ...]
) -> None:
    wish = Wish("x", sources, JobId(parent) if parent else None)
    assert rooted(wish).sources == expected
    assert rooted(rooted(wish)) == rooted(wish)


def test_what_is_asked_once_more_has_the_pictures_of_before() -> None:
    profile = Profile("m", (), (), 3, 1, 1)
    branch = line_of(1, 2, 3)
    before = Wish("x", (KEPT, KEPT), JobId("3"))
    assert as_before(before)
    shown = shown_for(before, branch, profile)
    assert (shown.pictures, shown.first) == ((KEPT, KEPT), None)
    assert asked(shown) == ["step 1", "step 2", "step 3"]
    again = shown_for(Wish("x", ours(3), JobId("3")), branch, profile)
    assert sent(again) == ours(3, 1)


def test_what_the_model_is_told_takes_the_room() -> None:
    profile = Profile("m", (), (), 3, 1, 1)
    short = Wish("x", ours(2), JobId("2"))
    told = Wish("x", ours(2), JobId("2"), told="w" * 40_000)
    assert asked(shown_for(short, line_of(1, 2), profile)) == ["step 1", "step 2"]
    assert asked(shown_for(told, line_of(1, 2), profile)) == []


def test_copies_know_where_they_were_from() -> None:
    branch = line_of(1, 2, 3)
    wish = Wish("x", (*ours(3), *files(1), KEPT), JobId("3"))
    of = origins(wish, branch)
    assert of == [*ours(3), *files(1), KEPT, *ours(1)]
    kept = copies((STORED,) * 4, of)
    assert [one.of for one in kept] == [*ours(3), *files(1), None, *ours(1)]
    # Asked once more, they know it still, and what is shown is the same.
    again = replace(wish, sources=kept)
    assert copies((STORED,) * 4, origins(again, branch)) == kept
    assert [one.of for one in copies((STORED,) * 2, ())] == [None, None]
