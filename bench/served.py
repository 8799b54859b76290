"""A server that is measured: started, timed, weighed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOM = Path(sys.executable).with_name("loom")
PATIENCE = 60.0
MIB = 2**20
ASKED = b"GET /prompt HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


class Served:
    """A running server.

    Attributes:
        port: Its TCP port.
        seconds: From the start of its process to its first answer 200.
    """

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = process
        self.port = port
        began = time.perf_counter()
        while not self._answers():
            if process.poll() is not None or time.perf_counter() - began > PATIENCE:
                raise AssertionError("the server does not answer")
            time.sleep(0.002)
        self.seconds = time.perf_counter() - began

    def memory(self) -> float:
        """Return the server's proportional share of memory in MiB."""
        return _share(self._process.pid)

    def worker_memory(self) -> float:
        """Return that of the largest process beneath it in MiB; 0 where there is none."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return max((_share(int(pid)) for pid in children.read_text().split()), default=0.0)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)) as s:
            s.sendall(ASKED)
            return s.recv(64).startswith(b"HTTP/1.1 200")
        return False


@contextlib.contextmanager
def served(base: Path) -> Iterator[Served]:
    """Run `loom serve` beneath a folder until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {**os.environ, "LOOM_BASE": str(base)}
    with (base / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [LOOM, "serve", "--port", str(port)], env=environment, stdout=log, stderr=log
        )
    try:
        yield Served(process, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _share(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    line = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) * 1024 / MIB
