"""Where nodes run besides the calling thread: a pool for input and output, and an event loop."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from concurrent.futures import Future

T = TypeVar("T")

IO_WORKERS = 4


class Lanes:
    """The pool and the loop of an executor, started at their first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def in_pool(self, work: Callable[[], T]) -> Future[T]:
        """Run a function in a thread of the pool."""
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(IO_WORKERS, thread_name_prefix="io-lane")
        return self._pool.submit(work)

    def in_loop(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine on the loop."""
        return asyncio.run_coroutine_threadsafe(work, self._running_loop())

    def wait(self, awaitable: Awaitable[T]) -> T:
        """Run an awaitable on the loop and wait for it; never called from the loop itself."""

        async def whole() -> T:
            return await awaitable

        return self.in_loop(whole()).result()

    def close(self) -> None:
        """End the threads; the next use starts new ones."""
        with self._lock:
            pool, self._pool = self._pool, None
            loop, self._loop = self._loop, None
            thread, self._thread = self._thread, None
        if pool is not None:
            pool.shutdown()
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=_run, args=(self._loop,), name="async-lane", daemon=True
                )
                self._thread.start()
            return self._loop


def _run(loop: asyncio.AbstractEventLoop) -> None:
    """Run a loop until it is stopped; a coroutine that wants the process to end does not end it."""
    while True:
        try:
            loop.run_forever()
        except (SystemExit, KeyboardInterrupt):
            continue
        return
