"""Calling a node: once for each item, in whichever lane it belongs to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.declare.spec import Blocker, Returned
from engine.declare.types import Lazy
from engine.run.mapping import blocker_in, calls, item_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from engine.run.context import RunContext
    from engine.run.lanes import Lanes
    from engine.run.mapping import Items
    from engine.run.step import Step

    Fetch = Callable[[Step, str], Awaitable[list[Any]]]

_BLOCKED = Returned(outputs=Blocker())
"""What a call gives that was not made; the message has been shown at the first node it stopped."""


@dataclass(kw_only=True)
class Work:
    """The calls of a step that is about to run.

    Attributes:
        step: The step.
        context: What the node sees of the run.
        lists: The items of each input.
        items: The inputs of each call.
        fetch: Computes a lazy input.
        blockers: What kept calls from being made.
        made: How many calls were made.
    """

    step: Step
    context: RunContext
    lists: dict[str, list[Any]]
    items: list[Items]
    fetch: Fetch
    blockers: list[Blocker] = field(default_factory=list[Blocker])
    made: int = 0


class _BlockedError(Exception):
    """A lazy input turned out to be blocked."""

    def __init__(self, blocker: Blocker) -> None:
        super().__init__("blocked")
        self.blocker = blocker


def lay_out(step: Step, lists: dict[str, list[Any]], context: RunContext, fetch: Fetch) -> Work:
    """Return the calls that a step's inputs make for.

    Raises:
        InputError: The lists do not fit together.
    """
    items = calls(lists, step.facts)
    return Work(step=step, context=context, lists=lists, items=items, fetch=fetch)


def asked_for(work: Work, lanes: Lanes) -> tuple[str, ...]:
    """Return which lazy inputs the node needs that it does not have, over all its calls."""
    absent = work.step.not_asked()
    found: dict[str, None] = {}
    for items in work.items:
        if blocker_in(items, work.step.facts) is not None:
            continue
        answer = work.step.facts.kind.missing(items, absent, work.context)
        names = answer if isinstance(answer, tuple) else lanes.wait(answer)
        found.update(dict.fromkeys(name for name in names if name in absent))
    return tuple(found)


def add_lazy(work: Work, start: int = 0) -> None:
    """Give each call, from a number on, a `Lazy` for the inputs that nobody asked for so far."""
    for name in work.step.not_asked():
        for index, items in enumerate(work.items[start:], start):
            items[name] = _lazy(work, name, index)


def call_all(work: Work, lanes: Lanes) -> list[Returned]:
    """Make the calls one after the other, in this thread."""
    returned: list[Returned] = []
    for index, items in enumerate(work.items):
        work.context.check_interrupt()
        if _is_blocked(work, items):
            returned.append(_BLOCKED)
            continue
        work.made += 1
        work.context.list_index = index
        result = work.step.facts.kind.call(items, work.context)
        returned.append(result if isinstance(result, Returned) else lanes.wait(result))
    return returned


async def call_all_async(work: Work) -> list[Returned]:
    """Make the calls at the same time, on the running loop.

    A lazy input whose list turns out to be longer than all others makes for more calls.
    """
    returned: list[Returned] = []
    while len(returned) < len(work.items):
        done = len(returned)
        returned += await _together(
            [_call(work, items, index) for index, items in enumerate(work.items[done:], done)]
        )
        work.items += calls(work.lists, work.step.facts)[len(returned) :]
        add_lazy(work, start=len(returned))
    return returned


async def _together(calls_: list[Coroutine[Any, Any, Returned]]) -> list[Returned]:
    tasks = [asyncio.ensure_future(call) for call in calls_]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()


async def _call(work: Work, items: Items, index: int) -> Returned:
    work.context.check_interrupt()
    if _is_blocked(work, items):
        return _BLOCKED
    work.made += 1
    # Read before the first wait, so that the calls beside this one do not disturb it.
    work.context.list_index = index
    try:
        result = work.step.facts.kind.call(items, work.context)
        return result if isinstance(result, Returned) else await result
    except _BlockedError as blocked:
        work.blockers.append(blocked.blocker)
        return _BLOCKED


def _is_blocked(work: Work, items: Items) -> bool:
    blocker = blocker_in(items, work.step.facts)
    if blocker is not None:
        work.blockers.append(blocker)
    return blocker is not None


def _lazy(work: Work, name: str, index: int) -> Lazy[Any]:
    async def compute() -> Any:
        items = work.lists[name] = await work.fetch(work.step, name)
        value = item_of(items, index, name, work.step.facts)
        if isinstance(value, Blocker):
            raise _BlockedError(value)
        return value

    return Lazy(compute)
