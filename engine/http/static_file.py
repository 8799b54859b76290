"""Files that we or a pack brought along: trusted, with their true types and cache headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from engine.http.media_type import OCTETS, RASTER, media_type
from engine.http.user_path import existing

if TYPE_CHECKING:
    from pathlib import Path

_PAGES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
    ".md": "text/markdown",
    ".map": "application/json",
    ".webmanifest": "application/manifest+json",
    ".wasm": "application/wasm",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".vert": "text/plain",
    ".frag": "text/plain",
    ".glsl": "text/plain",
}
_TEXT = ("text/", "application/json")
_A_DAY = "public, max-age=86400"
USER_STYLE = "user.css"
"""A style sheet that users may make and that pages ask for at every start."""
_ALWAYS_ASK = frozenset({".html", ".js", ".mjs", ".css", ".json", ".md", ".webmanifest"})


def static_file(root: Path, path: str) -> web.FileResponse:
    """Return a file of a front end or a pack.

    Args:
        root: Its folder.
        path: From the URL.

    Raises:
        PathEscapeError: It would leave the folder.
        FileProblemError: There is no such file.
    """
    return trusted_file(existing(root, path))


def trusted_file(path: Path) -> web.FileResponse:
    """Return a file that is known to be ours or a pack's."""
    suffix = path.suffix.lower()
    kind = _PAGES.get(suffix) or media_type(path)
    answer = web.FileResponse(path)
    if path.with_name(f"{path.name}.gz").is_file():
        # What a cache keeps of one encoding is nothing for who takes another.
        answer.headers["Vary"] = "Accept-Encoding"
    if kind != OCTETS:
        text = kind.startswith(_TEXT)
        answer.headers["Content-Type"] = f"{kind}; charset=utf-8" if text else kind
    if suffix in _ALWAYS_ASK:
        answer.headers["Cache-Control"] = "no-cache"
    elif suffix in RASTER:
        answer.headers["Cache-Control"] = _A_DAY
    return answer


def no_style() -> web.Response:
    """Return the style sheet of a user who has made none, so that pages need not complain."""
    return web.Response(content_type="text/css", headers={"Cache-Control": "no-cache"})
