"""What lists of jobs tell about a job's results: how many, and one to look at."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from engine.graph.json_text import items, mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_VISUAL = frozenset({"images", "video", "audio", "3d"})
_MODELS = frozenset({".obj", ".fbx", ".gltf", ".glb", ".usdz"})
_TEXTS = frozenset({".txt", ".md", ".json"})
_LONGEST_TEXT = 1024
_BEST, _GOOD, _FAIR, _LAST = range(4)


def summarize(outputs: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return how many results there are, how many can be shown, and the best one to show.

    Args:
        outputs: What the editor shows, by node id.
    """
    count = previewable = 0
    best: tuple[int, dict[str, Any]] | None = None
    for node, kind, item in _items(outputs):
        rank = _rank(kind, item)
        counted = isinstance(item, dict)
        count += counted
        previewable += counted and rank is not None
        if rank is not None and (best is None or rank < best[0]):
            best = (rank, _shown(node, kind, item))
    summary: dict[str, Any] = {
        "outputs_count": count,
        "previewable_outputs_count": previewable,
    }
    return summary if best is None else {**summary, "preview_output": best[1]}


def _items(outputs: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, Any]]:
    """Yield node, kind and item; names of 3D files become items like those of pictures."""
    for node, shown in outputs.items():
        for kind, values in shown.items():
            if kind == "animated":
                continue
            for value in items(values):
                named = isinstance(value, str) and PurePosixPath(value).suffix.lower() in _MODELS
                if isinstance(value, dict):
                    yield node, kind, value
                elif named:
                    yield node, "3d", {"filename": value, "type": "output", "subfolder": ""}
                elif isinstance(value, str) and kind == "text":
                    yield node, kind, value


def _rank(kind: str, item: Any) -> int | None:
    """Return how well an item serves as a preview, 0 the best, or None for not at all."""
    if isinstance(item, str):
        return _LAST
    named = mapping(item)
    format_ = str(named.get("format") or "")
    suffix = PurePosixPath(str(named.get("filename") or "")).suffix.lower()
    if kind in _VISUAL or format_.startswith(("video/", "audio/")) or suffix in _MODELS:
        return _BEST if named.get("type") == "output" else _GOOD
    return _FAIR if kind == "text" or suffix in _TEXTS else None


def _shown(node: str, kind: str, item: Any) -> dict[str, Any]:
    if isinstance(item, str):
        cut = {"truncated": True} if len(item) > _LONGEST_TEXT else {}
        return {"content": item[:_LONGEST_TEXT], "nodeId": node, "mediaType": "text", **cut}
    return {"mediaType": kind, **mapping(item), "nodeId": node}
