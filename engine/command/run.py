"""`loom run`: one workflow, once or many times."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from rich.console import Console

from engine.command import sweep
from engine.command.failure import INTERRUPTED, PROBLEM
from engine.command.progress import view
from engine.errors import FileProblemError, InterruptedRunError, InvalidWorkflowError, LoomError
from engine.jobs.local import Engine

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from engine.errors import Problem
    from engine.jobs.local import Result, Workflow


@dataclass(frozen=True, kw_only=True)
class RunOrder:
    """What `loom run` was asked for.

    Attributes:
        file: A path, or `-` for stdin.
        settings: `NODE.input=VALUE`, for every run.
        sweeps: `NODE.input=a..b|a,b,c`; every combination is a run.
        table: CSV file; every row is a run.
        output: Where results go instead of `output/`.
        as_json: Print one JSON document and nothing else.
    """

    file: str
    settings: tuple[str, ...] = ()
    sweeps: tuple[str, ...] = ()
    table: Path | None = None
    output: Path | None = None
    as_json: bool = False


@dataclass(kw_only=True)
class Report:
    """What happened, as `--json` tells it.

    Attributes:
        workflow: The file.
        runs: One entry for each finished run.
        problems: What was wrong, if anything.
    """

    workflow: str
    runs: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    problems: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


def run_workflow(order: RunOrder, base: Path | None) -> int:
    """Run what was asked for, tell about it, and return the exit code."""
    report = Report(workflow=order.file)
    try:
        with Engine(base=base, output=order.output) as engine:
            _run_all(engine, order, report)
    except LoomError as error:
        if not order.as_json:
            raise
        report.problems = [asdict(problem) for problem in error.problems]
        code = INTERRUPTED if isinstance(error, InterruptedRunError) else PROBLEM
        return _print_report(report, code)
    return _print_report(report, 0) if order.as_json else 0


def read_source(file: str) -> str | bytes:
    """Return a workflow's path, or what stands on stdin for `-`."""
    return sys.stdin.buffer.read() if file == "-" else file


@contextmanager
def interruptible() -> Generator[threading.Event]:
    """Give an event that Ctrl-C sets; a second Ctrl-C ends the program at once."""
    interrupt = threading.Event()
    before = signal.getsignal(signal.SIGINT)

    def stop(*_: object) -> None:
        interrupt.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, stop)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)


def run_shown(
    engine: Engine, workflow: Workflow, interrupt: threading.Event, **options: Any
) -> Result:
    """Run a workflow with its progress on stderr.

    Args:
        engine: Runs it.
        workflow: What to run.
        interrupt: Stops the run when set.
        **options: `targets` of `Engine.run`.
    """
    console = Console(stderr=True)
    with view(console, workflow.titles, engine.folders.temp) as listener:
        return engine.run(workflow, listener=listener, interrupt=interrupt, **options)


def _run_all(engine: Engine, order: RunOrder, report: Report) -> None:
    workflow = engine.load(read_source(order.file))
    _warn(workflow.notes)
    variants = _variants(workflow, order)
    _check(variants)
    if order.output is not None:
        _make_ready(engine.folders.output)
    with interruptible() as interrupt:
        for number, (settings, variant) in enumerate(variants, start=1):
            if len(variants) > 1:
                told = ", ".join(f"{target}={value}" for target, value in settings.items())
                _say(f"run {number} of {len(variants)}: {told}")
            result = run_shown(engine, variant, interrupt)
            report.runs.append(_entry(settings, result))
            _tell(variant, result, as_json=order.as_json)


def _variants(workflow: Workflow, order: RunOrder) -> list[tuple[sweep.Settings, Workflow]]:
    base = sweep.fixed(workflow, order.settings)
    table = sweep.rows(workflow, order.table) if order.table else []
    axes = dict(sweep.axis(workflow, text) for text in order.sweeps)
    every = sweep.combinations(base, table, axes)
    return [(settings, workflow.changed(settings)) for settings in every]


def _check(variants: list[tuple[sweep.Settings, Workflow]]) -> None:
    """Nothing runs while anything is wrong: a sweep must not end in the middle of the night."""
    found: dict[str, Problem] = {}
    for _, variant in variants:
        for problem in variant.problems():
            found.setdefault(problem.render(), problem)
    if found:
        raise InvalidWorkflowError(tuple(found.values()))


def _make_ready(output: Path) -> None:
    """Make sure that results can be saved before any are made."""
    try:
        output.mkdir(parents=True, exist_ok=True)
        if not os.access(output, os.W_OK | os.X_OK):
            raise PermissionError("no permission to write there")
    except OSError as error:
        raise FileProblemError(
            "nothing can be saved in the folder of --out",
            expected="a folder that this user may write to",
            got=f"{output}: {error.strerror or error}",
        ) from error


def _entry(settings: Mapping[str, Any], result: Result) -> dict[str, Any]:
    timings = {node: asdict(timing) for node, timing in result.timings.items()}
    return {
        "settings": dict(settings),
        "outputs": [str(path) for path in result.files],
        "texts": [{"node": node, "text": text} for node, text in result.texts],
        "executed": list(result.executed),
        "cached": list(result.cached),
        "timings": timings,
        "seconds": result.seconds,
    }


def _tell(workflow: Workflow, result: Result, *, as_json: bool) -> None:
    if not as_json:
        titles = workflow.titles
        for node, text in result.texts:
            sys.stdout.write(f"{titles.get(node, node)}: {text}\n")
        for path in result.files:
            sys.stdout.write(f"{path}\n")
        sys.stdout.flush()
    ran, kept = len(result.executed), len(result.cached)
    _say(f"{ran} nodes ran, {kept} came from the cache, {result.seconds:.2f} s")


def _warn(notes: tuple[Problem, ...]) -> None:
    for note in notes:
        _say(f"note: {note.render()}")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _print_report(report: Report, code: int) -> int:
    sys.stdout.write(json.dumps(asdict(report), indent=2, default=str) + "\n")
    return code
