from __future__ import annotations

import itertools
import random
import signal
import sys
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from engine.jobs.narrator import DIED
from tests.engine.jobs.house import Api, api, number, steps, tiny
from tests.engine.jobs.served import Server

STANDING = 12


def graph(index: int) -> Api:
    """Return a job that takes a while and writes its result into a file."""
    return api(
        n1=number(index, 0.01),
        n2=steps(["1", 0], 3, 0.005),
        n3=("Calculate", {"first": ["1", 0], "operation": "multiply", "second": ["2", 0]}),
        n4=("RoughSave", {"value": ["3", 0], "name": f"{index}.txt"}),
    )


class Clients:
    """Clients that keep a queue filled, whatever becomes of the server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._numbers = itertools.count(1)
        self.jobs: dict[str, int] = {}
        self.ended: dict[str, Any] = {}
        self.saves_at_end: dict[str, int] = {}
        self._over = threading.Event()

    def submit(self, index: int) -> None:
        """Queue a job; sent again until it is acknowledged, it is one job all the same."""
        id_ = str(uuid.uuid4())
        body = {
            "prompt": graph(index),
            "prompt_id": id_,
            "client_id": f"client {index % 3}",
            "idempotency_key": id_,
        }
        assert self._server.ask("POST", "/prompt", body)["prompt_id"] == id_
        self.jobs[id_] = index

    def work(self) -> None:
        """Keep the queue filled until told to stop."""
        while not self._over.is_set():
            while len(self.jobs) - len(self.ended) < STANDING:
                self.submit(next(self._numbers))
            self.look()
            time.sleep(0.05)

    def look(self) -> None:
        """Note which jobs are over, and how often each had saved its result by then."""
        history = self._server.ask("GET", "/history?max_items=100")
        saves = self.saves()
        for id_, entry in history.items():
            if id_ not in self.ended:
                self.ended[id_] = entry
                self.saves_at_end[id_] = saves[self.jobs[id_]]
                error = failure(entry)
                if error is not None:
                    # Killed twice at the same node: reported, so that the client asks once more.
                    assert error["exception_type"] == DIED, error
                    self.submit(self.jobs[id_])

    def saves(self) -> Counter[int]:
        """Return how often each job's result was saved."""
        path = self._server.base / "saves"
        lines = path.read_text().splitlines() if path.exists() else []
        return Counter(int(line.removesuffix(".txt")) for line in lines)

    def wait_for_one_more(self, working: Future[None]) -> None:
        """Wait until a job ends, so that the server and its worker are at work again."""
        before = len(self.ended)
        while len(self.ended) == before and not working.done():
            time.sleep(0.01)

    def stop(self) -> None:
        """Submit no more."""
        self._over.set()

    def finish(self) -> None:
        """Wait for the jobs that are not over."""
        deadline = time.monotonic() + 300
        while len(self.ended) < len(self.jobs):
            self.look()
            assert time.monotonic() < deadline, self._server.ask("GET", "/queue")
            time.sleep(0.05)


def failure(entry: dict[str, Any]) -> dict[str, Any] | None:
    name, data = entry["status"]["messages"][-1]
    return data if name == "execution_error" else None


def chaos(base: Path, kills: int, seed: int) -> None:
    """Kill a server and its worker at random moments, and check what becomes of the jobs."""
    chance = random.Random(seed)
    with Server(base) as server:
        clients = Clients(server)
        with ThreadPoolExecutor(1) as pool:
            working = pool.submit(clients.work)
            for _ in range(kills):
                clients.wait_for_one_more(working)
                time.sleep(chance.uniform(0.0, 0.5))
                if chance.random() < 0.5:
                    server.stop(signal.SIGKILL)
                    server.start()
                else:
                    server.kill_worker()
                assert not working.done(), working.result()
            clients.stop()
            working.result()
        clients.finish()
        assert server.ask("GET", "/prompt") == {"exec_info": {"queue_remaining": 0}}
        check(server, clients)
        sys.stdout.write(f"{kills} kills, {len(clients.jobs)} jobs\n")


def check(server: Server, clients: Clients) -> None:
    """Make sure that no job is lost, none ran again after its end, and all results are right."""
    done = {id_ for id_, entry in clients.ended.items() if failure(entry) is None}
    assert set(clients.jobs) == set(clients.ended)
    assert {clients.jobs[id_] for id_ in done} == set(clients.jobs.values())
    for id_ in done:
        index = clients.jobs[id_]
        status = clients.ended[id_]["status"]
        assert (status["status_str"], status["completed"]) == ("success", True)
        assert [name for name, _ in status["messages"]].count("execution_success") == 1
        assert (server.base / "output" / f"{index}.txt").read_text() == repr(float(index * index))
        assert clients.saves()[index] == clients.saves_at_end[id_]


def test_no_job_is_lost_and_none_runs_twice_whatever_is_killed(tmp_path: Path) -> None:
    chaos(tmp_path, kills=4, seed=1)


@pytest.mark.slow
def test_two_hundred_kills_cost_no_job(tmp_path: Path) -> None:
    chaos(tmp_path, kills=200, seed=2)


@pytest.mark.slow
def test_ten_thousand_jobs_are_taken_while_others_run(tmp_path: Path) -> None:
    count, clients = 10_000, 8
    with Server(tmp_path) as server:
        server.ask("GET", "/prompt")
        began = time.monotonic()

        def submit(client: int) -> int:
            for index in range(client, count, clients):
                body = {"prompt": tiny(index), "client_id": f"client {client}"}
                server.ask("POST", "/prompt", body)
            return client

        with ThreadPoolExecutor(clients) as pool:
            assert sorted(pool.map(submit, range(clients))) == list(range(clients))
        seconds = time.monotonic() - began
        left = server.ask("GET", "/prompt")["exec_info"]["queue_remaining"]
        assert left < count
        while server.ask("GET", "/prompt")["exec_info"]["queue_remaining"]:
            time.sleep(0.2)
        history = server.ask("GET", "/history?max_items=20000")
        assert len(history) == count
        assert all(entry["status"]["completed"] for entry in history.values())
        sys.stdout.write(f"{count} jobs taken in {seconds:.1f} s, {left} still to run then\n")


def test_a_worker_ends_with_its_server_whatever_it_does(tmp_path: Path) -> None:
    stuck = api(
        n1=("RoughDeath", {"value": 1, "way": "stuck", "times": 9}),
        n2=("RoughShow", {"value": ["1", 0]}),
    )
    with Server(tmp_path) as server:
        server.ask("POST", "/prompt", {"prompt": stuck})
        while not (tmp_path / "notes").exists():
            time.sleep(0.01)
        (worker,) = server.workers()
        server.stop(signal.SIGKILL)
        deadline = time.monotonic() + 30
        while Path(f"/proc/{worker}").exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        server.start()
        server.ask("POST", "/interrupt")
        assert server.ask("GET", "/prompt")["exec_info"]["queue_remaining"] == 1
