"""The pages of the front end: which folder they are in, and the route that serves the rest."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from engine.errors import FileProblemError
from engine.http.editor import editor_file, editor_folder
from engine.http.node_help import help_text
from engine.http.routing import route
from engine.http.static_file import USER_STYLE, no_style, static_file

if TYPE_CHECKING:
    from engine.http.options import ServeOptions
    from engine.http.services import Services

OFFICIAL = "comfyui_frontend_package"
_DOCS = "comfyui_embedded_docs"
_PAGE = re.compile(r"[A-Za-z-]{2,8}\.md")
_FRESH = {"Cache-Control": "no-cache", "Pragma": "no-cache", "Expires": "0"}
_NO_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Latentloom</title>
<body style="font-family: sans-serif; max-width: 40em; margin: 4em auto; line-height: 1.5">
<h1>Latentloom is running</h1>
<p>Clients can reach it here. The editor is not built yet; in the checkout, say</p>
<pre>make web</pre>
<p>and load this page again. For ComfyUI's editor, stop the server and say</p>
<pre>pip install comfyui-frontend-package
loom serve --web-root comfyui</pre>
<p>What the server answers to is described in <a href="openapi.json">openapi.json</a>.</p>
</body>
</html>
"""


def check_front_end(options: ServeOptions) -> None:
    """Make sure that the front end which the options name is there.

    Raises:
        FileProblemError: It is not.
    """
    root = front_end(options)
    if options.web_root in {None, "own"} or (root is not None and (root / "index.html").is_file()):
        return
    if options.web_root == "comfyui":
        raise FileProblemError(
            "ComfyUI's front end is not installed", hint="pip install comfyui-frontend-package"
        )
    raise FileProblemError(
        "there is no front end in the folder that --web-root names",
        expected="a folder with an index.html",
        got=str(root),
    )


def front_end(options: ServeOptions) -> Path | None:
    """Return the folder with `index.html`; None where no pages are served."""
    if options.web_root == "own":
        return editor_folder()
    if options.web_root == "comfyui":
        package = package_folder(OFFICIAL)
        return None if package is None else package / "static"
    return options.web_root


@functools.cache
def package_folder(name: str) -> Path | None:
    """Return the folder of an installed package, without importing it; None where it is missing."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


@route(
    "GET",
    "/docs/{path:.+}",
    summary="Help texts of nodes: those of comfyui-embedded-docs, else what the nodes declare.",
    tag="front end",
    answers={200: "*/*", 206: "*/*", 304: None},
    api_alias=False,
)
async def get_docs(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the file, or the page `<kind of node>/<language>.md` in English."""
    package, path = package_folder(_DOCS), request.match_info["path"]
    if package is not None:
        with contextlib.suppress(FileProblemError):
            return static_file(package / "docs", path)
    name, _, page = path.partition("/")
    kind = services.registry.get(name)
    if kind is None or not _PAGE.fullmatch(page):
        raise FileProblemError("there is no such help text", got=repr(path))
    return web.Response(text=help_text(kind.spec), content_type="text/markdown")


@route(
    "GET",
    "/",
    summary="The front end.",
    tag="front end",
    answers={200: "text/html", 304: None},
    api_alias=False,
)
async def get_page(_: web.Request, services: Services) -> web.StreamResponse:
    """Answer with its page; browsers ask again each time."""
    root = front_end(services.options)
    if root is None:
        return web.Response(text=_NO_PAGE, content_type="text/html", headers=_FRESH)
    answer = _file(services.options, root, "index.html")
    answer.headers.update(_FRESH)
    return answer


@route(
    "GET",
    "/{path:.+}",
    summary="A file of the front end.",
    tag="front end",
    answers={200: "*/*", 206: "*/*", 304: None},
    api_alias=False,
)
async def get_page_file(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the file; it is the last route that is tried."""
    root, path = front_end(services.options), request.match_info["path"]
    if root is not None:
        if path == USER_STYLE and not (root / path).exists():
            return no_style()
        with contextlib.suppress(FileProblemError):
            return _file(services.options, root, path)
    # Whether a path is missing or would lead out of the folder is the same to the browser.
    raise FileProblemError("there is nothing here", got=repr(request.path))


def _file(options: ServeOptions, root: Path, path: str) -> web.FileResponse:
    return editor_file(root, path) if options.web_root == "own" else static_file(root, path)
