"""Our own editor: where its built files are, and how browsers get them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.http.static_file import static_file

if TYPE_CHECKING:
    from aiohttp import web

PACKAGED = Path(__file__).with_name("pages")
"""Where a wheel has the files."""
BUILT = Path(__file__).parents[2] / "web" / "dist"
"""Where a checkout has them, once they are built."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; "
    "connect-src 'self' blob:; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
"""What the editor may do: its own scripts and this server only. Components bring their styles."""
_FOREVER = "public, max-age=31536000, immutable"
_HASHED = "assets/"


def editor_folder() -> Path | None:
    """Return the folder with the editor's `index.html`; None where it is not built."""
    return next((one for one in (PACKAGED, BUILT) if (one / "index.html").is_file()), None)


def editor_file(root: Path, path: str) -> web.FileResponse:
    """Return a file of the editor, compressed where the build has left it so beside it.

    Args:
        root: From `editor_folder`.
        path: From the URL.

    Raises:
        PathEscapeError: It would leave the folder.
        FileProblemError: There is no such file.
    """
    answer = static_file(root, path)
    answer.headers["Content-Security-Policy"] = POLICY
    if path.startswith(_HASHED):
        # Their names tell their contents.
        answer.headers["Cache-Control"] = _FOREVER
    return answer
