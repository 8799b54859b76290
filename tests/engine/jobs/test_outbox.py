from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from engine.jobs.outbox import Outbox
from engine.jobs.protocol import AnyWord, Ended, Frames, Told, decode_word
from engine.run import events

Line = tuple[Outbox, socket.socket]


@pytest.fixture
def line() -> Iterator[Line]:
    ours, theirs = socket.socketpair()
    theirs.settimeout(30)
    with ours, theirs:
        yield Outbox(ours, 32), theirs


def heard(connection: socket.socket, until: type) -> list[AnyWord]:
    frames, words = Frames(), []
    while not words or not isinstance(words[-1], until):
        words += [decode_word(one) for one in frames.feed(connection.recv(2**16))]
    return words


def progress(step: int, preview: Any = None, *, exact: bool = False) -> events.Progress:
    return events.Progress(
        job="j", node="1", display_node="1", step=step, total=9, preview=preview, exact=exact
    )


def test_events_leave_in_order_and_in_few_frames(line: Line) -> None:
    outbox, server = line
    for step in range(1000):
        outbox.add(progress(step))
    outbox.end(Ended(job="j", state="success"))
    *told, ended = heard(server, Ended)
    assert ended == Ended(job="j", state="success")
    assert all(isinstance(word, Told) for word in told)
    steps = [event.step for word in told for event in word.events]  # type: ignore[union-attr]
    assert steps == list(range(1000))
    assert len(told) < 100


def test_what_waits_leaves_soon_without_being_asked_to(line: Line) -> None:
    outbox, server = line
    outbox.add(progress(1))
    (word,) = heard(server, Told)
    assert isinstance(word, Told)


def test_pictures_become_files_and_of_previews_only_the_newest_leaves(line: Line) -> None:
    outbox, server = line
    picture = Image.new("RGB", (8, 4))
    with outbox._sending:  # nothing leaves until all of it is there
        for step in range(3):
            outbox.add(progress(step, picture))
            outbox.add(progress(step, picture, exact=True))
    outbox.end(Ended(job="j", state="success"))
    told = [word for word in heard(server, Ended) if isinstance(word, Told)]
    found = [(event.exact, event.preview) for word in told for event in word.events]  # type: ignore[union-attr]
    previews = [preview for exact, preview in found if not exact]
    results = [preview for exact, preview in found if exact]
    assert [preview is None for preview in previews] == [True, True, False]
    assert previews[-1][0] == "jpeg"
    assert [result[0] for result in results] == ["png"] * 3


def test_a_preview_that_is_no_picture_costs_no_more_than_itself(line: Line) -> None:
    outbox, server = line
    outbox.add(progress(1, object()))
    outbox.end(Ended(job="j", state="success"))
    told = heard(server, Ended)[0]
    assert isinstance(told, Told)
    assert told.events[0].preview is None  # type: ignore[union-attr]


def test_what_no_frame_can_hold_is_said_as_far_as_it_can_be(line: Line) -> None:
    outbox, server = line
    event = events.Failed(
        job="j",
        node="1",
        kind="execution_error",
        problems=("half a letter: \ud800",),
        exception_message="\ud800",
        traceback=("line\n",),
        current_inputs={"seed": [2**64 - 1, 2**70]},
        executed=("0",),
    )
    outbox.add(event)
    outbox.end(Ended(job="j", state="error"))
    told = heard(server, Ended)[0]
    assert isinstance(told, Told)
    (failed,) = told.events
    assert isinstance(failed, events.Failed)
    assert failed.exception_message == "?"
    assert failed.current_inputs == {"seed": [2**64 - 1, 2.0**70]}
    assert failed.executed == ("0",)
