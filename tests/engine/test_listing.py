from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from engine.listing import Listings, folders_beneath

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PNG = frozenset({".png"})
LONG_AGO = 1_000_000_000


def grown_old(root: Path) -> None:
    """Let all folders have changed long ago, as in a folder that nobody writes to."""
    for folder, _, _ in os.walk(root):
        os.utime(folder, (LONG_AGO, LONG_AGO))


def test_a_change_in_any_folder_is_seen(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.png").touch()
    listings = Listings()
    for _ in range(2):
        grown_old(tmp_path)
        assert listings.of(tmp_path, PNG) == ("a.png",)
    (tmp_path / "sub" / "b.PNG").touch()
    assert listings.of(tmp_path, PNG) == ("a.png", "sub/b.PNG")
    grown_old(tmp_path)
    assert listings.of(tmp_path, PNG) == ("a.png", "sub/b.PNG")
    (tmp_path / "a.png").unlink()
    assert listings.of(tmp_path, PNG) == ("sub/b.PNG",)


def test_a_folder_that_may_change_within_one_tick_is_looked_at_again(tmp_path: Path) -> None:
    listings = Listings()
    now = time.time_ns()
    os.utime(tmp_path, ns=(now, now))
    assert listings.of(tmp_path, PNG) == ()
    (tmp_path / "a.png").touch()
    os.utime(tmp_path, ns=(now, now))
    assert listings.of(tmp_path, PNG) == ("a.png",)


def test_a_quiet_folder_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.png").touch()
    grown_old(tmp_path)
    listings = Listings()
    assert listings.of(tmp_path, PNG) == ("a.png",)

    def refuse(path: str) -> None:
        raise AssertionError(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert listings.of(tmp_path, PNG) == ("a.png",)


def test_links_are_followed_and_circles_end(tmp_path: Path) -> None:
    root, far = tmp_path / "root", tmp_path / "far"
    for folder in (root / ".git", far):
        folder.mkdir(parents=True)
    (far / "x.png").touch()
    (root / ".git" / "y.png").touch()
    (root / "link").symlink_to(far)
    (far / "back").symlink_to(root)
    assert Listings().of(root, PNG) == ("link/x.png",)


def test_no_folder_has_no_files_until_it_comes(tmp_path: Path) -> None:
    listings = Listings()
    assert listings.of(tmp_path / "none", frozenset()) == ()
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "a").touch()
    assert listings.of(tmp_path / "none", frozenset()) == ("a",)


def test_a_circle_of_links_is_listed_past(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    (tmp_path / "x.png").touch()
    assert Listings().of(tmp_path, PNG) == ("x.png",)


def test_each_real_folder_comes_once_however_many_links_lead_to_it(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    for link in ("a/up", "a/b/top", "a/b/self"):
        (tmp_path / link).symlink_to(tmp_path)
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")
    found = list(folders_beneath(tmp_path))
    assert found == [str(tmp_path), str(tmp_path / "a"), str(tmp_path / "a/b")]
    assert list(folders_beneath(tmp_path / "missing")) == []
