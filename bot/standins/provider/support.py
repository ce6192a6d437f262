"""Models, balance, the true cost of a call, prices, and uploads."""

from __future__ import annotations

import io

from aiohttp import BodyPartReader, web
from PIL import Image

from bot.standins.provider.asks import PICTURE_MODELS
from bot.standins.provider.calls import Said
from bot.standins.provider.desk import Desk
from bot.standins.provider.errors import FAMILIES, ApiError
from bot.standins.provider.pictures import TYPES, Received, received
from bot.standins.provider.pipeline import (
    REQUEST_ID,
    check_key,
    record,
    refused,
    tell_plainly,
)

LARGEST_UPLOAD_BYTES = 50 * 1024 * 1024
UPLOAD_USD_MICROS = 1_000  # $0.001, 302.AI's page
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


async def models(desk: Desk, request: web.Request) -> web.StreamResponse:
    """GET /v1/models."""
    record(desk, request, "models")
    check_key(desk, request)
    data = [{"id": name, "object": "model", "owned_by": "302"} for name in sorted(desk.models)]
    return await tell_plainly(desk, request, "models", {"object": "list", "data": data})


async def balance(desk: Desk, request: web.Request) -> web.StreamResponse:
    """GET /dashboard/balance."""
    record(desk, request, "balance")
    check_key(desk, request)
    return await tell_plainly(desk, request, "balance", {"data": {"balance": desk.balance}})


async def cost(desk: Desk, request: web.Request) -> web.StreamResponse:
    """GET /dashboard/record/{request-id}: what a call has cost, in dollars."""
    record(desk, request, "record")
    check_key(desk, request)
    wanted = request.match_info["id"]
    said = next((one for one in desk.said if one.request_id == wanted), None)
    if said is None:
        raise ApiError(404, -10010)
    data = {
        "cost": said.billed_usd_micros / 1_000_000,
        "input_token": said.input_tokens,
        "output_token": said.output_tokens,
        "model": said.model,
        "process_time": round(said.took_s, 3),
    }
    return await tell_plainly(desk, request, "record", {"data": data})


async def prices(desk: Desk, request: web.Request) -> web.StreamResponse:
    """GET /dashboard/prices?path=…&lang=… The shape of an entry is our guess."""
    record(desk, request, "prices")
    check_key(desk, request)
    data = [
        {"model": name, "path": request.query.get("path", ""), "input": 0.3, "output": 30}
        for name in sorted(desk.models & PICTURE_MODELS)
    ]
    return await tell_plainly(desk, request, "prices", {"data": data})


async def upload(desk: Desk, request: web.Request) -> web.StreamResponse:
    """POST /302/upload-file: multipart, the field `file`."""
    pictures: tuple[Received, ...] = ()
    try:
        check_key(desk, request)
        file = await _file(request)
        pictures = (file,)
    except ApiError as error:
        return refused(error, FAMILIES["code_msg" if error.err_code > 0 else "302"])
    finally:
        record(desk, request, "upload", pictures=pictures)
    request_id = request[REQUEST_ID]
    name = f"{request_id}.{ENDINGS.get(file.media_type, 'bin')}"
    url = desk.files.keep(name, file.data, file.media_type)
    desk.said.append(Said(request_id, "upload", "", (), "", "", "", 0, 0, UPLOAD_USD_MICROS, 0.0))
    return await tell_plainly(desk, request, "upload", {"code": 200, "data": url})


async def _file(request: web.Request) -> Received:
    """The file of an upload. Read by hand: aiohttp's `post` goes through temporary files."""
    if request.content_type != "multipart/form-data":
        raise ApiError(400, 400, "multipart/form-data expected")
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name == "file":
            data = bytes(await part.read())
            if len(data) > LARGEST_UPLOAD_BYTES:
                raise ApiError(413, 413, "the file is too large")
            return _looked_at(data, part.headers.get("Content-Type", "application/octet-stream"))
    raise ApiError(400, 400, "the field `file` is missing")


def _looked_at(data: bytes, declared: str) -> Received:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            media_type = TYPES.get(picture.format or "", declared)
            return received(data, media_type, picture.size, "upload")
    except (OSError, ValueError, Image.DecompressionBombError):
        return received(data, declared, (0, 0), "upload")
