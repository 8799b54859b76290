"""`loom run`, killed at any moment, goes on where it was and ends in the same bytes."""

from __future__ import annotations

import json
import random
import re
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT, Loom

if TYPE_CHECKING:
    from pathlib import Path

STAGES = 6
DONE = re.compile(r"^(stage \d+): done", re.MULTILINE)


def graph() -> dict[str, Any]:
    """A chain of stages that take a while, and a file at its end."""
    nodes: dict[str, Any] = {"n": {"class_type": "ToyNumber", "inputs": {"value": 7, "seed": 0}}}
    source = "n"
    for stage in range(STAGES):
        nodes[f"s{stage}"] = {
            "class_type": "ToySlow",
            "inputs": {"value": [source, 0], "steps": 4, "seconds": 0.05, "stage": stage},
            "_meta": {"title": f"stage {stage}"},
        }
        source = f"s{stage}"
    nodes["save"] = {"class_type": "ToySave", "inputs": {"value": [source, 0], "name": "result"}}
    return nodes


def kill_at(command: list[str], environment: dict[str, str], moment: float, log: Path) -> set[str]:
    """Run a command, kill it, and return the stages that it said were done."""
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=errors
        ) as running,
    ):
        time.sleep(moment)
        running.kill()
    return set(DONE.findall(log.read_text()))


def check(toy_loom: Loom, toy_base: Path, times: int) -> set[int]:
    draw = random.Random(0)
    path = toy_base / "graph.json"
    path.write_text(json.dumps(graph()))
    began = time.monotonic()
    assert toy_loom("run", path).code == 0
    whole = time.monotonic() - began
    expected = (toy_base / "output" / "result.txt").read_bytes()
    counts: set[int] = set()
    for _ in range(times):
        assert toy_loom("cache", "--clear").code == 0
        (toy_base / "output" / "result.txt").unlink()
        moment = draw.uniform(0, whole)
        done = kill_at(
            toy_loom.command("run", path), toy_loom.environment, moment, toy_base / "log"
        )
        again = toy_loom("run", path, "--json")
        assert again.code == 0, again.err
        executed = set(json.loads(again.out)["runs"][0]["executed"])
        assert not {name.replace("stage ", "s") for name in done} & executed
        assert (toy_base / "output" / "result.txt").read_bytes() == expected
        assert not list((toy_base / "output").glob("*.tmp"))
        counts.add(len(done))
    return counts


def test_a_killed_command_goes_on_where_it_was(toy_loom: Loom, toy_base: Path) -> None:
    check(toy_loom, toy_base, times=1)


@pytest.mark.slow
def test_a_hundred_killed_commands_end_in_the_same_bytes(toy_loom: Loom, toy_base: Path) -> None:
    assert len(check(toy_loom, toy_base, times=100)) > 3


@pytest.mark.slow
def test_killed_pictures_are_drawn_to_the_end_with_the_same_pixels(loom: Loom, base: Path) -> None:
    from PIL import Image

    def pixels(path: str) -> bytes:
        with Image.open(path) as picture:
            return picture.tobytes()

    path = ROOT / "workflows" / "text_to_image.json"
    began = time.monotonic()
    first = loom("run", path)
    whole = time.monotonic() - began
    expected = pixels(first.out.strip())
    draw = random.Random(0)
    for _ in range(10):
        assert loom("cache", "--clear").code == 0
        kill_at(loom.command("run", path), loom.environment, draw.uniform(0, whole), base / "log")
        again = loom("run", path)
        assert again.code == 0, again.err
        assert pixels(again.out.strip()) == expected
