"""A user's file as an answer that is safe to open in a browser, whatever the file holds."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from engine.http.media_type import is_raster, media_type

if TYPE_CHECKING:
    from os import stat_result
    from pathlib import Path

    from aiohttp.typedefs import LooseHeaders

HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}
"""Headers under which no file can run a script in the name of this server."""


class FileAnswer(web.FileResponse):
    """A file with its ETag, its time and its ranges; a neighbour `x.gz` never stands in for `x`."""

    def _get_file_path_stat_encoding(
        self, accept_encoding: str
    ) -> tuple[Path | None, stat_result, str | None]:
        # Users can put any name into their folders, so `cat.png.gz` must not become `cat.png`.
        del accept_encoding
        return super()._get_file_path_stat_encoding("")


def file_answer(path: Path, *, download: bool | None = None) -> FileAnswer:
    """Return a file of the user's.

    Args:
        path: From the path door.
        download: Browsers save it instead of showing it; None lets them show raster pictures only.
    """
    saved = not is_raster(path) if download is None else download
    headers: LooseHeaders = {
        "Content-Type": media_type(path),
        "Content-Disposition": disposition(path.name, download=saved),
        **HARMLESS,
    }
    return FileAnswer(path, headers=headers)


def disposition(name: str, *, download: bool) -> str:
    """Return the value of `Content-Disposition`; ComfyUI's clients look for `filename="..."`."""
    plain = name.encode("ascii", "replace").decode("ascii")
    quoted = plain.replace("\\", "_").replace('"', "_")
    value = f'filename="{quoted}"'
    if quoted != name:
        value += f"; filename*=UTF-8''{quote(name, safe='')}"
    return f"attachment; {value}" if download else value
