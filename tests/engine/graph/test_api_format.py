from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from engine.errors import WorkflowFormatError
from engine.graph.api_format import is_api_format, read_api, write_api
from engine.graph.model import BrokenLink, Graph, Link
from tests.engine.graph.declared_kinds import canonical
from tests.engine.graph.graphs import graphs


@given(graphs())
def test_graphs_survive_being_written_and_read(graph: Graph) -> None:
    written = json.loads(json.dumps(write_api(graph)))
    assert is_api_format(written)
    read = read_api(written)
    assert read == graph
    assert list(read.nodes) == list(graph.nodes)
    assert canonical(write_api(read)) == canonical(written)


def test_lists_are_links_unless_they_are_wrapped() -> None:
    inputs = {
        "link": ["4", 1],
        "whole": ["4", 1.0],
        "value": {"__value__": ["4", 1]},
        "broken": ["4", True],
        "long": [1, 2, 3],
        "other": {"__value__": 5},
    }
    node = read_api({"1": {"class_type": "X", "inputs": inputs}}).nodes["1"]
    assert dict(node.inputs) == {
        "link": Link("4", 1),
        "whole": Link("4", 1),
        "value": ["4", 1],
        "broken": BrokenLink(["4", True]),
        "long": BrokenLink([1, 2, 3]),
        "other": {"__value__": 5},
    }


def test_titles_fingerprints_and_unknown_keys_are_kept() -> None:
    data = {
        "7:3": {
            "class_type": "X",
            "inputs": {"seed": 18446744073709551615},
            "_meta": {"title": "Mine", "colour": "#333"},
            "is_changed": ["abc"],
            "later": {"a": [1]},
        }
    }
    graph = read_api(data)
    assert graph.nodes["7:3"].title == "Mine"
    assert graph.nodes["7:3"].is_changed == ["abc"]
    assert write_api(graph) == data


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"1": 5}, "node 1 is not an object but a number"),
        ({"1": {"inputs": {}}}, "node 1 has no class_type"),
        ({"1": {"class_type": 3}}, "node 1 has no class_type"),
        ({"1": {"class_type": "X", "inputs": [1]}}, '"inputs" is not an object but a list'),
    ],
)
def test_malformed_nodes_are_named(data: Any, said: str) -> None:
    with pytest.raises(WorkflowFormatError, match=said):
        read_api(data)


def test_only_objects_of_nodes_are_api_format() -> None:
    assert not is_api_format({})
    assert not is_api_format([])
    assert not is_api_format({"nodes": [], "links": []})
    assert not is_api_format({"1": {"class_type": "X"}, "version": 1})
