from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from nodes.diffusion.datasets.choosing import choose, replace_in_captions
from nodes.diffusion.datasets.manifest import Manifest, Record

if TYPE_CHECKING:
    from pathlib import Path


def listed(root: Path) -> Manifest:
    return Manifest(
        root=root,
        records=(
            Record(path="0", sha256="0", caption="red apple", style="a", group="food"),
            Record(path="1", sha256="1", caption="pineapple", style="b", group="food"),
            Record(path="2", sha256="2", caption="cat", tags=("Apple eater",), style="b"),
            Record(path="3", sha256="3", caption="dog (big)", style="a", split="heldout"),
        ),
    )


@pytest.mark.parametrize(
    ("conditions", "kept"),
    [
        ({}, "0123"),
        ({"styles": ("a",)}, "03"),
        ({"styles": ("a", "b"), "groups": ("food",)}, "01"),
        ({"words": ("apple",)}, "02"),
        ({"words": ("cat", "dog")}, "23"),
        ({"words": ("(big",)}, "3"),
        ({"words": (".*",)}, ""),
        ({"split": "heldout"}, "3"),
        ({"limit": 2}, "01"),
    ],
)
def test_every_condition_must_fit(tmp_path: Path, conditions: dict[str, Any], kept: str) -> None:
    chosen = choose(listed(tmp_path), **conditions)
    assert "".join(record.path for record in chosen.records) == kept


def test_replacing_changes_captions_and_keeps_pictures(tmp_path: Path) -> None:
    changed = replace_in_captions(listed(tmp_path), "apple", "pear")
    assert [r.caption for r in changed.records] == ["red pear", "pinepear", "cat", "dog (big)"]
    assert [r.sha256 for r in changed.records] == ["0", "1", "2", "3"]
