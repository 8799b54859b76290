from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine.cache.budgets import Budgets
from engine.cache.results import ResultsCache
from engine.declare.spec import InputSpec
from engine.errors import FileProblemError
from engine.run.events import Cached, NodeStarted
from tests.engine.run.standard_bench import standard_bench
from tests.engine.toys import Bench, graph, toy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engine.graph.model import Graph


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = standard_bench(tmp_path)
    yield bench
    bench.close()


def chain(length: int, first: int) -> Graph:
    nodes: dict[str, Any] = {"n0": ("const", {"x": first})}
    for number in range(1, length):
        nodes[f"n{number}"] = ("add", {"a": (f"n{number - 1}", 0), "b": 1})
    return graph(**nodes)


def test_what_was_known_is_computed_again_where_its_value_is_gone(bench: Bench) -> None:
    wired = chain(30, first=0)
    bench.run(wired, "n20")
    bench.cache.evict()
    result = bench.run(wired, "n29")
    assert result.values("n29") == ([29],)
    assert len(result.executed) == 30
    assert result.cached == (), "what ran again was not cached"


def test_known_nodes_are_told_in_the_order_of_the_graph(bench: Bench) -> None:
    bench.run(chain(5, first=0), "n4")
    events: list[Any] = []
    bench.run(chain(7, first=0), "n6", listener=events.append)
    told = next(event for event in events if isinstance(event, Cached))
    assert told.nodes == ("n0", "n1", "n2", "n3", "n4")
    assert [event.node for event in events if isinstance(event, NodeStarted)] == ["n5", "n6"]


def test_nodes_that_turn_out_to_be_known_during_the_run_are_told_then(bench: Bench) -> None:
    bench.run(graph(a=("const", {"x": 4}), b=("add", {"a": ("a", 0), "b": 1})), "b")
    events: list[Any] = []
    wired = graph(
        a=("add", {"a": 1, "b": 3}),
        b=("add", {"a": ("a", 0), "b": 1}),
        c=("add", {"a": ("b", 0), "b": 1}),
    )
    bench.run(wired, "c", listener=events.append)
    assert [event.nodes for event in events if isinstance(event, Cached)] == [(), ("b",)]
    assert [event.node for event in events if isinstance(event, NodeStarted)] == ["a", "c"]


def test_of_two_equal_nodes_neither_is_told_to_be_known(bench: Bench) -> None:
    events: list[Any] = []
    wired = graph(
        a=("add", {"a": 1, "b": 3}),
        twin=("add", {"a": 1, "b": 3}),
        c=("add", {"a": ("a", 0), "b": ("twin", 0)}),
    )
    bench.run(wired, "c", listener=events.append)
    assert [event.nodes for event in events if isinstance(event, Cached)] == [()]


def test_a_file_that_a_node_of_the_same_run_writes_need_not_be_there_at_the_start(
    tmp_path: Path,
) -> None:
    bench = standard_bench(tmp_path)
    folder = bench.folders.input
    folder.mkdir(parents=True)

    def write(text: str) -> str:
        (folder / "made.txt").write_text(text)
        return text

    bench.toys.add(
        toy("write", write),
        toy(
            "read",
            lambda name, **_: (folder / name).read_text(),
            inputs=(
                InputSpec(name="name", type="STRING", folder="input"),
                InputSpec(name="after", type="*"),
            ),
        ),
    )
    wired = graph(
        w=("write", {"text": "hello"}), r=("read", {"name": "made.txt", "after": ("w", 0)})
    )
    assert bench.run(wired, "r").values("r") == (["hello"],)
    assert bench.run(wired, "r").executed == ()
    (folder / "made.txt").unlink()
    with pytest.raises(FileProblemError) as caught:
        bench.run(wired, "r")
    assert caught.value.problem.node == "r"
    bench.close()


def test_a_long_chain_is_found_without_loading_any_value(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    bench = Bench.at(
        tmp_path,
        *standard_bench(tmp_path).toys.kinds.values(),
        cache=ResultsCache(Budgets(), folder=folder),
    )
    wired = chain(3_000, first=0)
    shown = graph()
    shown = type(wired)({**wired.nodes, **graph(s=("show", {"x": ("n2999", 0)})).nodes})
    bench.run(shown)
    bench.cache.close()
    later = Bench.at(
        tmp_path, *bench.toys.kinds.values(), cache=ResultsCache(Budgets(), folder=folder)
    )
    result = later.run(shown)
    assert result.executed == ()
    assert result.ui == {"s": {"text": [2999]}}
    assert later.cache.stats().ram.entries == 0
    later.close()
    bench.close()
