"""Files on their way in: whole or not at all, and never in the place of others."""

from __future__ import annotations

import errno
import os
import resource
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.http.part import Part, put_in_place, sweep


def publish(folder: Path, name: str, content: bytes, *, overwrite: bool = False) -> bool:
    with Part(folder) as part:
        part.write(content)
        part.finish()
        return part.publish(folder / name, overwrite=overwrite)


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file of this process may grow beyond 1000 bytes, as on a disk that is nearly full."""
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, before)


def test_a_finished_file_has_its_name_and_nothing_else_is_left(tmp_path: Path) -> None:
    assert publish(tmp_path / "new", "a.txt", b"one")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.txt"]
    assert (tmp_path / "new" / "a.txt").read_bytes() == b"one"


def test_a_file_that_is_there_stays_unless_asked(tmp_path: Path) -> None:
    assert publish(tmp_path, "a.txt", b"one")
    assert not publish(tmp_path, "a.txt", b"two")
    assert (tmp_path / "a.txt").read_bytes() == b"one"
    assert publish(tmp_path, "a.txt", b"three", overwrite=True)
    assert (tmp_path / "a.txt").read_bytes() == b"three"


def test_a_full_disk_adds_nothing_to_a_file(tmp_path: Path, small_files: None) -> None:
    target = tmp_path / "drafts" / "a.jsonl"
    with Part(tmp_path) as part:
        part.write(b"x" * 600)
        part.finish()
        part.append_to(target)
        with pytest.raises(OSError, match="large"):
            part.append_to(target)
    assert target.read_bytes() == b"x" * 600


def test_a_link_that_is_there_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "a.txt").symlink_to(tmp_path / "secret")
    assert not publish(tmp_path, "a.txt", b"new")
    assert publish(tmp_path, "a.txt", b"new", overwrite=True)
    assert (tmp_path / "secret").read_bytes() == b"secret"


def test_what_breaks_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> None:
        with Part(tmp_path) as part:
            part.write(b"half")
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        broken()
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_nothing(tmp_path: Path, small_files: None) -> None:
    with pytest.raises(OSError, match="large") as caught:
        publish(tmp_path, "a.bin", b"x" * 100_000)
    assert caught.value.errno == errno.EFBIG
    assert not list(tmp_path.iterdir())


def test_files_are_as_public_as_the_process_makes_them(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        publish(tmp_path, "a.txt", b"one")
    finally:
        os.umask(mask)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640


def test_content_is_compared_byte_for_byte(tmp_path: Path) -> None:
    (tmp_path / "same").write_bytes(b"abc")
    (tmp_path / "other").write_bytes(b"abd")
    with Part(tmp_path) as part:
        part.write(b"a")
        part.write(b"bc")
        part.finish()
        assert part.is_same_as(tmp_path / "same")
        assert not part.is_same_as(tmp_path / "other")
        assert not part.is_same_as(tmp_path / "missing")
        assert not part.is_same_as(tmp_path)


@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="needs a second file system")
def test_a_part_moves_to_another_file_system(tmp_path: Path) -> None:
    elsewhere = Path("/dev/shm") / f"loom-test-{os.getpid()}"
    try:
        with Part(elsewhere) as part:
            part.write(b"far" * 1000)
            part.finish()
            assert part.publish(tmp_path / "deep" / "a.bin", overwrite=False)
            assert not part.publish(tmp_path / "deep" / "a.bin", overwrite=False)
        assert (tmp_path / "deep" / "a.bin").read_bytes() == b"far" * 1000
        assert len(list((tmp_path / "deep").iterdir())) == 1
        assert not list(elsewhere.iterdir())
    finally:
        elsewhere.rmdir()


def test_a_folder_in_the_place_of_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(IsADirectoryError):
        publish(tmp_path, "folder", b"one", overwrite=True)
    with pytest.raises((FileExistsError, NotADirectoryError)):
        publish(tmp_path, "file/below", b"one", overwrite=True)


def test_a_file_system_without_links_is_served_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", no_links)
    assert publish(tmp_path, "a.txt", b"one")
    assert not publish(tmp_path, "a.txt", b"two")
    assert (tmp_path / "a.txt").read_bytes() == b"one"


def test_a_file_may_be_put_in_its_own_place(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    assert put_in_place(tmp_path / "a", tmp_path / "a", overwrite=True)
    assert (tmp_path / "a").read_bytes() == b"x"


def test_what_killed_uploads_left_is_deleted_and_nothing_else(tmp_path: Path) -> None:
    for name, age in ((".part-old", 7200), (".part-new", 10), ("kept", 7200)):
        (tmp_path / name).write_bytes(b"x")
        then = time.time() - age
        os.utime(tmp_path / name, (then, then))
    sweep(tmp_path)
    sweep(tmp_path / "missing")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".part-new", "kept"]
