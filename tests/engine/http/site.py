"""A real server in a thread, asked over a socket with requests that go out exactly as written."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import io
import json
import threading
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PIL import Image

from engine.files import Folders
from engine.http.log_lines import LogLines
from engine.http.options import ServeOptions
from engine.http.services import Services
from engine.http.serving import served


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Site:
    """A server that is up."""

    base: Path
    options: ServeOptions
    folders: Folders
    services: Services
    url: str
    loop: asyncio.AbstractEventLoop
    headers: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        assert parts.hostname
        assert parts.port
        return parts.hostname, parts.port

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        connection = http.client.HTTPConnection(*self.address, timeout=30)
        try:
            given = body.encode() if isinstance(body, str) else body
            connection.request(method, path, given, {**self.headers, **(headers or {})})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def upload(
        self, content: bytes, filename: str, *, route: str = "/upload/image", **fields: str
    ) -> Answer:
        body, kind = form(content, filename, fields)
        return self.ask("POST", route, body, {"Content-Type": kind})

    def put(self, place: str, content: bytes) -> Path:
        path = self.base / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path


def form(content: bytes, filename: str, fields: Mapping[str, str]) -> tuple[bytes, str]:
    """Return a multipart body with a field `image`, and its content type."""
    mark = uuid.uuid4().hex
    quoted = filename.replace("\\", "\\\\").replace('"', '\\"')
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="image"; filename="{quoted}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n".encode()
        + content
        + b"\r\n"
    ]
    parts += [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    body = b"".join(parts) + f"--{mark}--\r\n".encode()
    return body, f"multipart/form-data; boundary={mark}"


def picture(
    size: tuple[int, int] = (8, 6),
    colour: tuple[int, ...] = (200, 30, 20, 128),
    form: str = "png",
    **options: Any,
) -> bytes:
    """Return a picture file of one colour."""
    file = io.BytesIO()
    mode = "RGBA" if len(colour) == 4 else "RGB"
    Image.new(mode, size, colour).save(file, format=form, **options)
    return file.getvalue()


@contextlib.contextmanager
def open_site(base: Path, **options: Any) -> Iterator[Site]:
    """Serve a folder while the block lasts; `options` are fields of `ServeOptions`."""
    fields = {"base": base, "user": base / "user", "port": 0, "cpu": True, "announce": False}
    chosen = ServeOptions(**(fields | options))
    folders = Folders.beneath(base)
    for folder in (folders.input, folders.output, folders.temp, chosen.user):
        folder.mkdir(parents=True, exist_ok=True)
    with running_loop() as loop:
        manager = served(chosen, folders, LogLines())
        server = asyncio.run_coroutine_threadsafe(manager.__aenter__(), loop).result()
        try:
            yield Site(base, chosen, folders, server.services, server.urls[0], loop)
        finally:
            leaving = manager.__aexit__(None, None, None)
            asyncio.run_coroutine_threadsafe(leaving, loop).result()


@contextlib.contextmanager
def running_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Run an event loop in a thread while the block lasts."""
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        thread = threading.Thread(target=loop.run_forever, name="site")
        thread.start()
        try:
            yield loop
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
