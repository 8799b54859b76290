"""`loom serve` as a process: how it starts, what it prints, how it ends."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import LOOM, ROOT

SECONDS = 30.0


class Serving:
    """A server that printed where it is."""

    def __init__(self, process: subprocess.Popen[str], log: Path, printed: str) -> None:
        self.process = process
        self.log = log
        self.printed = printed
        self.url = printed.split(maxsplit=1)[0]

    def get(self, path: str = "prompt", **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = self.url.partition("?")[0] + path
        with urllib.request.urlopen(urllib.request.Request(url, headers=named)) as answer:
            return json.load(answer)

    def post(self, path: str, body: Any) -> Any:
        url = self.url.partition("?")[0] + path
        with urllib.request.urlopen(url, json.dumps(body).encode()) as answer:
            return json.loads(answer.read() or b"null")

    def run(self, value: int) -> dict[str, Any]:
        """Run a tiny job; returns its entry in the history."""
        graph = {
            "1": {"class_type": "PrimitiveInt", "inputs": {"value": value}},
            "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}},
        }
        id_ = self.post("prompt", {"prompt": graph})["prompt_id"]
        until = time.monotonic() + SECONDS
        while not (entry := self.get(f"history/{id_}")):
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.02)
        return entry[id_]

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(SECONDS)


@contextlib.contextmanager
def started(
    base: Path,
    *arguments: str,
    command: tuple[str, ...] = (str(LOOM), "serve"),
    **environment: str,
) -> Iterator[Serving]:
    """Start a server on a free port and wait until it says where it is."""
    base.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "LOOM_BASE": str(base), **environment}
    port = () if "--port" in arguments else ("--port", "0")
    log = base / "stderr"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [*command, *port, *arguments],
            cwd=base,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    with process:
        assert process.stdout is not None
        printed = process.stdout.readline()
        assert printed, log.read_text()
        try:
            yield Serving(process, log, printed)
        finally:
            process.kill()


def refused(base: Path, *arguments: str) -> tuple[int, str]:
    """Run a server that cannot start; returns its exit code and what it says."""
    environment = {**os.environ, "LOOM_BASE": str(base)}
    done = subprocess.run(
        [str(LOOM), "serve", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_it_prints_where_it_is_runs_jobs_and_ends_on_request(tmp_path: Path) -> None:
    with started(tmp_path) as server:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", server.url)
        assert server.get()["exec_info"] == {"queue_remaining": 0}
        assert server.run(3)["outputs"]["2"]["text"] == ["3"]
        assert server.stop() == 0
        told = server.log.read_text()
        assert "started" in told
        assert "done" in told
        assert "Traceback" not in told


def test_ctrl_c_ends_it_as_well(tmp_path: Path) -> None:
    with started(tmp_path) as server:
        assert server.stop(signal.SIGINT) == 0


def test_server_py_is_the_same_server(tmp_path: Path) -> None:
    command = (sys.executable, str(ROOT / "server.py"))
    with started(tmp_path, "--listen", "127.0.0.1", "--cpu", command=command) as server:
        assert server.run(4)["status"]["completed"]


def test_comfyuis_flags_start_it_too(tmp_path: Path) -> None:
    flags = (
        "--listen 127.0.0.1 --cache-lru 5 --disable-auto-launch --lowvram --force-fp32 "
        "--output-directory out --preview-method auto --dont-upcast-attention "
        "--temp-directory scratch --disable-xformers --reserve-vram 0.5"
    )
    with started(tmp_path, *flags.split()) as server:
        assert server.run(5)["status"]["completed"]
        told = server.log.read_text()
        for flag in ("--lowvram", "--force-fp32", "--reserve-vram"):
            assert f"{flag} is taken and changes nothing" in told
        assert "--cache-lru" not in told


def test_jobs_and_history_survive_a_restart_on_the_same_port(tmp_path: Path) -> None:
    with started(tmp_path) as server:
        entry = server.run(6)
        server.post("queue", {"pause": True})
        graph = entry["prompt"][2]
        waiting = server.post("prompt", {"prompt": graph})["prompt_id"]
        port = server.url.rstrip("/").rpartition(":")[2]
        assert server.stop() == 0
    with started(tmp_path, "--port", port) as server:
        assert entry["prompt"][1] in server.get("history")
        state = server.get("queue")
        assert state["paused"]
        assert [item[1] for item in state["queue_pending"]] == [waiting]


def test_a_port_that_is_taken_is_an_error_with_a_mend(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, told = refused(tmp_path, "--port", str(taken.getsockname()[1]))
    assert code == 1
    assert "--port" in told


def test_a_second_server_with_the_same_queue_is_refused(tmp_path: Path) -> None:
    with started(tmp_path):
        code, told = refused(tmp_path, "--port", "0")
    assert code == 1
    assert "--user-directory" in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--prot", "1"), "did you mean --port"),
        (("--port", "many"), "--port"),
        (("--port", "70000"), "--port"),
        (("--cache-lru",), "takes one value"),
        (("stray",), "stray"),
    ],
)
def test_a_command_line_that_makes_no_sense_is_code_2(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    code, told = refused(tmp_path, *arguments)
    assert code == 2
    assert words in told


def test_a_front_end_that_is_not_there_is_named(tmp_path: Path) -> None:
    code, told = refused(tmp_path, "--port", "0", "--web-root", str(tmp_path / "none"))
    assert code == 1
    assert "none" in told


def test_the_official_front_end_where_it_is_missing_is_named_with_its_command(
    tmp_path: Path,
) -> None:
    code, told = refused(tmp_path, "--port", "0", "--web-root", "comfyui")
    if code == 0:
        pytest.skip("comfyui-frontend-package is installed beside the server")
    assert code == 1
    assert "pip install comfyui-frontend-package" in told


def test_an_exposed_server_prints_its_token_and_wants_it(tmp_path: Path) -> None:
    with started(tmp_path, "--host", "0.0.0.0") as server:
        found = re.fullmatch(r"http://localhost:(\d+)/\?token=([\w-]{40,})", server.url)
        assert found
        with pytest.raises(urllib.error.HTTPError, match="401"):
            server.get()
        assert server.get(Authorization=f"Bearer {found[2]}")
        kept = tmp_path / "user" / "server_token"
        assert kept.read_text().strip() == found[2]
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        server.stop()
        assert found[2] not in server.log.read_text()


def test_the_log_can_be_json(tmp_path: Path) -> None:
    with started(tmp_path, "--log-json", "--lowvram", "--log-stdout", "--dont-print-server") as one:
        told = json.loads(one.printed)
        assert told["level"] == "info"
        assert "--lowvram" in told["message"]
        assert told["time"].endswith("+00:00")


def test_a_quick_test_loads_everything_and_ends(tmp_path: Path) -> None:
    pack = tmp_path / "custom_nodes" / "told.py"
    pack.parent.mkdir()
    pack.write_text("import pathlib\npathlib.Path('loaded').write_text('yes')\n")
    with started(tmp_path, "--quick-test-for-ci") as server:
        assert server.process.wait(SECONDS) == 0
    assert (tmp_path / "loaded").read_text() == "yes"


def test_packs_named_in_a_file_of_model_paths_are_loaded(tmp_path: Path) -> None:
    pack = tmp_path / "elsewhere" / "packs" / "mine.py"
    pack.parent.mkdir(parents=True)
    pack.write_text(
        "class Mine:\n"
        "    RETURN_TYPES = ('INT',)\n"
        "    FUNCTION = 'run'\n"
        "    @classmethod\n"
        "    def INPUT_TYPES(cls):\n"
        "        return {'required': {}}\n"
        "NODE_CLASS_MAPPINGS = {'Mine': Mine}\n"
    )
    (tmp_path / "elsewhere" / "extra.yaml").write_text("mine:\n  custom_nodes: packs\n")
    with started(tmp_path, "--extra-model-paths-config", "elsewhere/extra.yaml") as server:
        assert server.get("object_info/Mine")["Mine"]["python_module"] == "custom_nodes.mine"
        assert "Mine" in server.get("object_info")


def test_the_server_process_loads_no_model_library(tmp_path: Path) -> None:
    with started(tmp_path) as server:
        server.run(7)
        server.get("object_info")
        maps = Path(f"/proc/{server.process.pid}/maps").read_text()
        assert not re.search(r"libtorch|/numpy/|/scipy/", maps)
        status = Path(f"/proc/{server.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        assert int(found[1]) < 80 * 1024


def test_a_terminal_shows_a_bar_for_each_job(tmp_path: Path) -> None:
    shown, behind = pty.openpty()
    with (
        os.fdopen(shown, "rb", buffering=0) as screen,
        subprocess.Popen(
            [str(LOOM), "serve", "--port", "0"],
            env={**os.environ, "LOOM_BASE": str(tmp_path), "TERM": "xterm"},
            stdout=subprocess.PIPE,
            stderr=behind,
            text=True,
        ) as process,
    ):
        os.close(behind)
        assert process.stdout is not None
        server = Serving(process, tmp_path, process.stdout.readline())
        server.run(8)
        server.stop()
        seen = b""
        with contextlib.suppress(OSError):  # the other end is closed
            while piece := screen.read(65536):
                seen += piece
    assert re.search(rb"job \w{8}: done", seen)
    assert b"Traceback" not in seen


def test_only_the_packs_that_were_named_are_loaded(tmp_path: Path) -> None:
    for name in ("wanted", "other"):
        pack = tmp_path / "custom_nodes" / name / "__init__.py"
        pack.parent.mkdir(parents=True)
        pack.write_text(f"import pathlib\npathlib.Path('{name}.txt').write_text('loaded')\n")
    flags = ("--disable-all-custom-nodes", "--whitelist-custom-nodes", "wanted")
    with started(tmp_path, "--quick-test-for-ci", *flags) as server:
        assert server.process.wait(SECONDS) == 0
    assert [path.name for path in tmp_path.glob("*.txt")] == ["wanted.txt"]


def test_packs_that_are_installed_run_in_workers_alone(tmp_path: Path) -> None:
    facts = tmp_path / "lib" / "installed_pack-1.0.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: installed-pack\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text("[latentloom.nodes]\npack = installed_pack\n")
    (tmp_path / "lib" / "installed_pack.py").write_text(
        "import os, pathlib\n"
        "from engine import node\n"
        "pathlib.Path(f'{os.getpid()}.imported').touch()\n"
        "@node('Installed', category='test', output=True)\n"
        "def installed(*, value: int = 1) -> None:\n"
        "    'Do nothing.'\n"
    )
    with started(tmp_path, PYTHONPATH=str(tmp_path / "lib")) as server:
        assert server.get("object_info/Installed")["Installed"]["category"] == "test"
        graph = {"1": {"class_type": "Installed", "inputs": {"value": 3}}}
        assert server.post("prompt", {"prompt": graph})["node_errors"] == {}
        imported = {path.stem for path in tmp_path.glob("*.imported")}
        assert imported
        assert str(server.process.pid) not in imported
