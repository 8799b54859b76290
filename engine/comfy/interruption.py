"""Stopping a run and giving memory back, in ComfyUI's words."""

from __future__ import annotations

from typing import Any

from engine.comfy.executing import current_run
from engine.errors import InterruptedRunError


class InterruptProcessingException(InterruptedRunError):  # noqa: N818 - ComfyUI's name
    """What packs raise, and catch, when a run must stop."""

    def __init__(self, message: str = "the run was interrupted") -> None:
        super().__init__(message)


def processing_interrupted() -> bool:
    """Tell whether the run must stop."""
    run = current_run()
    return run is not None and run.interrupted


def throw_exception_if_processing_interrupted() -> None:
    """Stop here where the run must stop.

    Raises:
        InterruptProcessingException: It must.
    """
    if processing_interrupted():
        raise InterruptProcessingException


def interrupt_current_processing(value: bool = True) -> None:
    """Have the run stop at its next step. False does nothing: each run starts uninterrupted."""
    run = current_run()
    if value and run is not None:
        run.interrupt()


def before_node_execution() -> None:
    """Do what ComfyUI does before each node: stop where the run must stop.

    Raises:
        InterruptProcessingException: It must.
    """
    throw_exception_if_processing_interrupted()


def unload_all_models() -> None:
    """Ask whatever holds models to let go of them; they are loaded again where they are needed."""
    run = current_run()
    if run is not None:
        run.release()


def free_memory(*_: Any, **__: Any) -> list[Any]:
    """Ask whatever holds models to let go of them; how much of it that is, is theirs to decide."""
    unload_all_models()
    return []


def cleanup_models(*_: Any, **__: Any) -> None:
    """Do nothing: what nobody refers to any more is given up anyway."""
