"""Names of saved files: `<prefix>_<counter>_`, with tokens in the prefix and folders before it."""

import errno
import os
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO

from engine import FileProblemError, SavedName, beneath

SavedPrefix = Annotated[str, SavedName()]
"""What names of saved files begin with; see `place`."""

_COUNTER_DIGITS = 5
_DATE = re.compile(r"%date:([^%/]*)%")
_DATE_PART = re.compile(r"yyyy|yy|MM?|dd?|hh?|mm?|ss?")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a series of files goes.

    Attributes:
        root: The folder that everything stays beneath.
        folder: The folder of the files.
        stem: Start of their names.
    """

    root: Path
    folder: Path
    stem: str

    @property
    def subfolder(self) -> str:
        """The folder as clients name it, relative to the root; empty for the root itself."""
        relative = self.folder.relative_to(self.root.resolve()).as_posix()
        return "" if relative == "." else relative


def place(root: Path, prefix: str, *, width: int = 0, height: int = 0) -> Place:
    """Return where files with a prefix go, and make the folder.

    `%year%`, `%month%`, `%day%`, `%hour%`, `%minute%`, `%second%`, `%width%` and `%height%` in the
    prefix are replaced, `%date:yyyy-MM-dd%` and the like too; `/` in it makes folders.

    Raises:
        PathEscapeError: The prefix leads outside of the root.
        FileProblemError: The folder cannot be made.
    """
    filled = _filled(prefix, {"width": str(width), "height": str(height)})
    target = beneath(root, filled)
    if filled.endswith(("/", "\\")) or target == root.resolve():
        target = target / "_"
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    return Place(root=root, folder=target.parent, stem=target.name)


def save_next(
    where: Place, suffix: str, write: Callable[[BinaryIO], object], batch: int = 0
) -> str:
    """Write one file under the next free number and return its name.

    The file appears whole or not at all: it is written beside its place and then given its name.

    Args:
        where: The series.
        suffix: `.png`.
        write: Writes the content.
        batch: Replaces `%batch_num%`.

    Raises:
        FileProblemError: It cannot be written, such as on a full disk.
    """
    stem = where.stem.replace("%batch_num%", str(batch))
    with writing(where.folder):
        descriptor, draft = tempfile.mkstemp(prefix=".", suffix=".part", dir=where.folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                write(file)
            Path(draft).chmod(0o644)
            return _named(Path(draft), where.folder, stem, suffix)
        finally:
            Path(draft).unlink(missing_ok=True)


class writing:  # noqa: N801 - reads as a sentence: with writing(path)
    """Turns failures to write into errors that say what to do.

    Args:
        path: What is written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Raise `FileProblemError` in place of an `OSError`."""
        if not isinstance(error, OSError) or isinstance(error, FileProblemError):
            return
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        raise FileProblemError(
            f"cannot write to {self._path}",
            got=error.strerror or str(error),
            hint="free some space and run again; what is finished is kept" if full else None,
        ) from error


def _named(draft: Path, folder: Path, stem: str, suffix: str) -> str:
    """Give a finished file the next free name, also while others do the same."""
    counter = _next_counter(folder, stem)
    while True:
        name = f"{stem}_{counter:0{_COUNTER_DIGITS}}_{suffix}"
        try:
            os.link(draft, folder / name)
        except FileExistsError:
            counter += 1
            continue
        except OSError as error:
            if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EXDEV}:
                raise
            draft.replace(folder / name)
        return name


def _next_counter(folder: Path, stem: str) -> int:
    pattern = re.compile(re.escape(stem) + r"_(\d+)_", re.IGNORECASE)
    found = [pattern.match(entry.name) for entry in os.scandir(folder)]
    return 1 + max((int(match[1]) for match in found if match), default=0)


def _filled(prefix: str, more: Mapping[str, str]) -> str:
    now = time.localtime()
    tokens = {
        "year": str(now.tm_year),
        "month": f"{now.tm_mon:02}",
        "day": f"{now.tm_mday:02}",
        "hour": f"{now.tm_hour:02}",
        "minute": f"{now.tm_min:02}",
        "second": f"{now.tm_sec:02}",
        **more,
    }
    for token, value in tokens.items():
        prefix = prefix.replace(f"%{token}%", value)
    return _DATE.sub(lambda match: _date(match[1], now), prefix)


def _date(pattern: str, now: time.struct_time) -> str:
    """Return a time as a pattern has it: a letter twice means two digits."""
    parts = {
        "y": now.tm_year,
        "M": now.tm_mon,
        "d": now.tm_mday,
        "h": now.tm_hour,
        "m": now.tm_min,
        "s": now.tm_sec,
    }

    def part(match: re.Match[str]) -> str:
        wanted = match.group()
        written = str(parts[wanted[0]])
        return written[-len(wanted) :] if wanted[0] == "y" else written.zfill(len(wanted))

    return _DATE_PART.sub(part, pattern)
