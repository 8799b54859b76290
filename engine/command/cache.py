"""`loom cache`: what the disk tier holds."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from engine.command.amount import in_bytes
from engine.jobs.local import Engine

if TYPE_CHECKING:
    from pathlib import Path


def show_cache(base: Path | None, *, clear: bool) -> int:
    """Print where cached results are and how much they take, or delete them."""
    engine = Engine(base=base)
    folder = engine.folders.cache / "results"
    files = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    size = sum(path.stat().st_size for path in files)
    if clear:
        engine.cache.clear()
        sys.stdout.write(f"deleted {in_bytes(size)} from {folder}\n")
    else:
        sys.stdout.write(f"{in_bytes(size)} in {len(files)} files in {folder}\n")
    return 0
