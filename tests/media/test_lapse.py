from __future__ import annotations

import pytest
from PIL import Image, ImageSequence

from bot.media.lapse import FADES, MOST_PICTURES, time_lapse
from tests.media.drawings import check, read_of, reads
from tests.media.pictures import alike, opened, photo, written

MB = 1_000_000
COLOURS = [(220, 30, 30), (30, 200, 40), (40, 50, 210)]


def plain(colour: tuple[int, int, int], width: int = 160, height: int = 96) -> bytes:
    return written(Image.new("RGB", (width, height), colour), "PNG")


def frames(data: bytes) -> list[tuple[tuple[int, ...], int]]:
    """The colour in the middle of each frame, and how long it is shown in milliseconds."""
    found: list[tuple[tuple[int, ...], int]] = []
    for frame in ImageSequence.Iterator(opened(data)):
        middle = frame.convert("RGB").getpixel((frame.width // 2, frame.height // 2))
        assert isinstance(middle, tuple)
        found.append((middle, frame.info["duration"]))
    return found


@pytest.mark.parametrize("form", ["webp", "gif"])
def test_each_picture_then_a_fade(form: str):
    assert form in {"webp", "gif"}
    drawn = time_lapse(
        [read_of(plain(colour)) for colour in COLOURS],
        max_bytes=MB,
        seconds=0.5,
        form="gif" if form == "gif" else "webp",
    )
    check(drawn, MB)
    assert drawn.media_type == f"image/{form}"
    assert (drawn.width_px, drawn.height_px) == (160, 96)
    shown = frames(drawn.data)
    assert len(shown) == 3 + 2 * FADES[form]
    holds = shown[:: FADES[form] + 1]
    assert [took for _, took in holds] == [500, 500, 1000]
    assert all(
        alike(middle, colour, 16) for (middle, _), colour in zip(holds, COLOURS, strict=True)
    )
    between = shown[1 : 1 + FADES[form]]
    assert all(took < 100 for _, took in between)
    assert COLOURS[0][0] > between[0][0][0] > between[-1][0][0] > COLOURS[1][0]
    assert opened(drawn.data).info["loop"] == 0


def test_the_first_gives_the_shape():
    drawn = time_lapse(
        [read_of(plain(COLOURS[0], 400, 200)), read_of(plain(COLOURS[1], 200, 400))],
        max_bytes=MB,
        max_side_px=200,
    )
    assert (drawn.width_px, drawn.height_px) == (200, 100)
    image = opened(drawn.data)
    image.seek(image.n_frames - 1)  # pyright: ignore[reportAttributeAccessIssue] (an animation's)
    edge = image.convert("RGB").getpixel((5, 50))
    assert isinstance(edge, tuple)
    assert max(edge) < 60


def test_one_picture():
    check(time_lapse([read_of(plain(COLOURS[0]))], max_bytes=MB), MB)


def test_any_pictures():
    drawn = time_lapse(reads(), max_bytes=MB, max_side_px=64)
    check(drawn, MB)


def test_many_are_thinned_out():
    drawn = time_lapse(
        [read_of(plain((index, 0, 0), 16, 16)) for index in range(200)], max_bytes=MB
    )
    shown = [middle[0] for middle, _ in frames(drawn.data)]
    assert len(shown) <= (MOST_PICTURES - 1) * (FADES["webp"] + 1) + 1
    assert abs(shown[0] - 0) <= 4
    assert abs(shown[-1] - 199) <= 4


@pytest.mark.parametrize("form", ["webp", "gif"])
@pytest.mark.parametrize("limit", [150_000, 40_000])
def test_the_limit_is_kept(form: str, limit: int):
    chance = [Image.effect_noise((300, 200), 60 + step).convert("RGB") for step in range(6)]
    drawn = time_lapse(
        [read_of(written(image, "PNG")) for image in chance],
        max_bytes=limit,
        form="gif" if form == "gif" else "webp",
    )
    check(drawn, limit)
    assert abs(drawn.width_px / drawn.height_px - 1.5) < 0.1


def test_no_limit_of_nothing():
    with pytest.raises(ValueError, match="fits into"):
        time_lapse([read_of(written(photo(), "PNG"))] * 2, max_bytes=50)
    with pytest.raises(ValueError, match="needs a picture"):
        time_lapse([], max_bytes=MB)
