"""How good a model is: measured against the drawings that it was trained on."""

import json
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from engine import (
    Autogrow,
    Choice,
    Context,
    Input,
    InputError,
    Number,
    Output,
    Seed,
    Shown,
    beneath,
    node,
)
from nodes.diffusion.sampling.names import SAMPLERS, SCHEDULES
from nodes.library_errors import blaming
from nodes.types import Clip, Dataset, Image, Model, Vae

if TYPE_CHECKING:
    from nodes.diffusion.datasets.pictures import Pictures
    from nodes.diffusion.evaluation.measure import Measure
    from nodes.diffusion.evaluation.painter import Painter

CATEGORY = "training/evaluation"
SHOWN = 48
COLUMNS = 6


class Measured(NamedTuple):
    """What was measured.

    Attributes:
        value: The measure.
        report: The measure and how it was taken, as JSON.
        grid: References beside what the model made of them.
    """

    value: float
    report: Annotated[str, Output("report")]
    grid: Annotated[Image, Output("grid")]


@node("EvaluateRetrieval", category=CATEGORY)
def evaluate_retrieval(
    *,
    model: Model,
    clip: Clip,
    vae: Vae,
    dataset: Dataset,
    references: Dataset,
    name: str = "trained",
    count: Annotated[int, Number(0, 100_000)] = 100,
    steps: Annotated[int, Number(1, 1000)] = 20,
    cfg: Annotated[float, Number(0, 100, step=0.1)] = 4.0,
    sampler_name: Annotated[str, Choice(SAMPLERS)] = "dpmpp_2m",
    scheduler: Annotated[str, Choice(SCHEDULES)] = "karras",
    seed: Annotated[int, Seed()] = 0,
    context: Context,
) -> Measured:
    """Count how often a drawn picture is nearest to the very drawing that its prompt names.

    Each picture is compared with 100 drawings of its style, blurred and in three sizes; guessing
    gets one in a hundred right. The prompts are "a {style} emoji of {label}".

    Args:
        dataset: The pairs of thing and style to ask for.
        references: All drawings, those of `dataset` among them.
        name: What the report calls this part: `trained`, `heldout`.
        count: At most so many prompts; 0 asks for all.
        cfg: Strength of the guidance; 1 turns it off.
    """
    from nodes.diffusion.datasets.manifest import open_manifest
    from nodes.diffusion.evaluation.painter import Settings
    from nodes.diffusion.evaluation.retrieval import measure_retrieval

    settings = Settings(
        steps=steps,
        cfg=cfg,
        sampler=sampler_name,
        schedule=scheduler,
        seed=seed,
        size=references.buckets.width,
    )
    with blaming(), _painter(model, clip, vae, context) as painter:
        measure = measure_retrieval(
            painter,
            open_manifest(dataset.manifest),
            _pictures(references),
            settings,
            count=count,
            progress=context.progress,
        )
    return _measured(measure, name)


@node("EvaluateBackgrounds", category=CATEGORY)
def evaluate_backgrounds(
    *,
    model: Model,
    clip: Clip,
    vae: Vae,
    dataset: Dataset,
    name: str = "trained",
    count: Annotated[int, Number(1, 100_000)] = 102,
    steps: Annotated[int, Number(1, 1000)] = 20,
    cfg: Annotated[float, Number(0, 100, step=0.1)] = 4.0,
    sampler_name: Annotated[str, Choice(SAMPLERS)] = "dpmpp_2m",
    scheduler: Annotated[str, Choice(SCHEDULES)] = "karras",
    seed: Annotated[int, Seed()] = 0,
    context: Context,
) -> Measured:
    """Count how often the border of a picture has the colour that its prompt names.

    The prompts end in "on a {colour} background" and ask for things whose drawing leaves its
    border free. The mean colour of the outermost pixels must be nearest to the named one among
    all 18 named colours.

    Args:
        dataset: The pairs of thing and style to ask for.
        name: What the report calls this part.
        count: So many prompts.
        cfg: Strength of the guidance; 1 turns it off.
    """
    from nodes.diffusion.evaluation.backgrounds import measure_backgrounds
    from nodes.diffusion.evaluation.painter import Settings

    settings = Settings(
        steps=steps,
        cfg=cfg,
        sampler=sampler_name,
        schedule=scheduler,
        seed=seed,
        size=dataset.buckets.width,
    )
    with blaming(), _painter(model, clip, vae, context) as painter:
        measure = measure_backgrounds(
            painter, _pictures(dataset), settings, count=count, progress=context.progress
        )
    return _measured(measure, name)


@node("EvaluateAutoencoder", category=CATEGORY)
def evaluate_autoencoder(
    *, vae: Vae, dataset: Dataset, name: str = "heldout", context: Context
) -> Measured:
    """Measure how well an autoencoder keeps pictures: mean peak signal-to-noise ratio in dB.

    Args:
        dataset: Pictures to encode and decode, on white; best such as training never saw.
        name: What the report calls this part.
    """
    from nodes.diffusion.evaluation.reconstruction import measure_reconstruction
    from nodes.diffusion.residency import Residency

    with blaming(), context.resource("residency", Residency).autoencoder(vae) as autoencoder:
        measure = measure_reconstruction(autoencoder, _pictures(dataset))
    return _measured(measure, name)


@node("EvaluationReport", category=CATEGORY, output=True)
def evaluation_report(
    *,
    reports: Annotated[tuple[Annotated[str, Input(force_input=True)], ...], Autogrow(1, 20)],
    filename: str = "evaluation.json",
    context: Context,
) -> Shown[str]:
    """Show several measures as a table and save them as JSON.

    Args:
        reports: What the measuring nodes reported.
        filename: Written into `output/`; empty saves nothing.
    """
    try:
        rows = [json.loads(report) for report in reports]
        table = _table(rows)
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(
            "a report cannot be read", input="reports", expected="reports of measuring nodes"
        ) from error
    if filename:
        path = beneath(context.folders.output, filename)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return Shown(ui={"text": [table]}, value=table)


@contextmanager
def _painter(
    model: Model, clip: Clip, vae: Vae, context: Context
) -> "Generator[Painter, None, None]":
    from nodes.diffusion.evaluation.painter import Painter
    from nodes.diffusion.residency import Residency

    residency = context.resource("residency", Residency)
    with ExitStack() as held:
        yield Painter(
            diffusion=held.enter_context(residency.diffusion(model)),
            text_encoders=held.enter_context(residency.text_encoders(clip)),
            autoencoder=held.enter_context(residency.autoencoder(vae)),
        )


def _pictures(dataset: Dataset) -> "Pictures":
    from nodes.diffusion.datasets.manifest import open_manifest
    from nodes.diffusion.datasets.pictures import Pictures

    return Pictures(open_manifest(dataset.manifest), dataset.buckets)


def _measured(measure: "Measure", part: str) -> Measured:
    from nodes.diffusion.datasets.contact_sheet import contact_sheet

    value = round(measure.value, 4)
    report = {"measure": measure.name, "part": part, "value": value, **measure.facts}
    sheet = contact_sheet(measure.shown[:SHOWN], COLUMNS)
    return Measured(value=value, report=json.dumps(report), grid=sheet)


def _table(rows: list[dict[str, Any]]) -> str:
    lines = [f"{'measure':<16} {'part':<10} {'value':>8} {'count':>6}"]
    lines += [
        f"{row['measure']:<16} {row['part']:<10} {row['value']:>8} {row['count']:>6}"
        for row in rows
    ]
    return "\n".join(lines)
