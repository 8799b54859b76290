"""`loom dream`: pictures from one line of text."""

from __future__ import annotations

import re
import secrets
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

from engine.command.dream_line import DreamLine, parse_dream_line
from engine.command.failure import PROBLEM, describe
from engine.command.run import interruptible, run_shown
from engine.errors import FileProblemError, InterruptedRunError, LoomError
from engine.jobs.local import CHECKOUT, Engine

if TYPE_CHECKING:
    import threading
    from pathlib import Path

    from PIL.Image import Image

    from engine.jobs.local import Workflow

WORKFLOW = "workflows/text_to_image.json"
PREFIX = "dream"
SEEDS = 2**64
DRAWN_SEEDS = 2**32
_GRID_NAME = re.compile(rf"{PREFIX}_grid_(\d+)_\.png")


@dataclass(frozen=True, kw_only=True)
class Studio:
    """What all lines of one call share.

    Attributes:
        engine: Keeps models and results between the lines.
        workflow: Text to image: one KSampler, two texts, one empty latent, one SaveImage.
        interrupt: Ctrl-C sets it.
    """

    engine: Engine
    workflow: Workflow
    interrupt: threading.Event


def dream_once(asked: DreamLine, base: Path | None) -> int:
    """Draw what one line asks for and print the paths of the pictures."""
    with interruptible() as interrupt, Engine(base=base) as engine:
        _dream(Studio(engine=engine, workflow=_workflow(engine), interrupt=interrupt), asked)
    return 0


def dream_from_lines(lines: TextIO, base: Path | None) -> int:
    """Draw what each line asks for; a line that cannot be read is told and skipped.

    Args:
        lines: Empty lines and lines that start with `#` say nothing.
        base: As for all commands.
    """
    code = 0
    with interruptible() as interrupt, Engine(base=base) as engine:
        studio = Studio(engine=engine, workflow=_workflow(engine), interrupt=interrupt)
        for line in lines:
            if not line.strip() or line.startswith("#"):
                continue
            try:
                _dream(studio, parse_dream_line(line))
            except InterruptedRunError:
                raise
            except LoomError as error:
                sys.stderr.write(f"{line.strip()}\n{describe(error)}\n")
                code = PROBLEM
    return code


def _workflow(engine: Engine) -> Workflow:
    """The user's own version of the workflow wins over the one that came with the program."""
    for folder in (engine.folders.base, CHECKOUT):
        if (folder / WORKFLOW).is_file():
            return engine.load(folder / WORKFLOW)
    raise FileProblemError("there is no workflow to dream with", expected=WORKFLOW)


def _dream(studio: Studio, asked: DreamLine) -> None:
    first = asked.seed if asked.seed is not None else secrets.randbelow(DRAWN_SEEDS)
    pictures: list[Image] = []
    for index in range(asked.count):
        seed = (first + index) % SEEDS
        variant = studio.workflow.changed(_settings(studio.workflow, asked, seed))
        result = run_shown(studio.engine, variant, studio.interrupt)
        sys.stderr.write(f"seed {seed}, {result.seconds:.2f} s\n")
        pictures.extend(result.images)
        if asked.individual or asked.count == 1:
            sys.stdout.writelines(f"{path}\n" for path in result.files)
            sys.stdout.flush()
    if not asked.individual and asked.count > 1:
        sys.stdout.write(f"{_save_grid(studio.engine.folders.output, pictures)}\n")
        sys.stdout.flush()


def _settings(workflow: Workflow, asked: DreamLine, seed: int) -> dict[str, Any]:
    sampler = workflow.node("KSampler")
    positive, negative, latent = (
        workflow.source(f"{sampler}.{name}") for name in ("positive", "negative", "latent_image")
    )
    wanted = {
        f"{positive}.text": asked.prompt,
        f"{negative}.text": asked.negative,
        f"{sampler}.seed": seed,
        f"{sampler}.steps": asked.steps,
        f"{sampler}.cfg": asked.cfg,
        f"{latent}.width": asked.width,
        f"{latent}.height": asked.height,
        f"{workflow.node('SaveImage')}.filename_prefix": PREFIX,
    }
    return {target: value for target, value in wanted.items() if value is not None}


def _save_grid(output: Path, pictures: list[Image]) -> Path:
    """Write all pictures into one file, row by row, as square as can be."""
    from PIL import Image

    columns = int(len(pictures) ** 0.5 + 0.999)
    rows = -(-len(pictures) // columns)
    width, height = pictures[0].size
    grid = Image.new("RGB", (columns * width, rows * height), "white")
    for index, picture in enumerate(pictures):
        grid.paste(picture, (index % columns * width, index // columns * height))
    taken = [_GRID_NAME.fullmatch(path.name) for path in output.glob(f"{PREFIX}_grid_*")]
    number = max((int(match[1]) for match in taken if match), default=0) + 1
    path = output / f"{PREFIX}_grid_{number:05}_.png"
    partial = path.with_suffix(".tmp")
    grid.save(partial, format="PNG")
    partial.replace(path)
    return path
