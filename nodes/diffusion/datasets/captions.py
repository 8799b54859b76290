"""What a picture is called at a given step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from nodes.diffusion.datasets.colours import COLOURS, DEFAULT_COLOUR
from nodes.diffusion.datasets.manifest import Manifest, Record
from nodes.diffusion.datasets.plans import CaptionPlan

STYLE_WORDS: Mapping[str, tuple[str, ...]] = {
    "noto": ("noto",),
    "twemoji": ("twemoji", "flat sticker"),
    "fluent-flat": ("fluent flat",),
    "fluent-3d": ("fluent 3d",),
    "openmoji": ("openmoji",),
}
"""How captions call a style whose name is not a word; other styles are called by their names."""


def caption(
    record: Record, plan: CaptionPlan, rng: np.random.Generator, *, colour: str = DEFAULT_COLOUR
) -> str:
    """Return the caption of one picture at one step.

    Every call takes the same count of numbers from `rng` before those that shuffling needs, so
    that two plans with the same seed choose the same template.

    Args:
        record: The picture.
        plan: How captions are made.
        rng: Fresh, of the step and the picture.
        colour: Name of the background behind the picture.
    """
    chance, dropped = rng.random(2)
    template = _choose(plan, chance)
    if not template or dropped < plan.dropout:
        return ""
    text = _parts(_fill(template, record, plan, rng), plan, rng)
    if plan.backgrounds and colour != DEFAULT_COLOUR:
        text = on_background(text, colour)
    return f"{plan.prefix}{text}{plan.suffix}"


def on_background(text: str, colour: str) -> str:
    """Return the caption of the same thing in front of a colour."""
    return f"{text} on a {colour} background".lstrip()


def style_caption(record: Record) -> str:
    """Return the caption that names both the thing and the style, as evaluation asks for it."""
    return f"a {style_words(record.style)[0]} emoji of {record.label}"


def style_words(style: str) -> tuple[str, ...]:
    """Return the words that captions use for a style."""
    return STYLE_WORDS.get(style, (style,))


def vocabulary(manifest: Manifest, plan: CaptionPlan) -> Iterator[str]:
    """Yield texts that together hold every word that captions of this plan can have."""
    seen: set[str] = set()
    for record in manifest.records:
        for text in (record.caption, record.label, *record.tags, *style_words(record.style)):
            if text and text not in seen:
                seen.add(text)
                yield text
    for template, _ in plan.templates:
        yield template.format(caption="", label="", style="", tags="")
    yield from (plan.prefix, plan.suffix)
    for colour in COLOURS if plan.backgrounds else ():
        yield on_background("", colour)


def _choose(plan: CaptionPlan, chance: float) -> str:
    total = sum(weight for _, weight in plan.templates)
    for template, weight in plan.templates:
        chance -= weight / total
        if chance < 0:
            return template
    return plan.templates[-1][0]


def _fill(template: str, record: Record, plan: CaptionPlan, rng: np.random.Generator) -> str:
    words = style_words(record.style)
    style = words[int(rng.integers(len(words)))]
    picked = rng.permutation(len(record.tags)).tolist()[: plan.tags]
    tags = ", ".join(record.tags[i] for i in picked)
    fields = {
        "caption": record.caption,
        "label": record.label or record.caption,
        "style": style,
        "tags": tags,
    }
    lacking = any(f"{{{name}}}" in template and not value for name, value in fields.items())
    return fields["label"] if lacking else template.format(**fields)


def _parts(text: str, plan: CaptionPlan, rng: np.random.Generator) -> str:
    if not plan.shuffle and not plan.tag_dropout:
        return text
    parts = [part.strip() for part in text.split(",")]
    kept, loose = parts[: plan.keep], parts[plan.keep :]
    loose = [part for part in loose if rng.random() >= plan.tag_dropout]
    if plan.shuffle:
        loose = [loose[i] for i in rng.permutation(len(loose)).tolist()]
    return ", ".join([*kept, *loose])
