from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine import Folders
from engine.jobs.protocol import (
    Alive,
    Frames,
    RunJob,
    SetUp,
    Told,
    WorkerOptions,
    decode_order,
    decode_word,
    frame,
    plain,
)
from engine.run import events


def test_an_order_arrives_as_it_was_sent() -> None:
    options = WorkerOptions(custom_nodes=(Path("/packs"),), cache="lru")
    set_up = SetUp(
        index=1, folders=Folders.beneath(Path("/base")), options=options, results=Path("/r")
    )
    run = RunJob(
        job="j",
        graph=b"{}",
        targets=("1",),
        extra_data=b"{}",
        client=None,
        secrets={"a": "b"},
        previews=None,
    )
    frames = list(Frames().feed(frame(set_up) + frame(run)))
    assert [decode_order(one) for one in frames] == [set_up, run]


@given(st.lists(st.integers(0, 400), max_size=20), st.integers(1, 50))
def test_frames_are_found_however_the_stream_is_cut(sizes: list[int], cut: int) -> None:
    told = [
        Told(job="j", events=[events.ProgressText(job="j", node="1", display_node="1",
                                                  text="x" * size)])
        for size in sizes
    ]  # fmt: skip
    stream = b"".join(map(frame, told))
    frames = Frames()
    found = [
        decode_word(content)
        for start in range(0, len(stream), cut)
        for content in frames.feed(stream[start : start + cut])
    ]
    assert found == told


def test_values_of_numpy_arrive_as_plain_ones() -> None:
    import numpy as np

    ui = {"a": [np.float32(1.5), np.arange(2), Path("/x"), {1}]}
    told = Told(job="j", events=[events.NodeFinished(job="j", node="1", display_node="1", ui=ui)])
    (event,) = decode_word(frame(told)[4:]).events  # type: ignore[union-attr]
    assert event.ui == {"a": [1.5, [0, 1], "/x", [1]]}
    assert decode_word(frame(Alive())[4:]) == Alive()


def test_whatever_a_pack_says_becomes_json() -> None:
    endless: list[Any] = []
    endless.append(endless)
    said = plain({"big": 2**80, "huge": 2**2000, 1: ("a", None, True), "half": "\ud800"})
    assert said == {"big": 2.0**80, "huge": str(2**2000)[:64], "1": ["a", None, True], "half": "?"}
    deep = plain(endless)
    for _ in range(64):
        (deep,) = deep
    assert deep == "..."


def test_whole_numbers_of_64_bits_keep_every_digit() -> None:
    assert plain([2**64 - 1, -(2**63), "\ud800"]) == [2**64 - 1, -(2**63), "?"]
