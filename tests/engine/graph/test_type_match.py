from __future__ import annotations

from typing import Any

import pytest

from engine.graph.type_match import types_match


class Anything(str):
    """What packs use for sockets that take everything."""

    __slots__ = ()

    def __ne__(self, _other: object) -> bool:
        return False

    __hash__ = str.__hash__


@pytest.mark.parametrize(
    ("received", "declared", "fits"),
    [
        ("INT", "INT", True),
        ("INT", "FLOAT", False),
        ("INT,STRING", "INT", True),
        ("INT", "FLOAT, INT", True),
        ("IMAGE", "*", True),
        ("*", "IMAGE", True),
        ("IMAGE", "INT,*", True),
        ("COMFY_MATCHTYPE_V3", "IMAGE", True),
        (("a", "b"), ("a", "b"), True),
        (("a", "b"), ("b", "a"), False),
        (("a", "b"), "COMBO", False),
        ("COMBO", ("a", "b"), False),
        ("COMBO", "COMBO", True),
        (Anything("*"), ("a",), True),
        ("MODEL", Anything("ANY"), True),
        (Anything("X"), "INT", True),
    ],
)
def test_types_match_as_comfyui_matches_them(received: Any, declared: Any, fits: bool) -> None:
    assert types_match(received, declared) == fits
