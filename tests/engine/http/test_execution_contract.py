"""What ComfyUI promises about execution, seen by a client of a server that runs as it is started.

Each test runs against servers with ComfyUI's cache flags; what they change is whether a second run
takes anything from the first one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.http.contract import failed, found, keeps, loop, mixed, ran, refused, shown
from tests.engine.http.listener import fresh, listening, node
from tests.engine.jobs.served import Server

DATA = Path(__file__).parents[2] / "data"
PACKS = (DATA / "client_pack.py", DATA / "contract_pack.py", DATA / "probe_pack")
FLAGS = {
    "default": (),
    "lru 0": ("--cache-lru", "0"),
    "lru 100": ("--cache-lru", "100"),
    "none": ("--cache-none",),
}


@pytest.fixture(scope="module", params=FLAGS.values(), ids=list(FLAGS))
def server(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[Server]:
    base: Path = tmp_path_factory.mktemp("contract")
    with Server(base, "--disable-auto-launch", *request.param, packs=PACKS) as started:
        assert "ClientMix" in started.ask("GET", "/object_info")
        yield started


@pytest.mark.parametrize(("share", "idle"), [(0.0, {"2"}), (1.0, {"1"}), (0.5, set())])
async def test_only_what_is_asked_for_runs(server: Server, share: float, idle: set[str]) -> None:
    async with listening(server) as client:
        graph = mixed(share)
        first, second = (float(graph[one]["inputs"]["x"]) for one in ("1", "2"))
        outputs = await shown(client, graph)
        assert outputs["4"] == {"text": [str(first * (1 - share) + second * share)]}
        assert set(ran(client)) == set(graph) - idle


async def test_a_second_run_does_again_what_no_cache_keeps(server: Server) -> None:
    async with listening(server) as client:
        graph = mixed(0.5)
        first = await shown(client, graph)
        renamed = json.loads(json.dumps(graph).replace('"1"', '"one"'))
        for again in (graph, renamed):
            assert await shown(client, again) == first
            assert set(ran(client)) == (set() if keeps(server) else set(again))
            assert set(found(client)) == (set(again) if keeps(server) else set())


async def test_what_did_not_change_does_not_run_again(server: Server) -> None:
    async with listening(server) as client:
        graph = mixed(0.5)
        await shown(client, graph)
        graph["3"]["inputs"]["share"] = 0.25
        await shown(client, graph)
        assert {"3", "4"} <= set(ran(client))
        assert ("1" in ran(client)) is not keeps(server)


async def test_every_node_is_told_to_run_or_to_be_there(server: Server) -> None:
    async with listening(server) as client:
        value = fresh()
        chain = {"2": node("ClientScale", x=["1", 0]), "3": node("ContractShow", x=["2", 0])}
        await shown(client, {"1": node("ClientNumber", x=value), **chain})
        other = {"1": node("ClientChanging", x=value), **chain}
        await shown(client, other)
        assert set(ran(client)) | set(found(client)) == set(other)
        assert not set(ran(client)) & set(found(client))


async def test_a_node_that_always_changes_runs_each_time(server: Server) -> None:
    async with listening(server) as client:
        graph = {
            "3": node("ContractShow", x=["2", 0]),
            "2": node("ClientChanging", x=["1", 0]),
            "1": node("ClientNumber", x=fresh()),
        }
        await shown(client, graph)
        await shown(client, graph)
        assert ("2" in ran(client)) is not keeps(server)
        graph["2"]["inputs"]["always"] = True
        for _ in range(2):
            await shown(client, graph)
            assert "2" in ran(client)
            assert ("1" in ran(client)) is not keeps(server)


async def test_equal_nodes_run_once_unless_they_are_not_idempotent(server: Server) -> None:
    async with listening(server) as client:
        value = fresh()
        graph = {
            "a": node("ContractFresh", x=value),
            "b": node("ContractFresh", x=value),
            "c": node("ContractSame", x=value),
            "d": node("ContractSame", x=value),
            "e": node("ProbeSum", a=["a", 0], b=["b", 0], c=["c", 0], d=["d", 0]),
            "f": node("ContractShow", x=["e", 0]),
        }
        assert (await shown(client, graph))["f"] == {"text": [str(4 * value)]}
        assert {"a", "b"} <= set(ran(client))
        assert len({"c", "d"} & set(ran(client))) == 1


async def test_inputs_that_no_class_declares_arrive(server: Server) -> None:
    async with listening(server) as client:
        value = fresh()
        numbers = {str(index): node("ClientNumber", x=value + index) for index in range(4)}
        links = {"x": ["0", 0], "x2": ["1", 0], "x3": ["2", 0], "x4": ["3", 0]}
        graph = {**numbers, "mean": node("ClientMean", **links)}
        outputs = await shown(client, graph | {"show": node("ContractShow", x=["mean", 0])})
        assert outputs["show"] == {"text": [str(value + 1.5)]}


@pytest.mark.parametrize(
    ("kind", "inputs", "problem"),
    [
        ("ClientChecked", {"x": 1.0, "y": 0.5}, None),
        ("ClientChecked", {"x": ["float", 0], "y": 5}, None),
        ("ClientChecked", {"x": 1.0, "y": 7.0}, "custom_validation_failed"),
        ("ClientChecked", {"x": ["int", 0], "y": 0.5}, "custom_validation_failed"),
        ("ClientChecked", {"x": 1.0}, "required_input_missing"),
        ("ClientFitting", {"x": ["float", 0]}, None),
        ("ClientFitting", {"x": ["int", 0]}, "return_type_mismatch"),
        ("ClientEqual", {"x": ["int", 0], "y": "text"}, None),
        ("ContractChecksLater", {"x": 5, "y": 1}, None),
        ("ContractChecksLater", {"x": 6, "y": 1}, "custom_validation_failed"),
        ("ContractChecksFails", {"x": 5, "y": 1}, "exception_during_validation"),
        ("ContractChecksTyped", {"x": ["float", 0], "y": 1}, None),
        ("ContractChecksNamed", {"x": 15, "y": 11}, "value_bigger_than_max"),
    ],
)
async def test_what_a_class_checks_itself_counts(
    server: Server, kind: str, inputs: dict[str, Any], problem: str | None
) -> None:
    graph = {
        "int": node("PrimitiveInt", value=fresh()),
        "float": node("ClientNumber", x=2),
        "1": node(kind, **inputs),
        "2": node("ContractShow", x=["1", 0]),
    }
    if problem is None:
        async with listening(server) as client:
            assert "2" in await shown(client, graph)
        return
    answer = refused(server, graph)
    assert answer["error"]["type"] == "prompt_outputs_failed_validation"
    assert answer["node_errors"]["1"]["errors"][0]["type"] == problem


async def test_a_circle_is_refused_and_one_that_grows_fails(server: Server) -> None:
    graph = {
        "1": node("ContractSame", x=["2", 0]),
        "2": node("ContractSame", x=["1", 0]),
        "3": node("ContractShow", x=["2", 0]),
    }
    assert refused(server, graph)["node_errors"]["1"]["errors"][0]["type"] == "dependency_cycle"
    async with listening(server) as client:
        growing = {"1": node("ContractExpandInCircle", x=fresh()), "3": graph["3"]}
        growing["3"] = node("ContractShow", x=["1", 0])
        error = await failed(client, growing)
        assert (error["node_id"], error["node_type"]) == ("1", "ContractExpandInCircle")
        assert error["exception_type"] == "graph.DependencyCycleError"


async def test_a_branch_whose_node_is_missing_leaves_the_others_alone(server: Server) -> None:
    async with listening(server) as client:
        graph = mixed(0.5)
        graph["5"] = node("ClientMix", first=["1", 0], second=["gone", 0], share=0.5)
        graph["6"] = node("ContractShow", x=["5", 0])
        answer = await client.post("/prompt", {"prompt": graph, "client_id": "me"})
        assert set(answer["node_errors"]) == {"5"}
        await client.until("executing", node=None, prompt_id=answer["prompt_id"])
        assert set((await client.entry(answer["prompt_id"]))["outputs"]) == {"4"}
        graph["gone"] = node("ClientNumber", x=fresh())
        assert set(await shown(client, graph)) == {"4", "6"}


async def test_coroutines_wait_together(server: Server) -> None:
    async with listening(server) as client:
        value = fresh()
        waiting = {
            str(index): node("ContractSleep", x=value + index, together=3) for index in range(3)
        }
        shows = {f"show {id_}": node("ContractShow", x=[id_, 0]) for id_ in waiting}
        outputs = await shown(client, {**waiting, **shows})
        texts = [outputs[id_]["text"][0] for id_ in shows]
        assert texts == [f"({value + index}, True, '{index}')" for index in range(3)]


async def test_coroutines_of_an_expansion_wait_together(server: Server) -> None:
    async with listening(server) as client:
        graph = {"1": node("ContractExpand", x=3), "2": node("ContractShow", x=["1", 0])}
        outputs = await shown(client, graph)
        if "1" in ran(client):
            texts = [one["text"][0] for id_, one in outputs.items() if id_.startswith("1.")]
            assert len(texts) == 3
            assert all("True" in text for text in texts)
        assert "'real': '1'" in outputs["2"]["text"][0]


async def test_a_failure_of_a_coroutine_is_told_and_leaves_the_next_run_alone(
    server: Server,
) -> None:
    async with listening(server) as client:
        value = fresh()
        graph = {"1": node("ContractFailLater", x=value), "2": node("ContractShow", x=["1", 0])}
        for _ in range(2):
            error = await failed(client, graph)
            assert (error["node_id"], error["exception_type"]) == ("1", "LookupError")
            assert error["current_inputs"] == {"x": [value]}
        graph = {"1": node("ContractGated", x=fresh()), "2": node("ContractShow", x=["1", 0])}
        assert "2" in await shown(client, graph)


async def test_a_semaphore_of_a_class_lasts_from_run_to_run(server: Server) -> None:
    async with listening(server) as client:
        for _ in range(2):
            gated = {str(index): node("ContractGated", x=fresh()) for index in range(5)}
            shows = {f"show {id_}": node("ContractShow", x=[id_, 0]) for id_ in gated}
            assert set(await shown(client, {**gated, **shows})) == set(shows)


async def test_a_loop_runs_until_it_is_done(server: Server) -> None:
    async with listening(server) as client:
        start = fresh() * 1000
        for limit, result in ((1, 2), (3, 4), (9, 10)):
            outputs = await shown(client, loop(start, start + limit))
            assert outputs["show"] == {"text": [str(start + result)]}
        displayed = {data["display_node"] for data in client.data("executing") if data["node"]}
        assert displayed <= {"open", "add", "below", "close", "show"}


async def test_a_blocker_stops_one_item_of_a_list(server: Server) -> None:
    async with listening(server) as client:
        graph = {
            "1": node("ContractItems", x=3),
            "2": node("ContractBlock", x=["1", 0], at=1, message=""),
            "3": node("ContractShow", x=["2", 0]),
        }
        assert (await shown(client, graph))["3"] == {"text": ["0", "2"]}


async def test_outputs_that_others_need_run_also_when_not_wanted(server: Server) -> None:
    async with listening(server) as client:
        graph = {
            "1": node("ClientNumber", x=fresh()),
            "2": node("ClientScale", x=["1", 0]),
            "3": node("ClientScale", x=["2", 0]),
            "4": node("ContractShow", x=["2", 0]),
            "5": node("ContractShow", x=["3", 0]),
        }
        outputs = await shown(client, graph, partial_execution_targets=["4"])
        assert set(ran(client)) == {"1", "2", "4"}
        assert set(outputs) == {"2", "4"}


async def test_the_engine_supplies_what_is_hidden(server: Server) -> None:
    async with listening(server) as client:
        graph = {"a b": node("ClientTell", x=fresh(), me="not I") | {"_meta": {"title": "me"}}}
        extra = {"extra_pnginfo": {"workflow": {"id": "w"}}, "api_key_comfy_org": "secret"}
        (told,) = (await shown(client, graph, extra_data=extra))["a b"]["told"]
        assert told == {
            "me": "a b",
            "prompt": graph,
            "extra": extra["extra_pnginfo"],
            "key": "secret",
        }


async def test_packs_speak_to_their_client_and_to_all(server: Server) -> None:
    async with listening(server) as client, listening(server, "other") as other:
        graph = {"1": node("ContractSpeak", x=fresh()), "2": node("ContractShow", x=["1", 0])}
        outputs = await shown(client, graph)
        (binary,) = client.data("binary 3")
        assert binary == b"\0\0\0\x011half way"
        assert client.data("contract.event") == [{"x": graph["1"]["inputs"]["x"]}]
        assert client.data("contract.all") == [{"node": "1"}]
        assert outputs["2"]["text"] == [client.data("execution_success")[0]["prompt_id"]]
        await other.until("contract.all")
        assert not other.data("contract.event")


async def test_results_of_the_cache_are_listed_for_jobs_of_nobody(server: Server) -> None:
    async with listening(server) as client:
        graph = mixed(0.5)
        first = await shown(client, graph)
        client.client = None
        id_ = await client.submit(graph)
        await client.until("status", status={"exec_info": {"queue_remaining": 0}})
        job = await client.get(f"/api/jobs/{id_}")
        assert job["status"] == "completed"
        assert job["outputs"] == first


async def test_a_node_that_ends_the_process_ends_its_job_only(server: Server) -> None:
    async with listening(server) as client:
        workers = server.workers()
        graph = {"1": node("ClientLeave", x=fresh()), "2": node("ContractShow", x=["1", 0])}
        error = await failed(client, graph)
        assert (error["node_id"], error["exception_type"]) == ("1", "SystemExit")
        assert "4" in await shown(client, mixed(0.5))
        assert server.workers() == workers


async def test_what_json_cannot_hold_is_shown_as_far_as_it_can_be(server: Server) -> None:
    async with listening(server) as client:
        for _ in range(2):
            outputs = await shown(client, {"1": node("ClientEndless", x=1)})
            assert outputs["1"]["seed"] == [2**64 - 1]
            assert outputs["1"]["odd"][:3] == ["?", None, [1]]


async def test_clients_at_the_same_time_hear_of_their_own_jobs_only(server: Server) -> None:
    async def use(name: str) -> set[str]:
        async with listening(server, name) as client:
            ids = [await client.submit(mixed(0.5)) for _ in range(3)]
            await client.until("executing", node=None, prompt_id=ids[-1])
            heard = {data.get("prompt_id") for kind, data in client.frames if kind != "status"}
            assert heard == set(ids)
            return heard

    heard = await asyncio.gather(*(use(f"client {number}") for number in range(5)))
    assert len(set.union(*heard)) == 15
