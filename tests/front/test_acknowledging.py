"""Who waits for the first answer to a request."""

from __future__ import annotations

from bot.clock import SystemClock
from bot.domain.ids import JobId
from bot.front.delivery import DiscordDelivery

JOB = JobId("1")


async def test_of_an_event_that_came_twice_at_once_the_last_to_end_counts() -> None:
    """Which of the two is accepted, and answers, is not known before."""
    delivery = DiscordDelivery(SystemClock())
    async with delivery.acknowledging(JOB):
        async with delivery.acknowledging(JOB):
            assert delivery.is_acknowledging(JOB)
        assert delivery.is_acknowledging(JOB)
    assert not delivery.is_acknowledging(JOB)
