"""`loom convert`: a workflow in another form."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from engine.command.run import read_source
from engine.jobs.local import Engine
from engine.jobs.rewriting import rewrite

if TYPE_CHECKING:
    from pathlib import Path

    from engine.jobs.rewriting import Form


def convert_workflow(file: str, to: Form, base: Path | None) -> int:
    """Print a workflow in another form; what could not be taken over is told on stderr.

    Args:
        file: A path, or `-` for stdin.
        to: ComfyUI's API JSON, canvas JSON, or a Python script that builds the graph.
        base: As for all commands.
    """
    with Engine(base=base) as engine:
        done = rewrite(engine.load(read_source(file)).file, to, engine.registry.get)
    for note in done.notes:
        sys.stderr.write(f"note: {note}\n")
    text = done.text
    sys.stdout.write(json.dumps(done.workflow, indent=2) + "\n" if text is None else text)
    return 0
