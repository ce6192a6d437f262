from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.invalid import Invalid
from bot.domain.regions import (
    Cell,
    Grid,
    aspect_of,
    grid,
    label,
    only_there,
    parse,
    rectangles,
    same_shape,
    written,
)

ON = Grid(5, 4)
SQUARE = frozenset({(1, 1), (2, 1), (1, 2), (2, 2)})


@st.composite
def chosen(draw: st.DrawFn) -> tuple[Grid, frozenset[Cell]]:
    on = Grid(draw(st.integers(1, 12)), draw(st.integers(1, 12)))
    cell = st.tuples(st.integers(0, on.columns - 1), st.integers(0, on.rows - 1))
    return on, draw(st.frozensets(cell, min_size=1, max_size=30))


@pytest.mark.parametrize(
    ("width_px", "height_px", "columns", "rows"),
    [
        (1024, 1024, 5, 5),
        (1344, 768, 9, 5),
        (768, 1344, 5, 9),
        (1248, 832, 8, 5),
        (1536, 672, 11, 5),
        (4096, 512, 12, 5),
        (512, 4096, 5, 12),
    ],
)
def test_a_grid_for_every_ratio(width_px: int, height_px: int, columns: int, rows: int) -> None:
    assert grid(width_px, height_px) == Grid(columns, rows)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("B2", {(1, 1)}),
        ("b2", {(1, 1)}),
        ("B2–C3", SQUARE),
        ("B2-C3", SQUARE),
        ("b2 — c3", SQUARE),
        ("B2:C3", SQUARE),
        ("C3-B2", SQUARE),
        ("C2-B3", SQUARE),
        ("\uff22\uff12\uff0d\uff23\uff13", SQUARE),  # full width, as Japanese keyboards type it
        ("B2-B2", {(1, 1)}),
        ("a1, c3-d4", {(0, 0), (2, 2), (3, 2), (2, 3), (3, 3)}),
        ("a1 ;e4,\nA1", {(0, 0), (4, 3)}),
        (" , B2, ", {(1, 1)}),
    ],
)
def test_cells(text: str, cells: set[Cell]) -> None:
    assert parse(text, ON) == cells


@pytest.mark.parametrize(
    ("text", "key", "part"),
    [
        ("", "region_empty", None),
        (" ,\x0b; ", "region_empty", None),
        ("the sky", "region_unclear", "THE"),
        ("B", "region_unclear", "B"),
        ("2B", "region_unclear", "2B"),
        ("B2-", "region_unclear", "B2-"),
        ("B2C3", "region_unclear", "B2C3"),
        ("A1, B2-C", "region_unclear", "B2-C"),
        ("F1", "region_outside", "F1"),
        ("A5", "region_outside", "A5"),
        ("A0", "region_outside", "A0"),
        ("A1-Z99", "region_outside", "A1-Z99"),
    ],
)
def test_refused(text: str, key: str, part: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        parse(text, ON)
    assert refused.value.key == key
    assert refused.value.values.get("part") == part
    if key == "region_outside":
        assert refused.value.values["last"] == "E4"


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (SQUARE, "B2–C3"),
        ({(0, 0)}, "A1"),
        ({(0, 0), (1, 0), (0, 1)}, "A1–B1, A2"),
        ({(3, 3), (0, 0)}, "A1, D4"),
    ],
)
def test_written_in_one_way(cells: set[Cell], text: str) -> None:
    assert written(cells) == text


def test_where_it_is_told() -> None:
    told = only_there("make it snow.", SQUARE, ON)
    assert "the center, from 20% to 60% of the width" in told
    assert "from 25% to 75% of the height" in told
    assert "make it snow. Let" in told
    assert "exactly the same" in told
    assert "the top left, from 0% to 20%" in only_there("x", frozenset({(0, 0)}), ON)
    assert "the bottom right, from 80% to 100%" in only_there("x", frozenset({(4, 3)}), ON)
    assert "the middle right" in only_there("x", frozenset({(4, 1), (4, 2)}), ON)
    everything = parse("A1-E4", ON)
    assert ": the whole image. " in only_there("x", everything, ON)


