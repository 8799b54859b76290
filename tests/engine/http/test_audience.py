"""Who hears which messages, and what is there when they come."""

from __future__ import annotations

import json
from typing import Any

import aiohttp

from tests.engine.http.listener import chain, fresh, listening, node
from tests.engine.http.site import Site

END = ["execution_success", "status 0", "executing None"]


async def test_a_list_is_one_node_with_all_that_it_shows(wire: Site) -> None:
    async with listening(wire) as client:
        value = fresh()
        graph = {
            "1": node("WireSeveral", value=value),
            "2": node("WireShow", value=["1", 0]),
        }
        await client.run(graph)
        (shown,) = client.data("executed")
        assert shown["output"] == {"text": [str(value), str(value + 1), str(value + 2)]}
        told = client.told()
        assert told.count("executing 2") == 1


async def test_a_job_of_nobody_is_heard_by_all_in_part(wire: Site) -> None:
    async with listening(wire, "one") as first, listening(wire, "two") as second:
        first.client = None
        id_ = await first.submit(chain(fresh()))
        heard: list[list[str]] = []
        for client in (first, second):
            await client.until("status", status={"exec_info": {"queue_remaining": 0}})
            heard.append(client.told())
        assert heard[0] == heard[1]
        kinds = {one.split(" ")[0].rstrip(":") for one in heard[0]}
        assert kinds == {"status", "state", "progress", "binary"}
        assert heard[0][:2] == ["status 1", "status 1"]
        assert (await first.entry(id_))["status"]["completed"]


async def test_messages_go_to_their_client_alone(wire: Site) -> None:
    async with listening(wire, "one") as first, listening(wire, "two") as second:
        await first.run(chain(fresh()))
        await second.until("status", status={"exec_info": {"queue_remaining": 0}})
        assert set(second.told()) == {"status 1", "status 0"}


async def test_the_history_is_there_when_the_end_is_told(wire: Site) -> None:
    async with listening(wire) as client:
        for _ in range(5):
            id_ = await client.run(chain(fresh()))
            assert (await client.get(f"/history/{id_}"))[id_]["status"]["completed"]


async def test_two_equal_outputs_both_show_what_one_made(wire: Site) -> None:
    async with listening(wire) as client:
        value = fresh()
        graph = {
            "1": node("WireNumber", value=value),
            "2": node("WireShow", value=["1", 0]),
            "3": node("WireShow", value=["1", 0]),
        }
        id_ = await client.run(graph)
        told = client.told()
        assert "executed 2" in told
        assert "executed 3" in told
        shown = {"text": [str(value)]}
        assert (await client.entry(id_))["outputs"] == {"2": shown, "3": shown}


async def test_only_the_wanted_outputs_run(wire: Site) -> None:
    async with listening(wire) as client:
        graph: dict[str, Any] = {
            "1": node("WireNumber", value=fresh()),
            "2": node("WireShow", value=["1", 0]),
            "3": node("WireShow", value=fresh()),
        }
        id_ = await client.run(graph, partial_execution_targets=["2"])
        told = client.told()
        assert "executed 2" in told
        assert "executing 3" not in told
        entry = await client.entry(id_)
        assert entry["prompt"][4] == ["2"]
        assert set(entry["outputs"]) == {"2"}


async def test_a_client_that_comes_back_hears_which_node_runs(wire: Site) -> None:
    graph = {
        "1": node("WireSlow", value=fresh(), steps=2000),
        "2": node("WireShow", value=["1", 0]),
    }
    async with listening(wire, "back") as client:
        id_ = await client.submit(graph)
        await client.until("progress")
    url = f"{wire.url}ws?clientId=back"
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        assert json.loads((await socket.receive(10)).data)["type"] == "status"
        told = json.loads((await socket.receive(10)).data)
        assert told == {"type": "executing", "data": {"node": "1"}}
        async with session.post(f"{wire.url}interrupt", json={"prompt_id": id_}) as answer:
            assert answer.status == 200
        while told["data"].get("node", "") is not None:
            told = json.loads((await socket.receive(10)).data)
