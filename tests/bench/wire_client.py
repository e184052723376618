"""The server's wire as a load generator speaks it: one kept connection, one request at a time, cheap."""

from __future__ import annotations

import asyncio
import secrets
import socket
import time
from typing import Any

import msgspec

from queue_server.wire import API_PREFIX

ANSWER_S = 20.0
Answer = tuple[int, dict[str, Any]]


class WireClient:
    """POSTs JSON with a fresh key. ``headers`` carry the bearer key or cookie and origin."""

    def __init__(self, host: str, port: int, headers: dict[str, str]) -> None:
        self._host, self._port = host, port
        lines = [f"Host: {host}:{port}", "Content-Type: application/json", *(f"{k}: {v}" for k, v in headers.items())]
        self._head = "\r\n".join(lines)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, **fields: object) -> Answer:
        """Status and decoded body. Raises OSError, EOFError, TimeoutError."""
        reader, writer = self._streams or await self._connect()
        writer.write(request_bytes(self._head, path, fields))
        async with asyncio.timeout(ANSWER_S):
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(length_of(head))
        return int(head[9:12]), msgspec.json.decode(body) if body else {}

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self._streams = reader, writer = await asyncio.open_connection(self._host, self._port)
        return reader, writer

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None


class SteadyClient:
    """The same without an event loop, for one request after the other."""

    def __init__(self, host: str, port: int, headers: dict[str, str]) -> None:
        lines = [f"Host: {host}:{port}", "Content-Type: application/json", *(f"{k}: {v}" for k, v in headers.items())]
        self._head = "\r\n".join(lines)
        self._socket = socket.create_connection((host, port), ANSWER_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")

    def post(self, path: str, **fields: object) -> tuple[float, int, dict[str, Any]]:
        """Milliseconds, status, decoded body. Raises OSError."""
        request = request_bytes(self._head, path, fields)
        begun = time.perf_counter()
        self._socket.sendall(request)
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self._file.readline()
            if not line:
                raise ConnectionResetError
            head += line
        body = self._file.read(length_of(head))
        took_ms = (time.perf_counter() - begun) * 1000
        return took_ms, int(head[9:12]), msgspec.json.decode(body) if body else {}

    def close(self) -> None:
        self._file.close()
        self._socket.close()


def request_bytes(head: str, path: str, fields: dict[str, object]) -> bytes:
    body = msgspec.json.encode({"key": secrets.token_hex(12), **fields})
    return f"POST {API_PREFIX}{path} HTTP/1.1\r\n{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def length_of(head: bytes) -> int:
    """Bytes of the body that a head announces."""
    lowered = head.lower()
    at = lowered.find(b"content-length:")
    return 0 if at < 0 else int(lowered[at + 15 : lowered.index(b"\r\n", at)])
