from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine.errors import FileProblemError
from engine.jobs.history import JobsQuery, Outcome
from engine.jobs.job import Job, Submission
from engine.jobs.queue import JobQueue, Receipt


def submission(name: str, number: float = 0, **more: Any) -> Submission:
    prompt = msgspec.json.encode({"1": {"class_type": "A", "inputs": {"x": name}}})
    return Submission(id=name, prompt=prompt, number=number, targets=("1",), **more)


def outcome(state: Any = "success", **summary: Any) -> Outcome:
    entry = b'{"outputs":{},"status":{"status_str":"success"},"meta":{}}'
    return Outcome(state=state, entry=entry, summary=msgspec.json.encode(summary))


async def put(queue: JobQueue, name: str, **more: Any) -> Receipt:
    place = queue.take_number(more.pop("number", None), front=more.pop("front", False))
    return await queue.put(submission(name, place.number, fair=place.fair, **more))


async def done(queue: JobQueue, name: str, **more: Any) -> Job:
    await put(queue, name, **more)
    job = queue.lease()
    assert job is not None
    await queue.finish(job, outcome())
    return job


async def test_a_job_is_on_disk_before_it_is_acknowledged(tmp_path: Path) -> None:
    script = """
import asyncio, os, sys
from pathlib import Path
from engine.jobs.queue import JobQueue
from tests.engine.jobs.test_queue import put

async def main() -> None:
    queue = await JobQueue.open(Path(sys.argv[1]))
    for index in range(20):
        await put(queue, f"job {index}", client_id="me", idempotency_key=str(index))
    queue.lease()
    print(queue.remaining, flush=True)
    os._exit(9)

asyncio.run(main())
"""
    path = tmp_path / "queue.sqlite"
    command = [sys.executable, "-c", script, str(path)]
    ran = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout.strip()) == (9, "20"), ran.stderr
    queue = await JobQueue.open(path)
    assert [job.id for job in queue.waiting()] == [f"job {index}" for index in range(20)]
    assert queue.waiting()[3].item() == [
        3,
        "job 3",
        msgspec.Raw(b'{"1":{"class_type":"A","inputs":{"x":"job 3"}}}'),
        msgspec.Raw(b"{}"),
        ["1"],
    ]
    assert queue.take_number(None, front=False).number == 20
    await queue.close()


async def test_new_jobs_are_told_of_before_they_can_begin_and_only_once(tmp_path: Path) -> None:
    queue = await JobQueue.open(tmp_path / "q")
    told: list[str] = []
    queue.arrived.append(lambda job: told.append(f"{job.id} is {job.state}"))
    queue.wanted.append(lambda: told.append("begin"))
    await put(queue, "a", client_id="me")
    await put(queue, "a", client_id="me")
    assert told == ["a is waiting", "begin"]
    await queue.close()


async def test_what_ran_when_the_server_died_goes_first_and_what_ended_never_runs_again(
    tmp_path: Path,
) -> None:
    queue = await JobQueue.open(tmp_path / "q")
    for name in ("a", "b", "c"):
        await put(queue, name, client_id="me")
    first, second = queue.lease(), queue.lease()
    assert first is not None
    assert second is not None
    await queue.finish(first, outcome())
    await queue.close()
    queue = await JobQueue.open(tmp_path / "q")
    await put(queue, "d", front=True)
    assert [job.id for job in queue.waiting()] == ["b", "d", "c"]
    assert queue.remaining == 3
    await queue.close()


async def test_attempts_outlive_the_server(tmp_path: Path) -> None:
    queue = await JobQueue.open(tmp_path / "q")
    await put(queue, "a")
    job = queue.lease()
    assert job is not None
    queue.give_back(job, died=True)
    await queue.close()
    queue = await JobQueue.open(tmp_path / "q")
    assert [job.attempts for job in queue.waiting()] == [1]
    await queue.close()


async def test_a_second_submission_with_the_same_key_or_id_is_the_same_job(tmp_path: Path) -> None:
    queue = await JobQueue.open(tmp_path / "q")
    first = await put(queue, "a", idempotency_key="key")
    again, same = await asyncio.gather(
        put(queue, "b", idempotency_key="key"), put(queue, "a", idempotency_key="other")
    )
    assert first.new
    assert (again.new, same.new) == (False, False)
    assert again.job is same.job is first.job
    assert queue.remaining == 1
    leased = queue.lease()
    assert leased is not None
    await queue.finish(leased, outcome())
    late = await put(queue, "c", idempotency_key="key")
    assert (late.new, late.job.id, late.job.state) == (False, "a", "success")
    assert queue.remaining == 0
    await queue.close()


