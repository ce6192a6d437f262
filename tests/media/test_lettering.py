from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFont, features

from bot.media.canvas import say
from bot.media.fonts import OWN
from bot.media.lettering import drawable, wrapped
from bot.media.runs import advance_px, clusters, is_joined, runs

SCRIPTS = {
    "latin": ("José likes Łódź", "DejaVuSans"),
    "cyrillic": ("рыжая кошка", "DejaVuSans"),
    "greek": ("κόκκινη γάτα", "DejaVuSans"),
    "hebrew": ("חתול אדום", "DejaVuSans"),
    "arabic": ("قطة حمراء فوق الميناء", "DejaVuSans"),
    "persian": ("می\u200cخواهم", "DejaVuSans"),
    "japanese": ("港の上を飛ぶ赤い凧", "wqy-microhei"),
    "korean": ("항구 위의 빨간 연", "wqy-microhei"),
    "chinese": ("港口上空的红色风筝", "wqy-microhei"),
    "thai": ("ว่าวสีแดงที่นี่", "FreeSerif"),
    "hindi": ("बंदरगाह के ऊपर", "FreeSans"),
}
PACKAGES = {
    "DejaVuSans": "fonts-dejavu-core",
    "wqy-microhei": "fonts-wqy-microhei",
    "FreeSans": "fonts-freefont-ttf",
    "FreeSerif": "fonts-freefont-ttf",
}


def skip_without(*scripts: str) -> None:
    for script in scripts:
        font = SCRIPTS[script][1]
        try:
            ImageFont.truetype(font)
        except OSError:
            pytest.skip(f"{script}: {font} is missing (Debian's package {PACKAGES[font]})")
        if script == "persian" and not features.check("fribidi"):
            pytest.skip("FriBiDi is missing (Debian's package libfribidi0)")


def elsewhere(text: str, **environment: str) -> str:
    """What another process says that is started with this environment."""
    code = "import sys; from bot.media.lettering import *; from bot.media.runs import *\n"
    show = "print(drawable(sys.argv[1])); print(''.join(r.text for r in runs(sys.argv[1])))"
    done = subprocess.run(
        [sys.executable, "-c", code + show, text],
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return done.stdout


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a red fox", "a red fox"),
        ("well — yes", "well - yes"),
        ("Anna 🎨🔥😀", "Anna"),
        ("👩\u200d🎨", ""),
        ("1\ufe0f\u20e3", "1"),
        ("a\n\tb\0c", "a b c"),
        ("“quoted” «words» …", "“quoted” «words» …"),
        ("\u202eabc\ud800\ue000", "abc"),
        ("𝕱𝖔𝖝", "Fox"),
        ("Z\u0338\u0322\u031b\u0318al\u0335go", "Zalgo"),
        ("\U00012000 cuneiform", "… cuneiform"),
    ],
)
def test_what_can_be_drawn_whatever_fonts_there_are(text: str, drawn: str):
    assert drawable(text) == drawn


@pytest.mark.parametrize("script", SCRIPTS)
def test_words_in_their_own_script(script: str):
    skip_without(script)
    text, _ = SCRIPTS[script]
    assert drawable(text) == text
    assert [run.text for run in runs(text)] == [text]
    assert runs(text)[0].path != OWN


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' font folders are fixed")
@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("José Ñuñez — straße", "Jose Nunez - strasse"),
        ("日本語 cat", "… cat"),
        ("Мария и кот", "…"),
        ("नमस्ते fox", "… fox"),
    ],
)
def test_without_any_font_of_the_machine(text: str, drawn: str, tmp_path: Path):
    empty = str(tmp_path)
    said = elsewhere(text, XDG_DATA_HOME=empty, XDG_DATA_DIRS=empty)
    assert said.splitlines()[0] == drawn


def test_what_one_font_has_is_one_run():
    skip_without("cyrillic", "japanese")
    assert len(runs("a red fox")) == 1
    assert runs("a red fox")[0].path == OWN
    assert len(runs("рыжая fox № 5")) == 1
    assert "".join(run.text for run in runs("猫 fox ★ кошка")) == "猫 fox ★ кошка"


