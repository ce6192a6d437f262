"""302.AI's `?async=true` around the chat form: a task's id now, the usual answer later.

The result comes in an envelope: `{"status_code": 200, "err": "", "data": …}`, where `data` is
the usual answer as an object or as JSON text. An endpoint that does not know `async=true`
answers at once.
"""

from __future__ import annotations

import json

from bot.domain.routes import Route
from bot.errors import BadAnswer
from bot.providers.base import HttpAnswer, HttpRequest, Outcome, Pending
from bot.providers.errors import of_value, raise_for_body, rejected
from bot.providers.lift import Lifted, lift
from bot.providers.wire import chat
from bot.providers.wire.common import count, first_string, string

build = chat.build


def parse(answer: HttpAnswer, route: Route) -> Outcome:
    """The promise, or the usual answer."""
    lifted = lift(answer)
    raise_for_body(lifted.value, route.profile)
    value = lifted.mapping
    task = value.get("task_id")
    if isinstance(task, int | str) and str(task):
        return Pending(str(task))
    return chat.parse_value(lifted, value)


def poll(route: Route, request_id: str) -> HttpRequest:
    """The question for a task's result."""
    return HttpRequest(route.method, route.path, {**dict(route.query), "task_id": request_id})


def parse_result(answer: HttpAnswer, route: Route, request_id: str) -> Outcome:
    """The usual answer out of its envelope, or Pending."""
    lifted = lift(answer)
    value = lifted.mapping
    if "choices" in value:
        return chat.parse_value(lifted, value)
    problem = first_string(value, "err")
    if problem and "pending" in problem.lower():
        return Pending(request_id)
    inner = _opened(lifted, value.get("data"))
    status = count(value.get("status_code")) or 200
    if status >= 400:
        raise of_value(inner or problem, status, route.profile)
    raise_for_body(value if inner is None else inner, route.profile)
    if problem:
        raise rejected(problem, route.profile)
    if inner is None:
        raise BadAnswer("no_picture", detail="an envelope without data")
    opened = Lifted(inner, lifted.runs)
    return chat.parse_value(opened, opened.mapping)


def _opened(lifted: Lifted, data: object) -> object:
    """The answer in the envelope. As JSON text it has the same markers, so they stay valid."""
    if not (text := string(data)):
        return data or None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return lifted.restore(text)
