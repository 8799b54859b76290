"""Parts of a data set, and other names for its pictures."""

from __future__ import annotations

import re
from dataclasses import replace

import msgspec

from nodes.diffusion.datasets.manifest import Manifest, Record


def choose(
    manifest: Manifest,
    *,
    styles: tuple[str, ...] = (),
    groups: tuple[str, ...] = (),
    words: tuple[str, ...] = (),
    split: str = "all",
    limit: int = 0,
) -> Manifest:
    """Return the records that fit every condition; an empty condition fits all.

    Args:
        manifest: All records.
        styles: Allowed styles.
        groups: Allowed groups.
        words: The caption or a tag must hold one of them as whole words, in any case.
        split: `train`, `heldout` or `all`.
        limit: At most so many records; 0 for all.
    """

    def fits(record: Record) -> bool:
        return (
            (not styles or record.style in styles)
            and (not groups or record.group in groups)
            and split in {record.split, "all"}
            and (not words or _holds(record, words))
        )

    chosen = manifest.where(fits)
    return replace(chosen, records=chosen.records[:limit]) if limit else chosen


def replace_in_captions(manifest: Manifest, find: str, by: str) -> Manifest:
    """Return the same pictures with a text replaced in all captions and labels."""
    records = tuple(
        msgspec.structs.replace(
            record, caption=record.caption.replace(find, by), label=record.label.replace(find, by)
        )
        for record in manifest.records
    )
    return replace(manifest, records=records)


def _holds(record: Record, words: tuple[str, ...]) -> bool:
    either = "|".join(map(re.escape, words))
    text = ", ".join((record.caption, *record.tags))
    return bool(re.search(rf"(?<!\w)(?:{either})(?!\w)", text, re.IGNORECASE))
