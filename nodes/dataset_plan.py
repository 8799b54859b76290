"""What training does with a data set: captions, versions and sizes of its pictures."""

from dataclasses import replace
from typing import Annotated

from engine import Choice, Context, InputError, Number, Seed, Text, Toggle, beneath, node
from nodes.dataset import CATEGORY, manifests
from nodes.diffusion.datasets import plans
from nodes.library_errors import blaming
from nodes.types import Dataset, Image

ANCHORS = ("center", "top", "bottom", "left", "right")


@node("CaptionMix", category=CATEGORY)
def caption_mix(
    *,
    dataset: Dataset,
    templates: Annotated[str, Text(multiline=True)] = "1 {caption}",
    tags: Annotated[int, Number(0, 20)] = 2,
    dropout: Annotated[float, Number(0, 1, step=0.01)] = 0.0,
    shuffle: Annotated[bool, Toggle()] = False,
    keep: Annotated[int, Number(0, 100)] = 1,
    tag_dropout: Annotated[float, Number(0, 1, step=0.01)] = 0.0,
    name_backgrounds: Annotated[bool, Toggle()] = True,
) -> Dataset:
    """Choose how the caption of each step is made.

    Args:
        templates: A line each: its weight, a space and the text, in which `{caption}`, `{label}`,
            `{style}` and `{tags}` are filled in. A weight without text stands for no caption.
        tags: How many random tags `{tags}` takes.
        dropout: Chance of an empty caption, which guidance needs; about 0.1.
        shuffle: The comma-separated parts come in random order.
        keep: So many first parts are neither moved nor dropped.
        tag_dropout: Chance that another part is left out.
        name_backgrounds: A coloured background is named: "on a blue background".
    """
    plan = plans.CaptionPlan(
        templates=_templates(templates),
        tags=tags,
        dropout=dropout,
        shuffle=shuffle,
        keep=keep,
        tag_dropout=tag_dropout,
        prefix=dataset.captions.prefix,
        suffix=dataset.captions.suffix,
        backgrounds=name_backgrounds,
    )
    return replace(dataset, captions=plan)


@node("AugmentPlan", category=CATEGORY)
def augment_plan(
    *,
    dataset: Dataset,
    scale: Annotated[float, Number(0.1, 1, step=0.01)] = 0.9,
    translate: Annotated[float, Number(0, 0.5, step=0.01)] = 0.02,
    flip: Annotated[float, Number(0, 1, step=0.01)] = 0.0,
    colours: Annotated[float, Number(0, 1, step=0.01)] = 0.5,
    jitter: Annotated[float, Number(0, 0.2, step=0.01)] = 0.03,
    variants: Annotated[int, Number(0, 1000)] = 0,
) -> Dataset:
    """Choose how the picture of each step is varied.

    Args:
        scale: Smallest size of the picture within its frame.
        translate: How far the picture may leave the frame, as a part of its width.
        flip: Chance of a mirror image, for pictures without text or direction.
        colours: Chance of a coloured background behind a transparent picture.
        jitter: Largest change of that colour.
        variants: Each picture has so many fixed versions, whose latents are kept; 0 draws new
            versions at every step.
    """
    plan = plans.AugmentPlan(
        scale=scale,
        translate=translate,
        flip=flip,
        colours=colours,
        jitter=jitter,
        variants=variants,
    )
    return replace(dataset, augment=plan)


@node("BucketPlan", category=CATEGORY)
def bucket_plan(
    *,
    dataset: Dataset,
    width: Annotated[int, Number(8, 4096, step=8)] = 512,
    height: Annotated[int, Number(8, 4096, step=8)] = 512,
    step: Annotated[int, Number(0, 512, step=8)] = 64,
    smallest: Annotated[int, Number(8, 4096, step=8)] = 256,
    largest: Annotated[int, Number(8, 4096, step=8)] = 1024,
    anchor: Annotated[str, Choice(ANCHORS)] = "center",
) -> Dataset:
    """Choose the sizes that pictures are brought to.

    Args:
        width: The product of width and height bounds the area of every size.
        height: Likewise.
        step: Sides are multiples of it; 0 brings all pictures to width x height.
        smallest: Least side.
        largest: Greatest side.
        anchor: Which part is kept where a picture must be cropped.
    """
    plan = plans.BucketPlan(
        width=width, height=height, step=step, smallest=smallest, largest=largest, anchor=anchor
    )
    return replace(dataset, buckets=plan)


@node("PreviewDataset", category=CATEGORY, title="Preview data set")
def preview_dataset(
    *,
    dataset: Dataset,
    count: Annotated[int, Number(1, 400)] = 24,
    columns: Annotated[int, Number(1, 40)] = 6,
    seed: Annotated[int, Seed()] = 0,
) -> Image:
    """Draw what training would see in one step: pictures in their versions with their captions.

    Args:
        count: How many pictures.
        columns: How many side by side.
        seed: Of the training run to look into.
    """
    from nodes.diffusion.datasets.batches import Batches
    from nodes.diffusion.datasets.contact_sheet import contact_sheet

    with blaming("dataset"):
        batches = Batches(dataset, batch=count, seed=seed)
        samples = batches.at(0)
        pictures = batches.pixels(samples)
    return contact_sheet([(pictures[i], s.caption) for i, s in enumerate(samples)], columns)


@node("PrepareImages", category=CATEGORY, lane="io", output=True)
def prepare_images(
    *,
    dataset: Dataset,
    name: Annotated[str, Text(placeholder="a new folder in output/")] = "prepared",
    background: Annotated[str, Text(placeholder="#rrggbb, or empty to keep transparency")] = "",
    context: Context,
) -> Dataset:
    """Write the pictures, brought to their sizes, with their captions as text files.

    The originals are never touched.

    Args:
        name: The folder within `output/`.
        background: What is put behind transparent pictures: `#ffffff`; empty keeps transparency.
    """
    from nodes.diffusion.datasets.manifest import open_manifest
    from nodes.diffusion.datasets.prepare import prepare

    target = beneath(context.folders.output, name)
    with blaming():
        prepared = prepare(
            open_manifest(dataset.manifest),
            dataset.buckets,
            target,
            background=background,
            progress=context.progress,
        )
    return replace(dataset, manifest=prepared.save(manifests(context)))


def _templates(text: str) -> tuple[tuple[str, float], ...]:
    found: list[tuple[str, float]] = []
    for line in text.splitlines():
        weight, _, template = line.strip().partition(" ")
        if not weight:
            continue
        try:
            found.append((template.strip(), float(weight)))
            template.format(caption="", label="", style="", tags="")
        except (ValueError, KeyError, IndexError) as error:
            raise InputError(
                "a line of the templates cannot be read",
                input="templates",
                expected="a weight, a space, and text with {caption}, {label}, {style} or {tags}",
                got=line,
            ) from error
    if not any(weight > 0 for _, weight in found):
        raise InputError("no template has a weight", input="templates", got=repr(text))
    return tuple(found)
