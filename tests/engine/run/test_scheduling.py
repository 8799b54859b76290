from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine.declare.spec import InputSpec, Returned
from tests.engine.toys import Bench, graph, toy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engine.graph.model import Link

from tests.engine.run.standard_bench import standard_bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = standard_bench(tmp_path)
    yield bench
    bench.close()


def test_a_second_run_runs_nothing(bench: Bench) -> None:
    wired = graph(
        a=("const", {"x": 1}), b=("add", {"a": ("a", 0), "b": 2}), c=("show", {"x": ("b", 0)})
    )
    assert bench.run(wired).executed == ("a", "b", "c")
    again = bench.run(wired)
    assert again.executed == ()
    assert set(again.cached) == {"a", "b", "c"}
    assert again.ui["c"] == {"text": [3]}


def test_values_of_targets_are_returned_by_slot(bench: Bench) -> None:
    wired = graph(p=("pair", {"a": 4}))
    assert bench.run(wired, "p").values("p") == ([4], [-4])
    assert bench.run(wired, "p").values("p") == ([4], [-4])


def test_only_what_a_change_reaches_runs_again(bench: Bench) -> None:
    def wired(x: int) -> Any:
        return graph(
            a=("const", {"x": x}),
            b=("const", {"x": 5}),
            c=("add", {"a": ("a", 0), "b": ("b", 0)}),
        )

    bench.run(wired(1), "c")
    assert bench.run(wired(2), "c").executed == ("a", "c")


def test_an_equal_result_stops_the_change(bench: Bench) -> None:
    def wired(x: int) -> Any:
        return graph(
            a=("const", {"x": x}), b=("parity", {"a": ("a", 0)}), c=("add", {"a": ("b", 0), "b": 1})
        )

    bench.run(wired(1), "c")
    assert bench.run(wired(3), "c").executed == ("a", "b")
    assert bench.run(wired(3), "c").values("c") == ([2],)


def test_ids_and_titles_do_not_matter(bench: Bench) -> None:
    bench.run(graph(a=("const", {"x": 1}), b=("add", {"a": ("a", 0), "b": 2})), "b")
    renamed = graph(z=("const", {"x": 1}), y=("add", {"a": ("z", 0), "b": 2}))
    assert bench.run(renamed, "y").executed == ()


def test_numbers_texts_and_truth_values_stay_apart(bench: Bench) -> None:
    for value in (1, 1.0, True, "1", None, [1], ["1"], {"a": 1}, {"a": [1]}, -0.0, 0.0):
        assert bench.run(graph(a=("const", {"x": value})), "a").executed == ("a",)


def test_nan_never_comes_from_the_cache(bench: Bench) -> None:
    wired = graph(a=("const", {"x": float("nan")}))
    assert bench.run(wired, "a").executed == ("a",)
    assert bench.run(wired, "a").executed == ("a",)


def test_equal_nodes_of_one_graph_run_once(bench: Bench) -> None:
    wired = graph(
        a=("const", {"x": 1}), b=("const", {"x": 1}), c=("add", {"a": ("a", 0), "b": ("b", 0)})
    )
    result = bench.run(wired, "c")
    assert len(result.executed) == 2
    assert result.values("c") == ([2],)


def test_an_edited_source_runs_again(bench: Bench) -> None:
    wired = graph(a=("const", {"x": 1}), b=("parity", {"a": ("a", 0)}))
    bench.run(wired, "b")
    bench.toys.edit("parity", lambda a: a + 10)
    result = bench.run(wired, "b")
    assert (result.executed, result.values("b")) == (("b",), ([11],))


def test_a_saved_file_that_is_gone_is_saved_again(bench: Bench) -> None:
    def save(x: str, context: Any) -> Returned:
        context.folders.output.mkdir(exist_ok=True)
        (context.folders.output / "x.txt").write_text(x)
        saved = {"filename": "x.txt", "subfolder": "", "type": "output"}
        return Returned(ui={"texts": [saved]})

    bench.toys.add(toy("save", save, outputs=0, is_output=True))
    wired = graph(a=("save", {"x": "hello"}))
    assert bench.run(wired).executed == ("a",)
    assert bench.run(wired).executed == ()
    (bench.folders.output / "x.txt").unlink()
    assert bench.run(wired).executed == ("a",)


def test_a_file_replaced_under_its_name_is_read_again(bench: Bench) -> None:
    named = (InputSpec(name="name", type="COMBO", folder="input"),)
    bench.toys.add(
        toy(
            "read",
            lambda name, context: context.file("input", name).path.read_text(),
            inputs=named,
        )
    )
    bench.folders.input.mkdir()
    file = bench.folders.input / "a.txt"
    for direct in (True, False):
        wired = graph(
            n=("const", {"x": "a.txt"}), a=("read", {"name": "a.txt" if direct else ("n", 0)})
        )
        for text in ("one", "two", "one"):
            file.write_text(text)
            assert bench.run(wired, "a").values("a") == ([text],)
    file.write_text("one")
    assert bench.run(wired, "a").executed == ()


def test_a_node_that_looks_at_the_graph_sees_changes_behind_equal_results(bench: Bench) -> None:
    """A loop runs its body again with other values, so equal first results prove nothing."""

    def body_constant(flow: Link, value: int, context: Any) -> int:
        return context.graph.nodes[flow.node].inputs["b"]

    inputs = (
        InputSpec(name="flow", type="*", raw_link=True),
        InputSpec(name="value", type="*"),
    )
    bench.toys.add(
        toy("at_most", lambda a, b: min(b, a)), toy("look", body_constant, inputs=inputs)
    )
    for bound in (5, 6):
        wired = graph(
            m=("at_most", {"a": 1, "b": bound}), l=("look", {"flow": ("m", 0), "value": ("m", 0)})
        )
        assert bench.run(wired, "l").values("l") == ([bound],)


def test_identity_keeps_equal_nodes_apart(bench: Bench) -> None:
    bench.toys.add(toy("own", lambda x: x, keeps_identity=True))
    wired = graph(
        a=("own", {"x": 1}), b=("own", {"x": 1}), c=("add", {"a": ("a", 0), "b": ("b", 0)})
    )
    assert set(bench.run(wired, "c").executed) == {"a", "b", "c"}
    assert bench.run(wired, "c").executed == ()


def test_a_fingerprint_of_its_own_decides(bench: Bench) -> None:
    outside = {"x": 1}
    bench.toys.add(toy("read", lambda: outside["x"], own=lambda _: outside["x"]))
    wired = graph(a=("read", {}))
    assert bench.run(wired, "a").values("a") == ([1],)
    outside["x"] = 2
    assert bench.run(wired, "a").values("a") == ([2],)
    assert bench.run(wired, "a").executed == ()
