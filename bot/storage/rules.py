"""Rules that a CHECK cannot say, as triggers of the declared schema.

They guard against code that goes around `bot/storage`. They are made by `metadata.create_all`;
the migrations hold their own frozen copy, and a test compares the two on both databases.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import DDL, event

from bot.domain.jobs import TRANSITIONS
from bot.storage.community_tables import metadata

_JOB_STEPS = ", ".join(
    sorted(f"'{start}>{end}'" for start, ends in TRANSITIONS.items() for end in ends)
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A trigger that refuses a change. `when` is SQL that both databases understand."""

    table: str
    name: str
    event: str
    when: str
    sentence: str

    def sqlite(self) -> str:
        """The trigger on SQLite: an error of its own class, IntegrityError."""
        return (
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} WHEN {self.when} "
            f"BEGIN SELECT RAISE(ABORT, '{self.sentence}'); END"
        )

    def postgresql(self) -> str:
        """The trigger on PostgreSQL, by the one function that refuses."""
        return (
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} FOR EACH ROW "
            f"WHEN ({self.when}) EXECUTE FUNCTION easel_refuse('{self.sentence}')"
        )


REFUSE = """
CREATE FUNCTION easel_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = TG_ARGV[0];
END
$$
"""
"""The error code is CHECK's, so that the driver raises IntegrityError, as on SQLite."""

RULES = (
    Rule(
        "jobs",
        "jobs_transition",
        "UPDATE",
        f"OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN ({_JOB_STEPS})",
        "a job may not take this step",
    ),
    Rule(
        "holds",
        "holds_end_once",
        "UPDATE",
        "OLD.state <> 'held' AND OLD.state || '>' || NEW.state <> 'doubted>refunded'",
        "a hold ends once",
    ),
    Rule("entries", "entries_kept", "UPDATE", "OLD.id IS NOT NULL", "entries are append-only"),
    Rule("entries", "entries_whole", "DELETE", "OLD.id IS NOT NULL", "entries are append-only"),
)


def _raw(statement: str, dialect: str) -> None:
    ddl = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)
    event.listen(metadata, "after_create", ddl)


_raw(REFUSE, "postgresql")
for _rule in RULES:
    _raw(_rule.sqlite(), "sqlite")
    _raw(_rule.postgresql(), "postgresql")
