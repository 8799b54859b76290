"""What packs reach through ComfyUI's modules while their nodes run."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from engine.comfy.prompt_server import PromptServer
from engine.errors import InterruptedRunError
from engine.graph.validate import validate
from engine.run.client import Client
from engine.run.events import Custom, Interrupted, Progress, ProgressText
from tests.engine.comfy.contexts import context
from tests.engine.comfy.pack_bench import Nodes, PackBench, link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.run.events import Event

PACK = Path(__file__).parents[2] / "data" / "contract_pack.py"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[PackBench]:
    made = PackBench(tmp_path, PACK, "Contract")
    yield made
    made.close()


def test_progress_is_told_by_bar_registry_and_interface(bench: PackBench) -> None:
    events: list[Event] = []
    nodes: Nodes = {
        "s": ("Steps", {"x": "go"}),
        "later": ("StepsLater", {"x": link("s")}),
        "elsewhere": ("Same", {"x": 1}),
    }
    bench.run(nodes, "later", listener=events.append)
    told = [(one.node, one.step, one.total) for one in events if isinstance(one, Progress)]
    assert told == [
        ("s", 1, 2.0),
        ("s", 2, 2),
        ("elsewhere", 3, 4),
        ("s", 5, 6),
        ("elsewhere", 1, 2),
    ]


@pytest.mark.parametrize("how", ["stop", "raise"])
def test_a_node_stops_its_run_by_the_flag_and_by_the_exception(bench: PackBench, how: str) -> None:
    events: list[Event] = []
    with pytest.raises(InterruptedRunError):
        bench.run({"s": ("Steps", {"x": how})}, "s", listener=events.append)
    stopped = events[-1]
    assert isinstance(stopped, Interrupted)
    assert (stopped.node, stopped.node_type) == ("s", "ContractSteps")
    assert bench.value({"s": ("Steps", {"x": "go"})}, "s") == [False], "the next run starts anew"


def test_a_user_stops_a_node_at_its_next_step(bench: PackBench) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(InterruptedRunError):
        bench.run({"s": ("Steps", {"x": "go"})}, "s", interrupt=stop)


def test_a_node_speaks_to_the_editor_through_the_server(bench: PackBench) -> None:
    events: list[Event] = []
    nodes: Nodes = {"s": ("Speak", {"x": 3})}
    result = bench.run(nodes, "s", listener=events.append, client=Client(id="me"), job_id="job")
    assert result.values("s")[0] == ["job"]
    sent = [(one.name, one.data, one.client) for one in events if isinstance(one, Custom)]
    assert sent == [("contract.event", {"x": 3}, "me"), ("contract.all", {"node": "s"}, None)]
    (said,) = [one for one in events if isinstance(one, ProgressText)]
    assert (said.node, said.text) == ("s", "half way")


def test_messages_outside_of_calls_reach_who_listens_to_the_process(bench: PackBench) -> None:
    del bench
    heard: list[Any] = []
    server = PromptServer.instance
    server.listen(lambda *message: heard.append(message))
    thread = threading.Thread(target=server.send_sync, args=("monitor", {"cpu": 1}))
    thread.start()
    thread.join()
    server.listen(None)
    server.send_sync("monitor", {"cpu": 2})
    assert heard == [("monitor", {"cpu": 1}, None)]


def test_routes_of_packs_are_taken(bench: PackBench) -> None:
    del bench
    server = PromptServer.instance

    @server.routes.get("/contract/x")
    async def answer(request: Any) -> Any:
        return request

    server.app.router.add_static("/contract/files", "folder")
    assert ("GET", "/contract/x", answer) in server.routes.known
    assert ("GET", "/contract/files", "folder") in server.app.known
    with pytest.raises(RuntimeError, match="cannot queue"):
        server.prompt_queue.put((0, "id", {}))


def test_packs_use_our_nodes_as_a_library_and_find_each_other(bench: PackBench) -> None:
    nodes: Nodes = {"b": ("Borrow", {"x": 41})}
    result = bench.run(nodes, "b")
    assert result.values("b") == ([42], [["ContractBlock", "ContractBorrow"]])
    import nodes as ours

    sampler = vars(ours)["KSampler"]
    assert sampler.FUNCTION == "sample"
    assert sampler.RETURN_TYPES == ("LATENT",)
    assert sampler.INPUT_TYPES()["required"]["steps"][0] == "INT"
    assert vars(ours)["MAX_RESOLUTION"] == 16384


def test_a_borrowed_node_needs_a_run(bench: PackBench) -> None:
    del bench
    import nodes as ours
    from engine.comfy.executing import call_of, executing

    invert = vars(ours)["ImageInvert"]()
    with executing(call_of(context("1"))):
        import torch

        (picture,) = invert.invert(torch.zeros(1, 2, 2, 3))
    assert picture.min() == 1


@pytest.mark.parametrize(
    ("kind", "inputs", "wrong"),
    [
        ("Named", {"x": 5, "y": 1}, []),
        ("Named", {"x": 50, "y": 1}, ["x"]),
        ("Named", {"x": 5, "y": 99}, ["y"]),
        ("Named", {"x": 99, "y": 99}, ["x", "y"]),
        ("All", {"x": 99, "y": 99}, ["x", "y"]),
        ("Typed", {"x": 99, "y": 5}, ["x"]),
        ("Later", {"x": 5, "y": 1}, []),
        ("Later", {"x": 6, "y": 1}, ["x"]),
        ("Fails", {"x": 5, "y": 1}, [None]),
    ],
)
def test_what_a_class_checks_itself_is_not_checked_for_it(
    bench: PackBench, kind: str, inputs: dict[str, Any], wrong: list[str | None]
) -> None:
    checked = validate(bench.graph({"v": (f"Checks{kind}", inputs)}), bench.registry, ["v"])
    assert sorted(one.input or "" for one in checked.problems) == [one or "" for one in wrong]


def test_wrapped_lists_are_lists_and_constants_take_the_type_of_their_input(
    bench: PackBench,
) -> None:
    graph = bench.graph({"c": ("Constants", {"i": "3", "f": 2, "s": 5, "b": "false", "l": [1, 2]})})
    checked = validate(graph, bench.registry, ["c"])
    assert not checked.problems
    (value,) = bench.executor.run(checked.graph, ["c"]).values("c")[0]
    assert value == (3, 2.0, "5", True, [1, 2])
