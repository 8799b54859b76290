"""A pack written for ComfyUI, run by the real executor."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from engine import Folders, Graph, Link, Node, Registry
from engine.cache.results import ResultsCache
from engine.content import ContentHashes
from engine.run.executor import Executor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.run.result import RunResult

PACK = Path(__file__).parents[2] / "data" / "probe_pack"
Nodes = dict[str, tuple[str, dict[str, Any]]]


class Bench:
    def __init__(self, base: Path) -> None:
        folders = Folders.beneath(base)
        self.registry = Registry.load(folders)
        self.executor = Executor(self.registry, ResultsCache(), folders, ContentHashes())

    def run(self, nodes: Nodes, *targets: str) -> RunResult:
        graph = Graph({name: Node(name, f"Probe{kind}", i) for name, (kind, i) in nodes.items()})
        return self.executor.run(graph, targets or None)

    def value(self, nodes: Nodes, target: str) -> list[Any]:
        return self.run(nodes, target).values(target)[0]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    shutil.copytree(PACK, tmp_path / "custom_nodes" / "probe_pack")
    loras = tmp_path / "models" / "loras"
    loras.mkdir(parents=True)
    (loras / "one.safetensors").touch()
    before = set(sys.modules)
    made = Bench(tmp_path)
    yield made
    made.executor.close()
    for name in set(sys.modules) - before:
        if "probe_pack" in name or name.startswith(("comfy_execution", "folder_paths")):
            del sys.modules[name]


def test_the_pack_loads_after_its_prestartup_script(bench: Bench) -> None:
    assert not [one for one in bench.registry.failures if one.name.startswith("custom_nodes")]
    kind = bench.registry.get("ProbeAdd")
    assert kind is not None
    assert (kind.spec.title, kind.spec.pack) == ("Add (probe)", "custom_nodes.probe_pack")
    assert os.environ.pop("PROBE_PACK_STARTED") == "yes"


def test_undeclared_links_are_passed(bench: Bench) -> None:
    nodes: Nodes = {
        "a": ("Add", {"a": 1, "b": 2}),
        "sum": ("Sum", {"x": Link("a", 0), "y": Link("a", 0), "constant": 5}),
    }
    assert bench.value(nodes, "sum") == [6]


def test_lists_are_mapped_and_gathered(bench: Bench) -> None:
    nodes: Nodes = {
        "range": ("Range", {"count": 4}),
        "add": ("Add", {"a": Link("range", 0), "b": 10}),
        "gather": ("Gather", {"numbers": Link("add", 0), "factor": 2}),
    }
    assert bench.value(nodes, "add") == [10, 11, 12, 13]
    assert bench.value(nodes, "gather") == [92]


def test_only_the_lazy_input_that_is_asked_for_is_computed(bench: Bench) -> None:
    nodes: Nodes = {
        "yes": ("Add", {"a": 1, "b": 1}),
        "no": ("Add", {"a": 2, "b": 2}),
        "switch": ("Switch", {"on": True, "yes": Link("yes", 0), "no": Link("no", 0)}),
    }
    result = bench.run(nodes, "switch")
    assert result.values("switch")[0] == [2]
    assert "no" not in result.executed


def test_a_blocker_stops_single_items(bench: Bench) -> None:
    nodes: Nodes = {
        "range": ("Range", {"count": 3}),
        "block": ("Block", {"value": Link("range", 0), "at": 1}),
        "show": ("Show", {"value": Link("block", 0)}),
    }
    assert bench.run(nodes).ui["show"] == {"text": ["0", "2"], "nodes": [3, 3]}


def test_an_expansion_runs_in_place_of_the_node(bench: Bench) -> None:
    nodes: Nodes = {
        "repeat": ("Repeat", {"value": 5, "times": 3}),
        "show": ("Show", {"value": Link("repeat", 0)}),
    }
    result = bench.run(nodes)
    assert result.ui["show"]["text"] == ["8"]
    assert "repeat.0.0.1" in result.executed


def test_expansions_of_a_mapped_node_stay_apart(bench: Bench) -> None:
    nodes: Nodes = {
        "range": ("Range", {"count": 2}),
        "repeat": ("Repeat", {"value": Link("range", 0), "times": 2}),
    }
    assert bench.value(nodes, "repeat") == [2, 3]


def test_an_async_node_is_awaited(bench: Bench) -> None:
    nodes: Nodes = {
        "later": ("Later", {"value": 1}),
        "add": ("Add", {"a": Link("later", 0), "b": 1}),
    }
    assert bench.value(nodes, "add") == [102]


def test_files_are_found_and_nan_runs_each_time(bench: Bench) -> None:
    nodes: Nodes = {"files": ("Files", {"name": "one.safetensors"})}
    first, second = bench.run(nodes, "files"), bench.run(nodes, "files")
    assert Path(first.values("files")[0][0]).is_file()
    assert second.executed == ("files",)


def test_an_instance_lives_from_run_to_run(bench: Bench) -> None:
    assert bench.value({"r": ("Remember", {"value": 1})}, "r") == [1]
    assert bench.value({"r": ("Remember", {"value": 2})}, "r") == [2]
    assert bench.value({"other": ("Remember", {"value": 3})}, "other") == [1]


def loop(limit: int) -> Nodes:
    return {
        "open": ("WhileOpen", {"value": 0}),
        "add": ("Add", {"a": Link("open", 1), "b": 1}),
        "below": ("Below", {"value": Link("add", 0), "limit": limit}),
        "close": (
            "WhileClose",
            {"flow": Link("open", 0), "go_on": Link("below", 0), "value": Link("add", 0)},
        ),
    }


def test_a_loop_of_a_pack_runs(bench: Bench) -> None:
    assert bench.value(loop(5), "close") == [5]
    assert bench.value(loop(7), "close") == [7]
