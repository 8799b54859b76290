"""Data sets: pictures with captions, by reference; training reads the pixels when it needs them."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from engine import Choice, Context, InputError, Number, Text, beneath, handle, node
from nodes.diffusion.datasets import plans
from nodes.library_errors import blaming
from nodes.types import Dataset

CATEGORY = "training/dataset"
EMOJI_SETS = ("base", "noto", "twemoji", "fluent-flat", "fluent-3d", "openmoji", "all")
SPLITS = ("train", "heldout", "all")
CAPTION_ORDERS = {
    "auto": ("sidecar", "table", "folder"),
    "auto or file name": ("sidecar", "table", "folder", "file name"),
    "text file": ("sidecar",),
    "table": ("table",),
    "folder name": ("folder",),
    "file name": ("file name",),
}

for part in (plans.ManifestFile, plans.CaptionPlan, plans.AugmentPlan, plans.BucketPlan):
    handle(part)
handle(plans.Dataset)


def _emoji_folder(context: Context, size: int) -> Path:
    return context.folders.base / "data" / f"emoji{size}"


def _emoji_state(context: Context, size: int | None = 64) -> Any:
    # a set that must still be built, or is gone, makes the node run
    finished = _emoji_folder(context, size or 64) / "manifest.jsonl"
    return [str(finished), finished.stat().st_mtime_ns] if finished.is_file() else math.nan


@node("LoadEmojiDataset", category=CATEGORY, fingerprint=_emoji_state)
def load_emoji_dataset(
    *,
    style: Annotated[str, Choice(EMOJI_SETS)] = "base",
    split: Annotated[str, Choice(SPLITS)] = "train",
    size: Annotated[int, Number(16, 256, step=8)] = 64,
    context: Context,
) -> Dataset:
    """Load a thousand things drawn in five styles, with captions; built at the first use.

    Building fetches published emoji packages with npm and draws them, which takes a minute.

    Args:
        style: One style, `base` for the four that the starter model knows, or all five.
        split: `heldout` holds pairs of thing and style that `train` lacks, for measuring.
        size: Width and height of the pictures, in pixels.
    """
    from nodes.diffusion.datasets.choosing import choose
    from nodes.diffusion.datasets.emoji import BASE_STYLES, open_or_build

    with blaming():
        manifest = open_or_build(_emoji_folder(context, size), size=size, progress=context.progress)
    styles = {"base": BASE_STYLES, "all": ()}.get(style, (style,))
    chosen = choose(manifest, styles=styles, split=split)
    return plans.Dataset(
        manifest=chosen.save(manifests(context)),
        captions=plans.CaptionPlan(templates=plans.EMOJI_TEMPLATES),
        buckets=plans.BucketPlan(width=size, height=size),
    )


class ScannedFolder(NamedTuple):
    """A folder of pictures.

    Attributes:
        dataset: The pictures that can be used.
        report: How many there are, and which files were left out and why.
    """

    dataset: Dataset
    report: str


def _folder_state(context: Context, folder: str | None = None) -> Any:
    if folder is None:
        return None
    root = beneath(context.folders.input, folder)
    files = sorted(path for path in root.rglob("*") if path.is_file())
    stats = [(path.relative_to(root).as_posix(), path.stat()) for path in files]
    # an equal folder in another place gives an equal handle, but one that knows the new place
    return [str(root), *([name, stat.st_size, stat.st_mtime_ns] for name, stat in stats)]


@node("LoadImageFolder", category=CATEGORY, lane="io", fingerprint=_folder_state)
def load_image_folder(
    *,
    folder: Annotated[str, Text(placeholder="a folder in input/")],
    captions: Annotated[str, Choice(tuple(CAPTION_ORDERS))] = "auto",
    width: Annotated[int, Number(8, 4096, step=8)] = 512,
    height: Annotated[int, Number(8, 4096, step=8)] = 512,
    context: Context,
) -> ScannedFolder:
    """Load a folder of pictures with captions; nothing in it is changed.

    Captions come from text files beside the pictures, from `metadata.jsonl` or `metadata.csv`
    (columns `file_name` and `text`), or from folder names like `10_a red bird`, whose number says
    how often an epoch shows the pictures.

    Args:
        folder: Within `input/`.
        captions: Where captions are looked for; `auto` takes the first of text file, table and
            folder name that has one.
        width: Pictures are scaled and cropped to this; `BucketPlan` keeps other shapes.
        height: Likewise.
    """
    from nodes.diffusion.datasets.folder import scan_folder

    root = beneath(context.folders.input, folder)
    with blaming("folder"):
        scan = scan_folder(root, sources=CAPTION_ORDERS[captions])
    refused = [f"left out {name}: {why}" for name, why in scan.refused.items()]
    if not scan.manifest.records:
        raise InputError(
            "the folder holds no pictures that can be read",
            input="folder",
            got=str(root),
            hint="; ".join(refused[:3]) or None,
        )
    found = f"{len(scan.manifest.records)} pictures, {scan.uncaptioned} without a caption"
    dataset = plans.Dataset(
        manifest=scan.manifest.save(manifests(context)),
        buckets=plans.BucketPlan(width=width, height=height),
    )
    return ScannedFolder(dataset=dataset, report="\n".join([found, *refused]))


@node("FilterDataset", category=CATEGORY, lane="io")
def filter_dataset(
    *,
    dataset: Dataset,
    style: str = "",
    split: Annotated[str, Choice(SPLITS)] = "all",
    group: str = "",
    words: str = "",
    limit: Annotated[int, Number(0, 1_000_000)] = 0,
    context: Context,
) -> Dataset:
    """Keep some of the pictures, in the same order.

    Args:
        style: Only these styles, separated by commas; empty keeps all.
        split: Only the training or only the held-out part.
        group: Only these kinds of things, separated by commas; empty keeps all.
        words: Only pictures whose caption or tags hold one of these words, separated by commas.
        limit: At most so many; 0 keeps all.
    """
    from nodes.diffusion.datasets.choosing import choose
    from nodes.diffusion.datasets.manifest import open_manifest

    with blaming("dataset"):
        manifest = open_manifest(dataset.manifest)
    chosen = choose(
        manifest,
        styles=_listed(style),
        groups=_listed(group),
        words=_listed(words),
        split=split,
        limit=limit,
    )
    if not chosen.records:
        known = sorted({r.style for r in manifest.records if r.style})
        raise InputError(
            "no picture is left",
            expected=f"one of the styles {', '.join(known)}" if known and style else None,
            got=f"{len(manifest.records)} pictures before",
        )
    return replace(dataset, manifest=chosen.save(manifests(context)))


@node("EditCaptions", category=CATEGORY, lane="io")
def edit_captions(
    *,
    dataset: Dataset,
    find: str = "",
    replace_with: str = "",
    prefix: str = "",
    suffix: str = "",
    context: Context,
) -> Dataset:
    """Change what pictures are called.

    Args:
        find: Text to be replaced in captions; empty replaces nothing.
        replace_with: What comes in its place.
        prefix: Put before every caption at training, such as a trigger word and a space.
        suffix: Put after every caption at training.
    """
    from nodes.diffusion.datasets.choosing import replace_in_captions
    from nodes.diffusion.datasets.manifest import open_manifest

    if find:
        with blaming("dataset"):
            changed = replace_in_captions(open_manifest(dataset.manifest), find, replace_with)
        dataset = replace(dataset, manifest=changed.save(manifests(context)))
    return replace(dataset, captions=replace(dataset.captions, prefix=prefix, suffix=suffix))


def manifests(context: Context) -> Path:
    """Return the folder that holds lists of pictures by their hashes."""
    return context.folders.cache / "datasets"


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
