from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine.jobs import history
from engine.jobs.history import Outcome
from engine.jobs.queue import JobQueue
from tests.engine.jobs.test_queue import put


async def filled(path: Path, count: int) -> JobQueue:
    queue = await JobQueue.open(path)
    for index in range(count):
        await put(queue, f"j{index}")
        job = queue.lease()
        assert job is not None
        entry = msgspec.json.encode({"outputs": {"1": {"text": [str(index)]}}, "status": {},
                                     "meta": {}})  # fmt: skip
        summary = msgspec.json.encode({"outputs_count": index})
        await queue.finish(
            job, Outcome(state="success", entry=entry, summary=summary, events=b"log")
        )
    return queue


async def ids(queue: JobQueue, *page: Any) -> list[str]:
    return list(msgspec.json.decode(await queue.history.entries(*page)))


async def test_an_entry_holds_the_prompt_as_it_was_queued_and_what_came_of_it(
    tmp_path: Path,
) -> None:
    queue = await filled(tmp_path / "q", 1)
    assert msgspec.json.decode(await queue.history.entry("j0") or b"") == {
        "j0": {
            "prompt": [0, "j0", {"1": {"class_type": "A", "inputs": {"x": "j0"}}}, {}, ["1"]],
            "outputs": {"1": {"text": ["0"]}},
            "status": {},
            "meta": {},
        }
    }
    assert await queue.history.entry("nobody") is None
    await queue.close()


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ((), ["j0", "j1", "j2", "j3", "j4"]),
        ((2,), ["j3", "j4"]),
        ((2, 0), ["j0", "j1"]),
        ((2, -1), ["j3", "j4"]),
        ((2, 3), ["j3", "j4"]),
        ((2, 4), ["j4"]),
        ((None, 3), ["j3", "j4"]),
        ((None, 0), ["j0", "j1", "j2", "j3", "j4"]),
        ((3, 99), []),
        ((0,), []),
    ],
)
async def test_history_is_paged_as_comfyui_pages_it(
    tmp_path: Path, page: tuple[Any, ...], expected: list[str]
) -> None:
    queue = await filled(tmp_path / "q", 5)
    assert await ids(queue, *page) == expected
    await queue.close()


async def test_forgotten_entries_are_gone_for_good(tmp_path: Path) -> None:
    queue = await filled(tmp_path / "q", 4)
    await put(queue, "waiting")
    await queue.history.forget(["j1", "waiting", "nobody"])
    assert await ids(queue) == ["j0", "j2", "j3"]
    await queue.history.forget_all()
    assert await ids(queue) == []
    assert [job.id for job in queue.waiting()] == ["waiting"]
    await queue.close()


async def test_the_oldest_entries_and_logs_are_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST_ENTRIES", 4)
    monkeypatch.setattr(history, "MOST_LOGS", 2)
    queue = await filled(tmp_path / "q", 7)
    assert await ids(queue) == ["j3", "j4", "j5", "j6"]
    logs = [await queue.history.events(f"j{index}") for index in range(7)]
    assert logs == [None] * 5 + [b"log"] * 2
    await queue.close()


async def test_a_job_that_is_over_tells_its_results_and_its_workflow(tmp_path: Path) -> None:
    queue = await filled(tmp_path / "q", 2)
    job = msgspec.json.decode(await queue.history.job("j1") or b"")
    times = {name: job.pop(f"execution_{name}_time") for name in ("start", "end")}
    assert times["start"] <= times["end"]
    assert job == {
        "id": "j1",
        "status": "completed",
        "priority": 1,
        "create_time": 0,
        "outputs_count": 1,
        "outputs": {"1": {"text": ["1"]}},
        "execution_status": {},
        "workflow": {"prompt": {"1": {"class_type": "A", "inputs": {"x": "j1"}}},
                     "extra_data": {}},
    }  # fmt: skip
    await queue.close()
