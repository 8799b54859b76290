"""What a client asks of a server and sees of a run, in short words for tests of the contract."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.engine.http.listener import Api, Listener, fresh, node
from tests.engine.jobs.served import Server


def keeps(server: Server) -> bool:
    """Whether a run leaves its results to the next one."""
    return "--cache-none" not in server.flags


def ran(client: Listener) -> list[str]:
    """The nodes that ran since the frames were cleared, in order."""
    return [data["node"] for data in client.data("executing") if data["node"]]


def found(client: Listener) -> list[str]:
    """The nodes that were told to be there already."""
    return [id_ for data in client.data("execution_cached") for id_ in data["nodes"]]


async def shown(client: Listener, graph: Api, **body: Any) -> dict[str, Any]:
    """Run a graph and return what its nodes show, by id; the frames are those of this run."""
    client.frames.clear()
    id_ = await client.run(graph, **body)
    entry = await client.entry(id_)
    assert entry["status"]["completed"], entry["status"]
    return entry["outputs"]


async def failed(client: Listener, graph: Api) -> dict[str, Any]:
    """Run a graph that fails and return the error."""
    client.frames.clear()
    await client.run(graph)
    (error,) = client.data("execution_error")
    return error


def refused(server: Server, graph: Api) -> dict[str, Any]:
    """Queue a graph that cannot run and return the answer."""
    body = json.dumps({"prompt": graph}).encode()
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{server.url}prompt", body)
    with caught.value as answer:
        assert answer.code == 400
        return json.loads(answer.read())


def mixed(share: float) -> Api:
    return {
        "1": node("ClientNumber", x=fresh()),
        "2": node("ClientNumber", x=fresh()),
        "3": node("ClientMix", first=["1", 0], second=["2", 0], share=share),
        "4": node("ContractShow", x=["3", 0]),
    }


def loop(start: int, limit: int) -> Api:
    """Add two until the limit is reached, as packs build loops: by nodes that return nodes."""
    return {
        "open": node("ProbeWhileOpen", value=start),
        "add": node("ProbeAdd", a=["open", 1], b=2),
        "below": node("ProbeBelow", value=["add", 0], limit=limit),
        "close": node("ProbeWhileClose", flow=["open", 0], go_on=["below", 0], value=["add", 0]),
        "show": node("ContractShow", x=["close", 0]),
    }
