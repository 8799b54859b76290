"""What went wrong in a run, in plain values for whoever hears of it."""

from __future__ import annotations

import reprlib
import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.errors import LoomError, NodeFailedError, OutOfMemoryError

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_TEXT = 2_000
_MOST_ITEMS = 100


@dataclass(frozen=True, kw_only=True)
class Failure:
    """An exception, described.

    Attributes:
        exception_type: `ValueError`, or `module.Qualname` for what Python does not bring along.
        exception_message: Its text; for memory that ran out also how to mend it.
        traceback: As Python formats it, without the line of the exception itself.
    """

    exception_type: str
    exception_message: str
    traceback: tuple[str, ...]


def describe(error: LoomError) -> Failure:
    """Return what is said about the error that ended a run.

    An exception that a node raised is described in place of the error that it led to.
    """
    cause = error.__cause__
    raised = cause if isinstance(error, NodeFailedError | OutOfMemoryError) and cause else error
    return Failure(
        exception_type=_type_name(error, raised),
        exception_message=_message(error, raised),
        traceback=tuple(traceback.format_tb(raised.__traceback__)),
    )


def plain_inputs(lists: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Return the items of a node's inputs as JSON values, whatever they are.

    Args:
        lists: The items of each input.
    """
    return {name: [_plain(item) for item in items[:_MOST_ITEMS]] for name, items in lists.items()}


def _type_name(error: LoomError, raised: BaseException) -> str:
    if error.problem.kind == "dependency_cycle":
        return "graph.DependencyCycleError"
    kind = type(raised)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _message(error: LoomError, raised: BaseException) -> str:
    if isinstance(error, OutOfMemoryError) and raised is not error:
        return f"{raised}\n{error.problem.hint}"
    if not isinstance(raised, LoomError):
        return str(raised)
    # The place is told beside the message, so that it is left out of it.
    placeless = (replace(one, node=None, input=None).render() for one in raised.problems)
    return "\n".join(placeless)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    # Subclasses, such as numpy's floats, are not JSON everywhere.
    for plain in (str, int, float):
        if isinstance(value, plain):
            return plain(value)
    short = reprlib.Repr()
    short.maxlist = short.maxtuple = short.maxdict = short.maxset = _MOST_ITEMS
    short.maxstring = short.maxother = _MOST_TEXT
    return short.repr(value)
