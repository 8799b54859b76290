"""A pack in `custom_nodes`, loaded and run as a worker does."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any

from engine import Folders, Graph, Link, Node, Registry
from engine.cache.results import ResultsCache
from engine.content import ContentHashes
from engine.run.executor import Executor

if TYPE_CHECKING:
    from pathlib import Path

    from engine.run.result import RunResult

Nodes = dict[str, tuple[str, dict[str, Any]]]


class PackBench:
    """An executor of the built-in nodes and one pack.

    Args:
        base: Gets the pack.
        pack: A Python file or a folder.
        prefix: What the ids of its kinds begin with; left out in graphs.
    """

    def __init__(self, base: Path, pack: Path, prefix: str) -> None:
        place = base / "custom_nodes" / pack.name
        if pack.is_dir():
            shutil.copytree(pack, place)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(pack, place)
        self._prefix = prefix
        self._before = set(sys.modules)
        self.folders = Folders.beneath(base)
        self.registry = Registry.load(self.folders)
        self.executor = Executor(self.registry, ResultsCache(), self.folders, ContentHashes())
        name = str(place).replace(".", "_x_") if pack.is_dir() else str(place).removesuffix(".py")
        self.module = sys.modules[name]

    def graph(self, nodes: Nodes) -> Graph:
        return Graph(
            {
                name: Node(name, self._prefix + kind, inputs)
                for name, (kind, inputs) in nodes.items()
            }
        )

    def run(self, nodes: Nodes, *targets: str, **words: Any) -> RunResult:
        return self.executor.run(self.graph(nodes), targets or None, **words)

    def value(self, nodes: Nodes, target: str, slot: int = 0) -> list[Any]:
        return self.run(nodes, target).values(target)[slot]

    def close(self) -> None:
        self.executor.close()
        for name in set(sys.modules) - self._before:
            if "custom_nodes" in name:
                del sys.modules[name]


def link(node: str, slot: int = 0) -> Link:
    return Link(node, slot)
