from __future__ import annotations

import base64
from typing import Any

import pytest

from bot.standins.provider import Fault, Kind
from tests.standins.provider_client import KEY, MODEL, Client, flat, opened, uri

PHOTO = flat()
ONE = f"/v1beta/models/{MODEL}:generateContent"
TWO = f"/v1/v1beta/models/{MODEL}:generateContent"
FIVE = f"/google/v1/models/{MODEL}"
AUTH = {ONE: "goog", TWO: "goog", FIVE: "bearer"}


def contents(*parts: object) -> dict[str, Any]:
    return {"contents": [{"role": "user", "parts": list(parts)}]}


def inline(data: bytes, *, snake: bool = False) -> dict[str, Any]:
    text = base64.b64encode(data).decode()
    if snake:
        return {"inline_data": {"mime_type": "image/png", "data": text}}
    return {"inlineData": {"mimeType": "image/png", "data": text}}


def parts(answer: Any) -> list[dict[str, Any]]:
    return answer.json["candidates"][0]["content"]["parts"]


async def ask(client: Client, path: str, body: dict[str, Any], query: str = "") -> Any:
    return await client.post(path + query, body, auth=AUTH[path])


@pytest.mark.parametrize("path", [ONE, TWO, FIVE])
@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("", [{"inlineData"}, {"url"}]),
        ("?response_format=url", [{"url"}]),
        ("?response_format=b64_json", [{"inlineData"}]),
    ],
)
async def test_draws_in_the_form_that_was_asked_for(
    path: str, query: str, kinds: list[set[str]]
) -> None:
    async with opened() as client:
        answer = await ask(client, path, contents({"text": "a red kite"}), query)
        assert [set(part) for part in parts(answer)] == kinds
        meant = client.server.said[0].pictures[0]
        for part in parts(answer):
            if "url" in part:
                assert (await client.get(part["url"], key="")).body == meant.data
            else:
                assert base64.b64decode(part["inlineData"]["data"]) == meant.data
        route = "original-image" if path == FIVE else "gemini-image"
        assert client.server.calls[0].route == route


@pytest.mark.parametrize("path", [ONE, TWO, FIVE])
@pytest.mark.parametrize("how", ["inline", "snake", "link"])
async def test_edits_pictures_in_every_form(path: str, how: str) -> None:
    async with opened() as client:
        link = client.server.files.keep("photo.png", PHOTO, "image/png")
        part = {"image_url": link} if how == "link" else inline(PHOTO, snake=how == "snake")
        answer = await ask(client, path, contents({"text": "make it night"}, part, part))
        assert answer.status == 200
        (call,) = client.server.calls
        assert call.route == ("original-edit" if path == FIVE else "gemini-edit")
        assert [one.data for one in call.pictures] == [PHOTO, PHOTO]


@pytest.mark.parametrize("spelling", ["aspectRatio", "aspect_ratio"])
async def test_the_ratio_in_both_spellings(spelling: str) -> None:
    async with opened() as client:
        body = contents({"text": "a kite"}) | {
            "generationConfig": {"imageConfig": {spelling: "21:9"}}
        }
        await ask(client, FIVE, body)
        picture = client.server.said[0].pictures[0]
        assert (picture.width_px, picture.height_px) == (1536, 672)


