from __future__ import annotations

import base64
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadAnswer
from bot.providers.base import HttpAnswer
from bot.providers.lift import Lifted, Lifter
from bot.providers.lift import lift as parsed

from .serving import b64, big_picture

BIG = big_picture()


def lift(body: bytes, piece: int = 1 << 16) -> Lifted:
    lifter = Lifter()
    for at in range(0, len(body), piece):
        lifter.feed(body[at : at + piece])
    return parsed(HttpAnswer(200, {}, *lifter.finish()))


def decoded(lifted: Lifted, text: str) -> bytes | None:
    found = lifted.decode(text)
    return None if found is None else found.read()


def dumped(value: object) -> bytes:
    return json.dumps(value).encode()


def test_long_runs_become_markers_and_decode_to_the_same_bytes() -> None:
    lifted = lift(dumped({"a": f"see data:image/png;base64,{b64(BIG)}) end", "b": [b64(BIG[:-1])]}))
    assert len(lifted.runs) == 2
    value = lifted.mapping
    text = value["a"]
    assert isinstance(text, str)
    assert len(text) < 100
    marker = text.split("base64,")[1].split(")")[0]
    assert decoded(lifted, marker) == BIG
    assert lifted.restore(text) == f"see data:image/png;base64,{b64(BIG)}) end"
    inner = value["b"]
    assert isinstance(inner, list)
    assert decoded(lifted, str(inner[0])) == BIG[:-1]  # pyright: ignore[reportUnknownArgumentType] -- JSON


@pytest.mark.parametrize("cut", [1, 2, 3, 5, 63, 4095, 4096, 4097, 9999, 1 << 20])
@pytest.mark.parametrize("size", [3071, 3072, 3073, 3074, 9000, 9001, 9002])
def test_it_does_not_matter_where_the_pieces_are_cut(cut: int, size: int) -> None:
    data = BIG[:size]
    body = dumped({"a": f"x {b64(data)} y", "b": b64(data), "c": f"{b64(data[:50])}"})
    value = lift(body, cut)
    text = str(value.mapping["b"])
    assert decoded(value, text) == data
    assert value.restore(str(value.mapping["a"])) == f"x {b64(data)} y"
    assert value.mapping["c"] == b64(data[:50])
    assert len(value.runs) == (2 if len(b64(data).rstrip("=")) >= 4096 else 0)


def test_a_run_with_a_character_too_many_is_not_base64() -> None:
    lifted = lift(dumped({"a": "A" * 8001}))
    assert lifted.decode(str(lifted.mapping["a"])) is None
    assert lifted.restore(str(lifted.mapping["a"])) == "A" * 8001


def test_escaped_slashes_and_broken_lines_are_decoded_from_the_text() -> None:
    lines = base64.encodebytes(BIG).decode()
    for body in (
        dumped({"a": b64(BIG)}).replace(b"/", b"\\/"),
        dumped({"a": lines}),
    ):
        lifted = lift(body)
        assert decoded(lifted, str(lifted.mapping["a"])) == BIG


def test_missing_padding_and_the_alphabet_of_addresses() -> None:
    for data in (BIG, BIG[:-1], BIG[:-2], BIG[:100]):
        for text in (b64(data).rstrip("="), base64.urlsafe_b64encode(data).decode()):
            lifted = lift(dumped({"a": text}))
            assert decoded(lifted, str(lifted.mapping["a"])) == data


@pytest.mark.parametrize("text", ["", "*", "no base64!", "AAAAA=", "EASELrun00000099x", "é"])
def test_what_is_not_base64_gives_none(text: str) -> None:
    assert lift(b"{}").decode(text) is None


def test_a_marker_in_the_answer_itself_does_no_harm() -> None:
    lifted = lift(dumped({"a": "EASELrun00000007", "b": b64(BIG)}))
    assert lifted.restore("EASELrun00000007") == "EASELrun00000007"
    lifted.decode("EASELrun00000007")  # base64 by chance or not, but no error


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>502</html>",
        b'{"a": ',
        b"[" * 200_000,
        b"[" * 10_000,
        b'{"a":1}' + b"[]," * 100_000,
        b"\xff\xfe\xfa",
        b"9" * 5000,
    ],
    ids=["empty", "html", "half", "deep", "deep-10k", "many", "no-utf8", "big-number"],
)
def test_what_is_not_json_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswer) as caught:
        _ = lift(body).mapping
    assert caught.value.key == "answer_not_json"
    assert len(caught.value.detail) < 600


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.binary(max_size=9000).map(b64),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=8,
    )
)
def test_any_value_comes_back_whole(value: object) -> None:
    lifted = lift(dumped(value))

    def whole(one: object) -> object:
        if isinstance(one, str):
            return lifted.restore(one)
        if isinstance(one, list):
            return [whole(inner) for inner in one]  # pyright: ignore[reportUnknownVariableType] -- JSON
        if isinstance(one, dict):
            return {lifted.restore(str(k)): whole(v) for k, v in one.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] -- JSON
        return one

    assert whole(lifted.value) == value


@pytest.mark.parametrize(
    "piece",
    [b"A" * 4095 + b" ", b"A" * 4097 + b'"', b'"', b"data:image/png;base64,", b"![", b"\\/"],
    ids=["almost", "barely", "quotes", "data", "brackets", "slashes"],
)
def test_hostile_bodies_take_linear_time(piece: bytes) -> None:
    def took(size: int) -> float:
        body = piece * (size // len(piece))
        best = 9.0
        for _ in range(3):
            began = time.perf_counter()
            with pytest.raises(BadAnswer):
                _ = lift(body).mapping
            best = min(best, time.perf_counter() - began)
        return best

    small, large = took(250_000), took(2_000_000)
    assert large < max(small, 0.001) * 8 * 4
