from __future__ import annotations

import datetime as dt
import json
import socket

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from bot.errors import (
    BadAnswer,
    Billed,
    ModelWithdrawn,
    OutcomeUnknown,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    ProviderRejected,
)
from bot.providers import errors
from bot.providers.base import HttpAnswer
from bot.providers.transport import EXCEPTIONS, of_exception

from .serving import catalogue

PROFILE = catalogue().profile
NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
CERTAINLY_NOT_BILLED = {400, 401, 402, 403, 404, 405, 413, 422, 429}
CODES = [
    *range(-10018, -10000),
    -1024,
]


def error(status: int, body: object, headers: dict[str, str] | None = None) -> ProviderError:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return errors.of_answer(HttpAnswer(status, headers or {}, raw), PROFILE, now=NOW)


def said(code: object, message: str = "went wrong") -> dict[str, object]:
    return {
        "error": {
            "err_code": code,
            "message": message,
            "message_cn": "出错",
            "message_jp": "エラー",
            "type": "api_error",
        }
    }


@pytest.mark.parametrize("body", [b"", b"<html>nope</html>", b'{"detail": "nope"}', b"[1]"])
def test_every_status_has_one_class_and_only_the_table_is_free(body: bytes) -> None:
    for status in [*range(100, 200), *range(300, 600)]:
        found = error(status, body)
        assert type(found) in {ProviderRejected, ProviderBusy, OutcomeUnknown}, status
        moved = status in {301, 302, 307, 308}
        free = status in CERTAINLY_NOT_BILLED or moved
        assert (found.billed is Billed.NO) == free, status
        assert isinstance(found, OutcomeUnknown) == (not free), status


@pytest.mark.parametrize(
    ("status", "kind", "key"),
    [
        (400, ProviderRejected, "provider_bad_request"),
        (401, ProviderRejected, "provider_key"),
        (402, ProviderRejected, "provider_balance"),
        (403, ProviderRejected, "provider_forbidden"),
        (404, ProviderRejected, "provider_address"),
        (405, ProviderRejected, "provider_address"),
        (413, ProviderRejected, "provider_too_large"),
        (422, ProviderRejected, "provider_bad_request"),
        (429, ProviderBusy, "provider_busy"),
        (408, OutcomeUnknown, "outcome_unknown"),
        (409, OutcomeUnknown, "outcome_unknown"),
        (500, OutcomeUnknown, "outcome_unknown"),
        (502, OutcomeUnknown, "outcome_unknown"),
        (503, OutcomeUnknown, "outcome_unknown"),
        (504, OutcomeUnknown, "outcome_unknown"),
        (524, OutcomeUnknown, "outcome_unknown"),
    ],
)
def test_statuses(status: int, kind: type[ProviderError], key: str) -> None:
    found = error(status, said(-10003))
    assert type(found) is kind
    assert found.key == key


@pytest.mark.parametrize(
    ("code", "kind", "key"),
    [
        (-10001, ProviderRejected, "provider_key"),
        (-10002, ProviderRejected, "provider_key"),
        (-10004, ProviderRejected, "provider_balance"),
        (-10005, ProviderRejected, "provider_key"),
        (-10006, ProviderRejected, "provider_quota"),
        (-10007, ProviderRejected, "provider_quota"),
        (-10018, ProviderRejected, "provider_quota"),
        (-10008, ModelWithdrawn, "model_withdrawn"),
        (-10009, ProviderRejected, "provider_bad_request"),
        (-10010, ProviderRejected, "provider_bad_request"),
        (-10011, ProviderRejected, "provider_bad_request"),
        (-10012, ProviderBusy, "provider_busy"),
        (-1024, OutcomeUnknown, "outcome_unknown"),
    ],
)
@pytest.mark.parametrize("status", [400, 401, 403, 429, 500, 503])
def test_codes_mean_the_same_with_any_status(
    code: int, kind: type[ProviderError], key: str, status: int
) -> None:
    for body in (
        said(code),
        said(str(code)),
        {"code": code, "msg": "went wrong"},
        {"code": code, "message": "went wrong", "data": None},
    ):
        found = error(status, body)
        assert type(found) is kind
        assert found.key == key
        assert "went wrong" in found.detail
        if code == -10008:
            assert found.billed is Billed.NO
        elif status >= 500 or code == -1024:
            assert found.billed is Billed.MAYBE, "whatever it says, a 5xx may be billed"
        else:
            assert found.billed is Billed.NO


