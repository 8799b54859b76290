"""The pages of a front end, and what is there without one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from engine.http.node_help import help_text
from tests.engine.http.site import Site, open_site

SECRET = b"what lies beside the page"
FILES = {
    "index.html": b"<!doctype html><title>page</title>",
    "assets/app-1a2b.js": b"export {}",
    "assets/style.css": b"body {}",
    "assets/logo.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "assets/photo.png": b"png",
    "assets/font.woff2": b"font",
    "assets/data.json": b"{}",
    "assets/module.wasm": b"wasm",
    "assets/unknown.xyz": b"x",
    "scripts/app.js": b"export {}",
    "manifest.webmanifest": b"{}",
    "user.css": b"",
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    base = tmp_path_factory.mktemp("pages")
    for name, content in FILES.items():
        path = base / "page" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (base / "secret.txt").write_bytes(SECRET)
    (base / "page" / "link.txt").symlink_to(base / "secret.txt")
    with open_site(base, web_root=base / "page") as site:
        yield site


def test_the_page_is_asked_for_anew_each_time(pages: Site) -> None:
    answer = pages.get("/")
    assert answer.body == FILES["index.html"]
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Pragma"] == "no-cache"
    assert answer.headers["Expires"] == "0"
    again = pages.get("/", If_None_Match=answer.headers["ETag"])
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    ("name", "kind", "cached"),
    [
        ("assets/app-1a2b.js", "text/javascript; charset=utf-8", "no-cache"),
        ("assets/style.css", "text/css; charset=utf-8", "no-cache"),
        ("assets/data.json", "application/json; charset=utf-8", "no-cache"),
        ("assets/logo.svg", "image/svg+xml", None),
        ("assets/photo.png", "image/png", "public, max-age=86400"),
        ("assets/font.woff2", "font/woff2", None),
        ("assets/module.wasm", "application/wasm", None),
        ("assets/unknown.xyz", "application/octet-stream", None),
        ("scripts/app.js", "text/javascript; charset=utf-8", "no-cache"),
        ("manifest.webmanifest", "application/manifest+json", "no-cache"),
    ],
)
def test_files_have_their_types_and_cache_rules(
    pages: Site, name: str, kind: str, cached: str | None
) -> None:
    answer = pages.get(f"/{name}")
    assert (answer.status, answer.body) == (200, FILES[name])
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Cache-Control"] == cached


@pytest.mark.parametrize(
    "path",
    [
        "/missing.js",
        "/assets",
        "/assets/",
        "/api/assets",
        "/api/index.html",
        "/manager/version",
        "/api/v2/jobs",
        "/link.txt",
        "/..%2Fsecret.txt",
        "/%2e%2e/secret.txt",
        "//secret.txt",
        "//prompt",
        "/prompt/",
        "/assets/..%2F..%2Fsecret.txt",
    ],
)
def test_what_is_not_there_or_elsewhere_is_not_found(pages: Site, path: str) -> None:
    answer = pages.get(path)
    assert answer.status == 404
    assert SECRET not in answer.body


def test_a_page_may_not_be_changed(pages: Site) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert pages.ask(method, "/index.html", b"x").status in {404, 405}


def test_without_a_front_end_there_is_a_page_that_says_how_to_get_one(site: Site) -> None:
    answer = site.get("/")
    assert answer.status == 200
    assert b"make web" in answer.body
    assert b"loom serve --web-root comfyui" in answer.body
    assert site.get("/assets/app.js").status == 404


def test_built_in_nodes_have_help_from_what_they_declare(site: Site) -> None:
    for language in ("en", "de", "zh-TW"):
        answer = site.get(f"/docs/KSampler/{language}.md")
        assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    text = answer.body.decode()
    assert text.startswith("# KSampler\n")
    assert "| `cfg` | FLOAT | 8.0 | 0.0 to 100.0 |" in text
    assert "## Outputs" in text
    for path in ("Nothing/en.md", "KSampler/en.html", "KSampler", "KSampler/..%2Fen.md", "..%2Fx"):
        assert site.get(f"/docs/{path}").status == 404


def test_every_built_in_node_has_a_help_page_whose_tables_hold_together(site: Site) -> None:
    registry = site.services.registry
    for id_ in registry.ids():
        kind = registry.get(id_)
        assert kind
        rows = [line for line in help_text(kind.spec).splitlines() if line.startswith("|")]
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in rows}
        assert widths <= {4, 6}, id_
