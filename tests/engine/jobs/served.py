"""The server as a process of its own, killed and started again as a test likes."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.engine.jobs.house import PACK

SERVER = Path(__file__).resolve().parents[3] / "server.py"
PATIENCE = 180.0


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server beneath a folder of its own, always on the same port.

    Args:
        base: The folder.
        flags: Further words of the command line.
        packs: Files and folders that become custom nodes.
    """

    def __init__(self, base: Path, *flags: str, packs: Sequence[Path] = (PACK,)) -> None:
        place = base / "custom_nodes"
        place.mkdir(parents=True, exist_ok=True)
        for pack in packs:
            copy = shutil.copytree if pack.is_dir() else shutil.copy
            copy(pack, place / pack.name)
        self.base = base
        self.flags = flags
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(signal.SIGTERM)

    def start(self) -> None:
        """Start the process; it is up some time later."""
        environment = {**os.environ, "LOOM_BASE": str(self.base)}
        command = [sys.executable, SERVER, "--cpu", "--port", str(self.port), *self.flags]
        with (self.base / "server.log").open("ab") as log:
            self._process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def stop(self, how: signal.Signals) -> int:
        """End the process with a signal and wait until it is gone; returns its exit code."""
        assert self._process is not None
        self._process.send_signal(how)
        return self._process.wait(PATIENCE)

    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        assert self._process is not None
        pid = self._process.pid
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        except OSError:
            return []
        return [int(child) for child in children.split()]

    def kill_worker(self) -> None:
        """Kill a worker, if there is one."""
        for pid in self.workers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return the JSON answer; asks again and again while the server is away."""
        deadline = time.monotonic() + PATIENCE
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            try:
                connection.request(method, path, None if body is None else json.dumps(body))
                answer = connection.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < deadline, (self.base / "server.log").read_text()[-3000:]
                time.sleep(0.02)
            else:
                assert answer.status == 200, content
                return json.loads(content) if content else None
            finally:
                connection.close()
