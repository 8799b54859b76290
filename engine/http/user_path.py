"""What users name, found: every route that takes a path comes through here to the one door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import FileProblemError, PathEscapeError
from engine.files import beneath

if TYPE_CHECKING:
    from pathlib import Path

    from engine.files import Folders

SPECIAL = ("input", "output", "temp")
"""The folders that clients name as `type`."""


def joined(*parts: str) -> str:
    """Return one path of several; empty ones count for nothing, so that none makes a root."""
    return "/".join(part for part in parts if part)


def existing(root: Path, path: str) -> Path:
    """Return a file beneath a folder.

    Args:
        root: The folder.
        path: As the user wrote it.

    Raises:
        PathEscapeError: It would leave the folder.
        FileProblemError: There is no such file.
    """
    found = beneath(root, path)
    if not is_file(found):
        raise FileProblemError("there is no such file", got=repr(path))
    return found


def writable(root: Path, path: str) -> Path:
    """Return where a file beneath a folder would be; the folder itself is no such place.

    Raises:
        PathEscapeError: It would leave the folder, or has no name of its own.
    """
    found = beneath(root, path)
    if found == root.resolve() or path.endswith(("/", "\\", "/.", "\\.")):
        raise PathEscapeError("a file needs a name", got=repr(path))
    return found


def is_file(path: Path) -> bool:
    """Tell whether there is a regular file; what cannot be looked at is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def annotated(name: str, folder: str) -> tuple[str, str]:
    """Return name and folder of ComfyUI's `cat.png [output]`; others are in the folder given."""
    for special in SPECIAL:
        if name.endswith(f"[{special}]"):
            return name.removesuffix(f"[{special}]").removesuffix(" "), special
    return name, folder


def special_root(folders: Folders, kind: str) -> Path | None:
    """Return the folder of `input`, `output` or `temp`; None for every other word."""
    return folders.roots(kind)[0] if kind in SPECIAL else None
