from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.invalid import Invalid
from bot.domain.names import check_name, fold, is_part


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Ada", "Ada"),
        ("@Ada", "Ada"),
        (" ada_lovelace-2 ", "ada_lovelace-2"),
        ("99", "99"),
        ("花子", "花子"),
        ("हिन्दी", "हिन्दी"),
        ("Zoe\u0308", "Zoë"),
        ("\uff21\uff44\uff41", "Ada"),
        ("x" * 32, "x" * 32),
    ],
)
def test_good_names(name: str, kept: str) -> None:
    assert check_name(name) == kept


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("", "name_length"),
        ("@a", "name_length"),
        ("x" * 33, "name_length"),
        ("two words", "name_letters"),
        ("a@b", "name_letters"),
        ("-ada", "name_letters"),
        ("_ada", "name_letters"),
        ("a\u200bda", "name_letters"),
        ("**ada**", "name_letters"),
        ("Everyone", "name_reserved"),
        ("@HERE", "name_reserved"),
    ],
)
def test_bad_names(name: str, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_name(name)
    assert refused.value.key == key


def test_names_are_one_whatever_their_case_and_width() -> None:
    assert fold("ADA") == fold("ada") == fold("\uff21da")
    assert fold("Zoe\u0308") == fold("ZOË")
    assert fold("Straße") == fold("STRASSE")
    assert fold("ada") != fold("adá")


@given(st.text(min_size=2, max_size=40))
def test_a_kept_name_is_kept_again(name: str) -> None:
    try:
        kept = check_name(name)
    except Invalid:
        return
    assert check_name(kept) == kept
    assert all(map(is_part, kept))
    assert fold(fold(kept)) == fold(kept)
