"""The gateway: WebSockets in front of the sessions.

As Discord documents it (version 10, JSON): HELLO, IDENTIFY, HEARTBEAT, RESUME, RECONNECT,
INVALID_SESSION, REQUEST_GUILD_MEMBERS. discord.py 2.7.1 asks for `compress=zlib-stream`, which
is given, or for `zstd-stream` where that library is installed, which is not: it then gets text.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Mapping
from typing import Any

from aiohttp import WSMsgType, web
from simcord import intents

from bot.standins.discord.sessions import Session
from bot.standins.discord.world import World

RECONNECT, INVALID, HELLO, ACK = 7, 9, 10, 11  # the operations that the server sends
HEARTBEAT_S = 41.25
BREATH = 25  # guilds sent before other work of the loop has its turn
WRONG_TOKEN, DISALLOWED_INTENTS, NOT_IDENTIFIED = 4004, 4014, 4003


class Gateway:
    """All sessions and their connections."""

    def __init__(self, world: World, token: str, limit_bytes: int) -> None:
        self.sessions: list[Session] = []
        self.identified = 0
        """How many times a bot has identified itself: resumes do not count."""
        self.resumed = 0
        self.overlap = 0
        """How many events that a bot has had already come again when it resumes."""
        self._world = world
        self._token = token
        self._limit_bytes = limit_bytes
        self._open: list[_Connection] = []
        world.backend.subscribers.append(self._hear)

    @property
    def connected(self) -> bool:
        """Whether a bot is there and has got its guilds."""
        return any(session.ready and session.send is not None for session in self.sessions)

    def reconnect(self) -> None:
        """Tell every bot to connect anew and resume."""
        self._tell({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every bot that its session is over."""
        if not resumable:
            self.sessions.clear()
        self._tell({"op": INVALID, "d": resumable})

    def drop(self) -> None:
        """End every connection without a word, as a broken network does."""
        for connection in self._open:
            connection.abort()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from HELLO to its end."""
        socket = web.WebSocketResponse(max_msg_size=0, compress=False)
        await socket.prepare(request)
        connection = _Connection(request, socket)
        self._open.append(connection)
        writing = asyncio.create_task(connection.write(), name="gateway")
        try:
            interval_ms = int(HEARTBEAT_S * 1000)
            connection.say({"op": HELLO, "d": {"heartbeat_interval": interval_ms}})
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._take(connection, json.loads(message.data))
        finally:
            writing.cancel()
            self._open.remove(connection)
            self._leave(connection, socket.close_code)
        return socket

    async def close(self) -> None:
        """Say goodbye to every bot, as Discord does when a server of its goes down."""
        for connection in list(self._open):
            await connection.socket.close(code=1001)

    def _hear(self, event: str, payload: Mapping[str, Any]) -> None:
        for session in self.sessions:
            session.hear(event, payload)

    def _tell(self, words: Mapping[str, Any]) -> None:
        for connection in self._open:
            connection.say(words)

    async def _take(self, connection: _Connection, message: Mapping[str, Any]) -> None:
        data: Any = message.get("d")
        match message.get("op"):
            case 1:  # HEARTBEAT
                connection.say({"op": ACK, "d": None})
            case 2:  # IDENTIFY
                await self._identify(connection, data)
            case 6:  # RESUME
                await self._resume(connection, data)
            case 8 if connection.session is not None:  # REQUEST_GUILD_MEMBERS
                await connection.session.members(data)
            case _ if connection.session is None:
                await connection.socket.close(code=NOT_IDENTIFIED)
            case _:
                pass  # presence and voice change nothing here

    async def _identify(self, connection: _Connection, data: Mapping[str, Any]) -> None:
        if data.get("token") != self._token:
            await connection.socket.close(code=WRONG_TOKEN, message=b"Authentication failed.")
            return
        number, count = data.get("shard") or (0, 1)
        shard = (int(number), int(count))
        session = Session(self._world, int(data["intents"]), shard, self._limit_bytes)
        approved = self._world.approved_intents
        if approved is not None and intents.missing_privileged_intents(session.intents, approved):
            await connection.socket.close(code=DISALLOWED_INTENTS, message=b"Disallowed intents.")
            return
        # A session whose connection is gone is now nobody's: its process has died.
        self.sessions[:] = [s for s in self.sessions if s.send is not None or s.shard != shard]
        self.sessions.append(session)
        connection.take(session)
        for count, guild in enumerate(session.greet(connection.address), 1):
            session.create(guild)
            if count % BREATH == 0:
                await asyncio.sleep(0)
        session.ready = True
        self.identified += 1

    async def _resume(self, connection: _Connection, data: Mapping[str, Any]) -> None:
        known = [session for session in self.sessions if session.id == data.get("session_id")]
        if data.get("token") == self._token and known:
            connection.take(known[0])
            if known[0].resume(max(0, int(data.get("seq") or 0) - self.overlap)):
                self.resumed += 1
                return
            connection.session = known[0].send = None
        connection.say({"op": INVALID, "d": False})

    def _leave(self, connection: _Connection, code: int | None) -> None:
        session, connection.session = connection.session, None
        if session is None or session.send != connection.put:
            return
        session.send = None
        if code in (1000, 1001) and session in self.sessions:
            self.sessions.remove(session)  # a bot that leaves like this cannot resume


class _Connection:
    """A WebSocket with a queue before it: the backend's events come from code that cannot wait."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.session: Session | None = None
        self.address = f"ws://{request.host}/gateway"
        self._transport = request.transport
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        streamed = request.query.get("compress") == "zlib-stream"
        self._zlib = zlib.compressobj() if streamed else None

    def take(self, session: Session) -> None:
        """Make this the session's connection."""
        self.session = session
        session.send = self.put

    def put(self, text: str) -> None:
        """Send a text, after those before it."""
        self._queue.put_nowait(text)

    def say(self, words: Mapping[str, Any]) -> None:
        """Send a message of the gateway itself."""
        self.put(json.dumps(words))

    def abort(self) -> None:
        """End the connection without a word."""
        if self._transport is not None:
            self._transport.abort()

    async def write(self) -> None:
        """Send what is in the queue, until cancelled or the connection ends."""
        while not self.socket.closed:
            text = await self._queue.get()
            try:
                if self._zlib is None:
                    await self.socket.send_str(text)
                else:
                    packed = self._zlib.compress(text.encode())
                    await self.socket.send_bytes(packed + self._zlib.flush(zlib.Z_SYNC_FLUSH))
            except ConnectionError:
                return
