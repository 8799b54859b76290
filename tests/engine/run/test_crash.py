from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.engine.run.crash_script import bench_at, slow_graph

ROOT = Path(__file__).resolve().parents[3]
SLOW_NODES = {"s0", "s1", "s2", "m0", "m1", "m2", "m3"}


def killed_run(folder: Path, seconds: float) -> set[str]:
    """Run the graph in a process of its own, kill it, and return which nodes had finished."""
    folder.mkdir()
    command = [sys.executable, "-m", "tests.engine.run.crash_script", str(folder)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        while not (folder / "started").exists():
            assert process.poll() is None, "the script could not start"
            time.sleep(0.001)
        time.sleep(seconds)
        process.kill()
    log = folder / "finished"
    return set(log.read_text().split()) if log.exists() else set()


def rerun(folder: Path) -> tuple[set[str], bytes]:
    bench = bench_at(folder)
    result = bench.run(slow_graph(), "m3")
    value = result.values("m3")[0][0]
    bench.close()
    return set(result.executed), value.tobytes()


def check(tmp_path: Path, times: int, seed: int) -> set[int]:
    draw = random.Random(seed)
    _, expected = rerun(tmp_path / "unbroken")
    counts: set[int] = set()
    for number in range(times):
        folder = tmp_path / str(number)
        finished = killed_run(folder, draw.uniform(0, 0.3))
        executed, value = rerun(folder)
        assert value == expected
        assert not executed & finished & SLOW_NODES
        counts.add(len(finished))
    return counts


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    check(tmp_path, times=2, seed=1)


@pytest.mark.slow
def test_a_hundred_killed_runs_end_in_the_same_bytes_and_run_nothing_twice(tmp_path: Path) -> None:
    counts = check(tmp_path, times=100, seed=0)
    assert len(counts) > 4
