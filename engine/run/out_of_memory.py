"""What happens when a node runs out of memory: everything that can be given up is given up."""

from __future__ import annotations

import gc
import sys
import traceback
from typing import TYPE_CHECKING, Any

from engine.errors import OutOfMemoryError, Problem

if TYPE_CHECKING:
    from engine.cache.results import ResultsCache
    from engine.run.resources import Resources
    from engine.run.step import Step

_MIB = 1024**2


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an exception says that memory ran out, whichever library raised it."""
    if isinstance(error, MemoryError | OutOfMemoryError):
        return True
    if type(error).__name__ == "OutOfMemoryError":
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and (
        "out of memory" in text or "can't allocate memory" in text or "cannot allocate" in text
    )


def make_room(cache: ResultsCache, resources: Resources, error: BaseException) -> str:
    """Give up what is not needed right now; returns a sentence that says what that was.

    The frames of the failed attempt are cleared, since they hold its tensors.
    """
    traceback.clear_frames(error.__traceback__)
    freed = cache.evict()
    asked = resources.release()
    empty_allocators()
    return (
        f"out of memory: gave up {freed / _MIB:.0f} MiB of kept results and asked {asked} "
        "holders of models to let go, now trying once more"
    )


def empty_allocators() -> None:
    """Give what nobody refers to any more back to the system."""
    gc.collect()
    torch: Any = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        torch.cuda.empty_cache()


def out_of_memory(step: Step, error: BaseException) -> OutOfMemoryError:
    """Return the error for the user when the second attempt failed too.

    Whoever keeps the error must not keep the tensors of the frames that it came through.
    """
    traceback.clear_frames(error.__traceback__)
    problem = Problem(
        kind=OutOfMemoryError.kind,
        message="there is not enough memory for this node, even with everything else given up",
        node=step.id,
        node_type=step.node.type,
        title=step.node.title,
        got=_first_line(error),
        hint="make the picture or the batch smaller, use a smaller model, or work in tiles",
    )
    return OutOfMemoryError(problem.message, problem=problem)


def _first_line(error: BaseException) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__
