"""`/queue`, `/history`, `/api/jobs`, `/interrupt`, `/free`: what clients see of jobs."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.engine.http.listener import Listener, fresh, listening, node
from tests.engine.http.site import Site, open_site

Api = dict[str, dict[str, Any]]
PAUSE, RESUME = {"pause": True}, {"pause": False}


def shown() -> Api:
    return {"1": node("PrimitiveInt", value=fresh()), "2": node("PreviewAny", source=["1", 0])}


def failing() -> Api:
    """A division that has no result."""
    return {
        "1": node("Calculate", first=fresh(), operation="divide", second=0),
        "2": node("PreviewAny", source=["1", 0]),
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("queue")) as server:
        yield server


@pytest.fixture
async def client(site: Site) -> AsyncIterator[Listener]:
    """A client of a server whose queue and history are empty."""
    async with listening(site, uuid.uuid4().hex) as listener:
        await listener.post("/queue", {"clear": True, **RESUME})
        await listener.post("/history", {"clear": True})
        listener.frames.clear()
        yield listener


def ids(items: list[Any]) -> list[str]:
    return [item[1] for item in items]


async def held(client: Listener, count: int, **more: Any) -> list[str]:
    """Queue jobs that wait."""
    await client.post("/queue", PAUSE)
    return [await client.submit(shown(), **more) for _ in range(count)]


async def test_what_waits_is_shown_in_the_order_in_which_it_will_run(client: Listener) -> None:
    first, second = await held(client, 2)
    front = await client.submit(shown(), front=True)
    last = await client.submit(shown(), number=10_000)
    state = await client.get("/queue")
    assert state["queue_running"] == []
    assert state["paused"] is True
    assert ids(state["queue_pending"]) == [front, first, second, last]
    number, id_, prompt, extra, targets = state["queue_pending"][1]
    assert isinstance(number, int)
    assert id_ == first
    assert set(prompt) == {"1", "2"}
    assert extra["client_id"] == client.client
    assert targets == ["2"]
    assert await client.get("/api/queue") == state
    assert (await client.get("/prompt"))["exec_info"]["queue_remaining"] == 4


async def test_jobs_that_wait_can_be_taken_away(client: Listener) -> None:
    first, second, third = await held(client, 3)
    await client.post("/queue", {"delete": [second, "unknown"]})
    assert ids((await client.get("/queue"))["queue_pending"]) == [first, third]
    await client.post("/queue", {"clear": True})
    assert (await client.get("/queue"))["queue_pending"] == []
    await client.until("status", status={"exec_info": {"queue_remaining": 3}})
    await client.until("status", status={"exec_info": {"queue_remaining": 0}})
    assert client.told()[-3:] == ["status 3", "status 2", "status 0"]


async def test_jobs_that_wait_can_be_moved(client: Listener) -> None:
    first, second, third = await held(client, 3)
    await client.post("/queue", {"move": {"id": third, "before": first}})
    assert ids((await client.get("/queue"))["queue_pending"]) == [third, first, second]
    await client.post("/queue", {"move": {"id": third, "before": None}})
    assert ids((await client.get("/queue"))["queue_pending"]) == [first, second, third]
    await client.post("/queue", {"move": {"id": second, "number": -5}})
    assert ids((await client.get("/queue"))["queue_pending"]) == [second, first, third]
    await client.post("/queue", {"move": {"id": first, "before": first}})
    assert ids((await client.get("/queue"))["queue_pending"]) == [second, first, third]
    await client.post("/queue", RESUME)
    ended = [
        (await client.until("executing", node=None))["prompt_id"] for _ in (first, second, third)
    ]
    assert ended == [second, first, third]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"move": {"id": "unknown", "before": None}}, 404),
        ({"move": {"id": "unknown"}}, 400),
        ({"move": {"id": "unknown", "number": "nan"}}, 400),
        ({"move": {"id": "unknown", "number": "-inf"}}, 400),
        ({"move": 7}, 400),
        ({"delete": 7}, 400),
        ([], 400),
    ],
)
def test_changes_that_make_no_sense_are_refused(site: Site, body: Any, status: int) -> None:
    answer = site.ask("POST", "/queue", json.dumps(body))
    assert answer.status == status
    assert answer.json["error"]["message"]


async def test_a_paused_queue_begins_nothing(client: Listener) -> None:
    (waiting,) = await held(client, 1)
    assert (await client.get(f"/history/{waiting}")) == {}
    await client.post("/queue", RESUME)
    await client.until("executing", node=None, prompt_id=waiting)
    assert waiting in await client.get("/history")


async def test_the_history_is_paged_from_the_oldest(client: Listener) -> None:
    done = [await client.run(shown()) for _ in range(4)]

    async def page(query: str) -> list[str]:
        return list(await client.get(f"/history{query}"))

    assert await page("") == done
    assert await page("?max_items=2") == done[2:]
    assert await page("?max_items=2&offset=-1") == done[2:]
    assert await page("?max_items=2&offset=0") == done[:2]
    assert await page("?max_items=2&offset=1") == done[1:3]
    assert await page("?offset=3") == done[3:]
    assert await page("?offset=0") == done
    assert await page("?offset=99") == []
    assert await page("?max_items=99") == done


@pytest.mark.parametrize("query", ["max_items=x", "offset=x", "max_items=1.5", "offset=1e99"])
def test_a_page_that_is_no_number_is_refused(site: Site, query: str) -> None:
    assert site.get(f"/history?{query}").status == 400


async def test_an_entry_holds_prompt_outputs_status_and_meta(client: Listener) -> None:
    id_ = await client.run(shown())
    whole = await client.get(f"/history/{id_}")
    assert list(whole) == [id_]
    entry = whole[id_]
    assert set(entry) == {"prompt", "outputs", "status", "meta"}
    assert entry["status"]["status_str"] == "success"
    assert entry["status"]["completed"] is True
    assert [kind for kind, _ in entry["status"]["messages"]] == [
        "execution_start",
        "execution_cached",
        "execution_success",
    ]
    assert entry["status"]["messages"][1][1]["nodes"] == []
    assert entry["meta"]["2"] == {
        "node_id": "2",
        "display_node": "2",
        "parent_node": None,
        "real_node_id": "2",
    }
    assert await client.get(f"/api/history/{id_}") == whole


async def test_entries_can_be_forgotten(client: Listener) -> None:
    first, second, third = [await client.run(shown()) for _ in range(3)]
    await client.post("/history", {"delete": [second, "unknown"]})
    assert list(await client.get("/history")) == [first, third]
    assert await client.get(f"/history/{second}") == {}
    await client.post("/history", {"clear": True})
    assert await client.get("/history") == {}


async def test_an_interrupt_of_what_does_not_run_does_nothing(client: Listener) -> None:
    for body in (None, {"prompt_id": "unknown"}, {"prompt_id": None}, [], 7):
        await client.post("/interrupt", body)
    id_ = await client.run(shown())
    assert (await client.entry(id_))["status"]["completed"]


@pytest.mark.parametrize("body", ["", "{", "nonsense"])
def test_an_interrupt_needs_no_body_that_makes_sense(site: Site, body: str) -> None:
    assert site.ask("POST", "/interrupt", body).status == 200
    assert site.ask("POST", "/api/interrupt", body).status == 200


async def test_freeing_drops_what_was_kept(client: Listener) -> None:
    graph = shown()
    await client.run(graph)
    await client.post("/free", {"unload_models": True, "free_memory": True})
    await client.post("/free", {})
    client.frames.clear()
    await client.run(graph)
    assert client.data("execution_cached")


async def test_jobs_are_listed_with_what_became_of_them(client: Listener) -> None:
    done = await client.run(shown())
    failed = await client.run(failing())
    (waiting,) = await held(client, 1)
    listed = await client.get("/api/jobs")
    assert [job["id"] for job in listed["jobs"]] == [waiting, failed, done]
    assert listed["pagination"] == {"offset": 0, "limit": None, "total": 3, "has_more": False}
    pending, broken, good = listed["jobs"]
    assert pending["status"] == "pending"
    assert "execution_start_time" not in pending
    assert isinstance(pending["create_time"], int)
    assert broken["status"] == "failed"
    error = broken["execution_error"]
    for name in ("node_id", "node_type", "exception_message", "exception_type"):
        assert isinstance(error[name], str)
    assert isinstance(error["traceback"], list)
    assert good["status"] == "completed"
    assert good["execution_start_time"] <= good["execution_end_time"]
    assert good["outputs_count"] == 0
    assert good["preview_output"]["nodeId"] == "2"
    assert good["preview_output"]["mediaType"] == "text"
    assert None not in good.values()
    assert {job["client_id"] for job in listed["jobs"]} == {client.client}
    assert listed["paused"]


async def test_a_list_tells_what_workflows_are_called_and_which_job_is_next(
    client: Listener,
) -> None:
    titled = {"workflow_title": "portrait"}
    endless = await client.run(shown(), extra_data={"workflow_title": "x" * 100_000})
    listed = {job["id"]: job for job in (await client.get("/api/jobs"))["jobs"]}
    assert listed[endless]["title"] == "x" * 200
    await client.post("/history", {"delete": [endless]})
    done = await client.run(shown(), extra_data=titled)
    first, second = await held(client, 2, extra_data=titled)
    await client.post("/queue", {"move": {"id": second, "before": first}})
    listed = {job["id"]: job for job in (await client.get("/api/jobs"))["jobs"]}
    assert {job["title"] for job in listed.values()} == {"portrait"}
    assert (listed[second]["place"], listed[first]["place"]) == (0, 1)
    assert "place" not in listed[done]


async def test_the_list_is_filtered_sorted_and_cut(client: Listener) -> None:
    pnginfo = {"extra_pnginfo": {"workflow": {"id": "flow"}}}
    first = await client.run(shown(), extra_data=pnginfo)
    second = await client.run(failing())
    third = await client.run(shown())

    async def found(query: str) -> list[str]:
        return [job["id"] for job in (await client.get(f"/api/jobs?{query}"))["jobs"]]

    assert await found("status=completed") == [third, first]
    assert await found("status=failed,completed&sort_order=asc") == [first, second, third]
    assert await found("workflow_id=flow") == [first]
    assert await found("status=pending") == []
    assert await found("limit=1") == [third]
    assert await found("limit=1&offset=1") == [second]
    assert await found("offset=-5&limit=1") == [third]
    assert len(await found("sort_by=execution_duration")) == 3
    page = (await client.get("/api/jobs?limit=2"))["pagination"]
    assert page == {"offset": 0, "limit": 2, "total": 3, "has_more": True}


@pytest.mark.parametrize(
    "query",
    [
        "status=done",
        "sort_by=name",
        "sort_order=up",
        "limit=0",
        "limit=-1",
        "limit=x",
        "offset=x",
        "limit=99999999999999999999",
    ],
)
def test_a_list_that_cannot_be_made_is_refused(site: Site, query: str) -> None:
    answer = site.get(f"/api/jobs?{query}")
    assert answer.status == 400
    assert isinstance(answer.json["error"], str)


async def test_one_job_shows_its_workflow_and_its_outputs(client: Listener) -> None:
    done = await client.run(shown())
    job = await client.get(f"/api/jobs/{done}")
    assert job["outputs"]["2"]["text"]
    assert job["execution_status"]["completed"]
    assert set(job["workflow"]) == {"prompt", "extra_data"}
    assert set(job["node_reports"]) == {"1", "2"}
    assert job["node_reports"]["2"]["seconds"] >= 0
    (waiting,) = await held(client, 1)
    job = await client.get(f"/api/jobs/{waiting}")
    assert set(job["workflow"]["prompt"]) == {"1", "2"}
    assert "outputs" not in job
    assert job["node_reports"] == {}


def test_an_unknown_job_is_not_found(site: Site) -> None:
    for path in ("/api/jobs/unknown", f"/api/jobs/{uuid.uuid4()}"):
        answer = site.get(path)
        assert answer.status == 404
        assert isinstance(answer.json["error"], str)
    for path in ("/jobs", "/jobs/x", "/api/v2/jobs"):
        assert site.get(path).status == 404


async def test_jobs_are_cancelled_by_their_ids(client: Listener) -> None:
    first, second, third = await held(client, 3)
    assert await client.post(f"/api/jobs/{first}/cancel") == {"cancelled": True}
    assert await client.post(f"/api/jobs/{first}/cancel") == {"cancelled": False}
    assert await client.post("/api/jobs/cancel", {"job_ids": [second]}) == {"cancelled": True}
    unknown = str(uuid.uuid4())
    assert await client.post("/api/jobs/cancel", {"job_ids": [unknown]}) == {"cancelled": False}
    assert ids((await client.get("/queue"))["queue_pending"]) == [third]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("{", None),
        ("[]", None),
        ('{"job_ids": "x"}', None),
        ('{"job_ids": ["not-an-id", 7]}', ["not-an-id", 7]),
    ],
)
def test_a_list_of_ids_that_is_none_is_refused(site: Site, body: str, wrong: Any) -> None:
    answer = site.ask("POST", "/api/jobs/cancel", body)
    assert answer.status == 400
    assert isinstance(answer.json["error"], str)
    assert answer.json.get("invalid_ids") == wrong
