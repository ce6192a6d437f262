from __future__ import annotations

import pytest

from bot.errors import (
    BadAnswer,
    ModelWithdrawn,
    OutcomeUnknown,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    ProviderRejected,
)
from bot.providers.health import FAILURES, REST_MOST_S, REST_S, Health, State

BROKEN = OutcomeUnknown()


class Hand:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def health(hand: Hand) -> Health:
    return Health(hand)


def rest(health: Health, name: str = "chat") -> None:
    for _ in range(FAILURES):
        health.failed(name, BROKEN)


def test_a_route_rests_after_failures_in_a_row(health: Health) -> None:
    for _ in range(FAILURES - 1):
        health.failed("chat", BROKEN)
    assert health.state("chat") is State.WELL
    health.succeeded("chat", 4.0)
    for _ in range(FAILURES - 1):
        health.failed("chat", BROKEN)
        assert health.enter("chat")
    health.failed("chat", BROKEN)
    assert health.state("chat") is State.RESTING
    assert health.last_failure("chat") == "outcome_unknown"
    assert not health.enter("chat")
    assert health.enter("original-image"), "the others go on"


def test_it_comes_back_through_one_trial(health: Health, hand: Hand) -> None:
    rest(health)
    hand.at += REST_S
    assert health.state("chat") is State.TRIAL
    assert health.enter("chat")
    assert not health.enter("chat"), "one at a time"
    health.succeeded("chat", 3.0)
    assert health.state("chat") is State.WELL
    assert health.enter("chat")
    assert health.enter("chat")


def test_a_trial_that_fails_rests_it_longer(health: Health, hand: Hand) -> None:
    rest(health)
    waited = REST_S
    for _ in range(8):
        hand.at += waited
        assert health.enter("chat")
        health.failed("chat", BROKEN)
        waited = min(waited * 2, REST_MOST_S)
        assert health.rests_s("chat") == waited
        assert not health.enter("chat")


def test_a_trial_that_tells_nothing_lets_the_next_one_in(health: Health, hand: Hand) -> None:
    rest(health)
    hand.at += REST_S
    assert health.enter("chat")
    health.left("chat")
    assert health.enter("chat")
    health.failed("chat", ProviderRefused(reason="text"))
    assert health.enter("chat")


def test_the_last_hope_is_tried_while_it_rests(health: Health) -> None:
    rest(health)
    assert health.enter("chat", last_hope=True)
    assert not health.enter("chat", last_hope=True)


@pytest.mark.parametrize(
    ("error", "counts"),
    [
        (OutcomeUnknown(), True),
        (ProviderBusy(), True),
        (ModelWithdrawn(), True),
        (BadAnswer(), True),
        (ProviderRejected("provider_key"), True),
        (ProviderRejected("provider_balance"), True),
        (ProviderRejected("provider_bad_request"), False),
        (ProviderRejected("provider_too_large"), False),
        (ProviderRefused(reason="SAFETY"), False),
    ],
)
def test_what_counts(health: Health, error: ProviderError, counts: bool) -> None:
    for _ in range(FAILURES):
        health.failed("chat", error)
    assert (health.state("chat") is State.RESTING) == counts


def test_speeds(health: Health) -> None:
    health.failed("a", BROKEN)
    health.succeeded("b", 7.5)
    assert health.speeds() == {"b": 7.5}