async def test_two_equal_submissions_at_once_are_one_job(tmp_path: Path) -> None:
    queue = await JobQueue.open(tmp_path / "q")
    receipts = await asyncio.gather(
        *(put(queue, f"j{index}", idempotency_key="key") for index in range(20))
    )
    assert [receipt.new for receipt in receipts].count(True) == 1
    assert len({id(receipt.job) for receipt in receipts}) == 1
    await queue.close()


async def test_numbers_count_as_comfyui_counts_them(tmp_path: Path) -> None:
    queue = await JobQueue.open(tmp_path / "q")
    taken = [
        queue.take_number(None, front=False),
        queue.take_number(None, front=True),
        queue.take_number(2.5, front=True),
        queue.take_number(float("nan"), front=False),
    ]
    assert [tuple(one) for one in taken] == [(0, True), (-1, False), (2.5, False), (2, True)]
    await queue.close()


async def test_waiting_jobs_are_removed_and_running_ones_are_not(tmp_path: Path) -> None:
    queue = await JobQueue.open(tmp_path / "q")
    for name in ("a", "b", "c", "d"):
        await put(queue, name)
    queue.lease()
    assert await queue.remove(["a", "c", "nobody", "c"]) == ["c"]
    await queue.close()
    queue = await JobQueue.open(tmp_path / "q")
    assert [job.id for job in queue.waiting()] == ["a", "b", "d"]
    await queue.clear()
    assert queue.remaining == 0
    await queue.close()


async def test_moving_and_pausing_outlive_the_server(tmp_path: Path) -> None:
    queue = await JobQueue.open(tmp_path / "q")
    for name in ("a", "b", "c", "d"):
        await put(queue, name, client_id=name)
    assert await queue.move("d", "b")
    assert await queue.move("a", None)
    assert not await queue.move("a", "nobody")
    await queue.pause()
    await queue.close()
    queue = await JobQueue.open(tmp_path / "q")
    assert [job.id for job in queue.waiting()] == ["d", "b", "c", "a"]
    assert queue.paused
    assert queue.lease() is None
    await put(queue, "e")
    await queue.resume()
    assert await queue.move("e", -3)
    job = queue.lease()
    assert job is not None
    assert (job.id, job.number) == ("e", -3)
    await queue.close()


async def test_listeners_hear_of_every_change(tmp_path: Path) -> None:
    queue = await JobQueue.open(tmp_path / "q")
    heard: list[int] = []
    queue.changed.append(lambda: heard.append(queue.remaining))
    await put(queue, "a")
    await put(queue, "b")
    job = queue.lease()
    assert job is not None
    await queue.finish(job, outcome())
    queue.announce()
    await queue.remove(["b"])
    assert heard == [1, 2, 2, 1, 0]
    await queue.close()


async def test_a_queue_belongs_to_one_server_at_a_time(tmp_path: Path) -> None:
    queue = await JobQueue.open(tmp_path / "q")
    with pytest.raises(FileProblemError, match="another server"):
        await JobQueue.open(tmp_path / "q")
    await queue.close()
    await (await JobQueue.open(tmp_path / "q")).close()


async def test_jobs_are_listed_whether_they_are_over_or_not(tmp_path: Path) -> None:
    queue = await JobQueue.open(tmp_path / "q")
    for index, name in enumerate(("a", "b")):
        await done(queue, name, created=index, workflow_id="w" if index else None)
    for index, name in enumerate(("c", "d"), start=2):
        await put(queue, name, created=index, workflow_id="w")
    queue.lease()

    async def listed(**query: Any) -> tuple[list[str], int]:
        jobs, total = await queue.list_jobs(JobsQuery(**query))
        return [msgspec.json.decode(job)["id"] for job in jobs], total

    assert await listed() == (["d", "c", "b", "a"], 4)
    assert await listed(ascending=True, limit=2, offset=1) == (["b", "c"], 4)
    assert await listed(limit=2, offset=2) == (["b", "a"], 4)
    assert await listed(states=frozenset({"waiting", "success"})) == (["d", "b", "a"], 3)
    assert await listed(workflow_id="w", limit=1) == (["d"], 3)
    assert (await listed(by_duration=True))[1] == 4
    job = msgspec.json.decode(await queue.job("d") or b"")
    assert job == {
        "id": "d",
        "status": "pending",
        "priority": 3,
        "create_time": 3,
        "workflow_id": "w",
        "workflow": {"prompt": {"1": {"class_type": "A", "inputs": {"x": "d"}}}, "extra_data": {}},
    }
    assert await queue.job("nobody") is None
    await queue.close()


async def test_paces_are_kept(tmp_path: Path) -> None:
    queue = await JobQueue.open(tmp_path / "q")
    queue.keep_paces({"A": 1.5})
    await queue.close()
    queue = await JobQueue.open(tmp_path / "q")
    assert await queue.paces() == {"A": 1.5}
    await queue.close()
