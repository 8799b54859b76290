"""What the user sees when something goes wrong, and the exit code that goes with it."""

from __future__ import annotations

import os
import sys
import traceback
from typing import TYPE_CHECKING, Any

import typer

from engine.errors import InterruptedRunError, LoomError

if TYPE_CHECKING:
    from collections.abc import Callable

PROBLEM = 1
USAGE = 2
INTERRUPTED = 130


def exit_code(command: Callable[[], Any], *, debug: bool) -> int:
    """Run a command and return its exit code; what went wrong is told on stderr.

    Args:
        command: Raises `LoomError` for what the user can mend.
        debug: Show tracebacks.
    """
    try:
        return command() or 0
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "loom"
        _say(f"{path}: {error.format_message()}\n  how to mend it: {path} --help")
        return USAGE
    except (KeyboardInterrupt, typer.Abort, InterruptedRunError):
        _say("interrupted; what is finished is kept")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output stopped; the interpreter must not flush into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PROBLEM
    except Exception as error:
        if debug:
            traceback.print_exc()
        _say(describe(error))
        return PROBLEM


def describe(error: BaseException) -> str:
    """Return the sentences that the user reads about an error."""
    if isinstance(error, LoomError):
        return error.render()
    if isinstance(error, OSError):
        name = f": {error.filename}" if error.filename else ""
        return f"{error.strerror or error}{name}"
    return (
        f"unexpected {type(error).__name__}: {error}\n"
        "  how to mend it: this is a fault of the program; --debug shows where"
    )


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
