"""Which call of which node is running, for code of packs that cannot be handed a context."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from engine.declare.context import Context


@dataclass(frozen=True)
class ExecutionContext:
    """A call of a node.

    Attributes:
        prompt_id: The job.
        node_id: The node, dotted inside expansions.
        list_index: Which item of mapped lists the call is for, from 0.
        run: The run as the node sees it; None where there is none.
        graphs: Counts the graphs that the call builds.
    """

    prompt_id: str
    node_id: str
    list_index: int | None = 0
    run: Context | None = field(default=None, compare=False, repr=False)
    graphs: Iterator[int] = field(default_factory=itertools.count, compare=False, repr=False)


class _Latest:
    """The call that began last, for threads that a node started: they inherit no context."""

    call: ExecutionContext | None = None


_current: ContextVar[ExecutionContext | None] = ContextVar("latentloom_executing", default=None)
_latest = _Latest()


def call_of(context: Context) -> ExecutionContext:
    """Return the call that a node is about to get."""
    return ExecutionContext(context.job_id, context.node_id, context.list_index, context)


@contextmanager
def executing(call: ExecutionContext) -> Generator[None]:
    """Make a call the current one, in this thread or task only."""
    _latest.call = call
    token = _current.set(call)
    try:
        yield
    finally:
        _current.reset(token)


def get_executing_context() -> ExecutionContext | None:
    """Return the current call, or None outside of one (ComfyUI's name)."""
    return _current.get()


def latest_call() -> ExecutionContext | None:
    """Return the current call, or the one that began last where this thread has none."""
    return _current.get() or _latest.call


def current_run() -> Context | None:
    """Return the run as the node of this thread's or the latest call sees it, or None."""
    call = latest_call()
    return None if call is None else call.run
