"""Whether anything of a job was sent that may be billed: what a cancel has to know.

Nothing here waits, and all of it runs on the one loop. So a call has either begun before a cancel
looks and closes, and the cancel finds that out, or it does not begin: what was given back is not
spent after it.

The small price of an upload ($0.001) is not looked at: nothing is booked for pictures that were
handed over in vain, by a cancel as little as by a failure.
"""

from __future__ import annotations

from bot.errors import UserError


class Sending:
    """What one job has sent so far."""

    def __init__(self) -> None:
        self.maybe_billed = False
        """Whether a call was begun that did not come back as «not billed»."""
        self._instead: UserError | None = None

    def begin(self) -> None:
        """A call begins. It counts as sent from here on, although it has yet to connect.

        Raises what `close` was given.
        """
        if self._instead is not None:
            raise self._instead
        self.maybe_billed = True

    def not_billed(self) -> None:
        """The last call has ended and was not billed; nor was any before, or it had not begun."""
        self.maybe_billed = False

    def close(self, instead: UserError) -> bool:
        """Let no call begin from here on: it raises this. Returns `maybe_billed`."""
        self._instead = instead
        return self.maybe_billed
