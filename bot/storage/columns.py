"""Column types that mean the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, BigInteger, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


class Moment(TypeDecorator[dt.datetime]):
    """An instant, kept as whole microseconds since 1970 in UTC.

    SQLite has no type for time: text there and `timestamptz` on PostgreSQL would compare and
    sort differently. An integer is the same on both, exact, and always comes back aware.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """To microseconds. Raises ValueError for a naive value, which names no instant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002 -- as above
        """Back to an aware datetime in UTC."""
        return None if value is None else _EPOCH + value * _MICROSECOND


class Words(TypeDecorator[str]):
    """Text by people and models, without what a database refuses.

    PostgreSQL takes no NUL and neither takes half a surrogate pair. Both can be in a
    provider's answer, and a paid picture must not be lost because of the words beside it.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- as above
        """The same text with such characters replaced."""
        if value is None:
            return None
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


Json = JSON(none_as_null=True)
"""JSON kept as text on both (`json`, not `jsonb`): it is read back whole, never searched."""
