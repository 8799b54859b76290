from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from rich.console import Console

from engine.command import progress
from engine.run import events

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLES = {"5": "My sampler"}


def happened() -> Iterator[events.Event]:
    yield events.Started(job="j", nodes=("5", "5.0.1"))
    yield events.NodeStarted(job="j", node="5", display_node="5")
    picture = Image.new("RGB", (4, 4), "red")
    for step in range(1, 4):
        yield events.Progress(
            job="j", node="5", display_node="5", step=step, total=3, preview=picture
        )
    yield events.Report(job="j", node="5", kind="training", data={"loss": 0.12345, "step": 3})
    yield events.NodeFinished(job="j", node="5", display_node="5", ui={}, seconds=1.5)
    yield events.NodeStarted(job="j", node="5.0.1", display_node="5")
    yield events.NodeFinished(job="j", node="5.0.1", display_node="5", ui={}, seconds=0.5)
    lora = {"file": "x.safetensors", "matched": 1, "unmatched": ["a.b", "c"]}
    yield events.Report(job="j", node="5", kind="lora", data=lora)
    yield events.Warned(job="j", node=None, message="[odd] but no reason to stop")
    yield events.Finished(job="j", seconds=2.0)


@pytest.mark.parametrize("terminal", [True, False])
def test_a_run_is_shown_with_steps_loss_preview_and_the_names_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    monkeypatch.setattr(progress, "LINE_INTERVAL", 0.0)
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=200)
    with progress.view(console, TITLES, tmp_path / "temp") as view:
        assert isinstance(view, progress.LiveView if terminal else progress.LineView)
        for event in happened():
            view(event)
    told = out.getvalue()
    assert told.count("My sampler") >= 2
    assert "3/3" in told
    assert "loss 0.1234" in told or "loss 0.1235" in told
    assert "preview_5.png" in told
    assert "[odd] but no reason to stop" in told
    assert "2 parts of x.safetensors fit nothing in the model: a.b, c" in told
    with Image.open(tmp_path / "temp" / "preview_5.png") as preview:
        assert preview.size == (4, 4)


def test_the_pace_is_told_once_two_steps_are_known() -> None:
    pace = progress.Pace(title="x")
    assert pace.pace == ""
    pace.advance(1, 10)
    assert pace.pace == ""
    pace.advance(2, 10)
    assert pace.pace.endswith("s/it")


def test_a_disk_that_is_full_does_not_stop_the_run(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    previews = progress.Previews(tmp_path / "taken")
    assert previews.keep("5", Image.new("RGB", (4, 4))) == "no preview: the disk takes no more"
