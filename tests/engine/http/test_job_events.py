"""Server-sent events: a job as it happens, for observers that come back and those that stall."""

from __future__ import annotations

import asyncio

import aiohttp
import msgspec
import pytest

from engine.http import job_events
from engine.jobs.messages import Message
from tests.engine.http.listener import listening
from tests.engine.http.site import Site
from tests.engine.http.test_ws import shown


async def test_a_stream_of_events_begins_where_it_was_left_and_ends_with_the_job(
    site: Site,
) -> None:
    async with listening(site) as client:
        await client.post("/queue", {"pause": True})
        id_ = await client.submit(shown())
        url = f"{site.url}api/jobs/{id_}/events"
        headers = {"Accept": "text/event-stream"}
        async with client.session.get(url, headers=headers) as stream:
            assert stream.content_type == "text/event-stream"
            first = await stream.content.readuntil(b"\n\n")
            assert b'"status":"pending"' in first
            await client.post("/queue", {"pause": False})
            whole = await asyncio.wait_for(stream.text(), 30)
        events = [one for one in map(parsed, whole.split("\n\n")) if one]
        numbered = [one for one in events if "id" in one]
        assert [int(one["id"]) for one in numbered] == list(range(1, len(numbered) + 1))
        last = msgspec.json.decode(numbered[-1]["data"])
        assert last["data"] == {"node": None, "prompt_id": id_}
        states = [
            msgspec.json.decode(one["data"])["status"]
            for one in events
            if one.get("event") == "job"
        ]
        assert states[-1] == "completed"
        headers["Last-Event-ID"] = numbered[1]["id"]
        async with client.session.get(url, headers=headers) as stream:
            again = [parsed(one) for one in (await stream.text()).split("\n\n")]
        assert [one["id"] for one in again if "id" in one] == [one["id"] for one in numbered[2:]]


async def test_a_browser_that_has_everything_of_a_job_that_is_over_need_not_come_back(
    site: Site,
) -> None:
    async with listening(site) as client:
        id_ = await client.run(shown())
        url = f"{site.url}api/jobs/{id_}/events"
        last = (await client.get(f"/api/jobs/{id_}/events"))["last"]
        headers = {"Accept": "text/event-stream", "Last-Event-ID": str(last)}
        async with client.session.get(url, headers=headers) as stream:
            assert stream.status == 204
        headers["Last-Event-ID"] = str(last - 1)
        async with client.session.get(url, headers=headers) as stream:
            assert f"id: {last}" in await stream.text()


async def test_a_stream_ends_when_its_job_is_taken_away(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_events, "_SILENCE", 0.05)
    async with listening(site) as client:
        await client.post("/queue", {"pause": True})
        id_ = await client.submit(shown())
        headers = {"Accept": "text/event-stream"}
        async with client.session.get(
            f"{site.url}api/jobs/{id_}/events", headers=headers
        ) as stream:
            await stream.content.readuntil(b"\n\n")
            await client.post("/queue", {"delete": [id_]})
            await asyncio.wait_for(stream.read(), 30)
        await client.post("/queue", {"pause": False})


async def test_an_observer_that_takes_nothing_is_cut_off(site: Site) -> None:
    async with listening(site) as client:
        await client.post("/queue", {"pause": True})
        id_ = await client.submit(shown())
        headers = {"Accept": "text/event-stream"}
        async with client.session.get(
            f"{site.url}api/jobs/{id_}/events", headers=headers
        ) as stream:
            await stream.content.readuntil(b"\n\n")
            large = [
                Message(sequence=number, type="report", frame=b'{"data":"%b"}' % (b"x" * 2**20))
                for number in range(1, 80)
            ]
            site.loop.call_soon_threadsafe(site.services.log.add, id_, large)
            with pytest.raises(aiohttp.ClientError):
                await asyncio.wait_for(stream.read(), 30)
        site.loop.call_soon_threadsafe(site.services.log.end, id_)
        await client.post("/queue", {"delete": [id_], "pause": False})


def parsed(event: str) -> dict[str, str]:
    lines = [line.split(": ", 1) for line in event.splitlines() if not line.startswith(":")]
    return dict(line for line in lines if len(line) == 2)  # type: ignore[misc]
