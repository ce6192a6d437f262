"""Faults on command: what goes wrong, on which call, and how often."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum


class Kind(StrEnum):
    """What goes wrong. The first group breaks the call, the others the answer's contents."""

    STATUS = "status"  # an error body with `status` and `err_code`
    HANG = "hang"  # the request is read and never answered; it is drawn and billed
    HANG_IN_BODY = "hang_in_body"  # half of the answer, then silence
    CUT_BEFORE = "cut_before"  # the connection ends before the body is read: not billed
    CUT_AFTER = "cut_after"  # the connection ends after the body is read; billed
    CUT_IN_BODY = "cut_in_body"  # half of the answer, then the connection ends
    HTML = "html"  # a page instead of JSON, with status 200
    NOT_JSON = "not_json"  # JSON that stops in the middle, with the right length
    HUGE = "huge"  # an answer of `size_bytes`
    CONTENT_TYPE = "content_type"  # the right answer as `media_type`

    LINK_FOREIGN = "link_foreign"  # to a host that nobody allowed
    LINK_MISSING = "link_missing"  # answers 404
    LINK_PRIVATE = "link_private"  # redirects to a private address
    LINK_REDIRECT = "link_redirect"  # redirects to the picture: nothing wrong with that
    LINK_LOOP = "link_loop"  # redirects to itself

    PICTURE_BROKEN = "picture_broken"  # the head of a PNG, then noise
    PICTURE_TRUNCATED = "picture_truncated"
    PICTURE_TEXT = "picture_text"  # a page under a picture's name
    PICTURE_BOMB = "picture_bomb"  # some bytes that claim 40 000 × 40 000 pixels

    REFUSE_TEXT = "refuse_text"  # words instead of a picture
    REFUSE_PROMPT = "refuse_prompt"  # promptFeedback with `reason`
    REFUSE_FINISH = "refuse_finish"  # finishReason `reason`, no content
    REFUSE_EMPTY = "refuse_empty"  # 200 and nothing in it
    REFUSE_ERROR = "refuse_error"  # an error that says so

    @property
    def breaks_call(self) -> bool:
        """Whether the call itself goes wrong, and not what the answer holds."""
        return self.value.partition("_")[0] not in {"link", "picture", "refuse"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong. Fields that the kind does not use are ignored."""

    kind: Kind
    status: int = 500
    err_code: int = -10003
    message: str = ""
    billed: bool = False  # a STATUS that comes after the picture was drawn and paid
    family: str = "302"  # the shape of the error body: see errors.FAMILIES
    retry_after_s: float | None = None
    retry_after_date: bool = False  # as an HTTP date instead of seconds
    size_bytes: int = 500_000_000
    declared: bool = False  # whether a huge answer says its length beforehand
    media_type: str = "text/plain"
    reason: str = "IMAGE_SAFETY"  # Google's name for the refusal
    delay_s: float = 0.0  # before the fault shows


def fault_from(values: Mapping[str, object]) -> Fault:
    """A fault from JSON. Raises ValueError for an unknown kind, TypeError for a field."""
    given = dict(values)
    known = {one.name for one in fields(Fault)}
    if unknown := set(given) - known:
        raise TypeError(f"unknown fields: {', '.join(sorted(unknown))}")
    return Fault(kind=Kind(str(given.pop("kind", ""))), **given)  # pyright: ignore[reportArgumentType] -- JSON from our own tests


@dataclass
class Rule:
    """A fault and when it strikes. `times` None means again and again."""

    fault: Fault
    route: str | None
    times: int | None
    probability: float


@dataclass
class Faults:
    """The rules. The first one that applies to a call decides it; `hits` counts by kind.

    A rule without a route holds for every call that asks for a picture or for words; polls,
    the file host, the support endpoints and the work behind an asynchronous call («work»)
    are only met by rules that name them.
    """

    seed: int = 0
    hits: dict[Kind, int] = field(default_factory=dict[Kind, int])

    def __post_init__(self) -> None:
        self._rules: list[Rule] = []
        self._random = random.Random(self.seed)  # noqa: S311 -- faults are repeated, not secret

    def once(self, fault: Fault, route: str | None = None, times: int = 1) -> None:
        """The next `times` calls of `route`, behind those that were commanded before."""
        self._rules.append(Rule(fault, route, times, 1.0))

    def always(self, fault: Fault, route: str | None = None) -> None:
        """Every call of `route` from now on."""
        self._rules.append(Rule(fault, route, None, 1.0))

    def sometimes(self, fault: Fault, probability: float, route: str | None = None) -> None:
        """Each call of `route` with this probability, repeatable by the seed."""
        self._rules.append(Rule(fault, route, None, probability))

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._rules.clear()

    def strike_before_body(self, *names: str, drawing: bool) -> bool:
        """Whether this call is cut before its body is read; uses the fault up."""
        for rule in self._rules:
            if rule.fault.kind is not Kind.CUT_BEFORE and rule.probability < 1:
                continue
            if rule.route in names if rule.route is not None else drawing:
                if rule.fault.kind is not Kind.CUT_BEFORE:
                    return False
                return self._uses(rule)
        return False

    def strike(self, *names: str, drawing: bool) -> Fault | None:
        """The fault that this call meets, or None; uses it up. `names` are the route's."""
        for rule in self._rules:
            fits = rule.route in names if rule.route is not None else drawing
            if fits and rule.fault.kind is not Kind.CUT_BEFORE and self._uses(rule):
                return rule.fault
        return None

    def _uses(self, rule: Rule) -> bool:
        if rule.probability < 1 and self._random.random() >= rule.probability:
            return False
        if rule.times is not None:
            rule.times -= 1
            if rule.times <= 0:
                self._rules.remove(rule)
        kind = rule.fault.kind
        self.hits[kind] = self.hits.get(kind, 0) + 1
        return True
