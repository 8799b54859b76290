"""`loom validate`: everything that is wrong with a workflow, without running it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from engine.command.failure import PROBLEM
from engine.command.run import read_source
from engine.errors import LoomError
from engine.jobs.local import Engine

if TYPE_CHECKING:
    from pathlib import Path

    from engine.errors import Problem


def validate_workflow(file: str, base: Path | None, *, as_json: bool) -> int:
    """Print the problems of a workflow; return 1 where there are any."""
    notes: tuple[Problem, ...] = ()
    try:
        with Engine(base=base) as engine:
            workflow = engine.load(read_source(file))
            notes, problems = workflow.notes, workflow.problems()
            count = len(workflow.graph.nodes)
    except LoomError as error:
        if not as_json:
            raise
        problems, count = error.problems, 0
    if as_json:
        found = {
            "valid": not problems,
            "problems": [asdict(problem) for problem in problems],
            "notes": [asdict(note) for note in notes],
        }
        sys.stdout.write(json.dumps(found, indent=2, default=str) + "\n")
    else:
        _tell(problems, notes, count)
    return PROBLEM if problems else 0


def _tell(problems: tuple[Problem, ...], notes: tuple[Problem, ...], count: int) -> None:
    for note in notes:
        sys.stderr.write(f"note: {note.render()}\n")
    for problem in problems:
        sys.stderr.write(f"{problem.render()}\n")
    if problems:
        sys.stderr.write(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}\n")
    else:
        sys.stdout.write(f"valid: {count} nodes\n")
