"""What is remembered of checked workflows, and what must not be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine import Registry
from engine.files import Folders
from engine.jobs import known_checks
from engine.jobs.checking import check_prompt
from engine.jobs.known_checks import KnownChecks

if TYPE_CHECKING:
    from pathlib import Path


def sums(size: int, first: Any = 1) -> dict[str, Any]:
    """Return a chain of sums that is shown."""
    api: dict[str, Any] = {}
    for number in range(size):
        source = [str(number - 1), 0] if number else first
        inputs = {"first": source, "operation": "add", "second": number}
        api[str(number)] = {"class_type": "Calculate", "inputs": inputs}
    shown = {"class_type": "PreviewAny", "inputs": {"source": [str(size - 1), 0]}}
    return {**api, str(size): shown}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load(custom_nodes=())


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders.beneath(tmp_path)


def test_the_same_workflow_is_checked_once(registry: Registry, folders: Folders) -> None:
    checks = KnownChecks(registry, folders)
    first = checks.check(sums(100))
    assert first == check_prompt(sums(100), registry, folders)
    assert checks.check(sums(100)) is first
    assert checks.check(sums(100), ["100"]) is not first


def test_workflows_that_differ_in_one_value_are_told_apart(
    registry: Registry, folders: Folders
) -> None:
    checks = KnownChecks(registry, folders)
    for value in (1, 1.0, 2, "1", True, None):
        assert checks.check(sums(100, value)) == check_prompt(sums(100, value), registry, folders)


def test_faults_are_remembered_too(registry: Registry, folders: Folders) -> None:
    checks = KnownChecks(registry, folders)
    broken = sums(100)
    broken["3"]["inputs"]["operation"] = "guess"
    first = checks.check(broken)
    assert [problem.kind for problem in first.problems] == ["value_not_in_list"]
    assert checks.check(broken) is first


def test_a_workflow_that_names_files_is_looked_at_again(
    registry: Registry, folders: Folders
) -> None:
    checks = KnownChecks(registry, folders)
    loader = {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "new.safetensors"}}
    text = {"class_type": "CLIPTextEncode", "inputs": {"text": "", "clip": ["loader", 1]}}
    show = {"class_type": "PreviewAny", "inputs": {"source": ["text", 0]}}
    workflow = {**sums(100), "loader": loader, "text": text, "show": show}
    assert checks.check(workflow).problems
    (folders.base / "models" / "checkpoints").mkdir(parents=True)
    (folders.base / "models" / "checkpoints" / "new.safetensors").write_bytes(b"")
    assert not checks.check(workflow).problems


def test_the_oldest_checks_make_room(
    registry: Registry, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = KnownChecks(registry, folders)
    first = checks.check(sums(100))
    monkeypatch.setattr(known_checks, "MOST_BYTES", 3 * len(first.prompt))
    second = checks.check(sums(100, 2))
    assert checks.check(sums(100, 2)) is second
    assert checks.check(sums(100)) is not first
