"""Which call of which node is running, for code of packs that cannot be handed a context."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator


@dataclass(frozen=True)
class ExecutionContext:
    """A call of a node.

    Attributes:
        prompt_id: The job.
        node_id: The node, dotted inside expansions.
        list_index: Counts the calls of the node within the job, from 0.
        graphs: Counts the graphs that the call builds.
    """

    prompt_id: str
    node_id: str
    list_index: int = 0
    graphs: Iterator[int] = field(default_factory=itertools.count, compare=False, repr=False)


_current: ContextVar[ExecutionContext | None] = ContextVar("latentloom_executing", default=None)


@contextmanager
def executing(call: ExecutionContext) -> Generator[None]:
    """Make a call the current one, in this thread or task only."""
    token = _current.set(call)
    try:
        yield
    finally:
        _current.reset(token)


def get_executing_context() -> ExecutionContext | None:
    """Return the current call, or None outside of one (ComfyUI's name)."""
    return _current.get()
