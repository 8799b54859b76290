"""`/userdata`: the files of a user, listed, kept, moved and guarded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.engine.http.site import Site, open_site


@pytest.fixture(scope="module", autouse=True)
def _files(site: Site) -> None:
    for name in ("listed/a.json", "listed/B.json", "listed/deep/c.json"):
        site.put(f"user/default/{name}", b"{}")
    site.put("user/default/.hidden", b"{}")
    (site.base / "user/default/listed/empty").mkdir()


def keep(site: Site, name: str, content: bytes = b"x", query: str = "") -> int:
    return site.ask("POST", f"/userdata/{name}{query}", content).status


def test_files_are_listed_relative_to_their_folder(site: Site) -> None:
    assert site.get("/userdata?dir=listed").json == ["B.json", "a.json"]
    deep = site.get("/api/userdata?dir=listed&recurse=true&split=false&full_info=false").json
    assert deep == ["B.json", "a.json", "deep/c.json"]
    split = site.get("/userdata?dir=listed&recurse=true&split=true").json
    assert split[2] == ["deep/c.json", "deep", "c.json"]
    full = site.get("/userdata?dir=listed&recurse=true&split=true&full_info=true").json
    assert [one["path"] for one in full] == deep
    assert set(full[0]) == {"path", "size", "modified", "created"}
    stat = (site.base / "user/default/listed/B.json").stat()
    assert (full[0]["size"], full[0]["modified"]) == (2, pytest.approx(stat.st_mtime))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?dir=", 400),
        ("?dir=missing", 404),
        ("?dir=listed/a.json", 404),
        ("?dir=..", 403),
        ("?dir=%2Fetc", 403),
        ("?dir=listed%2F..%2F..", 403),
    ],
)
def test_folders_that_are_not_there_or_elsewhere_are_refused(
    site: Site, query: str, status: int
) -> None:
    assert site.get(f"/userdata{query}").status == status


def test_the_tree_shows_folders_first(site: Site) -> None:
    found = site.get("/v2/userdata?path=listed").json
    assert [(one["type"], one["path"]) for one in found] == [
        ("directory", "listed/deep"),
        ("directory", "listed/empty"),
        ("file", "listed/a.json"),
        ("file", "listed/B.json"),
        ("file", "listed/deep/c.json"),
    ]
    assert set(found[0]) == {"name", "path", "type"}
    assert set(found[2]) == {"name", "path", "type", "size", "modified"}
    assert "listed" in [one["path"] for one in site.get("/v2/userdata").json]


@pytest.mark.parametrize(
    ("path", "status"), [("listed/a.json", 400), ("missing", 404), ("..", 403), ("%2Fetc", 403)]
)
def test_trees_of_other_things_are_refused(site: Site, path: str, status: int) -> None:
    assert site.get(f"/v2/userdata?path={path}").status == status


def test_a_user_who_kept_nothing_has_no_files(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        assert site.get("/v2/userdata").json == []
        assert site.get("/userdata?dir=workflows").status == 404
        assert site.get("/users").json == {"storage": "server", "migrated": False}


def test_a_file_is_kept_read_and_deleted(site: Site) -> None:
    answer = site.ask("POST", "/userdata/workflows%2Ffoo.json?overwrite=false", b'{"a": 1}')
    assert (answer.status, answer.json) == (200, "workflows/foo.json")
    read = site.get("/userdata/workflows%2Ffoo.json")
    assert read.body == b'{"a": 1}'
    assert read.headers["Content-Disposition"] == 'attachment; filename="foo.json"'
    assert read.headers["X-Content-Type-Options"] == "nosniff"
    full = site.ask("POST", "/api/userdata/workflows%252Ffoo.json?full_info=true", b"[]").json
    assert (full["path"], full["size"]) == ("workflows/foo.json", 2)
    assert site.ask("DELETE", "/userdata/workflows%2Ffoo.json").status == 204
    assert site.ask("DELETE", "/userdata/workflows%2Ffoo.json").status == 404
    assert site.get("/userdata/workflows%2Ffoo.json").status == 404


def test_a_file_is_replaced_unless_the_client_says_no(site: Site) -> None:
    assert keep(site, "one.txt", b"1") == 200
    assert keep(site, "one.txt", b"2", "?overwrite=false") == 409
    assert site.get("/userdata/one.txt").body == b"1"
    assert keep(site, "one.txt", b"3") == 200
    assert site.get("/userdata/one.txt").body == b"3"


def test_of_many_that_keep_a_new_file_at_once_one_wins(site: Site) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(
            lambda number: keep(site, "race.txt", b"%d" % number, "?overwrite=false"), range(16)
        )
    assert sorted(answers) == [200] + [409] * 15


def test_a_file_is_moved(site: Site) -> None:
    keep(site, "from.txt", b"moved")
    keep(site, "taken.txt", b"taken")
    refused = site.ask("POST", "/userdata/from.txt/move/taken.txt?overwrite=false")
    assert refused.status == 409
    moved = site.ask("POST", "/userdata/from.txt/move/new%2Fto.txt?full_info=true")
    assert moved.json["path"] == "new/to.txt"
    assert site.get("/userdata/from.txt").status == 404
    assert site.ask("POST", "/userdata/new%2Fto.txt/move/taken.txt").json == "taken.txt"
    assert site.get("/userdata/taken.txt").body == b"moved"
    assert site.ask("POST", "/userdata/missing.txt/move/x.txt").status == 404
    assert site.ask("POST", "/userdata/taken.txt/move/taken.txt").status == 200
    assert site.get("/userdata/taken.txt").body == b"moved"


@pytest.mark.parametrize(
    "name", ["..%2Fx", "%2Fetc%2Fx", "..%252Fx", "a%2F..%2F..%2Fx", "C:x", "nul", "x%2F", "%00"]
)
def test_files_elsewhere_are_neither_kept_nor_moved(site: Site, name: str) -> None:
    keep(site, "mine.txt", b"mine")
    assert keep(site, name) == 403
    assert site.ask("POST", f"/userdata/mine.txt/move/{name}").status == 403
    assert site.get("/userdata/mine.txt").body == b"mine"
    assert site.get(f"/userdata/{name}").status in {403, 404}


def test_a_folder_is_no_file(site: Site) -> None:
    assert site.get("/userdata/listed").status == 404
    assert site.ask("DELETE", "/userdata/listed").status == 404
    assert keep(site, "listed") == 409
    assert keep(site, "listed%2Fa.json%2Fbelow.json") == 409


def test_a_body_beyond_the_limit_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with open_site(tmp_path, max_upload_bytes=1000) as site:
        assert keep(site, "large.bin", b"x" * 2000) == 413
        assert not list((tmp_path / "user").rglob("*large*"))
        assert not list((tmp_path / "user").rglob(".part-*"))


def test_only_the_style_sheet_of_the_user_opens_as_what_it_is(site: Site) -> None:
    keep(site, "user.css", b"body {}")
    keep(site, "page.html", b"<script>")
    style = site.get("/userdata/user.css")
    assert style.headers["Content-Type"] == "text/css"
    assert style.headers["Content-Disposition"] == 'filename="user.css"'
    page = site.get("/userdata/page.html")
    assert page.headers["Content-Type"] == "application/octet-stream"
    assert page.headers["Content-Disposition"].startswith("attachment")
