"""A real server in a process of its own, beneath a base folder of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
LOOM = Path(sys.executable).with_name("loom")
PATIENCE = 60.0


class Server:
    """A running server.

    Attributes:
        url: Where it answers, without a slash at the end.
        port: Its TCP port.
        base: Folder with its `input`, `output` and `user`.
        log: What it has written so far.
        process: Its process.
    """

    def __init__(self, process: subprocess.Popen[bytes], port: int, base: Path) -> None:
        self.process = process
        self.port = port
        self.base = base
        self.url = f"http://127.0.0.1:{port}"
        self.log = base / "server.log"

    def answers(self) -> bool:
        """Tell whether it answers by now."""
        try:
            with urllib.request.urlopen(f"{self.url}/prompt", timeout=10) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError):
            return False

    def wait(self) -> None:
        """Wait until it answers.

        Raises:
            RuntimeError: It ended, or said nothing for a minute.
        """
        until = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server does not answer:\n{self.log.read_text()}")
            time.sleep(0.01)

    def stop(self) -> int:
        """End it as a service manager does; return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


def free_port() -> int:
    """Return a TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(
    base: Path, *options: str, environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run `loom serve` beneath `base` with the starter checkpoint until the block ends."""
    base.mkdir(parents=True, exist_ok=True)
    port = free_port()
    surroundings = {
        **os.environ,
        "LOOM_BASE": str(base),
        "LOOM_MODELS": str(ROOT / "models"),
        "OMP_NUM_THREADS": "1",
        **(environment or {}),
    }
    command = [str(LOOM), "serve", "--port", str(port), *options]
    with (base / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, env=surroundings, cwd=base, stdout=log, stderr=subprocess.STDOUT
        )
    server = Server(process, port, base)
    try:
        server.wait()
        yield server
    finally:
        if process.poll() is None:
            server.stop()