@pytest.mark.parametrize(
    ("model", "size", "status", "width"),
    [
        (MODEL, "2K", 400, 0),
        ("gemini-3.1-flash-image", "512", 200, 512),
        ("gemini-3-pro-image", "2K", 200, 2048),
        ("gemini-3-pro-image", "2k", 400, 0),
    ],
)
async def test_sizes_are_for_the_successors(model: str, size: str, status: int, width: int) -> None:
    async with opened() as client:
        body = contents({"text": "a kite"}) | {
            "generationConfig": {"imageConfig": {"imageSize": size}}
        }
        answer = await client.post(f"/v1beta/models/{model}:generateContent", body, auth="goog")
        assert answer.status == status
        assert [one.pictures[0].width_px for one in client.server.said] == [width] * bool(width)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no contents": ({}, ""),
    "empty contents": ({"contents": []}, ""),
    "unknown name": (contents({"text": "x"}) | {"prompt": "x"}, ""),
    "unknown role": ({"contents": [{"role": "assistant", "parts": [{"text": "x"}]}]}, ""),
    "no text": (contents(inline(PHOTO)), ""),
    "unknown part": (contents({"text": "x"}, {"fileData": {"fileUri": "gs://x"}}), ""),
    "data uri as link": (contents({"text": "x"}, {"image_url": uri(PHOTO)}), ""),
    "link as an object": (contents({"text": "x"}, {"image_url": {"url": "https://x.y/z"}}), ""),
    "not base64": (
        contents({"text": "x"}, {"inlineData": {"mimeType": "image/png", "data": "%%"}}),
        "",
    ),
    "gif": (
        contents({"text": "x"}, {"inlineData": {"mimeType": "image/gif", "data": "R0lG"}}),
        "",
    ),
    "two candidates": (contents({"text": "x"}) | {"generationConfig": {"candidateCount": 2}}, ""),
    "unknown ratio": (
        contents({"text": "x"}) | {"generationConfig": {"imageConfig": {"aspectRatio": "7:5"}}},
        "",
    ),
    "ratio of another model": (
        contents({"text": "x"}) | {"generationConfig": {"imageConfig": {"aspectRatio": "8:1"}}},
        "",
    ),
    "unknown modality": (
        contents({"text": "x"}) | {"generationConfig": {"responseModalities": ["VIDEO"]}},
        "",
    ),
    "unknown form": (contents({"text": "x"}), "?response_format=base64"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_refuses_what_the_documentation_refuses(name: str) -> None:
    body, query = REFUSED[name]
    async with opened() as client:
        for path in (ONE, FIVE):
            answer = await ask(client, path, body, query)
            assert (answer.status, answer.json["error"]["err_code"]) == (400, -10003)
        assert client.server.said == []


async def test_each_wants_its_own_header_for_the_key() -> None:
    async with opened() as client:
        for path, auth in AUTH.items():
            other = "bearer" if auth == "goog" else "goog"
            answer = await client.post(path, contents({"text": "x"}), auth=other)
            assert (answer.status, answer.json["error"]["err_code"]) == (401, -10001)


async def test_a_withdrawn_model_has_no_channel() -> None:
    async with opened() as client:
        client.server.models -= {MODEL}
        for path in (ONE, FIVE):
            answer = await ask(client, path, contents({"text": "x"}))
            assert (answer.status, answer.json["error"]["err_code"]) == (503, -10008)


async def test_google_itself_refuses_302s_extensions() -> None:
    async with opened() as client:
        own = f"/google.own/v1beta/models/{MODEL}:generateContent"
        link = client.server.files.keep("photo.png", PHOTO, "image/png")
        bodies = [(contents({"text": "x"}, {"image_url": link}), "")]
        bodies.append((contents({"text": "x"}), "?response_format=url"))
        for body, query in bodies:
            answer = await client.post(own + query, body, auth="goog")
            assert (answer.status, answer.json["error"]["status"]) == (400, "INVALID_ARGUMENT")
        keyless = await client.post(own, contents({"text": "x"}), auth="none")
        assert (keyless.status, keyless.json["error"]["status"]) == (403, "PERMISSION_DENIED")
        by_query = await client.post(f"{own}?key={KEY}", contents({"text": "x"}), auth="none")
        assert by_query.status == 200
        assert KEY not in repr(client.server.calls)


async def test_links_and_pictures_go_wrong_here_too() -> None:
    async with opened() as client:
        client.server.faults.once(Fault(Kind.LINK_FOREIGN))
        answer = await ask(client, FIVE, contents({"text": "x"}), "?response_format=b64_json")
        (part,) = parts(answer)
        assert part["url"].startswith("https://pictures.example.net/")
        client.server.faults.once(Fault(Kind.PICTURE_TEXT), route="gemini-image")
        answer = await ask(client, ONE, contents({"text": "x"}), "?response_format=b64_json")
        assert base64.b64decode(parts(answer)[0]["inlineData"]["data"]).startswith(b"<!doctype")


async def test_the_snake_spelling_of_inline_data() -> None:
    async with opened() as client:
        client.server.google_shape = "snake"
        answer = await ask(client, ONE, contents({"text": "x"}))
        (part,) = parts(answer)
        assert set(part["inline_data"]) == {"mime_type", "data"}
