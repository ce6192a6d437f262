from __future__ import annotations

import pytest

from bot.errors import RequestError
from bot.services import cooldown
from bot.services.cooldown import Cooldown


class Hands:
    """A clock to be set."""

    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def rest(hands: Hands) -> Cooldown:
    return Cooldown(3, 60.0, hands)


def refused(rest: Cooldown, user_id: int) -> object:
    with pytest.raises(RequestError) as caught:
        rest.take(user_id)
    assert caught.value.key == "cooldown"
    return caught.value.values["seconds"]


def test_so_many_in_any_such_time(rest: Cooldown, hands: Hands) -> None:
    for second in (0, 20, 40):
        hands.now_s = 1000.0 + second
        rest.take(1)
    assert refused(rest, 1) == 20
    hands.now_s = 1059.5
    assert refused(rest, 1) == 1
    hands.now_s = 1060.0
    rest.take(1)
    assert refused(rest, 1) == 20


def test_everyone_has_their_own(rest: Cooldown) -> None:
    for user_id in (1, 1, 1, 2, 2, 2):
        rest.take(user_id)
    assert refused(rest, 1) == refused(rest, 2) == 60


def test_looking_is_not_taking(rest: Cooldown) -> None:
    for _ in range(9):
        rest.check(1)
    for _ in range(3):
        rest.take(1)
    refused(rest, 1)


def test_who_has_rested_is_forgotten(
    rest: Cooldown, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cooldown, "REMEMBERED", 2)
    rest.take(1)
    hands.now_s += 30
    for user_id in (2, 2, 2):
        rest.take(user_id)
    hands.now_s += 40
    rest.take(3)
    assert refused(rest, 2) == 20
    rest.take(1)
