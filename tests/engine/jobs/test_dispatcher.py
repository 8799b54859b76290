from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from tests.engine.jobs.house import House, api, house, number, show, steps, tiny

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rough(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    base = tmp_path_factory.mktemp("house")
    async with house(base, obey_seconds=2.0) as opened:
        yield opened


def death(way: str, value: int, times: int = 1) -> dict[str, dict[str, object]]:
    return api(
        n1=number(value, 0.02),
        n2=("RoughDeath", {"value": ["1", 0], "way": way, "times": times}),
        n3=show("2"),
    )


@pytest.mark.parametrize(
    ("way", "value"), [("segfault", 1), ("kill", 2), ("exit", 3)], ids=["segfault", "kill", "exit"]
)
async def test_a_job_whose_worker_dies_is_tried_once_more_from_its_last_finished_node(
    rough: House, way: str, value: int
) -> None:
    job = await rough.run(death(way, value))
    assert job.state == "success"
    assert job.attempts == 1
    assert rough.notes().count(f"number {value}") == 1
    assert (await rough.entry(job))["outputs"] == {"3": {"text": [str(value)]}}
    assert [kind for kind, _ in rough.told(job)].count("execution_success") == 1


async def test_a_job_that_kills_two_workers_fails_with_the_reason_and_the_queue_goes_on(
    rough: House,
) -> None:
    bad = await rough.put(death("segfault", 11, times=9))
    good = await rough.put(tiny(11))
    assert await rough.ended(bad) == "error"
    assert await rough.ended(good) == "success"
    error = next(data for kind, data in rough.told(bad) if kind == "execution_error")
    assert "SIGSEGV" in error["exception_message"]
    assert error["node_id"] == "2"
    assert error["node_type"] == "RoughDeath"
    assert (await rough.entry(bad))["status"]["status_str"] == "error"


async def test_a_job_that_gets_further_each_time_may_lose_more_workers(rough: House) -> None:
    def death(source: str, way: str) -> tuple[str, dict[str, object]]:
        return "RoughDeath", {"value": [source, 0], "way": way, "times": 1}

    graph = api(
        n1=number(15, 0.02),
        n2=death("1", "kill"),
        n3=steps(["2", 0], 2),
        n4=death("3", "exit"),
        n5=steps(["4", 0], 3),
        n6=death("5", "segfault"),
        n7=show("6"),
    )
    job = await rough.run(graph)
    assert job.state == "success"
    assert {"death kill 15 2", "death exit 15 4", "death segfault 15 6"} <= set(rough.notes())


async def test_an_interrupt_stops_a_job_within_one_step(rough: House) -> None:
    graph = api(n1=steps(21, 500), n2=show("1"))
    job = await rough.put(graph)
    await rough.said(job, "progress")
    assert await rough.dispatcher.interrupt(job.id)
    assert await rough.ended(job) == "interrupted"
    told = (await rough.entry(job))["status"]
    assert told["status_str"] == "error"
    assert told["messages"][-1][0] == "execution_interrupted"
    assert told["messages"][-1][1]["node_id"] == "1"
    assert "stepped 21" not in rough.notes()


def offers(rough: House) -> list[list[str]]:
    """Return what nodes offered, in order."""
    reports = [message.frame for _, message in rough.heard if message.type == "report"]
    data = [msgspec.json.decode(frame)["data"] for frame in reports]
    return [one["data"]["actions"] for one in data if one["kind"] == "controls"]


async def test_a_node_that_runs_is_asked_for_what_it_offers(rough: House) -> None:
    job = await rough.put(api(n1=("RoughOffer", {"value": 100}), n2=show("1")))
    await rough.until(lambda: offers(rough))
    assert offers(rough) == [["more", "stop"]]
    for _ in range(3):
        assert await rough.dispatcher.control(job.id, "1", "more") is None
    refused = await rough.dispatcher.control(job.id, "1", "less")
    assert refused == "node 1 cannot be asked to 'less'; it offers more, stop"
    assert "takes no requests" in str(await rough.dispatcher.control(job.id, "2", "stop"))
    assert await rough.dispatcher.control("another", "1", "stop") == "the job does not run"
    assert await rough.dispatcher.control(job.id, "1", "stop") is None
    assert await rough.ended(job) == "success"
    assert (await rough.entry(job))["outputs"] == {"2": {"text": ["103"]}}
    assert await rough.dispatcher.control(job.id, "1", "stop") == "the job does not run"
    assert offers(rough) == [["more", "stop"], []]


@pytest.mark.slow
async def test_a_node_that_waits_for_a_request_is_not_taken_for_one_that_hangs(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, silent_seconds=8.0) as rough:
        job = await rough.put(api(n1=("RoughOffer", {"value": 1}), n2=show("1")))
        await rough.until(lambda: offers(rough))
        await asyncio.sleep(11)
        assert await rough.dispatcher.control(job.id, "1", "stop") is None
        assert await rough.ended(job) == "success"
        assert job.attempts == 0


async def test_a_worker_that_does_not_obey_an_interrupt_is_killed(rough: House) -> None:
    job = await rough.put(death("deaf", 31))
    await rough.until(lambda: ("executing", "2") in rough.steps(job))
    before = rough.dispatcher.workers()[0].pid
    await rough.dispatcher.interrupt(None)
    assert await rough.ended(job) == "interrupted"
    assert await rough.ended(await rough.put(tiny(31))) == "success"
    assert rough.dispatcher.workers()[0].pid != before


async def test_an_interrupt_of_another_job_does_nothing(rough: House) -> None:
    graph = api(n1=steps(41), n2=show("1"))
    job = await rough.put(graph)
    await rough.said(job, "progress")
    assert not await rough.dispatcher.interrupt("another")
    assert await rough.ended(job) == "success"


async def test_a_waiting_job_is_cancelled_and_never_runs(rough: House) -> None:
    graph = api(n1=steps(51), n2=show("1"))
    first = await rough.put(graph)
    second = await rough.put(tiny(51))
    assert await rough.dispatcher.cancel(second.id)
    assert not await rough.dispatcher.cancel(second.id)
    await rough.ended(first)
    assert await rough.queue.history.entry(second.id) is None
    assert not rough.told(second)


@pytest.mark.parametrize("way", ["freeze", "stuck"])
async def test_a_worker_that_hangs_is_replaced_after_its_silence(tmp_path: Path, way: str) -> None:
    async with house(tmp_path, silent_seconds=2.0) as rough:
        job = await rough.run(death(way, 61))
        assert job.state == "success"
        assert job.attempts == 1


async def test_a_pack_that_kills_workers_as_it_loads_is_left_out(tmp_path: Path) -> None:
    packs = tmp_path / "custom_nodes"
    packs.mkdir()
    (packs / "deadly.py").write_text("import os; os._exit(5)")
    async with house(tmp_path) as rough:
        job = await rough.run(tiny(1))
        assert job.state == "success"
        assert rough.dispatcher.workers()[0].restarts == 2
        assert await rough.dispatcher.foreign_catalogue() == b"{}"


async def test_an_idle_worker_that_dies_is_replaced(rough: House) -> None:
    await rough.run(tiny(71))
    before = rough.dispatcher.workers()[0]
    assert before.pid is not None
    os.kill(before.pid, signal.SIGKILL)
    job = await rough.run(tiny(72))
    after = rough.dispatcher.workers()[0]
    assert job.state == "success"
    assert after.pid != before.pid
    assert after.restarts == before.restarts + 1
    assert after.memory > 0


async def test_only_the_wanted_outputs_run(rough: House) -> None:
    graph = api(
        n1=number(81),
        n2=show("1"),
        n3=number(82),
        n4=show("3"),
    )
    job = await rough.run(graph, targets=["4", "3", "nobody"])
    assert job.submission.targets == ("4",)
    assert list((await rough.entry(job))["outputs"]) == ["4"]
    assert "number 81" not in rough.notes()


async def test_a_paused_queue_begins_nothing(rough: House) -> None:
    await rough.queue.pause()
    job = await rough.put(tiny(91))
    await asyncio.sleep(0.05)
    assert job.state == "waiting"
    await rough.queue.resume()
    assert await rough.ended(job) == "success"


async def test_workers_answer_about_packs_while_they_are_busy(rough: House) -> None:
    graph = api(n1=steps(101, 50), n2=show("1"))
    job = await rough.put(graph)
    await rough.said(job, "progress")
    checked = await rough.dispatcher.check(api(n1=("RoughShow", {})))
    assert [one.kind for one in checked.problems] == ["required_input_missing"]
    catalogue = await rough.dispatcher.foreign_catalogue()
    assert b'"RoughDeath"' in catalogue
    assert b'"KSampler"' not in catalogue
    assert b"Show a number." in (await rough.dispatcher.object_info("RoughShow") or b"")
    assert await rough.dispatcher.object_info("Nothing") is None
    assert job.state == "running"
    await rough.dispatcher.free(unload_models=True, free_memory=True)
    assert await rough.ended(job) == "success"


async def test_a_question_is_asked_again_when_the_worker_dies_over_it(rough: House) -> None:
    await rough.run(tiny(121))
    for _ in range(2):
        pid = rough.dispatcher.workers()[0].pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        asked = asyncio.create_task(rough.dispatcher.check(api(n1=("RoughShow", {}))))
        await asyncio.sleep(0.01)
        os.kill(pid, signal.SIGKILL)
        assert [one.kind for one in (await asked).problems] == ["required_input_missing"]


async def test_percent_and_time_left_are_known_while_a_job_runs(rough: House) -> None:
    graph = api(n1=steps(111, 20), n2=show("1"))
    job = await rough.put(graph)
    await rough.until(lambda: job.percent > 20)
    assert job.percent < 100
    assert job.seconds_left is not None
    assert job.seconds_left > 0
    await rough.ended(job)
    assert job.percent == pytest.approx(100)


async def test_two_workers_run_two_jobs_at_once(tmp_path: Path) -> None:
    async with house(tmp_path, count=2) as rough:
        graphs = [api(n1=steps(value), n2=show("1")) for value in (1, 2)]
        await asyncio.gather(*(rough.run(tiny(value)) for value in range(4)))
        first, second = [await rough.put(graph) for graph in graphs]
        await rough.until(lambda: first.state == second.state == "running")
        assert {first.worker, second.worker} == {0, 1}
        assert {await rough.ended(first), await rough.ended(second)} == {"success"}


async def test_a_stopped_server_goes_on_with_its_job_at_the_next_start(tmp_path: Path) -> None:
    graph = api(
        n1=number(5, 0.02),
        n2=steps(["1", 0], 40),
        n3=show("2"),
    )
    async with house(tmp_path) as rough:
        job = await rough.put(graph)
        later = await rough.put(tiny(5))
        await rough.said(job, "progress")
        last = rough.heard[-1][1].sequence
    assert rough.notes() == ["number 5", "steps 5"]
    async with house(tmp_path) as rough:
        await rough.until(lambda: rough.queue.remaining == 0)
        assert rough.notes() == ["number 5", "steps 5", "steps 5", "stepped 5"]
        entry = await rough.entry(job)
        assert entry["status"]["completed"]
        assert entry["outputs"] == {"3": {"text": ["5"]}}
        assert await rough.log.after(job.id, last) == await rough.log.after(job.id, 0)
        starts = [id_ for id_, one in rough.heard if one.type == "execution_start"]
        assert starts == [job.id, later.id]


async def test_an_interrupted_job_does_not_come_back_with_the_server(tmp_path: Path) -> None:
    async with house(tmp_path) as rough:
        job = await rough.put(death("deaf", 81))
        await rough.until(lambda: ("executing", "2") in rough.steps(job))
        await rough.dispatcher.interrupt(job.id)
    async with house(tmp_path) as rough:
        assert rough.queue.remaining == 0
        status = (await rough.entry(job))["status"]
        assert status["messages"][-1][0] == "execution_interrupted"


@pytest.mark.parametrize("policy", ["none", "classic", "auto"])
async def test_results_are_kept_as_the_cache_policy_says(tmp_path: Path, policy: str) -> None:
    graph = api(n1=number(1, 0.02), n2=show("1"))
    async with house(tmp_path, cache=policy) as rough:
        await rough.run(graph)
        await rough.run(graph)
        within = len(rough.notes())
    async with house(tmp_path, cache=policy) as rough:
        await rough.run(graph)
        afterwards = len(rough.notes()) - within
    assert (within, afterwards) == {"none": (2, 1), "classic": (1, 1), "auto": (1, 0)}[policy]
