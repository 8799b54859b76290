"""Large workflows that were checked before: the same one once more needs no second look."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import msgspec

from engine.declare.function import FunctionNode
from engine.graph.json_text import mapping
from engine.jobs.checking import Checked, check_prompt, kinds_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.declare.registry import Registry
    from engine.files import Folders

MOST_BYTES = 32 * 2**20
"""Bytes of JSON that are remembered."""
_SMALL = 50
"""Workflows with fewer nodes are checked in less time than a look into the memory takes."""


class KnownChecks:
    """Checks workflows and remembers what it found, for any thread.

    Only such findings are remembered that depend on the workflow alone: those about kinds that are
    functions of ours and name no files.

    Args:
        registry: The kinds of nodes there are; they do not change.
        folders: Where the files are that choices name.
    """

    def __init__(self, registry: Registry, folders: Folders) -> None:
        self._registry = registry
        self._folders = folders
        self._steady: dict[str, bool] = {}
        self._found: OrderedDict[bytes, Checked] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def check(self, raw: Any, targets: Sequence[str] | None = None) -> Checked:
        """Return what checking finds.

        Args:
            raw: API JSON or a canvas, as Python values.
            targets: Ids of the wanted output nodes; all for None.
        """
        if not self._may_be_known(raw):
            return check_prompt(raw, self._registry, self._folders, targets)
        key = msgspec.json.encode((raw, targets))
        with self._lock:
            checked = self._found.get(key)
            if checked is not None:
                self._found.move_to_end(key)
                return checked
        checked = check_prompt(raw, self._registry, self._folders, targets)
        self._keep(key, checked)
        return checked

    def _may_be_known(self, raw: Any) -> bool:
        if len(mapping(raw)) < _SMALL:  # a canvas has few keys, too
            return False
        return all(map(self._is_steady, kinds_in(raw)))

    def _is_steady(self, kind: str) -> bool:
        steady = self._steady.get(kind)
        if steady is None:
            found = self._registry.get(kind)
            steady = isinstance(found, FunctionNode) and not any(
                one.folder for one in found.spec.inputs
            )
            if found is not None:
                self._steady[kind] = steady
        return steady

    def _keep(self, key: bytes, checked: Checked) -> None:
        with self._lock:
            if key in self._found:
                return
            self._found[key] = checked
            self._bytes += _size(key, checked)
            while self._bytes > MOST_BYTES:
                self._bytes -= _size(*self._found.popitem(last=False))


def _size(key: bytes, checked: Checked) -> int:
    return len(key) + len(checked.prompt) + len(checked.graph or b"")
