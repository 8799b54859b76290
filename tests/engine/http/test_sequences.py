"""The order of messages in every kind of run, line by line as ComfyUI sends them."""

from __future__ import annotations

import io
import json

from PIL import Image

from tests.engine.http.listener import WITH_PREVIEWS, chain, fresh, listening, node
from tests.engine.http.site import Site

BEGIN = ["status 1", "status 1", "execution_start"]
END = ["execution_success", "status 0", "executing None"]


async def test_a_run_is_told_node_by_node(wire: Site) -> None:
    async with listening(wire) as client:
        await client.run(chain(fresh()))
        assert client.told() == [
            *BEGIN,
            "cached []",
            "state: 1 0/1",
            "executing 1",
            "state: 1 done",
            "state: 1 done, 2 0/1",
            "executing 2",
            "state: 1 done, 2 done",
            "state: 1 done, 2 done, 3 0/1",
            "executing 3",
            "state: 1 done, 2 done, 3 1/2",
            "progress 3 1/2",
            "binary 1",
            "state: 1 done, 2 done, 3 2/2",
            "progress 3 2/2",
            "binary 1",
            "state: 1 done, 2 done, 3 done",
            "state: 1 done, 2 done, 3 done, 4 0/1",
            "executing 4",
            "executed 4",
            "state: 1 done, 2 done, 3 done, 4 done",
            *END,
        ]


async def test_previews_say_whose_they_are_to_those_who_understand_it(wire: Site) -> None:
    async with listening(wire, flags=WITH_PREVIEWS) as client:
        id_ = await client.run(chain(fresh()))
        pictures = client.data("binary 4")
        told = client.told()
        first = told.index("state: 1 done, 2 done, 3 1/2")
        assert told[first : first + 3][1:] == ["binary 4", "progress 3 1/2"]
        assert "binary 1" not in told
        size = int.from_bytes(pictures[0][:4], "big")
        assert json.loads(pictures[0][4 : 4 + size]) == {
            "node_id": "3",
            "display_node_id": "3",
            "parent_node_id": None,
            "real_node_id": "3",
            "prompt_id": id_,
            "image_type": "image/jpeg",
        }
        with Image.open(io.BytesIO(pictures[0][4 + size :])) as picture:
            assert picture.format == "JPEG"
            assert picture.size == (512, 256)


async def test_plain_previews_are_pictures_from_the_ninth_byte_on(wire: Site) -> None:
    async with listening(wire) as client:
        await client.run(chain(fresh()))
        (first, _) = client.data("binary 1")
        assert first[:4] == b"\0\0\0\1"
        with Image.open(io.BytesIO(first[4:])) as picture:
            assert picture.format == "JPEG"


async def test_a_cached_run_visits_its_outputs_only(wire: Site) -> None:
    async with listening(wire) as client:
        graph = chain(fresh())
        await client.run(graph)
        client.frames.clear()
        await client.run(graph)
        (shown,) = client.data("executed")
        assert shown["output"] == {"text": [str(graph["1"]["inputs"]["value"] + 1)]}
        assert client.told() == [
            *BEGIN,
            "cached ['1', '2', '3', '4']",
            "executed 4",
            "state: 4 done",
            *END,
        ]


async def test_a_visited_cached_node_that_shows_nothing_has_no_output(wire: Site) -> None:
    async with listening(wire) as client:
        graph = {"1": node("WireNumber", value=fresh()), "2": node("WireQuiet", value=["1", 0])}
        await client.run(graph)
        assert "executed 2" not in client.told()
        await client.run(graph)
        (shown,) = client.data("executed")
        assert shown["node"] == "2"
        assert shown["output"] is None


async def test_a_run_that_changed_in_the_middle_runs_what_follows(wire: Site) -> None:
    async with listening(wire) as client:
        graph = chain(fresh())
        await client.run(graph)
        client.frames.clear()
        graph["2"] = node("WireAdd", value=["1", 0], more=5)
        await client.run(graph)
        told = client.told()
        assert told[3] == "cached ['1']"
        assert [one for one in told if one.startswith("executing")] == [
            "executing 2",
            "executing 3",
            "executing 4",
            "executing None",
        ]


async def test_a_failure_ends_the_run_and_tells_what_it_was(wire: Site) -> None:
    async with listening(wire) as client:
        value = fresh()
        graph = chain(value) | {"3": node("WireFail", value=["2", 0])}
        id_ = await client.run(graph)
        (error,) = client.data("execution_error")
        assert error["prompt_id"] == id_
        assert error["node_id"] == "3"
        assert error["node_type"] == "WireFail"
        assert sorted(error["executed"]) == ["1", "2"]
        assert error["exception_type"] == "ValueError"
        assert error["exception_message"].splitlines()[0] == "boom"
        assert error["exception_message"].endswith("\n")
        assert error["current_inputs"] == {"value": [value + 1]}
        assert sorted(error["current_outputs"]) == ["1", "2"]
        assert isinstance(error["timestamp"], int)
        assert any("boom" in line for line in error["traceback"])
        assert not any(line.startswith("ValueError") for line in error["traceback"])
        told = client.told()
        assert told[-4:] == ["executing 3", "error in 3", "status 0", "executing None"]
        entry = await client.entry(id_)
        assert entry["status"]["status_str"] == "error"
        assert entry["status"]["completed"] is False
        assert entry["status"]["messages"][-1] == ["execution_error", error]


