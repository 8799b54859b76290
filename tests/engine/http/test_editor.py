"""Our own editor as a server gives it to browsers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.http import editor
from tests.engine.http.site import Site, open_site

SCRIPT = b"export const words = 'words';"
PAGE = b"<!doctype html><title>Latentloom</title>"
FRONT_END_SCRIPTS = "/extensions/latentloom"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder in which a checkout has the built editor; empty at first."""
    folder = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(editor, "PACKAGED", folder / "packaged")
        patch.setattr(editor, "BUILT", folder)
        yield folder


@pytest.fixture(scope="module")
def unbuilt(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("editor"), web_root="own") as site:
        yield site


@pytest.fixture(scope="module")
def pages(unbuilt: Site, built: Path) -> Site:
    assert b"make web" in unbuilt.get("/").body
    (built / "assets").mkdir()
    (built / "index.html").write_bytes(PAGE)
    script = built / "assets" / "index-1a2b.js"
    script.write_bytes(SCRIPT)
    script.with_suffix(".js.gz").write_bytes(b"gzip")
    script.with_suffix(".js.br").write_bytes(b"brotli")
    (built / "assets" / "elk-3c4d.js").write_bytes(SCRIPT)
    return unbuilt


def test_the_editor_is_served_as_soon_as_it_is_built(pages: Site) -> None:
    for path in ("/", "/?workflow=workflows%2Fa.json", "/?app=workflows%2Fa.json"):
        answer = pages.get(path)
        assert (answer.status, answer.body) == (200, PAGE)
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-cache"


def test_files_named_after_their_content_are_kept_for_ever(pages: Site) -> None:
    answer = pages.get("/assets/elk-3c4d.js")
    assert answer.body == SCRIPT
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [
        ("gzip, deflate, br", "br", b"brotli"),
        ("gzip, deflate", "gzip", b"gzip"),
        ("identity", None, SCRIPT),
    ],
)
def test_files_are_sent_compressed_as_the_browser_takes_them(
    pages: Site, accepted: str, encoding: str | None, body: bytes
) -> None:
    answer = pages.get("/assets/index-1a2b.js", Accept_Encoding=accepted)
    assert answer.headers["Content-Encoding"] == encoding
    assert answer.headers.get_all("Vary") == ["Accept-Encoding"]
    again = pages.get(
        "/assets/index-1a2b.js", Accept_Encoding=accepted, If_None_Match=answer.headers["ETag"]
    )
    assert (again.status, again.body, again.headers["Vary"]) == (304, b"", "Accept-Encoding")
    head = pages.ask("HEAD", "/assets/index-1a2b.js", headers={"Accept-Encoding": accepted})
    assert (head.headers["ETag"], head.body) == (answer.headers["ETag"], b"")
    assert head.headers["Content-Length"] == str(len(body))
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.body == body


def test_the_page_may_run_its_own_scripts_and_nothing_else(pages: Site) -> None:
    policy = pages.get("/").headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["script-src"] == "'self'"
    assert rules["default-src"] == "'none'"
    assert rules["connect-src"] == "'self' blob:"
    assert "http" not in policy


def test_the_scripts_for_the_other_front_end_are_not_offered(pages: Site) -> None:
    assert not [one for one in pages.get("/extensions").json if one.startswith(FRONT_END_SCRIPTS)]


def test_an_installed_editor_goes_before_a_built_one(pages: Site, built: Path) -> None:
    packaged = built / "packaged"
    packaged.mkdir()
    (packaged / "index.html").write_bytes(b"<title>installed</title>")
    assert editor.editor_folder() == packaged
    assert pages.get("/").body == b"<title>installed</title>"
