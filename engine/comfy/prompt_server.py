"""ComfyUI's `server.PromptServer`, as far as packs in a worker can use it."""

from __future__ import annotations

import asyncio
import io
import struct
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from engine.comfy.executing import get_executing_context, latest_call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Listener = Callable[[str | int, Any, str | None], None]


class BinaryEventTypes:
    """Kinds of binary messages."""

    PREVIEW_IMAGE = 1
    UNENCODED_PREVIEW_IMAGE = 2
    TEXT = 3
    PREVIEW_IMAGE_WITH_METADATA = 4


class Routes:
    """Takes the routes of packs, under the names of aiohttp's route table, router and application.

    A worker answers no requests, so that they are known and not served.

    Attributes:
        known: Method, path and handler of each.
    """

    def __init__(self) -> None:
        self.known: list[tuple[str, str, Any]] = []
        self.middlewares: list[Any] = []
        self.router = self

    def route(self, method: str, path: str, **_: Any) -> Callable[[Any], Any]:
        """Return a decorator that takes a handler."""

        def take(handler: Any) -> Any:
            self.known.append((method, path, handler))
            return handler

        return take

    def get(self, path: str, **_: Any) -> Callable[[Any], Any]:
        """Take a handler of GET."""
        return self.route("GET", path)

    def post(self, path: str, **_: Any) -> Callable[[Any], Any]:
        """Take a handler of POST."""
        return self.route("POST", path)

    def put(self, path: str, **_: Any) -> Callable[[Any], Any]:
        """Take a handler of PUT."""
        return self.route("PUT", path)

    def patch(self, path: str, **_: Any) -> Callable[[Any], Any]:
        """Take a handler of PATCH."""
        return self.route("PATCH", path)

    def delete(self, path: str, **_: Any) -> Callable[[Any], Any]:
        """Take a handler of DELETE."""
        return self.route("DELETE", path)

    def head(self, path: str, **_: Any) -> Callable[[Any], Any]:
        """Take a handler of HEAD."""
        return self.route("HEAD", path)

    def options(self, path: str, **_: Any) -> Callable[[Any], Any]:
        """Take a handler of OPTIONS."""
        return self.route("OPTIONS", path)

    def view(self, path: str, **_: Any) -> Callable[[Any], Any]:
        """Take a class that handles all methods."""
        return self.route("*", path)

    def static(self, prefix: str, path: Any, **_: Any) -> None:
        """Take a folder of files."""
        self.known.append(("GET", prefix, path))

    def add_route(self, method: str, path: str, handler: Any, **_: Any) -> None:
        """Take a handler."""
        self.known.append((method, path, handler))

    def add_get(self, path: str, handler: Any, **_: Any) -> None:
        """Take a handler of GET."""
        self.add_route("GET", path, handler)

    def add_post(self, path: str, handler: Any, **_: Any) -> None:
        """Take a handler of POST."""
        self.add_route("POST", path, handler)

    def add_static(self, prefix: str, path: Any, **_: Any) -> None:
        """Take a folder of files."""
        self.static(prefix, path)

    def add_routes(self, routes: Iterable[Any]) -> None:
        """Take definitions that aiohttp made, or another table of routes."""
        given = routes.known if isinstance(routes, Routes) else routes
        self.known.extend(("*", "", one) for one in given)


class PromptQueue:
    """What packs ask of the queue: a worker knows of its own job only, and adds none."""

    def __init__(self) -> None:
        self.mutex = threading.RLock()
        self.queue: list[Any] = []
        self.currently_running: dict[int, Any] = {}
        self.history: dict[str, Any] = {}

    def get_tasks_remaining(self) -> int:
        """Return how many jobs are known here."""
        return len(self.currently_running) + len(self.queue)

    def get_current_queue(self) -> tuple[list[Any], list[Any]]:
        """Return the jobs that run and those that wait, as far as they are known here."""
        return list(self.currently_running.values()), list(self.queue)

    def get_current_queue_volatile(self) -> tuple[list[Any], list[Any]]:
        """Return the same."""
        return self.get_current_queue()

    def get_history(self, *_: Any, **__: Any) -> dict[str, Any]:
        """Return nothing: the server keeps the history."""
        return dict(self.history)

    def put(self, item: Any) -> None:
        """Refuse a job.

        Raises:
            RuntimeError: Always.
        """
        raise RuntimeError(f"a node cannot queue jobs; send {item!r:.40} to POST /prompt instead")


