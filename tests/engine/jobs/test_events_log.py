from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.jobs import events_log
from engine.jobs.events_log import EventLog
from engine.jobs.history import Outcome
from engine.jobs.messages import Message
from engine.jobs.queue import JobQueue
from tests.engine.jobs.test_queue import put


def message(sequence: int, type_: str = "executing") -> Message:
    return Message(sequence=sequence, type=type_, frame=b"%d" % sequence)


async def test_whoever_missed_messages_gets_them_in_order_during_the_job_and_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_log, "_KEEP_ENDED", 0)
    queue = await JobQueue.open(tmp_path / "q")
    await put(queue, "a")
    job = queue.lease()
    assert job is not None
    log = EventLog(queue.history)
    log.add("a", [message(1), message(2)])
    log.add("a", [message(3)])
    assert await log.after("a", 1) == [message(2), message(3)]
    last = [message(4)]
    outcome = Outcome(
        state="success",
        entry=b'{"outputs":{},"status":{},"meta":{}}',
        summary=b"{}",
        events=log.encoded("a", last),
    )
    await queue.finish(job, outcome)
    log.add("a", last)
    log.end("a")
    assert await log.after("a", 2) == [message(3), message(4)]
    assert await log.after("a", 9) == []
    assert await log.after("nobody", 0) == []
    await queue.close()


async def test_subscribers_hear_everything_until_they_leave(tmp_path: Path) -> None:
    queue = await JobQueue.open(tmp_path / "q")
    log = EventLog(queue.history)
    heard: list[tuple[str, int]] = []

    def hear(job: str, messages: Sequence[Message]) -> None:
        heard.extend((job, one.sequence) for one in messages)

    leave = log.subscribe(hear)
    log.add("a", [message(1), message(2)])
    log.add("a", [])
    leave()
    log.add("a", [message(3)])
    assert heard == [("a", 1), ("a", 2)]
    await queue.close()


async def test_of_previews_the_newest_is_kept_while_the_job_runs(tmp_path: Path) -> None:
    queue = await JobQueue.open(tmp_path / "q")
    log = EventLog(queue.history)
    previews = [
        Message(sequence=0, type="preview", frame=b"%d" % index, binary=True, only_with=flag)
        for index, flag in enumerate(["flag", None, "flag", None])
    ]
    log.add("a", previews)
    assert log.preview("a") == previews[2:]
    assert await log.after("a", 0) == []
    log.end("a")
    assert log.preview("a") == []
    await queue.close()


async def test_reports_without_end_do_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_log, "_MOST_LIVE", 10)
    queue = await JobQueue.open(tmp_path / "q")
    log = EventLog(queue.history)
    log.add("a", [message(1, "execution_start"), message(2), message(3, "executed")])
    for index in range(4, 500):
        log.add("a", [message(index, "report" if index % 2 else "my.pack")])
    kept = [one.sequence for one in await log.after("a", 0)]
    assert len(kept) < 30
    assert kept[:3] == [1, 2, 3]
    assert kept[-5:] == [495, 496, 497, 498, 499]
    await queue.close()


async def test_a_very_long_job_keeps_all_but_its_old_progress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_log, "_MOST_LIVE", 10)
    queue = await JobQueue.open(tmp_path / "q")
    log = EventLog(queue.history)
    for index in range(1, 31):
        log.add("a", [message(index, "executed" if index % 5 == 0 else "progress")])
    kept = [one.sequence for one in await log.after("a", 0)]
    assert len(kept) < 15
    assert {5, 10, 15, 20, 25, 30} <= set(kept)
    assert kept[-3:] == [28, 29, 30]
    assert [one.sequence for one in await log.after("a", 28)] == [29, 30]
    await queue.close()
