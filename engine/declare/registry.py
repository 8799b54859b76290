"""All kinds of nodes by id, and the packs they come from."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from engine.comfy.loading import import_pack
from engine.declare.function import node_type_of
from engine.declare.packs import Pack, PackFailure, folder_packs, installed_packs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from engine.declare.spec import NodeSpec, NodeType
    from engine.files import Folders


class Registry:
    """Kinds of nodes by id.

    Args:
        types: Kinds of nodes; of two with the same id the first counts.
        failures: Packs that could not be loaded.
    """

    def __init__(
        self, types: Iterable[NodeType] = (), failures: tuple[PackFailure, ...] = ()
    ) -> None:
        self._types: dict[str, NodeType] = {}
        self.failures = failures
        for kind in types:
            self._types.setdefault(kind.spec.id, kind)

    @classmethod
    def load(
        cls, folders: Folders | None = None, *, custom_nodes: Iterable[Path] | None = None
    ) -> Registry:
        """Return all kinds of nodes of all packs that can be found.

        The built-in pack comes first, so its ids win; of two other packs the later one wins. A
        pack that fails to load is listed in `failures` and skipped.

        Args:
            folders: `custom_nodes` beneath its base is searched for packs.
            custom_nodes: The folders to search for packs instead.
        """
        if custom_nodes is None:
            custom_nodes = () if folders is None else (folders.base / "custom_nodes",)
        packs: list[Pack] = []
        failures: list[PackFailure] = []
        for found in (*installed_packs(), *folder_packs(custom_nodes, import_pack)):
            if isinstance(found, Pack):
                packs.append(found)
            else:
                failures.append(found)
        return cls(_types(packs), tuple(failures))

    def get(self, id: str) -> NodeType | None:  # noqa: A002 - the word of the field
        """Return the kind of node with an id, or None."""
        return self._types.get(id)

    def ids(self) -> tuple[str, ...]:
        """Return all ids, in the order of loading."""
        return tuple(self._types)

    def specs(self) -> Iterator[NodeSpec]:
        """Yield the declarations of all kinds of nodes."""
        for kind in self._types.values():
            yield kind.spec

    def nearest(self, id: str) -> str | None:  # noqa: A002
        """Return the id most like one that does not exist, or None where none is like it."""
        folded = {known.casefold(): known for known in self._types}
        near = difflib.get_close_matches(id.casefold(), folded, n=1, cutoff=0.5)
        return folded[near[0]] if near else None


def _types(packs: Iterable[Pack]) -> Iterator[NodeType]:
    ordered = list(packs)
    others = reversed([pack for pack in ordered if not pack.built_in])
    for pack in (*(pack for pack in ordered if pack.built_in), *others):
        yield from _types_of(pack)


def _types_of(pack: Pack) -> Iterator[NodeType]:
    for module in pack.modules:
        for value in list(vars(module).values()):
            kind = node_type_of(value)
            if kind is not None and kind.function.__module__ == module.__name__:
                yield kind.of_pack(pack.name)
