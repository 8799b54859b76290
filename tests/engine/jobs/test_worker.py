from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine import Folders
from engine.jobs.protocol import (
    Ended,
    Frames,
    Loaded,
    RunJob,
    SetUp,
    StopJob,
    Told,
    WorkerOptions,
    decode_word,
    frame,
)
from engine.jobs.recorder import new_page

Line = tuple[subprocess.Popen[bytes], socket.socket]


@contextmanager
def worker(server: int | None = None) -> Iterator[Line]:
    ours, theirs = socket.socketpair()
    ours.settimeout(60)
    page = new_page()
    passed = (theirs.fileno(), page)
    command = [sys.executable, "-m", "engine.jobs.worker", *map(str, passed)]
    process = subprocess.Popen([*command, str(server or os.getpid())], pass_fds=passed)
    theirs.close()
    os.close(page)
    with ours, process:
        try:
            yield process, ours
        finally:
            process.kill()


def set_up(base: Path) -> bytes:
    options = WorkerOptions(cpu=True)
    return frame(SetUp(index=0, folders=Folders.beneath(base), options=options, results=None))


def words(connection: socket.socket, until: type) -> list[object]:
    frames, found = Frames(), []
    while not found or not isinstance(found[-1], until):
        found += [decode_word(one) for one in frames.feed(connection.recv(2**16))]
    return found


def test_a_worker_ends_when_its_server_closes_the_line(tmp_path: Path) -> None:
    with worker() as (process, server):
        server.sendall(set_up(tmp_path))
        assert isinstance(words(server, Loaded)[-1], Loaded)
        server.close()
        assert process.wait(60) == 0


def test_a_worker_whose_server_died_as_it_started_ends_too() -> None:
    with worker(server=1) as (process, _):
        assert process.wait(60) == 0


def test_an_interrupt_reaches_a_job_that_has_not_begun(tmp_path: Path) -> None:
    graph = b'{"1":{"class_type":"PreviewAny","inputs":{"source":1}}}'
    run = RunJob(
        job="j",
        graph=graph,
        targets=("1",),
        extra_data=b"{}",
        client=None,
        secrets={},
        previews=None,
    )
    with worker() as (_, server):
        server.sendall(set_up(tmp_path) + frame(run) + frame(StopJob(job="j")))
        *_, told, ended = words(server, Ended)
        assert ended == Ended(job="j", state="interrupted")
        assert isinstance(told, Told)
        again = frame(StopJob(job="other")) + frame(run)
        server.sendall(again)
        assert words(server, Ended)[-1] == Ended(job="j", state="success")
