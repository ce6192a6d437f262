"""A request's body as SimCord's routes take it: JSON, and the files beside it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from aiohttp import BodyPartReader, web
from simcord.backend.errors import BackendError

MAX_FILES = 10  # of a message
NONCE_LENGTH = 25


@dataclass(slots=True)
class Upload:
    """A file of a form, with the attributes of `discord.File` that SimCord reads."""

    number: int
    filename: str
    data: bytes = field(repr=False)
    description: str | None = None

    @property
    def fp(self) -> io.BytesIO:
        """The file, from its beginning."""
        return io.BytesIO(self.data)


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries."""

    json: Any = None
    files: tuple[Upload, ...] = ()


async def read(request: web.Request) -> Body:
    """Read a body. Raises BackendError 400 for one that Discord would not read."""
    if request.content_type == "multipart/form-data":
        return await _multipart(request)
    raw = await request.read()
    if not raw:
        return Body()
    if request.content_type != "application/json":
        raise BackendError(400, 50035, "Invalid Form Body")
    return Body(_parsed(raw))


def mapping(value: Any) -> Mapping[str, Any]:
    """A JSON object as it is, anything else as an empty one."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def check(body: Body, limit_bytes: int) -> None:
    """Refuse what SimCord takes and Discord does not. Raises BackendError."""
    if len(body.files) > MAX_FILES:
        raise BackendError(400, 50035, f"Invalid Form Body: more than {MAX_FILES} files")
    if any(len(file.data) > limit_bytes for file in body.files):
        raise BackendError(413, 40005, "Request entity too large")
    nonce = mapping(body.json).get("nonce")
    if nonce is not None and len(str(nonce)) > NONCE_LENGTH:
        raise BackendError(400, 50035, f"Invalid Form Body: nonce over {NONCE_LENGTH}")


async def _multipart(request: web.Request) -> Body:
    payload: Any = None
    scalars: dict[str, str] = {}
    files: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise BackendError(400, 50035, "Invalid Form Body")
        data = bytes(await part.read())
        if part.name == "payload_json":
            payload = _parsed(data)
        elif part.filename is not None:
            # «files[3]» on messages; a name without a number elsewhere
            number = part.name.partition("[")[2].rstrip("]")
            files.append(
                Upload(int(number) if number.isdecimal() else len(files), part.filename, data)
            )
        else:
            scalars[part.name] = data.decode()
    files.sort(key=lambda file: file.number)
    _describe(files, payload)
    return Body(payload if payload is not None else scalars or None, tuple(files))


def _describe(files: Iterable[Upload], payload: Any) -> None:
    """Give each file the description that the payload has for it."""
    message = mapping(mapping(payload).get("data", payload))
    declared = [mapping(one) for one in message.get("attachments") or ()]
    described = {str(one.get("id")): one.get("description") for one in declared}
    for file in files:
        file.description = described.get(str(file.number))


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError as error:
        raise BackendError(400, 50109, "The request body contains invalid JSON.") from error
