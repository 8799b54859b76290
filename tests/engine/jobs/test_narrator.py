from __future__ import annotations

import struct
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from engine.jobs.job import Job, Submission, now_ms
from engine.jobs.messages import PREVIEW_FLAG, REPORT_FLAG
from engine.jobs.narrator import Narrator
from engine.run import events
from tests.engine.jobs.house import House, api, house, number, show, steps, tiny

loop = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rough(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


def states(rough: House, job: Job) -> list[dict[str, Any]]:
    return [data["nodes"] for kind, data in rough.told(job) if kind == "progress_state"]


def brief(rough: House, job: Job) -> list[str]:
    """Return the messages as the reference writes them down: `executing 3`, `progress 1/2`."""
    written: list[str] = []
    for kind, data in rough.told(job):
        if kind == "progress_state":
            node, state = list(data["nodes"].items())[-1]
            written.append(f"state {node} {state['state']} {state['value']:g}/{state['max']:g}")
        elif kind == "progress":
            written.append(f"progress {data['node']} {data['value']:g}/{data['max']:g}")
        elif kind == "execution_cached":
            written.append(f"cached {' '.join(data['nodes'])}".strip())
        elif kind in {"executing", "executed"}:
            written.append(f"{kind} {data['node']}")
        else:
            written.append(kind)
    return written


@loop
async def test_a_run_is_told_as_comfyui_tells_it(rough: House) -> None:
    job = await rough.run(api(n1=number(1), n2=steps(["1", 0], 2), n3=show("2")))
    assert brief(rough, job) == [
        "execution_start",
        "cached",
        "state 1 running 0/1",
        "executing 1",
        "state 1 finished 1/1",
        "state 2 running 0/1",
        "executing 2",
        "state 2 running 1/2",
        "progress 2 1/2",
        "state 2 running 2/2",
        "progress 2 2/2",
        "state 2 finished 2/2",
        "state 3 running 0/1",
        "executing 3",
        "executed 3",
        "state 3 finished 1/1",
        "execution_success",
        "executing None",
    ]
    told = dict(rough.told(job))
    assert told["executed"] == {
        "node": "3",
        "display_node": "3",
        "output": {"text": ["1"]},
        "prompt_id": job.id,
    }
    assert set(told["execution_success"]) == {"prompt_id", "timestamp"}
    assert told["progress"] == {"value": 2, "max": 2, "prompt_id": job.id, "node": "2"}
    frame = next(one.frame for _, one in reversed(rough.heard) if one.type == "progress")
    assert b'"value":2,"max":2,' in frame, "whole numbers have no point"
    assert states(rough, job)[-1]["1"] == {
        "value": 1,
        "max": 1,
        "state": "finished",
        "node_id": "1",
        "prompt_id": job.id,
        "display_node_id": "1",
        "parent_node_id": None,
        "real_node_id": "1",
    }
    numbers = [one.sequence for id_, one in rough.heard if id_ == job.id and one.sequence]
    assert numbers == list(range(1, len(numbers) + 1))


@loop
async def test_a_run_from_the_cache_tells_its_targets_only(rough: House) -> None:
    graph = api(n1=number(2), n2=steps(["1", 0], 1), n3=show("2"))
    await rough.run(graph)
    job = await rough.run(graph)
    first, second, *rest = brief(rough, job)
    assert first == "execution_start"
    assert sorted(second.split()[1:]) == ["1", "2", "3"]
    assert rest == ["executed 3", "state 3 finished 1/1", "execution_success", "executing None"]


@loop
async def test_an_error_is_told_with_its_node_its_inputs_and_its_trace(rough: House) -> None:
    death = ("RoughDeath", {"value": ["1", 0], "way": "raise", "times": 9})
    job = await rough.run(api(n1=number(3), n2=death, n3=show("2")))
    kinds = [kind for kind, _ in rough.told(job)]
    assert kinds[-2:] == ["execution_error", "executing"]
    assert "execution_success" not in kinds
    error = next(data for kind, data in rough.told(job) if kind == "execution_error")
    assert set(error) == {
        "prompt_id",
        "node_id",
        "node_type",
        "executed",
        "exception_message",
        "exception_type",
        "traceback",
        "current_inputs",
        "current_outputs",
        "timestamp",
    }
    assert (error["node_id"], error["node_type"]) == ("2", "RoughDeath")
    assert error["exception_message"] == "no, not 3\n"
    assert error["exception_type"] == "ValueError"
    assert error["executed"] == ["1"]
    assert error["current_inputs"]["value"] == [3]
    assert error["current_outputs"] == ["1"]
    assert all(line.startswith("  File ") for line in error["traceback"])
    status = (await rough.entry(job))["status"]
    assert status["messages"][-1] == ["execution_error", error]
    assert (status["status_str"], status["completed"]) == ("error", False)


@loop
async def test_nodes_of_expansions_name_those_that_they_stand_for(rough: House) -> None:
    job = await rough.run(api(n2=("RoughNest", {"value": 4}), n5=show("2")))
    inner = [data for kind, data in rough.told(job) if kind == "executing" and data["node"]]
    assert next(data["node"] for data in inner) == "2"
    assert {data["display_node"] for data in inner if "." in data["node"]} == {"2"}
    last = states(rough, job)[-1]
    child = next(state for node, state in last.items() if "." in node)
    assert child["parent_node_id"] == child["real_node_id"] == child["display_node_id"] == "2"
    shown = next(data for kind, data in rough.told(job) if kind == "executed")
    assert "." in shown["node"]
    assert shown["display_node"] == "2"
    ends = [line for line in brief(rough, job) if line.startswith("state 2 ")]
    assert [line for line in brief(rough, job) if line == "executing 2"] == ["executing 2"]
    assert ends


@loop
@pytest.mark.parametrize("message", ["", "not today"])
async def test_what_is_blocked_is_told_where_there_is_something_to_say(
    rough: House, message: str
) -> None:
    block = ("RoughBlock", {"value": ["1", 0], "message": message})
    job = await rough.run(api(n1=number(5), n2=block, n3=show("2")))
    assert job.state == "success"
    entry = await rough.entry(job)
    assert entry["outputs"] == {}
    assert [name for name, _ in entry["status"]["messages"]][-1] == "execution_success"
    errors = [data for kind, data in rough.told(job) if kind == "execution_error"]
    assert len(errors) == bool(message)
    if message:
        assert errors[0]["exception_type"] == "ExecutionBlocked"
        assert errors[0]["exception_message"] == "Execution Blocked: not today"
        assert errors[0]["node_id"] == "3"
        assert errors[0]["traceback"] == errors[0]["current_outputs"] == []
        assert "timestamp" not in errors[0]


@loop
async def test_a_node_that_runs_for_each_item_of_a_list_is_told_once(rough: House) -> None:
    job = await rough.run(api(n1=("RoughMany", {"count": 3}), n2=show("1")))
    assert brief(rough, job).count("executing 2") == 1
    assert brief(rough, job).count("executed 2") == 1
    assert (await rough.entry(job))["outputs"] == {"2": {"text": ["0", "1", "2"]}}


@loop
async def test_a_job_without_a_client_is_told_to_all_but_for_its_steps(rough: House) -> None:
    job = await rough.run(tiny(6), client=None)
    to_all = {one.type for id_, one in rough.heard if id_ == job.id and one.broadcast}
    to_nobody = {one.type for id_, one in rough.heard if id_ == job.id and not one.broadcast}
    assert to_all == {"progress_state"}
    assert to_nobody >= {"execution_start", "executing", "executed", "execution_success"}
    assert {one.client for id_, one in rough.heard if id_ == job.id} == {None}


@loop
async def test_previews_come_in_both_forms_each_on_its_side_of_the_tick(rough: House) -> None:
    graph = api(n1=("RoughPicture", {"steps": 2, "seconds": 0.2}), n2=show("1"))
    silent = await rough.run(graph)
    assert not any(one.binary for id_, one in rough.heard if id_ == silent.id)
    graph["1"]["inputs"]["steps"] = 3
    job = await rough.run(graph, extra={"preview_method": "auto"})
    said = [one for id_, one in rough.heard if id_ == job.id]
    ticks = [index for index, one in enumerate(said) if one.type == "progress"]
    assert len(ticks) == 3
    for index in ticks:
        labelled, plain = said[index - 1], said[index + 1]
        assert (labelled.only_with, plain.only_without) == (PREVIEW_FLAG, PREVIEW_FLAG)
        assert labelled.sequence == plain.sequence == 0
        kind, form = struct.unpack(">II", plain.frame[:8])
        assert (kind, form) == (1, 1)
        picture = plain.frame[8:]
        assert picture[:2] == b"\xff\xd8"
        kind, length = struct.unpack(">II", labelled.frame[:8])
        assert kind == 4
        label = msgspec.json.decode(labelled.frame[8 : 8 + length])
        assert label == {
            "node_id": "1",
            "prompt_id": job.id,
            "display_node_id": "1",
            "parent_node_id": None,
            "real_node_id": "1",
            "image_type": "image/jpeg",
        }
        assert labelled.frame[8 + length :] == picture


@loop
async def test_what_json_has_no_words_for_is_told_all_the_same(rough: House) -> None:
    job = await rough.run(api(n1=number(7), n2=("RoughOdd", {"value": ["1", 0]})))
    assert job.state == "success"
    odd, value = (await rough.entry(job))["outputs"]["2"]["odd"]
    assert odd["path"] == "/x"
    assert odd["big"] == 2.0**80
    assert odd["not"] is None
    assert value == 7


@loop
async def test_bytes_stay_linear_in_the_nodes_of_a_run(rough: House) -> None:
    def chain(size: int) -> dict[str, Any]:
        nodes = {"n0": ("RoughNumber", {"value": size, "seconds": 0.0})}
        nodes |= {
            f"n{index}": ("Calculate", {"first": [f"{index - 1}", 0], "operation": "add",
                                        "second": 1.0})
            for index in range(1, size)
        }  # fmt: skip
        return api(**nodes, nend=("PreviewAny", {"source": [f"{size - 1}", 0]}))

    async def told(size: int) -> int:
        job = await rough.run(chain(size))
        assert job.state == "success"
        return sum(len(one.frame) for id_, one in rough.heard if id_ == job.id)

    small, large = await told(100), await told(800)
    assert large < 9 * small
    assert large < 800 * 2_000


@loop
async def test_packs_are_heard_within_their_nodes_and_outside_of_them(rough: House) -> None:
    job = await rough.run(api(n1=("RoughLegacy", {"value": 5})))
    assert ("rough.now", {"value": 5}) in rough.told(job)
    await rough.until(lambda: any(one.type == "rough.later" for _, one in rough.heard))
    id_, later = next(one for one in rough.heard if one[1].type == "rough.later")
    assert (id_, later.client, later.broadcast) == ("", None, True)
    assert msgspec.json.decode(later.frame)["data"] == {"big": 2.0**80}


def narrated(*told: events.Event, client: str | None = "me") -> list[Any]:
    job = Job.of(Submission(id="j", prompt=b'{"1":{"class_type":"A"}}', client_id=client))
    return Narrator(job, {}).tell(told)


def test_packs_choose_who_hears_what_they_say() -> None:
    text, mine, binary = narrated(
        events.Custom(job="j", name="crystools.monitor", data={"cpu": 3}),
        events.Custom(job="j", name="own.event", data={}, client="you"),
        events.Custom(job="j", name=7, data=b"abc"),
    )
    assert msgspec.json.decode(text.frame) == {"type": "crystools.monitor", "data": {"cpu": 3}}
    assert (text.client, text.broadcast, mine.client) == (None, True, "you")
    assert (binary.binary, binary.frame) == (True, b"\0\0\0\x07abc")


def test_progress_in_words_is_binary_with_the_nodes_id_in_front() -> None:
    (words,) = narrated(events.ProgressText(job="j", node="12", display_node="12", text="ä"))
    assert words.frame == b"\0\0\0\x03\0\0\0\x0212\xc3\xa4"


def test_reports_and_warnings_are_for_clients_that_know_them() -> None:
    report, warning = narrated(
        events.Report(job="j", node="1", kind="training", data={"loss": 0.5}),
        events.Warned(job="j", node=None, message="careful"),
    )
    assert report.only_with == warning.only_with == REPORT_FLAG


def test_a_second_attempt_counts_on_and_forgets_what_the_first_one_did() -> None:
    job = Job.of(Submission(id="j", prompt=b'{"1":{"class_type":"A"}}'))
    narrator = Narrator(job, {})
    first = narrator.tell([events.Started(job="j", nodes=("1",))])
    narrator.restart()
    second = narrator.tell([events.Started(job="j", nodes=("1",))])
    assert [one.sequence for one in (*first, *second)] == [1, 2, 3, 4]
    record = msgspec.json.decode(narrator.outcome("success").entry)["status"]["messages"]
    assert len(record) == 1


def test_what_another_server_told_is_never_numbered_again() -> None:
    asked = Submission(id="j", prompt=b"{}", created=now_ms() - 50)
    job = Job.of(asked)
    job.resumed = True
    first, _ = Narrator(job, {}).tell([events.Started(job="j", nodes=())])
    assert first.sequence > 50_000


def test_what_nodes_cost_and_which_ones_a_run_may_need_is_for_clients_that_take_reports() -> None:
    told = narrated(
        events.Started(job="j", nodes=("1", "2")),
        events.NodeFinished(job="j", node="1", display_node="1", ui={}, seconds=0.5, peak_bytes=9),
    )
    plan, report = [one for one in told if one.only_with == REPORT_FLAG]
    assert msgspec.json.decode(plan.frame) == {
        "type": "execution_plan",
        "data": {"prompt_id": "j", "nodes": ["1", "2"]},
    }
    cost = msgspec.json.decode(report.frame)["data"]
    assert (cost["node"], cost["seconds"], cost["peak_bytes"]) == ("1", 0.5, 9)


def test_everybody_who_takes_reports_hears_now_and_then_how_far_a_job_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter((0.0, 0.1, 0.3, 0.4, 0.6))
    now = [next(clock)]
    monkeypatch.setattr("engine.jobs.narrator.time", SimpleNamespace(monotonic=lambda: now[0]))
    narrator = Narrator(Job.of(Submission(id="j", prompt=b'{"1":{"class_type":"A"}}')), {})
    step = events.Progress(job="j", node="1", display_node="1", step=1.0, total=2.0)
    said, counts = list[Any](), list[int]()
    for now[0] in clock:
        said = [one for one in narrator.tell([step]) if one.type == "job_progress"]
        counts.append(len(said))
    assert counts == [0, 1, 0, 1]
    (last,) = said
    assert (last.sequence, last.client, last.broadcast) == (0, None, True)
    assert last.only_with == REPORT_FLAG
    assert msgspec.json.decode(last.frame)["data"]["prompt_id"] == "j"
