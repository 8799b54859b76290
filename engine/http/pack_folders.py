"""The folders of node packs, read without running a line of their code."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.http.options import ServeOptions

_DISABLED = ".disabled"


def pack_folders(options: ServeOptions) -> dict[str, Path]:
    """Return the folder of every pack that workers load, by its name, sorted.

    Args:
        options: Where packs are, and which of them are wanted.
    """
    found: dict[str, Path] = {}
    for root in options.custom_nodes:
        for path in _folders(root):
            wanted = options.load_custom_nodes or path.name in options.whitelist
            if wanted and not path.name.startswith((".", "_")) and path.suffix != _DISABLED:
                found.setdefault(path.name, path)
    return dict(sorted(found.items()))


def files_of(folder: Path, suffix: str) -> list[Path]:
    """Return the files in a folder with a suffix, sorted; none where there is no such folder."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == suffix and path.is_file())
    except OSError:
        return []


def files_beneath(folder: Path, suffix: str) -> list[str]:
    """Return the paths of files in a folder and those beneath it, relative and sorted."""
    return sorted(
        Path(directory, name).relative_to(folder).as_posix()
        for directory, _, names in os.walk(folder)
        for name in names
        if name.endswith(suffix)
    )


def _folders(root: Path) -> list[Path]:
    try:
        return sorted(path for path in root.iterdir() if path.is_dir())
    except OSError:
        return []