def test_piles_of_marks_are_cut():
    skip_without("thai")
    assert drawable("ที่นี่") == "ที่นี่"
    assert len(drawable("ท" + "ี่" * 100)) <= 4


def in_order(line: str) -> list[str]:
    """The runs as they stand, without the spaces between them."""
    return [run.text.strip() for run in runs(line) if run.text.strip()]


def test_from_right_to_left_across_fonts():
    skip_without("hebrew", "japanese")
    assert in_order("חתול 猫 אדום") == ["אדום", "猫", "חתול"]
    assert in_order("猫 חתול 16:9 אדום fox") == ["猫", "אדום", "16:9", "חתול", "fox"]


@pytest.mark.skipif(sys.platform != "linux", reason="hides a library as Linux finds it")
def test_without_fribidi_words_still_run_from_right_to_left(tmp_path: Path):
    skip_without("hebrew")
    if not features.check("fribidi"):
        pytest.skip("there is no FriBiDi to be hidden")
    (tmp_path / "libfribidi.so.0").touch()  # found first, and no library
    said = elsewhere("חתול (אדום) 16:9", LD_LIBRARY_PATH=str(tmp_path))
    assert said.splitlines()[1] == "16:9 (םודא) לותח"


words = st.text(max_size=400) | st.lists(
    st.sampled_from([text for text, _ in SCRIPTS.values()] + ["fox", "🎨", "…", "Z\u0338"])
).map(" ".join)


@settings(deadline=2000)
@given(text=words, width=st.integers(10, 400), most=st.integers(1, 3))
def test_lines_fit(text: str, width: int, most: int):
    lines = wrapped(text, 20, width, most)
    assert len(lines) <= most
    for line in lines:
        assert line.strip() == line
        assert line
        assert advance_px(line, 20) <= width or len(clusters(line)) <= 1


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_longest_words_stay_in_their_place(script: str):
    skip_without(script)
    text, _ = SCRIPTS[script]
    for words in (text * 40, text.replace(" ", "") * 40, f"{text} fox 猫 мир " * 40):
        lines = wrapped(words, 20, 200, 2)
        assert len(lines) == 2
        assert lines[1].endswith("…")
        for line in lines:
            assert advance_px(line, 20) > 100
            image = Image.new("RGB", (260, 80))
            say(image, (30, 30), line, 20)
            box = image.getbbox()
            assert box is not None
            assert box[0] >= 28
            assert box[2] <= 232
            assert box[1] >= 24
            assert box[3] <= 58


def test_words_are_kept_whole_where_they_can_be():
    assert wrapped("a red fox in the snow", 20, 95, 5) == ["a red fox", "in the", "snow"]


def test_a_script_without_spaces_is_broken_anywhere():
    skip_without("japanese")
    text = SCRIPTS["japanese"][0]
    lines = wrapped(text, 20, 100, 5)
    assert "".join(lines) == text
    assert [len(line) for line in lines] == [5, 4]


@pytest.mark.parametrize("script", ["arabic", "hindi", "thai"])
def test_letters_are_joined_wherever_a_line_ends(script: str):
    skip_without(script)
    text, _ = SCRIPTS[script]
    for width in range(20, 150):
        lines = wrapped(text, 20, width, 20)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        for line in lines:
            assert not is_joined(line[0])
            assert advance_px(line, 20) <= width or len(clusters(line)) <= 1


def test_a_line_fits_in_the_font_of_its_own_words():
    skip_without("cyrillic", "thai")
    # With the Thai it is all of one font, in which Cyrillic is narrower than in its own.
    for width in range(100, 200):
        for line in wrapped("рыжая кошка " + "ท" * 20, 20, width, 3):
            assert advance_px(line, 20) <= width


def test_what_is_cut_says_so():
    assert wrapped("words and more words and more", 20, 120, 1) == ["words and…"]
    assert wrapped("Mia\nfirst\nsecond", 20, 200, 2) == ["Mia", "first…"]


def test_a_long_name_leaves_room_for_the_words():
    first, second = wrapped("a name that is far too long\nthe words", 20, 120, 2)
    assert first.endswith("…")
    assert second == "the words"