def test_the_catch_all_code_is_decided_by_its_status() -> None:
    assert type(error(400, said(-10003))) is ProviderRejected
    assert type(error(500, said(-10003))) is OutcomeUnknown
    assert type(error(503, said(-10003))) is OutcomeUnknown


def test_every_code_of_the_table_is_known() -> None:
    unlisted = {-10013, -10014, -10015, -10016, -10017}
    for code in CODES:
        assert (code in errors.BY_CODE) == (code not in unlisted | {-10003}), code


def test_a_withdrawn_model_names_its_successors() -> None:
    found = error(503, said(-10008, "no available channel"))
    assert isinstance(found, ModelWithdrawn)
    assert found.values["model"] == "gemini-2.5-flash-image"
    assert "gemini-3.1-flash-image" in str(found.values["successors"])
    google = {"error": {"code": 404, "message": "models/x is not found for API version v1beta"}}
    assert isinstance(error(404, google), ModelWithdrawn)
    assert isinstance(
        error(400, {"error": {"message": "x is not a valid model ID"}}), ProviderError
    )
    openai = {"error": {"code": "model_not_found", "message": "The model does not exist"}}
    assert isinstance(error(404, openai), ModelWithdrawn)


@pytest.mark.parametrize(
    "message",
    [
        "The prompt was blocked: PROHIBITED_CONTENT",
        "request was rejected by our safety system",
        "violates our content policy",
        "IMAGE_SAFETY",
    ],
)
def test_a_refusal_that_comes_as_an_error(message: str) -> None:
    found = error(400, said(-10003, message))
    assert isinstance(found, ProviderRefused)
    assert found.billed is Billed.NO
    assert error(500, said(-10003, message)).billed is Billed.MAYBE
    with pytest.raises(ProviderRefused) as caught:
        errors.raise_for_body(said(None, message), PROFILE)
    assert caught.value.billed is Billed.MAYBE


def test_an_error_with_status_200() -> None:
    with pytest.raises(BadAnswer) as caught:
        errors.raise_for_body(said(-10003), PROFILE)
    assert caught.value.billed is Billed.MAYBE
    for fine in ({}, [], None, {"code": 200, "data": "x"}, {"choices": [], "code": 5}):
        errors.raise_for_body(fine, PROFILE)


def test_no_words_of_the_provider_in_the_values_and_a_short_detail() -> None:
    found = error(400, said(-10003, "x" * 5000), {"request-id": "r-7"})
    assert found.values == {}
    assert len(found.detail) == 500
    assert found.request_id == "r-7"


def every(kind: type[BaseException]) -> list[type[BaseException]]:
    return [kind, *(inner for sub in kind.__subclasses__() for inner in every(sub))]


def test_every_exception_of_the_client_has_one_meaning() -> None:
    key = ConnectionKey("h", 1, False, True, None, None, None)
    before = {
        aiohttp.ClientConnectorError(key, OSError(111, "refused")),
        aiohttp.ClientConnectorDNSError(key, OSError("no name")),
        aiohttp.ConnectionTimeoutError(),
        aiohttp.ClientProxyConnectionError(key, OSError("proxy")),
    }
    for one in before:
        found = of_exception(one, "d")
        assert (type(found), found.key) == (ProviderBusy, "provider_unreachable")
        assert found.billed is Billed.NO
    after = [
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientOSError(32, "broken pipe"),
        aiohttp.ClientPayloadError("half"),
        aiohttp.SocketTimeoutError(),
        aiohttp.ServerTimeoutError(),
        TimeoutError(),
        ConnectionResetError(),
        socket.gaierror(),
        EOFError(),
    ]
    for one in after:
        found = of_exception(one, "d")
        assert type(found) is OutcomeUnknown, one
        assert found.billed is Billed.MAYBE
    assert type(of_exception(aiohttp.InvalidURL("x"), "d")) is ProviderRejected
    for kind in every(aiohttp.ClientError):
        assert any(issubclass(kind, row[0]) for row in EXCEPTIONS), kind


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3.0),
        (" 0 ", 0.0),
        ("1.5", 1.5),
        ("600", 600.0),
        ("Fri, 20 Nov 2026 12:01:30 GMT", 90.0),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("9" * 400, None),
    ],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    assert errors.retry_after_s(header, NOW) == seconds
    found = error(429, b"", {"retry-after": header})
    assert isinstance(found, ProviderBusy)
    assert found.retry_after_s == seconds
