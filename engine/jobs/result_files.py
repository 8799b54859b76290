"""The files that jobs have saved or shown, for those who delete them with their jobs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from engine.errors import PathEscapeError
from engine.files import WEIGHT_SUFFIXES, beneath
from engine.graph.json_text import items, mapping
from engine.jobs.results import outputs_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from engine.files import Folders
    from engine.jobs.store import Store

_ENTRIES = "SELECT id, entry FROM job WHERE done IS NOT NULL"


class NamedFile(msgspec.Struct, frozen=True):
    """A file as the outputs of a job name it.

    Attributes:
        type: `output` or `temp`.
        subfolder: Beneath that folder; may be empty.
        filename: The last part of its path.
    """

    type: str
    subfolder: str
    filename: str


class Removal(msgspec.Struct, frozen=True):
    """What became of the files of some jobs.

    Attributes:
        deleted: Files that are gone, each as often as it was named in other words.
        kept: So many stay: other jobs show them too, they hold weights, they are links, or the
            system did not let them go.
    """

    deleted: list[NamedFile]
    kept: int


async def remove_files(store: Store, folders: Folders, ids: Sequence[str]) -> Removal:
    """Delete what jobs that are over saved or showed beneath `output` and `temp`.

    A file that another job names stays, since that job still shows it. Weights stay: what was
    trained for hours is no picture. Nothing is followed: a link, or a path that leads through one
    out of its folder, is left alone.

    Args:
        store: Has the jobs.
        folders: Where files are.
        ids: Of the jobs; those that are not over, or unknown, name no files.
    """
    wanted = frozenset(ids)

    def named(connection: sqlite3.Connection) -> tuple[set[NamedFile], set[NamedFile]]:
        own: set[NamedFile] = set()
        others: set[NamedFile] = set()
        for id_, entry in connection.execute(_ENTRIES):
            (own if id_ in wanted else others).update(_files_of(entry))
        return own, others

    own, others = await store.read(named)
    return await asyncio.to_thread(_remove_all, folders, own, others)


def _remove_all(folders: Folders, own: set[NamedFile], others: set[NamedFile]) -> Removal:
    names = {file.filename for file in own}
    shared = {_path_of(folders, file) for file in others if file.filename in names}
    there: dict[Path, list[NamedFile]] = {}
    for file in own:
        if (path := _path_of(folders, file)) is not None:
            there.setdefault(path, []).append(file)
    gone = [path for path in there if path not in shared and _remove(path)]
    return Removal([file for path in gone for file in there[path]], len(there) - len(gone))


def _files_of(entry: bytes) -> Iterator[NamedFile]:
    for shown in outputs_of(entry).values():
        for values in mapping(shown).values():
            yield from _named(items(values))


def _named(values: Iterable[object]) -> Iterator[NamedFile]:
    for value in values:
        told = mapping(value)
        folder, subfolder, name = (told.get(key) for key in ("type", "subfolder", "filename"))
        if folder in {"output", "temp"} and isinstance(name, str) and isinstance(subfolder, str):
            yield NamedFile(str(folder), subfolder, name)


def _path_of(folders: Folders, file: NamedFile) -> Path | None:
    """Return where a file lies, its folders free of ways out; None where there is none."""
    root = folders.output if file.type == "output" else folders.temp
    if not file.filename or "/" in file.filename or "\\" in file.filename:
        return None
    try:
        # Checks the whole name; the last part itself is not followed.
        beneath(root, "/".join(part for part in (file.subfolder, file.filename) if part))
        path = beneath(root, file.subfolder) / file.filename
    except PathEscapeError:
        return None
    return path if path.is_symlink() or path.is_file() else None


def _remove(path: Path) -> bool:
    """Delete a file; False where it stays."""
    if path.is_symlink() or path.suffix.lower() in WEIGHT_SUFFIXES:
        return False
    try:
        path.unlink()
    except OSError:
        return False
    return True
