"""What challenges show, at the longest inputs."""

from __future__ import annotations

import pytest

from bot.domain.challenges import Board, Challenge, ChallengeState, Entry, Ranked, Standing
from bot.domain.ids import job_id
from bot.ui import challenges as ui
from tests.ui.discord_schema import takes_message, texts
from tests.ui.test_layout import LAST, NOW, WORST, turn

JOB = job_id(LAST, 10**8)


def challenge(theme: str = "harbours", pot: int | None = 10**9) -> Challenge:
    ends_at = None if pot is None else NOW
    state = ChallengeState.OPEN
    return Challenge(str(LAST), LAST, LAST, LAST, theme, pot, state, NOW, ends_at)


def board(theme: str, words: str, number: int) -> Board:
    ranked = [
        Ranked(Standing(Entry(JOB, LAST, NOW), 10**9, 1 + at), turn(words)) for at in range(number)
    ]
    return Board(challenge(theme), tuple(ranked))


@pytest.mark.parametrize("words", WORST)
@pytest.mark.parametrize("number", [0, 1, 200])
def test_discord_takes_every_message(words: str, number: int) -> None:
    theme = words[:200]
    of = board(theme, words, number)
    takes_message(ui.begun(of.challenge))
    takes_message(ui.begun(challenge(theme, None)))
    takes_message(ui.announced(of.challenge))
    takes_message(ui.choices(str(LAST), [turn(words)] * 25))
    takes_message(ui.entry(of.challenge, turn(words)))
    takes_message(ui.entered(turn(words)))
    takes_message(ui.voted(turn(words)))
    takes_message(ui.board(of))
    takes_message(ui.results(of, of.winners(3), "winners.png"))
    takes_message(ui.results(of, of.ranked, None))
    assert 1 <= len(ui.thread_name(theme)) <= 100


def test_votes_of_nobody_make_no_winner() -> None:
    none = Board(challenge(), (Ranked(Standing(Entry(JOB, 1, NOW), 0, 1), turn("a kite")),))
    assert texts(ui.results(none, none.winners(3), None))[1] == "Nobody voted, so nobody wins."
    assert texts(ui.results(Board(challenge(), ()), (), None))[1].startswith("No picture took part")
