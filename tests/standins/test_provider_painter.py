from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from bot.standins.provider.asks import FURTHER_PIXELS, PIXELS
from bot.standins.provider.painter import paint
from bot.standins.provider.painter.frame import STRIP
from bot.standins.provider.painter.scene import DRAWERS, SIZES_U
from bot.standins.provider.painter.wishes import THINGS, understand
from tests.standins.provider_client import flat

SQUARE = (1024, 1024)
SMALL = (256, 256)


def opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        assert picture.format == "PNG"
        return picture.convert("RGB")


def drawn(
    words: str, *inputs: bytes, turn: int = 1, px: tuple[int, int] = SMALL, seed: int = 0
) -> Image.Image:
    return opened(paint(words, turn, inputs, px, seed))


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures without their caption, 0 to 255."""
    box = (0, 0, one.width, round(one.height * 0.9))
    diff = ImageChops.difference(one.crop(box), other.resize(one.size).crop(box))  # pyright: ignore[reportUnknownMemberType] -- NumPy's type
    return sum(ImageStat.Stat(diff).mean) / 3


def brightness(picture: Image.Image) -> float:
    return ImageStat.Stat(picture.convert("L")).mean[0]


def amount_of(picture: Image.Image, channel: int) -> float:
    """How much of a colour channel stands out over the other two."""
    means = ImageStat.Stat(picture).mean
    return means[channel] - (sum(means) - means[channel]) / 2


def test_the_same_order_gives_the_same_bytes() -> None:
    assert paint("a red kite", 1, (), SMALL, 7) == paint("a red kite", 1, (), SMALL, 7)
    assert paint("a red kite", 1, (), SMALL, 7) != paint("a red kite", 1, (), SMALL, 8)


@pytest.mark.parametrize("px", [*PIXELS.values(), *FURTHER_PIXELS.values()])
def test_it_has_the_size_that_was_ordered(px: tuple[int, int]) -> None:
    assert drawn("a boat", px=px).size == px


def test_large_sizes_are_drawn_too() -> None:
    assert drawn("a boat", px=(2048, 2048)).size == (2048, 2048)


def test_night_is_darker_than_day() -> None:
    day, night = drawn("a harbour by day"), drawn("a harbour at night")
    assert brightness(night) < brightness(day) - 60


def test_a_colour_belongs_to_the_thing_behind_it() -> None:
    wish = understand("three red kites and a blue boat over a harbour at night, snow")
    kite, boat = wish.things
    assert (kite.kind, kite.count, boat.kind, boat.count) == ("kite", 3, "boat", 1)
    assert kite.colour is not None
    assert boat.colour is not None
    assert kite.colour[0] > 180 > boat.colour[0]
    assert (wish.time, wish.ground, wish.weather) == ("night", "harbour", {"snow"})
    assert wish.colours == ()


def test_a_red_kite_and_a_blue_kite_differ_where_the_kite_is() -> None:
    red, blue = drawn("a red kite by day"), drawn("a blue kite by day")
    assert amount_of(red, 0) > amount_of(blue, 0)


@pytest.mark.parametrize("kind", THINGS)
def test_every_thing_can_be_drawn_and_shows(kind: str) -> None:
    assert kind in DRAWERS
    assert kind in SIZES_U
    assert drawn(f"a {kind}") != drawn("")


def test_unknown_words_give_pictures_of_their_own() -> None:
    assert difference(drawn("quarterly synergy"), drawn("meeting notes")) > 20


def test_every_picture_says_that_it_was_made_offline() -> None:
    for picture in (drawn("a kite", px=SQUARE), drawn("red", flat(), px=SQUARE)):
        strip = picture.crop((0, picture.height - 40, picture.width, picture.height))
        colours = strip.getcolors(strip.width * strip.height)
        assert colours is not None
        assert max(colours)[1] == STRIP
        right = strip.crop((strip.width // 2, 8, strip.width, 40)).convert("L")
        assert max(right.tobytes()) > 120, "no words stand on the right"


def test_an_edit_is_made_from_its_input() -> None:
    left, right = drawn("a red kite over a harbour"), drawn("quarterly synergy")
    edited = {
        name: drawn("make it warmer", paint_of(picture), turn=2)
        for name, picture in (("left", left), ("right", right))
    }
    assert difference(edited["left"], left) < difference(edited["left"], right)
    assert difference(edited["right"], right) < difference(edited["right"], left)
    assert difference(edited["left"], left) > 3, "nothing was edited"


def paint_of(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_edits_follow_the_words() -> None:
    photo = flat(256, 256, "#909090")
    same = drawn("soft", photo)
    assert brightness(drawn("make it night", photo)) < brightness(same) - 40
    assert amount_of(drawn("make it red", photo), 0) > amount_of(same, 0) + 20
    assert amount_of(drawn("make it blue", photo), 2) > amount_of(same, 2) + 20
    assert difference(drawn("add a boat", photo), same) > 1


def test_each_turn_adds_a_frame_of_its_own() -> None:
    first = paint("a red kite", 1, (), SQUARE, 0)
    second = paint("soft", 2, (first,), SQUARE, 0)
    third = paint("soft", 3, (second,), SQUARE, 0)
    middle = 512
    row_two = {opened(second).getpixel((x, middle)) for x in range(40)}
    row_three = {opened(third).getpixel((x, middle)) for x in range(40)}
    yellow, coral = (248, 200, 92), (236, 118, 96)
    assert yellow in row_two
    assert coral not in row_two
    assert coral in row_three


def test_further_pictures_are_shown_small() -> None:
    base, green, red = (flat(colour=one) for one in ("#808080", "#00c000", "#c00000"))
    picture = drawn("blend them", base, green, red, px=SQUARE)
    colours = picture.getcolors(picture.width * picture.height)
    assert colours is not None
    found = {colour: count for count, colour in colours}
    assert found[0, 192, 0] > 10_000
    assert found[192, 0, 0] > 10_000


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "CMYK", "1", "I;16"])
def test_inputs_of_every_mode_are_read(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (80, 80)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert drawn("make it night", out.getvalue()).size == SMALL


@pytest.mark.parametrize("size", [600_000, 1_500_000, 4_000_000])
def test_pictures_of_a_given_size(size: int) -> None:
    data = paint("a red kite", 1, (), SQUARE, 0, size)
    assert len(data) == size
    assert opened(data).size == SQUARE


@given(words=st.text(max_size=300), turn=st.integers(1, 100))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_words_make_a_picture(words: str, turn: int) -> None:
    assert drawn(words, turn=turn).size == SMALL
    assert drawn(words, flat(), turn=turn).size == SMALL