async def test_an_interruption_names_the_node_that_ran(wire: Site) -> None:
    async with listening(wire) as client:
        graph = {
            "1": node("WireSlow", value=fresh(), steps=2000),
            "2": node("WireShow", value=["1", 0]),
        }
        id_ = await client.submit(graph)
        await client.until("progress")
        await client.post("/interrupt")
        await client.until("executing", node=None, prompt_id=id_)
        (data,) = client.data("execution_interrupted")
        assert data == {
            "prompt_id": id_,
            "node_id": "1",
            "node_type": "WireSlow",
            "executed": [],
            "timestamp": data["timestamp"],
        }
        assert client.told()[-3:] == ["interrupted in 1", "status 0", "executing None"]
        assert (await client.entry(id_))["status"]["status_str"] == "error"


async def test_a_node_asks_for_its_lazy_inputs_after_it_has_begun(wire: Site) -> None:
    async with listening(wire) as client:
        graph = {
            "1": node("WireNumber", value=fresh()),
            "2": node("WireFail", value=1),
            "3": node("WireLazy", first=["1", 0], second=["2", 0]),
            "4": node("WireShow", value=["3", 0]),
        }
        await client.run(graph)
        told = client.told()
        assert told[len(BEGIN) + 1 : -len(END)] == [
            "state: 3 0/1",
            "executing 3",
            "state: 3 0/1, 1 0/1",
            "executing 1",
            "state: 3 0/1, 1 done",
            "state: 3 0/1, 1 done",
            "executing 3",
            "state: 3 done, 1 done",
            "state: 3 done, 1 done, 4 0/1",
            "executing 4",
            "executed 4",
            "state: 3 done, 1 done, 4 done",
        ]


async def test_what_a_node_expands_to_is_shown_as_that_node(wire: Site) -> None:
    async with listening(wire) as client:
        graph = {
            "1": node("WireNumber", value=fresh()),
            "2": node("WireExpand", value=["1", 0]),
            "3": node("WireAdd", value=["2", 0], more=10),
            "4": node("WireShow", value=["3", 0]),
        }
        id_ = await client.run(graph)
        running = [data for data in client.data("executing") if data["node"]]
        assert [(data["node"], data["display_node"]) for data in running] == [
            ("1", "1"),
            ("2", "2"),
            ("2.0.0.1", "2"),
            ("2.0.0.2", "2"),
            *[(data["node"], data["display_node"]) for data in running[4:]],
        ]
        assert {data["node"] for data in running[4:]} == {"2.0.0.3", "3", "4"}
        shown = {data["node"]: data["display_node"] for data in client.data("executed")}
        assert shown == {"2.0.0.3": "2", "4": "4"}
        last = client.data("progress_state")[-1]["nodes"]
        assert last["2.0.0.1"]["parent_node_id"] == "2"
        assert last["2.0.0.1"]["real_node_id"] == "2"
        assert last["2.0.0.1"]["display_node_id"] == "2"
        assert last["2"]["parent_node_id"] is None
        assert all(one["state"] == "finished" for one in last.values())
        during = [
            data["nodes"]
            for data in client.data("progress_state")
            if data["nodes"].get("2.0.0.1", {}).get("state") == "running"
        ]
        assert during
        assert all(nodes["2"]["state"] == "running" for nodes in during)
        assert client.told().count("executing 2") == 1
        entry = await client.entry(id_)
        assert set(entry["outputs"]) == {"2.0.0.3", "4"}
        assert entry["meta"]["2.0.0.3"] == {
            "node_id": "2.0.0.3",
            "display_node": "2",
            "parent_node": "2",
            "real_node_id": "2",
        }


async def test_a_cached_expansion_says_nothing_of_its_children(wire: Site) -> None:
    async with listening(wire) as client:
        graph = {
            "2": node("WireExpand", value=fresh()),
            "3": node("WireShow", value=["2", 0]),
        }
        await client.run(graph)
        client.frames.clear()
        id_ = await client.run(graph)
        told = client.told()
        assert told == [*BEGIN, "cached ['2', '3']", "executed 3", "state: 3 done", *END]
        assert set((await client.entry(id_))["outputs"]) == {"3"}


async def test_others_run_while_a_coroutine_waits(wire: Site) -> None:
    async with listening(wire) as client:
        graph = {
            "1": node("WireWait", value=fresh(), seconds=0.5),
            "2": node("WireNumber", value=fresh()),
            "3": node("WireShow", value=["1", 0]),
            "4": node("WireShow", value=["2", 0]),
        }
        await client.run(graph)
        told = client.told()
        assert told.count("executing 1") == 1
        assert told.index("executing 1") < told.index("executed 4") < told.index("executed 3")


async def test_a_silent_block_ends_in_success_without_results(wire: Site) -> None:
    async with listening(wire) as client:
        graph = {
            "1": node("WireBlock", value=fresh(), message=""),
            "2": node("WireShow", value=["1", 0]),
        }
        id_ = await client.run(graph)
        told = client.told()
        assert "executing 2" in told
        assert "executed 2" not in told
        assert told[-4:] == ["state: 1 done, 2 done", *END]
        assert (await client.entry(id_))["outputs"] == {}


async def test_a_block_with_a_text_is_told_and_stops_nothing_else(wire: Site) -> None:
    async with listening(wire) as client:
        graph = {
            "1": node("WireBlock", value=fresh(), message="not today"),
            "2": node("WireShow", value=["1", 0]),
            "3": node("WireShow", value=7),
        }
        id_ = await client.run(graph)
        (error,) = client.data("execution_error")
        assert error["node_id"] == "2"
        assert error["exception_type"] == "ExecutionBlocked"
        assert error["exception_message"] == "Execution Blocked: not today"
        assert error["traceback"] == []
        assert "timestamp" not in error
        told = client.told()
        assert "executed 3" in told
        assert told[-3:] == END
        status = (await client.entry(id_))["status"]
        assert status["status_str"] == "success"
        assert [kind for kind, _ in status["messages"]] == [
            "execution_start",
            "execution_cached",
            "execution_success",
        ]
