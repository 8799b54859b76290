from __future__ import annotations

import msgspec

from engine.jobs.messages import Speaker
from engine.jobs.node_reports import node_report, reports_of
from engine.run.events import NodeFinished


def finished(node: str, seconds: float, *, cached: bool = False) -> NodeFinished:
    return NodeFinished(
        job="j",
        node=node,
        display_node=node.split(".", maxsplit=1)[0],
        real_node=node.split(".", maxsplit=1)[0],
        ui={},
        cached=cached,
        seconds=seconds,
        peak_bytes=2**40,
    )


def test_a_report_says_what_a_node_cost_and_whose_it_is() -> None:
    assert node_report(finished("2.0.0.1", 0.1234567891)) == {
        "prompt_id": "j",
        "node": "2.0.0.1",
        "display_node": "2",
        "real_node_id": "2",
        "seconds": 0.123457,
        "peak_bytes": 2**40,
        "cached": False,
        "blocked": False,
    }


def test_of_several_reports_about_a_node_the_newest_one_counts() -> None:
    speaker = Speaker("client")
    for event in (finished("1", 1.0), finished("2", 2.0), finished("1", 0.0, cached=True)):
        speaker.say("node_report", node_report(event))
    speaker.say("executing", {"node": None, "prompt_id": "j"})
    told = msgspec.json.decode(reports_of(speaker.take()))
    assert {node: (one["seconds"], one["cached"]) for node, one in told.items()} == {
        "1": (0.0, True),
        "2": (2.0, False),
    }


def test_a_job_of_which_nothing_is_known_has_no_reports() -> None:
    assert reports_of([]) == b"{}"
