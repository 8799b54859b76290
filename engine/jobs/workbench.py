"""What a worker works with: packs, results, an executor; and what it does with them."""

from __future__ import annotations

import functools
import json
import logging
import os
import sys
from typing import TYPE_CHECKING, Any

import msgspec

from engine.cache.budgets import Budgets
from engine.cache.policy import Policy
from engine.cache.results import ResultsCache
from engine.comfy.prompt_server import PromptServer
from engine.content import ContentHashes
from engine.declare.catalogue import object_info
from engine.declare.registry import Registry
from engine.errors import InterruptedRunError, LoomError
from engine.graph.api_format import read_api
from engine.graph.json_text import mapping
from engine.jobs.checking import check_prompt
from engine.jobs.devices import devices
from engine.jobs.protocol import Answer, Ended, Loaded, Said
from engine.jobs.rewriting import rewrite_json
from engine.run.client import Client
from engine.run.controls import Controls
from engine.run.events import Failed, Finished, Interrupted, NodeStarted
from engine.run.executor import Executor

if TYPE_CHECKING:
    import threading

    from engine.graph.model import Graph
    from engine.jobs.job import State
    from engine.jobs.outbox import Outbox
    from engine.jobs.protocol import Ask, Free, RunJob, SetUp, WorkerOptions
    from engine.jobs.recorder import Recorder
    from engine.run.events import Event

_PREVIEWS = frozenset({"none", "auto", "latent2rgb", "taesd"})

LOG = logging.getLogger("engine.jobs")


class Workbench:
    """Loads everything and runs jobs in the calling thread.

    Args:
        set_up: Where everything is.
        outbox: Takes what happens.
        recorder: Keeps the node that runs.
    """

    def __init__(self, set_up: SetUp, outbox: Outbox, recorder: Recorder) -> None:
        self._options = set_up.options
        self._folders = set_up.folders
        self._outbox = outbox
        self._recorder = recorder
        self._over = False
        self._controls = ("", Controls())
        self._registry = Registry.load(
            self._folders,
            custom_nodes=set_up.options.custom_nodes,
            only=set_up.options.packs,
        )
        _tell_packs(set_up.options)
        built_in = Registry.built_in()
        self._foreign = tuple(id_ for id_ in self._registry.ids() if built_in.get(id_) is None)
        options = set_up.options
        policy = Policy(kind=options.cache, entries=options.cache_entries)
        budgets = options.budgets or Budgets.of_environment(os.environ)
        self._cache = ResultsCache(budgets, folder=set_up.results, policy=policy)
        content = ContentHashes(self._folders.cache / "content.json")
        self._executor = Executor(self._registry, self._cache, self._folders, content)

    def loaded(self) -> Loaded:
        """Return what is there; from now on packs are heard outside of their nodes, too."""
        server = getattr(PromptServer, "instance", None)
        if server is not None:
            server.listen(self._pass_on)
        for failure in self._registry.failures:
            sys.stderr.write(failure.traceback)
        return Loaded(
            kinds=self._foreign,
            extensions={pack: str(path) for pack, path in self._registry.web_folders.items()},
            failures=tuple((one.name, one.reason) for one in self._registry.failures),
        )

    def run(self, order: RunJob, stop: threading.Event) -> None:
        """Run a job and tell how it went.

        Args:
            order: The job.
            stop: Interrupts it when set.
        """
        self._over = False
        self._recorder.write("")
        self._outbox.begin()
        state: State = "success"
        try:
            self._execute(order, stop)
        except InterruptedRunError:
            state = "interrupted"
        except Exception as error:
            state = "error"
            if not isinstance(error, LoomError):
                LOG.exception("job %s failed outside of its nodes", order.job)
            self._tell_failure(order.job, error)
        self._outbox.end(Ended(job=order.job, state=state))

    def free(self, order: Free) -> None:
        """Give back memory."""
        self._executor.free(results=order.results, models=order.models)

    def answer(self, ask: Ask) -> Answer:
        """Answer a question, while a job may run in another thread."""
        try:
            return Answer(number=ask.number, content=self._content(ask))
        except (Exception, SystemExit) as error:
            LOG.exception("the question %r cannot be answered", ask.what)
            return Answer(number=ask.number, error=f"{type(error).__name__}: {error}")

    def _execute(self, order: RunJob, stop: threading.Event) -> None:
        controls = Controls()
        self._controls = (order.job, controls)
        extra = msgspec.json.decode(order.extra_data, type=dict[str, Any])
        client = Client(
            id=order.client,
            extra_pnginfo=mapping(extra.get("extra_pnginfo")) or None,
            secrets=order.secrets,
            previews=order.previews if order.previews in _PREVIEWS else self._options.previews,
            saves_metadata=self._options.saves_metadata,
        )
        self._executor.run(
            _graph(order.graph),
            order.targets,
            job_id=order.job,
            listener=self._hear,
            interrupt=stop,
            client=client,
            controls=controls,
        )

    def _hear(self, event: Event) -> None:
        if isinstance(event, NodeStarted):
            self._recorder.write(event.real_node or event.node)
        self._over = self._over or isinstance(event, Failed | Interrupted | Finished)
        self._outbox.add(event)

    def _pass_on(self, name: str | int, data: Any, client: str | None) -> None:
        self._outbox.send(Said(name=name, data=data, client=client))

    def _tell_failure(self, job: str, error: Exception) -> None:
        """Tell an error that the run itself could not tell any more."""
        if not self._over:
            told = Failed(
                job=job,
                node=None,
                kind="error",
                problems=(str(error),),
                exception_type=type(error).__name__,
                exception_message=str(error),
            )
            self._outbox.add(told)

    def _content(self, ask: Ask) -> bytes:
        asked = msgspec.json.decode(ask.content)
        if ask.what == "check":
            raw, targets = asked
            return msgspec.json.encode(check_prompt(raw, self._registry, self._folders, targets))
        if ask.what == "control":
            return msgspec.json.encode(self._ask_node(*asked))
        if ask.what == "rewrite":
            raw, to = asked
            return msgspec.json.encode(rewrite_json(raw, to, self._registry.get))
        if ask.what == "describe":
            named = self._foreign if asked is None else (asked,)
            return self._described(named)
        if ask.what == "cache":
            return msgspec.json.encode(self._cache.stats())
        return msgspec.json.encode(devices(cpu=self._options.cpu))

    def _ask_node(self, job: str, node: str, action: str) -> str | None:
        """Pass a request on to a node; returns why it cannot be, or None."""
        current, controls = self._controls
        return controls.ask(node, action) if job == current else "the job does not run any more"

    def _described(self, named: tuple[str, ...]) -> bytes:
        """Return some kinds as `/object_info` shows them; those that fail to tell are left out."""
        infos: dict[str, Any] = {}
        for id_ in named:
            kind = self._registry.get(id_)
            if kind is None:
                continue
            try:
                infos[id_] = object_info(kind.spec, self._folders)
            except Exception:
                LOG.exception("the kind of node %r cannot be described", id_)
        return json.dumps(infos, default=str).encode("ascii")


def _tell_packs(options: WorkerOptions) -> None:
    """Let packs find what they look for on the command line, where there are any."""
    shim = sys.modules.get("comfy.cli_args")
    if shim is not None:
        shim.args.disable_metadata = not options.saves_metadata


@functools.lru_cache(maxsize=8)
def _graph(content: bytes) -> Graph:
    """Return the graph of API JSON; clients send the same one again and again."""
    return read_api(msgspec.json.decode(content))
