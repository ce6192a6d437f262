"""The provider answers, but not with a picture that can be shown."""

from __future__ import annotations

import resource
import sys
from typing import Any

from bot.domain.jobs import State
from bot.standins.provider import Fault, Kind, Shape
from bot.standins.provider.words import REFUSED
from tests.flows.trouble import Trouble

MIB = 1024 * 1024


async def test_an_answer_in_words_is_shown(trouble: Trouble) -> None:
    fault = Fault(Kind.REFUSE_TEXT)
    refused: dict[str, Any] = {"reason": "text", "words": REFUSED}
    result = await trouble.after_fault(fault, "refused", state=State.REFUSED, paid=True, **refused)
    assert "I'm sorry, but I can't create that image" in trouble.shown(result)
    trouble.world.provider.shape = Shape.TEXT
    result = await trouble.imagine()
    await trouble.job_told(result, "refused", state=State.REFUSED, **refused)
    trouble.world.provider.shape = Shape.MARKDOWN_LINK
    await trouble.nothing_counted()
    await trouble.over()


async def test_a_refusal_names_its_reason(trouble: Trouble) -> None:
    await trouble.after_fault(
        Fault(Kind.REFUSE_FINISH),
        "refused",
        state=State.REFUSED,
        paid=True,
        reason="CONTENT_FILTER",
    )
    await trouble.after_fault(
        Fault(Kind.REFUSE_ERROR), "refused", state=State.REFUSED, paid=False, reason="SAFETY"
    )
    await trouble.over()


async def test_an_answer_with_nothing_in_it(trouble: Trouble) -> None:
    for kind in (Kind.REFUSE_EMPTY, Kind.REFUSE_PROMPT):
        await trouble.after_fault(Fault(kind), "no_picture", paid=True)
    trouble.world.provider.shape = Shape.EMPTY
    await trouble.job_told(await trouble.imagine(), "no_picture")
    trouble.world.provider.shape = Shape.MARKDOWN_LINK
    await trouble.nothing_counted()
    await trouble.over()


async def test_an_answer_that_is_not_json(trouble: Trouble) -> None:
    for kind in (Kind.HTML, Kind.NOT_JSON):
        await trouble.after_fault(Fault(kind), "answer_not_json", paid=True)
    await trouble.over()


async def test_a_right_answer_under_a_wrong_type_is_drawn(trouble: Trouble) -> None:
    trouble.world.provider.faults.once(Fault(Kind.CONTENT_TYPE, media_type="text/plain"))
    await trouble.imagine()
    await trouble.world.drawn()
    await trouble.over()


async def test_an_answer_of_500_mb_is_not_read(trouble: Trouble) -> None:
    before = peak_bytes()
    for declared in (True, False):
        fault = Fault(Kind.HUGE, size_bytes=500_000_000, declared=declared)
        await trouble.after_fault(fault, "answer_too_large", paid=True)
    await trouble.after_fault(Fault(Kind.HUGE), "result_too_large", paid=True, route="file")
    assert peak_bytes() - before < 300 * MIB
    await trouble.over()


async def test_links_that_lead_elsewhere_are_not_followed(trouble: Trouble) -> None:
    for kind in (Kind.LINK_FOREIGN, Kind.LINK_PRIVATE):
        await trouble.after_fault(Fault(kind), "result_host_not_allowed", paid=True)
    assert trouble.fetched() == ["/away/private"]  # the address it led to was never asked
    await trouble.over()


async def test_links_that_lead_nowhere_are_tried_a_few_times(trouble: Trouble) -> None:
    await trouble.after_fault(Fault(Kind.LINK_MISSING), "result_fetch_failed", paid=True)
    assert 1 < len(trouble.fetched()) <= 5
    await trouble.after_fault(Fault(Kind.LINK_LOOP), "result_fetch_failed", paid=True)
    await trouble.over()


async def test_a_redirect_to_the_picture_is_followed(trouble: Trouble) -> None:
    trouble.world.provider.faults.once(Fault(Kind.LINK_REDIRECT))
    await trouble.imagine()
    await trouble.world.drawn()
    await trouble.over()


async def test_a_paid_picture_is_fetched_again_and_not_drawn_again(trouble: Trouble) -> None:
    for fault in (Fault(Kind.STATUS, status=502), Fault(Kind.CUT_IN_BODY)):
        trouble.world.provider.faults.once(fault, route="file")
        await trouble.imagine()
        await trouble.world.drawn()
    assert trouble.asked() == 2
    assert len(trouble.fetched()) == 4
    await trouble.over()


async def test_results_that_are_no_pictures(trouble: Trouble) -> None:
    for shape in (Shape.MARKDOWN_LINK, Shape.MARKDOWN_DATA):
        trouble.world.provider.shape = shape
        for kind in (
            Kind.PICTURE_BROKEN,
            Kind.PICTURE_TRUNCATED,
            Kind.PICTURE_TEXT,
            Kind.PICTURE_BOMB,
        ):
            await trouble.after_fault(Fault(kind), "bad_picture", paid=True)
    await trouble.over()


def peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
