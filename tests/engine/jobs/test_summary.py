from __future__ import annotations

from typing import Any

import pytest

from engine.jobs.summary import summarize


def picture(kind: str = "output", **more: Any) -> dict[str, Any]:
    return {"filename": "a.png", "subfolder": "", "type": kind, **more}


def test_results_are_counted_and_the_best_is_shown() -> None:
    outputs = {
        "1": {"images": [picture("temp"), picture("temp")], "animated": [True]},
        "2": {"text": ["words"]},
        "3": {"images": [picture()], "latents": [{"filename": "a.latent", "type": "output"}]},
    }
    assert summarize(outputs) == {
        "outputs_count": 4,
        "previewable_outputs_count": 3,
        "preview_output": {**picture(), "nodeId": "3", "mediaType": "images"},
    }


@pytest.mark.parametrize(
    ("shown", "counts", "media"),
    [
        ({"text": ["a" * 2000]}, (0, 0), "text"),
        ({"files": [{"filename": "notes.md", "type": "output"}]}, (1, 1), "files"),
        (
            {"gifs": [{"filename": "a.bin", "format": "video/h264", "type": "output"}]},
            (1, 1),
            "gifs",
        ),
        ({"result": ["mesh.glb", "no.xyz"]}, (1, 1), "3d"),
        ({"latents": [{"filename": "a.latent"}]}, (1, 0), None),
        ({"value": [3]}, (0, 0), None),
        ({"odd": 3}, (0, 0), None),
    ],
)
def test_kinds_of_results(
    shown: dict[str, Any], counts: tuple[int, int], media: str | None
) -> None:
    summary = summarize({"7": shown})
    assert (summary["outputs_count"], summary["previewable_outputs_count"]) == counts
    best = summary.get("preview_output")
    assert (best["mediaType"] if best else None) == media
    if best:
        assert best["nodeId"] == "7"


def test_long_texts_are_cut() -> None:
    best = summarize({"1": {"text": ["x" * 2000]}})["preview_output"]
    assert (len(best["content"]), best["truncated"]) == (1024, True)
