from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.errors
from bot.domain.invalid import Invalid
from bot.errors import EaselError, StorageError, UserError
from bot.ui.english import TEXTS
from bot.ui.texts import SENTENCE_MAX, say, sentence
from bot.ui.words import units

E = TypeVar("E", bound=EaselError)

ROOT = Path(__file__).parents[2]
LONG = "@everyone **x** https://discord.gg/x " * 500


def subclasses(cls: type[E]) -> Iterator[type[E]]:
    yield cls
    for child in cls.__subclasses__():
        yield from subclasses(child)


USER_ERRORS = {cls.__name__ for cls in subclasses(UserError)} | {Invalid.__name__}


def blanks(key: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(TEXTS[key]) if name}


def in_mib(name: str) -> str:
    return re.sub(r"_bytes$", "_mib", name)


def literals(argument: ast.expr) -> list[str]:
    """The strings that an argument may be, where the source says so."""
    match argument:
        case ast.Constant(value=str() as text):
            return [text]
        case ast.IfExp(body=body, orelse=orelse):
            return [*literals(body), *literals(orelse)]
        case _:
            return []


def raised() -> Iterator[tuple[str, str, set[str] | None]]:
    """Where an error is made with a literal key: place, key, and the names of its values.

    The names are None where the source hides them behind `**`.
    """
    for folder in ("bot", "cogs"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
                name = node.func.id if isinstance(node.func, ast.Name) else name
                if name not in USER_ERRORS:
                    continue
                given = {keyword.arg for keyword in node.keywords}
                named = None if None in given else {arg for arg in given if arg is not None}
                for key in literals(node.args[0]):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", key, named


def listed() -> Iterator[tuple[str, str]]:
    """Where a table of the source pairs an error's class with a literal key."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Tuple(elts=[ast.Name(id=name), ast.Constant(value=str() as key)]):
                    if name in USER_ERRORS:
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", key
                case _:
                    pass


def test_every_key_of_the_tree_has_a_text() -> None:
    for cls in [*subclasses(UserError), *subclasses(StorageError)]:
        if cls.__module__ == bot.errors.__name__:
            assert getattr(cls, "key", None) in TEXTS, cls.__name__


def test_every_key_raised_anywhere_has_a_text() -> None:
    found = list(raised())
    assert found, "the walk over the source finds nothing"
    assert not [(place, key) for place, key, _ in found if key not in TEXTS]
    assert not [(place, key) for place, key in listed() if key not in TEXTS]


def test_every_error_brings_what_its_text_needs() -> None:
    lacking = [
        (place, key, sorted(blanks(key) - named - {in_mib(name) for name in named}))
        for place, key, named in raised()
        if key in TEXTS and named is not None
        if blanks(key) - named - {in_mib(name) for name in named}
    ]
    assert not lacking


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_every_text_can_be_said_with_anything(key: str) -> None:
    for value in (LONG, 7, 7.25, None, ["a", LONG], dt.datetime.now(dt.UTC)):
        said = sentence(key, dict.fromkeys(blanks(key) | {"words", "reason"}, value))
        assert 0 < units(said) <= SENTENCE_MAX
        assert "@everyone" not in said
        assert "https://" not in said


@settings(deadline=None)
@given(st.text(), st.dictionaries(st.text(), st.text()))
def test_any_key_and_values_give_a_sentence(key: str, values: dict[str, object]) -> None:
    assert sentence(key, values)
    assert sentence("picture_" + key, values)


def test_the_last_resort_needs_nothing() -> None:
    assert blanks("error") == set()


def test_a_missing_text_or_value_falls_back_to_the_nearest() -> None:
    assert sentence("picture_never_heard_of") == TEXTS["picture"]
    assert sentence("picture_format") == TEXTS["picture"]
    assert sentence("quota_person_day", {"limit": 5}) == TEXTS["quota"]
    assert sentence("never heard of") == TEXTS["error"]


def test_limits_say_when_they_return() -> None:
    said = sentence("quota_person_day", {"limit": 20, "used": 20, "returns_at": 1_800_000_000})
    assert "<t:1800000000:R>" in said
    assert "20 of your 20" in said
    moment = dt.datetime.fromtimestamp(1_800_000_000, dt.UTC)
    values: dict[str, object] = {"limit": 9, "used": 9, "returns_at": moment}
    assert "<t:1800000000:R>" in sentence("quota_guild_month", values)


def test_sizes_are_said_in_mib() -> None:
    by_bytes = sentence("picture_too_large", {"limit_bytes": 7 * 1024**2})
    assert by_bytes == sentence("picture_too_large", {"limit_mib": 7})
    assert "7 MiB" in by_bytes


def test_a_limit_of_nothing_has_its_own_words() -> None:
    values: dict[str, object] = {"limit": 0, "used": 0, "returns_at": 1}
    assert sentence("quota_guild_day", values) == TEXTS["quota_none"]


def test_a_refusal_quotes_the_model_harmlessly() -> None:
    assert sentence("refused") == TEXTS["refused"]
    for key in ("refused", "refused_words", "refused_output"):
        for reason in ("text", "SAFETY", "OTHER", "NO_IMAGE"):
            said = sentence(key, {"reason": reason, "words": "I can't draw\n# <@1>."})
            assert said.endswith("\n> I can't draw \\# \\<\\@1\\>.")


@pytest.mark.parametrize(
    ("reason", "key"),
    [
        ("", "refused"),
        ("text", "refused"),
        ("IMAGE_SAFETY", "refused_filter"),
        ("BLOCKLIST", "refused_filter"),
        ("IMAGE_RECITATION", "refused_recitation"),
        ("NO_IMAGE", "no_picture"),
        ("IMAGE_OTHER", "refused_reason"),
    ],
)
def test_a_refusal_says_why(reason: str, key: str) -> None:
    said = sentence("refused", {"reason": reason})
    assert said == TEXTS[key].format(reason=reason.replace("_", r"\_"))


def test_every_sentence_is_a_whole_one() -> None:
    keys = {key for _, key, _ in raised()} | {cls.key for cls in subclasses(UserError)}
    for key in keys & TEXTS.keys():
        assert re.search(r"[.!`]$|\}$", TEXTS[key].split("\n")[0]), key


def test_our_own_texts_are_strict() -> None:
    assert say("button_edit") == "Edit"
    with pytest.raises(KeyError):
        say("drawing")
