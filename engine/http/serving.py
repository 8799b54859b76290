"""The server from start to end: what is opened, in which order, and how it is closed again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import ssl
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aiohttp import web

from engine.cache.budgets import GIB, Budgets
from engine.declare.registry import Registry
from engine.errors import FileProblemError, LoomError, Problem
from engine.http.app import build_app
from engine.http.catalogue import Catalogue
from engine.http.front_end import check_front_end
from engine.http.services import Services
from engine.http.sockets import STATUS, Sockets
from engine.http.temp_files import keep_small
from engine.http.token import load_token
from engine.http.ws import status
from engine.jobs.devices import device_count
from engine.jobs.dispatcher import Dispatcher
from engine.jobs.events_log import EventLog
from engine.jobs.protocol import WorkerOptions
from engine.jobs.queue import JobQueue

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from engine.files import Folders
    from engine.http.log_lines import LogLine, LogLines
    from engine.http.options import ServeOptions
    from engine.jobs.job import Job

LOG = logging.getLogger("engine.http")
_QUEUE = "queue.sqlite"
_SILENCE = 3.0
"""Seconds without a word after which a client hears that jobs are left."""
_SHUTDOWN = 5.0
"""Seconds that requests under way get to finish."""


class PortTakenError(LoomError):
    """Nobody can listen on an address: another program does, or it is not ours."""

    kind = "port_taken"


@dataclass(frozen=True)
class Served:
    """A server that is up.

    Attributes:
        services: What is behind it.
        urls: Where it is, one for each address.
    """

    services: Services
    urls: tuple[str, ...]


@contextlib.asynccontextmanager
async def served(
    options: ServeOptions, folders: Folders, lines: LogLines
) -> AsyncGenerator[Served]:
    """Serve while the block lasts.

    Args:
        options: What the command line asked for.
        folders: Where files are.
        lines: Keeps the last lines of the log.

    Raises:
        LoomError: The port is taken, another server uses the same user folder, a file that the
            options name is not there, a budget in the environment is no amount.
    """
    check_front_end(options)
    async with contextlib.AsyncExitStack() as stack:
        token = None if options.local_only else load_token(options.user)
        queue = await JobQueue.open(options.user / _QUEUE)
        stack.push_async_callback(queue.close)
        registry = Registry.built_in()
        log = EventLog(queue.history)
        dispatcher = Dispatcher(queue, log, registry, folders, worker_options(options))
        services = Services(
            options=options,
            folders=folders,
            registry=registry,
            queue=queue,
            dispatcher=dispatcher,
            log=log,
            sockets=Sockets(),
            lines=lines,
            catalogue=Catalogue(registry, folders),
            token=token,
        )
        _connect(services)
        await dispatcher.start()
        stack.push_async_callback(dispatcher.close)
        runner = web.AppRunner(
            build_app(services), access_log=None, shutdown_timeout=_SHUTDOWN, handle_signals=False
        )
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        urls = [await _listen(runner, host, options) for host in options.hosts]
        stack.push_async_callback(services.sockets.close)
        budget = Budgets.of_environment(os.environ).temp
        for task in (_remind(services), keep_small(folders.temp, budget)):
            stack.push_async_callback(_cancelled, asyncio.create_task(task))
        yield Served(services, tuple(urls))


async def serve(
    options: ServeOptions,
    folders: Folders,
    lines: LogLines,
    announce: Callable[[Served], contextlib.AbstractContextManager[object]],
) -> None:
    """Serve until SIGINT or SIGTERM comes.

    Args:
        options: What the command line asked for.
        folders: Where files are.
        lines: Keeps the last lines of the log.
        announce: Called when the server is up; shows jobs while its context lasts.

    Raises:
        LoomError: As `served`.
    """
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        stopped.set()
        loop.remove_signal_handler(signal.SIGINT)  # a second Ctrl-C does not wait

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    async with served(options, folders, lines) as server:
        with announce(server):
            if options.quick_test:
                await server.services.dispatcher.foreign_catalogue()  # waits for all packs
            else:
                await stopped.wait()
        LOG.info("stopping; jobs that wait or run are kept and go on at the next start")


def worker_options(options: ServeOptions) -> WorkerOptions:
    """Return how the workers of a server work.

    Raises:
        InputError: A budget in the environment is no amount.
    """
    wanted = None if options.load_custom_nodes else options.whitelist
    entries = int(options.cache_amount) if options.cache == "lru" else 0
    budgets = Budgets.of_environment(os.environ)
    if options.cache == "ram" and options.cache_amount:
        budgets = replace(budgets, ram=int(options.cache_amount * GIB))
    return WorkerOptions(
        count=options.workers or device_count(cpu=options.cpu),
        cpu=options.cpu,
        custom_nodes=options.custom_nodes if wanted is None or wanted else (),
        packs=wanted,
        cache=options.cache,
        cache_entries=entries,
        budgets=budgets,
        previews=options.preview_method,
        preview_size=options.preview_size,
        saves_metadata=options.save_metadata,
    )


async def _remind(services: Services) -> None:
    """Tell clients now and then that jobs are left.

    Loading a model takes longer than some clients wait for a word before they take the connection
    for lost, and their jobs with it.
    """
    while True:
        await asyncio.sleep(_SILENCE / 3)
        if services.queue.remaining:
            services.sockets.remind(STATUS, status(services), _SILENCE)


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _connect(services: Services) -> None:
    """Let clients hear of jobs, of the length of the queue, and of the log."""
    sockets, loop = services.sockets, asyncio.get_running_loop()
    services.log.subscribe(sockets.deliver)

    def expect(job: Job) -> None:
        sockets.expect(job.id, job.submission.client_id)

    services.queue.arrived.append(expect)
    services.queue.changed.append(lambda: sockets.send(STATUS, status(services)))

    def tell(line: LogLine) -> None:
        entries = [{"t": line.t, "m": line.m}]
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
            loop.call_soon_threadsafe(sockets.send_logs, {"entries": entries, "size": None})

    services.lines.listeners.append(tell)


async def _listen(runner: web.AppRunner, host: str, options: ServeOptions) -> str:
    """Listen on one address; returns its URL.

    Raises:
        LoomError: Nobody can listen there.
    """
    context = _tls(options)
    site = web.TCPSite(runner, host, options.port, ssl_context=context, reuse_address=True)
    try:
        await site.start()
    except OSError as error:
        message = f"the server cannot listen on {host}, port {options.port}"
        hint = f"stop the other server, or choose another port: --port {options.port + 1}"
        problem = Problem(
            kind="port_taken", message=message, got=error.strerror or str(error), hint=hint
        )
        raise PortTakenError(message, problem=problem) from error
    port = runner.addresses[-1][1]
    shown = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)  # noqa: S104
    return f"{options.scheme}://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def _tls(options: ServeOptions) -> ssl.SSLContext | None:
    if options.tls_certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(options.tls_certificate, options.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise FileProblemError(
            "the certificate and its key cannot be read",
            expected="PEM files for --tls-certfile and --tls-keyfile",
            got=str(error),
        ) from error
    return context
