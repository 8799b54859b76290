"""The secret that every request must carry where more than this machine can reach the server."""

from __future__ import annotations

import os
import secrets
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

NAME = "server_token"
_BYTES = 32
_OWNER_ONLY = 0o600


def load_token(folder: Path) -> str:
    """Return the token of an installation; it is made at the first call.

    Args:
        folder: The file is kept here, readable by its owner alone.

    Raises:
        OSError: The file can be neither read nor made.
    """
    path = folder / NAME
    folder.mkdir(parents=True, exist_ok=True)
    token = _read(path)
    if token:
        return token
    token = secrets.token_urlsafe(_BYTES)
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(token + "\n")
    return token


def _read(path: Path) -> str | None:
    try:
        if stat.S_IMODE(path.stat().st_mode) & ~_OWNER_ONLY:
            path.chmod(_OWNER_ONLY)
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
