"""The code in the documentation runs as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine import Engine

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        found = re.findall(r"^```python\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
        for number, code in enumerate(found, start=1):
            yield f"{page.name}:{number}", code


NODES = {name: code for name, code in blocks() if "@node" in code}


def test_every_node_of_the_pages_loads_from_custom_nodes(tmp_path: Path) -> None:
    packs = tmp_path / "custom_nodes"
    packs.mkdir()
    expected: set[str] = set()
    for name, code in NODES.items():
        (packs / f"{re.sub(r'[^a-z0-9]', '_', name.lower())}.py").write_text(code)
        expected |= set(re.findall(r'^@node\(\s*"(\w+)"', code, re.MULTILINE))
    registry = Engine(base=tmp_path).registry
    assert [failed.reason for failed in registry.failures] == []
    assert len(expected) >= 9
    assert expected <= set(registry.ids())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_repository_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!http)([^)#]+)", page.read_text())
    assert not [target for target in targets if not (page.parent / target).exists()]


def test_every_command_of_the_readme_exists() -> None:
    commands = set(re.findall(r"^loom (\w+)", (ROOT / "README.md").read_text(), re.MULTILINE))
    loom = Path(sys.executable).with_name("loom")
    told = subprocess.run([loom, "--help"], capture_output=True, text=True, check=True).stdout
    assert commands
    assert not [name for name in commands if f"  {name} " not in told]