def test_many_pieces_are_told_as_the_area_around_them() -> None:
    board = frozenset((x, y) for x in range(5) for y in range(4) if (x + y) % 2 == 0)
    assert only_there("x", board, ON).count("% of the width") == 0  # around them is everything
    two = only_there("x", frozenset({(0, 0), (4, 3)}), ON)
    assert two.count("% of the width") == 2
    row = frozenset((x, 0) for x in range(0, 12, 2)) | {(0, 2)}
    assert only_there("x", row, Grid(12, 4)).count("% of the width") == 1


@given(st.integers(1, 12), st.integers(1, 12), st.integers(12, 3000), st.integers(12, 3000))
def test_boxes_cover_each_pixel_once(columns: int, rows: int, width: int, height: int) -> None:
    on = Grid(columns, rows)
    for row in range(rows):
        edge = 0
        for column in range(columns):
            left, top, right, bottom = on.box((column, row), width, height)
            assert left == edge < right
            assert top < bottom
            edge = right
        assert edge == width
    below = [on.box((0, row), width, height) for row in range(rows)]
    assert [box[1] for box in below] == [0, *(box[3] for box in below[:-1])]
    assert below[-1][3] == height


@given(chosen())
def test_what_is_written_reads_the_same(given_: tuple[Grid, frozenset[Cell]]) -> None:
    on, cells = given_
    assert parse(written(cells), on) == cells
    area = sum((x2 - x1 + 1) * (y2 - y1 + 1) for (x1, y1), (x2, y2) in rectangles(cells))
    assert area == len(cells)
    assert len(only_there("x", cells, on)) < 1500


def outcome(text: str, on: Grid) -> frozenset[Cell] | str:
    """The cells, or the key of why there are none."""
    try:
        return parse(text, on)
    except Invalid as refused:
        return refused.key


@given(chosen(), st.text())
def test_any_text_is_read_or_refused(given_: tuple[Grid, frozenset[Cell]], text: str) -> None:
    on, _ = given_
    cells = outcome(text, on)
    if isinstance(cells, str):
        assert cells in {"region_empty", "region_unclear", "region_outside"}
    else:
        assert cells <= {(x, y) for x in range(on.columns) for y in range(on.rows)}


@pytest.mark.parametrize("filler", ["A1 ", " ", "A1-", "A", ",", "A1 - "])
def test_long_texts_are_read_in_no_time(filler: str) -> None:
    began = time.thread_time()
    assert outcome(filler * 50_000, ON)
    assert time.thread_time() - began < 1.0


def test_labels() -> None:
    assert [label((0, 0)), label((11, 11))] == ["A1", "L12"]


MODELS = {  # what the model answers with, Google's page on the model
    "1:1": (1024, 1024),
    "2:3": (832, 1248),
    "3:2": (1248, 832),
    "3:4": (864, 1184),
    "4:3": (1184, 864),
    "4:5": (896, 1152),
    "5:4": (1152, 896),
    "9:16": (768, 1344),
    "16:9": (1344, 768),
    "21:9": (1536, 672),
}


def test_the_sizes_of_a_ratio_and_the_ratio_have_one_shape() -> None:
    assert {aspect_of(size, MODELS): aspect for aspect, size in MODELS.items()} == {
        aspect: aspect for aspect in MODELS
    }
    for one in MODELS.values():
        assert [other for other in MODELS.values() if same_shape(one, other)] == [one]
        assert same_shape(one, (4 * one[0], 4 * one[1]))


@pytest.mark.parametrize("size", [(4096, 1024), (1100, 1000), (64, 4096)])
def test_a_shape_that_the_model_does_not_have(size: tuple[int, int]) -> None:
    assert aspect_of(size, MODELS) is None
    assert aspect_of(size, ()) is None
