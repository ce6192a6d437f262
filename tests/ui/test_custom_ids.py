from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ids import JobId, job_id
from bot.errors import RequestError
from bot.ui import custom_ids
from bot.ui.custom_ids import Press, build, parse

snowflakes = st.integers(0, 2**64 - 1)
actions = st.from_regex(r"[a-z][a-z_]{0,29}", fullmatch=True)


@settings(deadline=None)
@given(actions, snowflakes, st.integers(0, 10**9 - 1))
def test_an_id_reads_back(action: str, event: int, ordinal: int) -> None:
    job = job_id(event, ordinal)
    custom_id = build(action, job)
    assert parse(custom_id) == Press(action, job)
    assert len(custom_id) <= custom_ids.LONGEST
    assert custom_ids.TEMPLATE.fullmatch(custom_id)


@pytest.mark.parametrize(
    ("action", "job"),
    [("", "1"), ("edit", ""), ("a:b", "1"), ("edit", "1:2"), ("edit", "x"), ("e" * 31, "1")],
)
def test_what_would_not_read_back_is_not_built(action: str, job: str) -> None:
    with pytest.raises(ValueError, match="not an action and a subject"):
        build(action, JobId(job))


@pytest.mark.parametrize(
    "custom_id", ["", "e1", "e1:edit", "e0:edit:1", "e2:edit:1", "e1:EDIT:1", "e1:edit:1:2", "x"]
)
def test_other_versions_are_told_apart(custom_id: str) -> None:
    with pytest.raises(RequestError) as caught:
        parse(custom_id)
    assert caught.value.key == "button_old"


@settings(deadline=None)
@given(st.text(max_size=120))
def test_parse_raises_nothing_else(custom_id: str) -> None:
    try:
        press = parse(custom_id)
    except RequestError:
        return
    version = custom_id.partition(":")[0]
    assert build(press.action, press.subject, version=version) == custom_id
