"""The words of a Google-style docstring, for the editor."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECTION = re.compile(r"^(Args|Attributes|Returns|Raises|Yields|Examples?|Notes?):\s*$")
_ENTRY = re.compile(r"^ {4}(\w+)(?: \([^)]*\))?:\s*(.*)$")


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a docstring says.

    Attributes:
        description: The text before the first section.
        entries: What the sections Args and Attributes say, by name.
    """

    description: str = ""
    entries: Mapping[str, str] = field(default_factory=dict[str, str])


def read_docstring(documented: object) -> Words:
    """Return what the docstring of a function or class says."""
    text = inspect.cleandoc(getattr(documented, "__doc__", None) or "")
    description: list[str] = []
    entries: dict[str, str] = {}
    section: str | None = None
    name: str | None = None
    for line in text.splitlines():
        if heading := _SECTION.match(line):
            section, name = heading[1], None
        elif section is None:
            description.append(line)
        elif section in {"Args", "Attributes"}:
            name = _read_entry(line, name, entries)
    return Words(description="\n".join(description).strip(), entries=entries)


def _read_entry(line: str, name: str | None, entries: dict[str, str]) -> str | None:
    if entry := _ENTRY.match(line):
        name = str(entry[1])
        entries[name] = entry[2].strip()
    elif name is not None and line.strip():
        entries[name] = f"{entries[name]} {line.strip()}"
    return name