class PromptServer:
    """The server as packs see it from a worker.

    Attributes:
        instance: The one of this process.
        routes: Takes routes.
        app: Takes routes too.
        prompt_queue: The jobs.
        last_prompt_id: The job that runs, or ran last.
        last_node_id: The node that runs, or ran last.
    """

    instance: ClassVar[PromptServer]

    def __init__(self) -> None:
        self.routes = Routes()
        self.app = Routes()
        self.prompt_queue = PromptQueue()
        self.number = 0
        self.sockets: dict[str, Any] = {}
        self.sockets_metadata: dict[str, Any] = {}
        self.on_prompt_handlers: list[Callable[[Any], Any]] = []
        self.supports = ["custom_nodes_from_web"]
        self.client_session = None
        self.user_manager = None
        self.web_root = ""
        self.address = "127.0.0.1"
        self.port = 8188
        self._listener: Listener | None = None

    def listen(self, listener: Listener | None) -> None:
        """Have messages told that packs send outside of the calls of nodes, from any thread.

        Args:
            listener: Takes the name, the data and the client, which is None for all.
        """
        self._listener = listener

    @property
    def client_id(self) -> str | None:
        """The client of the run."""
        call = latest_call()
        return None if call is None or call.run is None else call.run.client_id

    @property
    def last_node_id(self) -> str | None:
        """The node that runs, or ran last."""
        call = latest_call()
        return None if call is None else call.node_id

    @property
    def last_prompt_id(self) -> str | None:
        """The job that runs, or ran last."""
        call = latest_call()
        return None if call is None else call.prompt_id

    @cached_property
    def loop(self) -> asyncio.AbstractEventLoop:
        """An event loop that runs beside the nodes."""
        loop = asyncio.new_event_loop()
        threading.Thread(target=loop.run_forever, name="prompt-server", daemon=True).start()
        return loop

    def send_sync(self, event: str | int, data: Any, sid: str | None = None) -> None:
        """Send a message to one client, or to all; from any thread.

        Args:
            event: Its name, or a number for a binary message.
            data: JSON values, bytes, or for pictures format, PIL picture and longest side.
            sid: The client.
        """
        if event == BinaryEventTypes.UNENCODED_PREVIEW_IMAGE:
            event, data = BinaryEventTypes.PREVIEW_IMAGE, _encoded(*data)
        call = get_executing_context()
        if call is not None and call.run is not None:
            call.run.send(event, data, sid)
        elif self._listener is not None:
            self._listener(event, data, sid)

    async def send(self, event: str | int, data: Any, sid: str | None = None) -> None:
        """Send a message; see `send_sync`."""
        self.send_sync(event, data, sid)

    async def send_json(self, event: str, data: Any, sid: str | None = None) -> None:
        """Send a message; see `send_sync`."""
        self.send_sync(event, data, sid)

    def send_progress_text(self, text: str | bytes, node_id: str, sid: str | None = None) -> None:
        """Tell in words what a node does."""
        plain = text.decode() if isinstance(text, bytes) else text
        call = get_executing_context()
        if call is not None and call.run is not None and sid in {None, call.run.client_id}:
            call.run.at(node_id).say(plain)
            return
        name = node_id.encode()
        content = struct.pack(">I", len(name)) + name + plain.encode()
        self.send_sync(BinaryEventTypes.TEXT, content, sid)

    def add_on_prompt_handler(self, handler: Callable[[Any], Any]) -> None:
        """Take a function that ComfyUI calls with each request; nothing comes by in a worker."""
        self.on_prompt_handlers.append(handler)

    def queue_updated(self) -> None:
        """Do nothing: the server tells its clients itself."""

    def get_queue_info(self) -> dict[str, Any]:
        """Return what `GET /prompt` answers, as far as it is known here."""
        return {"exec_info": {"queue_remaining": self.prompt_queue.get_tasks_remaining()}}


def _encoded(form: str, picture: Any, longest: int | None = None) -> bytes:
    """Return a picture as the payload of `PREVIEW_IMAGE`."""
    if longest is not None:
        scale = longest / max(picture.size)
        picture = picture.resize([max(1, round(side * scale)) for side in picture.size])
    png = form.upper() == "PNG"
    content = io.BytesIO()
    picture.convert("RGBA" if png and picture.mode == "RGBA" else "RGB").save(
        content, format="PNG" if png else "JPEG", quality=95
    )
    return struct.pack(">I", 2 if png else 1) + content.getvalue()


PromptServer.instance = PromptServer()
