"""The WebSocket itself: greetings, flags, who replaces whom, and what was missed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from engine.http.sockets import MOST_WAITING
from engine.http.ws_frame import whole_frame
from tests.engine.http.listener import SECONDS, fresh, listening, node
from tests.engine.http.site import Site, open_site

Api = dict[str, dict[str, Any]]


def shown() -> Api:
    return {"1": node("PrimitiveInt", value=fresh()), "2": node("PreviewAny", source=["1", 0])}


async def greeted(site: Site, query: str, path: str = "ws") -> dict[str, Any]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{site.url}{path}{query}") as socket,
    ):
        return json.loads((await socket.receive(10)).data)


@pytest.mark.parametrize("path", ["ws", "api/ws"])
async def test_the_first_message_is_the_length_of_the_queue_and_who_one_is(
    site: Site, path: str
) -> None:
    first = await greeted(site, "?clientId=abc", path)
    assert first == {
        "type": "status",
        "data": {"status": {"exec_info": {"queue_remaining": 0}}, "sid": "abc"},
    }


@pytest.mark.parametrize("query", ["", "?clientId=", "?other=1"])
async def test_a_client_without_a_name_gets_one(site: Site, query: str) -> None:
    sid = (await greeted(site, query))["data"]["sid"]
    assert len(sid) == 32
    int(sid, 16)


async def test_a_client_that_comes_after_its_job_hears_that_there_is_something(
    site: Site,
) -> None:
    async with listening(site, "early") as client:
        await client.post("/queue", {"pause": True})
        await client.submit(shown())
        greeting = await greeted(site, "?clientId=late")
        assert greeting["data"]["status"]["exec_info"]["queue_remaining"] == 1
        await client.post("/queue", {"pause": False})
        await client.until("executing", node=None)


def test_clients_are_told_again_and_again_while_jobs_are_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.http.serving._SILENCE", 0.01)

    async def hear_it_often(site: Site) -> None:
        async with listening(site) as client:
            await client.post("/queue", {"pause": True})
            await client.submit(shown())
            left = {"status": {"exec_info": {"queue_remaining": 1}}}
            for _ in range(5):
                assert await client.until("status", **left) == left

    with open_site(tmp_path) as site:
        asyncio.run(hear_it_often(site))


async def test_a_job_begins_when_its_client_has_answered_or_does_not_answer(site: Site) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{site.url}ws?clientId=deaf", autoping=False) as socket,
    ):
        await socket.receive(10)
        kinds: list[Any] = []
        for _ in range(2):
            body = {"prompt": shown(), "client_id": "deaf"}
            async with session.post(f"{site.url}prompt", json=body) as answer:
                assert answer.status == 200
            while True:
                message = await socket.receive(10)
                kinds.append(message.type)
                if message.type is aiohttp.WSMsgType.TEXT:
                    said = json.loads(message.data)
                    if said["type"] == "executing" and said["data"]["node"] is None:
                        break
        # Asked once, it did not answer, and is not asked again.
        assert kinds.count(aiohttp.WSMsgType.PING) == 1


async def test_pings_of_clients_are_answered(site: Site) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{site.url}ws", autoping=False) as socket,
    ):
        await socket.receive(10)
        await socket.ping(b"there?")
        message = await socket.receive(10)
        assert (message.type, message.data) == (aiohttp.WSMsgType.PONG, b"there?")


async def test_flags_are_answered_if_they_are_the_first_that_a_client_says(site: Site) -> None:
    flags = json.dumps({"type": "feature_flags", "data": {"supports_preview_metadata": True}})
    async with listening(site) as client:
        await client.socket.send_str(flags)
        answer = await client.until("feature_flags")
        assert answer["supports_preview_metadata"] is True
        assert answer["max_upload_size"] == site.options.max_upload_bytes
        assert answer["assets"] is False
        await client.socket.send_str(flags)
        await client.run(shown())
        assert len(client.data("feature_flags")) == 1


async def test_flags_that_come_later_are_not_heard(site: Site) -> None:
    async with listening(site) as client:
        await client.socket.send_str(json.dumps({"type": "hello", "data": {}}))
        await client.socket.send_str(json.dumps({"type": "feature_flags", "data": {}}))
        await client.run(shown())
        assert client.data("feature_flags") == []


@pytest.mark.parametrize("said", ["", "{", "[]", "7", "nonsense", "[" * 5000])
async def test_what_is_no_message_is_passed_over(site: Site, said: str) -> None:
    async with listening(site) as client:
        await client.socket.send_str(said)
        await client.socket.send_bytes(b"\0\1")
        await client.run(shown())
        assert client.told()[-1] == "executing None"


async def test_pings_are_answered(site: Site) -> None:
    async with listening(site) as client:
        await client.socket.ping(b"are you there")
        await client.run(shown())


async def test_of_two_connections_of_one_client_the_newer_hears(site: Site) -> None:
    async with listening(site, "twin") as older, listening(site, "twin") as newer:
        await older.socket.close()
        await newer.run(shown())
        assert newer.told()[-1] == "executing None"
    async with listening(site, "twin") as older, listening(site, "twin") as newer:
        await newer.run(shown())
        assert older.frames == []


async def test_messages_that_were_missed_are_sent_again_with_their_numbers(site: Site) -> None:
    async with listening(site, "first") as client:
        id_ = await client.run(shown())
        heard = [data for _, data in client.frames if data.get("prompt_id") == id_]
    url = f"{site.url}ws?clientId=first&job={id_}&after="
    async with aiohttp.ClientSession() as session:
        numbers: list[int] = []
        for known in (0, 2, len(heard)):
            after = numbers[known - 1] if known else 0
            async with session.ws_connect(f"{url}{after}") as socket:
                await socket.receive(10)
                again: list[dict[str, Any]] = []
                while len(again) < len(heard) - known:
                    again.append(json.loads((await socket.receive(10)).data))
            numbers = numbers or [message["sequence"] for message in again]
            assert [message["sequence"] for message in again] == numbers[known:]
            assert [message["data"] for message in again] == heard[known:]
        assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("query", ["?after=x", "?after=99999999999999"])
async def test_a_number_that_is_none_is_refused(site: Site, query: str) -> None:
    assert site.get(f"/ws{query}").status == 400


def test_a_request_that_is_no_websocket_is_refused(site: Site) -> None:
    assert site.get("/ws").status == 400


async def test_many_clients_hear_the_same(site: Site) -> None:
    async with asyncio.TaskGroup() as group, listening(site, "main") as main:
        opened = asyncio.Semaphore(0)

        async def listen(number: int) -> list[str]:
            async with listening(site, f"other {number}") as client:
                opened.release()
                await client.until("status", status={"exec_info": {"queue_remaining": 0}})
                return client.told()

        others = [group.create_task(listen(number)) for number in range(20)]
        for _ in others:
            await opened.acquire()
        await main.run(shown())
    heard = {tuple(one.result()) for one in others}
    assert heard == {("status 1", "status 1", "status 0")}


@pytest.mark.parametrize("size", [0, 80, 90, 100, 65_480, 65_520, 65_560, 200_000])
async def test_messages_of_every_length_arrive_whole(site: Site, size: int) -> None:
    async with listening(site) as client:
        sockets = site.services.sockets

        def send() -> None:
            sockets.send("probe", {"text": "x" * size})
            for socket in sockets.of("me"):
                socket.put(whole_frame(b"\0\0\0\1" + b"\xff" * size, binary=True), "probe")

        site.loop.call_soon_threadsafe(send)
        assert (await client.until("probe"))["text"] == "x" * size
        assert await client.hear() == ("binary 1", b"\xff" * size)


def deaf_client(site: Site) -> socket.socket:
    """Connect as the client `slow`, which takes nothing off its connection."""
    connection = socket.create_connection(site.address)
    connection.sendall(
        b"GET /ws?clientId=slow HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    assert b"101" in connection.recv(20)
    assert eventually(lambda: bool(site.services.sockets.of("slow")))
    return connection


def eventually(wanted: Callable[[], bool]) -> bool:
    until = time.monotonic() + SECONDS
    while not wanted() and time.monotonic() < until:
        time.sleep(0.02)
    return wanted()


def test_a_server_ends_although_a_client_takes_nothing(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        connection = deaf_client(site)
        text = {"text": "x" * 2**20}
        for _ in range(20):
            site.loop.call_soon_threadsafe(site.services.sockets.send, "probe", text, "slow")
    with connection, contextlib.suppress(ConnectionError):
        while connection.recv(2**20):
            pass


def test_a_client_that_takes_nothing_is_cut_off(site: Site) -> None:
    connection = deaf_client(site)
    text = {"text": "x" * 2**20}

    def send() -> None:
        for _ in range(MOST_WAITING // 2**20 + 20):
            site.services.sockets.send("probe", text, "slow")

    site.loop.call_soon_threadsafe(send)
    site.loop.call_soon_threadsafe(site.services.sockets.send, "probe", {}, "slow")
    with connection:
        assert eventually(lambda: not site.services.sockets.of("slow"))


async def test_events_of_a_job_are_there_for_everybody(site: Site) -> None:
    async with listening(site) as client:
        id_ = await client.run(shown())
        told = await client.get(f"/api/jobs/{id_}/events")
        assert [one["sequence"] for one in told["events"]] == list(range(1, told["last"] + 1))
        assert told["job"]["status"] == "completed"
        rest = await client.get(f"/api/jobs/{id_}/events?after={told['last'] - 2}")
        assert rest["events"] == told["events"][-2:]
        none = await client.get(f"/api/jobs/{id_}/events?after={told['last'] + 5}")
        assert none["events"] == []
    assert site.get("/api/jobs/unknown/events").status == 404
