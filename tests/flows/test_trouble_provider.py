"""The provider says no, breaks, or is silent."""

from __future__ import annotations

import time

import pytest

from bot.domain.jobs import State
from bot.providers.registry import load_catalogue
from bot.standins.provider import Fault, Kind
from tests.flows.trouble import UPSTREAM, Trouble


def says(status: int, err_code: int = -10003, **more: object) -> Fault:
    return Fault(Kind.STATUS, status, err_code, UPSTREAM, **more)  # pyright: ignore[reportArgumentType] -- by name


async def test_a_rejection_is_told_and_was_not_paid(trouble: Trouble) -> None:
    for status, err_code, key in (
        (400, -10003, "provider_bad_request"),
        (401, -10002, "provider_key"),
        (402, -10004, "provider_balance"),
        (402, -10003, "provider_balance"),
        (403, -10003, "provider_forbidden"),
        (413, -10003, "provider_too_large"),
    ):
        await trouble.after_fault(says(status, err_code), key, paid=False)
    await trouble.over()


async def test_the_errors_of_every_family_are_understood(trouble: Trouble) -> None:
    for family in ("302", "code_msg", "code_message"):
        await trouble.after_fault(says(401, -10002, family=family), "provider_key", paid=False)
    await trouble.over()


async def test_a_short_retry_after_is_waited_for(trouble: Trouble) -> None:
    for date, at_least_s in ((False, 1.0), (True, 0.2)):  # a date has whole seconds
        fault = Fault(Kind.STATUS, status=429, retry_after_s=1.2, retry_after_date=date)
        trouble.world.provider.faults.once(fault)
        began = time.monotonic()
        await trouble.imagine()
        await trouble.world.drawn()
        assert time.monotonic() - began >= at_least_s
    assert trouble.asked() == 4
    await trouble.over()


async def test_a_long_retry_after_is_not(trouble: Trouble) -> None:
    began = time.monotonic()
    await trouble.after_fault(says(429, retry_after_s=900), "provider_busy", paid=False)
    assert time.monotonic() - began < 30
    await trouble.over()


async def test_a_withdrawn_model_is_told_with_its_successors(trouble: Trouble) -> None:
    profile = load_catalogue(trouble.world.config.model).route("chat").profile
    assert profile.successors
    await trouble.after_fault(
        says(503, -10008),
        "model_withdrawn",
        paid=False,
        model=profile.model,
        successors=", ".join(profile.successors),
    )
    await trouble.over()


async def test_errors_that_may_be_billed_are_not_repeated(trouble: Trouble) -> None:
    for status in (500, 502, 503, 524):
        fault = says(status, billed=True)
        await trouble.after_fault(fault, "outcome_unknown", state=State.UNKNOWN, paid=True)
    assert len(trouble.world.provider.said) == 4
    await trouble.over()


class TestImpatient:
    @pytest.fixture
    def settings(self, settings: dict[str, str]) -> dict[str, str]:
        return {**settings, "EASEL_TIMEOUT": "2"}

    async def test_silence_and_cuts_are_not_repeated(self, trouble: Trouble) -> None:
        kinds = (Kind.CUT_BEFORE, Kind.CUT_AFTER, Kind.CUT_IN_BODY, Kind.HANG, Kind.HANG_IN_BODY)
        results = [
            await trouble.after_fault(
                Fault(kind), "outcome_unknown", state=State.UNKNOWN, paid=True
            )
            for kind in kinds
        ]
        await trouble.try_again(results[-1])
        await trouble.over()

    async def test_nobody_listens_at_the_providers_address(self, trouble: Trouble) -> None:
        await trouble.world.provider._runner.cleanup()
        result = await trouble.imagine()
        await trouble.job_told(result, "provider_unreachable")
        await trouble.nothing_counted()
        assert await trouble.guild_usd_micros() == 0
