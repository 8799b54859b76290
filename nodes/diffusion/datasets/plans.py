"""What is done with a data set, as data: frozen, hashable, without pixels and without torch."""

from __future__ import annotations

from dataclasses import dataclass, field

EMOJI_TEMPLATES: tuple[tuple[str, float], ...] = (
    ("{label}", 0.4),
    ("a {style} emoji of {label}", 0.3),
    ("{label}, {tags}", 0.2),
    ("", 0.1),
)
"""Captions that teach label, style and synonyms, with an empty one for guidance."""

PLAIN_TEMPLATES: tuple[tuple[str, float], ...] = (("{caption}", 1.0),)
"""The caption that came with the picture."""


@dataclass(frozen=True, kw_only=True)
class CaptionPlan:
    """How a step's caption comes from a record.

    Attributes:
        templates: Text and its weight. `{caption}`, `{label}`, `{style}` and `{tags}` are filled
            in; a template whose field the record lacks gives way to the record's caption.
        tags: How many random tags `{tags}` takes.
        dropout: Chance of an empty caption, besides what the templates give.
        shuffle: The comma-separated parts come in random order.
        keep: So many first parts are neither moved nor dropped.
        tag_dropout: Chance that a part beyond `keep` is left out.
        prefix: Put before every caption that is not empty, such as a trigger word.
        suffix: Put after every caption that is not empty.
        backgrounds: A background that is not the default is named in the caption.
    """

    templates: tuple[tuple[str, float], ...] = PLAIN_TEMPLATES
    tags: int = 2
    dropout: float = 0.0
    shuffle: bool = False
    keep: int = 1
    tag_dropout: float = 0.0
    prefix: str = ""
    suffix: str = ""
    backgrounds: bool = True


@dataclass(frozen=True, kw_only=True)
class AugmentPlan:
    """How a step's picture comes from a record.

    Attributes:
        scale: Smallest size of the picture within its frame, 0 to 1; 1 never shrinks it.
        translate: How far the picture may leave the frame, as a part of the frame's width.
        flip: Chance of a mirror image, for records that allow it.
        colours: Chance of a coloured background beneath a transparent picture; white otherwise.
        jitter: Largest change of a background's channels, as a part of their range.
        variants: Each record has so many fixed versions (version 0 is the untouched picture), so
            that their latents can be kept; 0 draws anew at every step.
    """

    scale: float = 1.0
    translate: float = 0.0
    flip: float = 0.0
    colours: float = 0.0
    jitter: float = 0.0
    variants: int = 0


@dataclass(frozen=True, kw_only=True)
class BucketPlan:
    """Which sizes pictures are brought to.

    Attributes:
        width: Width of the square-ish target; its product with `height` bounds the area.
        height: Height of that target.
        step: Widths and heights of buckets are multiples of it. 0: one bucket, `width` x `height`.
        smallest: Least side of a bucket.
        largest: Greatest side of a bucket.
        anchor: Which part is kept where a picture must be cropped.
    """

    width: int = 64
    height: int = 64
    step: int = 0
    smallest: int = 32
    largest: int = 2048
    anchor: str = "center"


@dataclass(frozen=True, kw_only=True)
class ManifestFile:
    """A list of pictures, known by what is in it.

    Attributes:
        sha256: Hash of the records (captions and content hashes of the pictures included).
        path: The JSON lines file; not part of the identity.
        root: The folder that the records' paths count from; not part of the identity.
    """

    sha256: str
    path: str = field(compare=False)
    root: str = field(compare=False)


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Pictures with captions, and what a training run does with them."""

    manifest: ManifestFile
    captions: CaptionPlan = CaptionPlan()
    augment: AugmentPlan = AugmentPlan()
    buckets: BucketPlan = BucketPlan()
