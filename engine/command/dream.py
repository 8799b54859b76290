"""`loom dream`: pictures from one line of text."""

from __future__ import annotations

import json
import re
import secrets
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TextIO

from engine.command.dream_line import DreamLine, parse_dream_line
from engine.command.failure import PROBLEM, describe
from engine.command.run import interruptible, run_shown
from engine.errors import FileProblemError, InterruptedRunError, LoomError
from engine.graph.api_format import write_api
from engine.graph.model import Graph
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
    seeds = [(first + index) % SEEDS for index in range(asked.count)]
    variants = [studio.workflow.changed(_settings(studio.workflow, asked, seed)) for seed in seeds]
    as_grid = asked.count > 1 and not asked.individual
    pictures: list[Image] = []
    for seed, variant in zip(seeds, variants, strict=True):
        chosen = _unsaved(variant) if as_grid else variant
        result = run_shown(studio.engine, chosen, studio.interrupt)
        sys.stderr.write(f"seed {seed}, {result.seconds:.2f} s\n")
        pictures.extend(result.images)
        if not as_grid:
            sys.stdout.writelines(f"{path}\n" for path in result.files)
            sys.stdout.flush()
    if as_grid:
        path = _save_grid(studio.engine.folders.output, pictures, variants[0])
        sys.stdout.write(f"{path}\n")
        sys.stdout.flush()


def _unsaved(workflow: Workflow) -> Workflow:
    """Return the workflow with a preview in the place of the file: the grid is what is kept."""
    variant = workflow.changed({})
    saved = workflow.graph.nodes[workflow.node("SaveImage")]
    shown = replace(saved, type="PreviewImage", inputs={"images": saved.inputs["images"]})
    variant.graph = Graph({**workflow.graph.nodes, saved.id: shown})
    return variant


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


def _save_grid(output: Path, pictures: list[Image], first: Workflow) -> Path:
    """Write all pictures into one file, row by row, as square as can be.

    The file carries the workflow of the first picture.
    """
    from PIL import Image, PngImagePlugin

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
    output.mkdir(parents=True, exist_ok=True)
    information = PngImagePlugin.PngInfo()
    information.add_text("prompt", json.dumps(write_api(first.graph)))
    try:
        grid.save(partial, format="PNG", pnginfo=information)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path
