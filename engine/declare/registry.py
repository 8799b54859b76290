"""All kinds of nodes by id, and the packs they come from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.declare.function import node_type_of
from engine.declare.packs import Pack, PackFailure, folder_packs, installed_packs
from engine.errors import DeclarationError
from engine.files import Folders
from engine.likeness import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from engine.declare.spec import NodeSpec, NodeType


class Registry:
    """Kinds of nodes by id.

    Args:
        types: Kinds of nodes; of two with the same id the first counts.
        failures: Packs that could not be loaded.

    Attributes:
        web_folders: The folders of packs' scripts for the editor, by the names under which they are
            served.
    """

    def __init__(
        self, types: Iterable[NodeType] = (), failures: tuple[PackFailure, ...] = ()
    ) -> None:
        self._types = {kind.spec.id: kind for kind in reversed(list(types))}
        self.failures = failures
        self.web_folders: dict[str, Path] = {}

    @classmethod
    def of(cls, *functions: Callable[..., Any]) -> Registry:
        """Return a registry of node functions, without any pack.

        Raises:
            DeclarationError: One of the functions is not a node.
        """
        kinds = [node_type_of(function) for function in functions]
        if None in kinds:
            name = functions[kinds.index(None)].__qualname__
            raise DeclarationError(f"{name} is not a node", expected="a function under @node")
        return cls(kind for kind in kinds if kind is not None)

    @classmethod
    def built_in(cls) -> Registry:
        """Return the kinds of nodes that come with the product; no code of others is imported."""
        registry = cls()
        found = installed_packs(only_built_in=True)
        registry._types = _types(pack for pack in found if isinstance(pack, Pack))
        return registry

    @classmethod
    def load(
        cls,
        folders: Folders | None = None,
        *,
        custom_nodes: Iterable[Path] | None = None,
        only: Collection[str] | None = None,
    ) -> Registry:
        """Return all kinds of nodes of all packs that can be found.

        The ids of the built-in pack win; of two other packs the later one wins. A pack that
        fails to load is listed in `failures` and skipped.

        Args:
            folders: `custom_nodes` beneath its base is searched for packs.
            custom_nodes: The folders to search for packs instead.
            only: Names of the packs in these folders that are wanted; all of them for None.
        """
        if custom_nodes is None:
            custom_nodes = () if folders is None else (folders.base / "custom_nodes",)
        places = [place for place in custom_nodes if place.is_dir()]
        found = list(installed_packs())
        if places:
            # Loading what ComfyUI's packs need takes a while, and the server has none of them.
            from engine.comfy.loading import import_pack, run_prestartup
            from engine.comfy.shims import install_shims

            ours = [pack for pack in found if isinstance(pack, Pack) and pack.built_in]
            install_shims(folders or Folders.beneath(Path.cwd()), _types(ours).values())
            found += folder_packs(places, run_prestartup, import_pack, only)
        packs = [pack for pack in found if isinstance(pack, Pack)]
        registry = cls(failures=tuple(one for one in found if isinstance(one, PackFailure)))
        registry._types = _types(packs)
        registry.web_folders = {name: web for pack in packs for name, web in pack.web.items()}
        if places:
            from engine.comfy.loading import added_classes, added_web_folders

            added = added_classes(registry._types)
            registry._types.update({kind.id: kind for kind in added})
            registry.web_folders.update(added_web_folders())
        return registry

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
        return nearest(id, self._types, cutoff=0.5)


def _types(packs: Iterable[Pack]) -> dict[str, NodeType]:
    ours: dict[str, NodeType] = {}
    others: dict[str, NodeType] = {}
    for pack in packs:
        (ours if pack.built_in else others).update(_types_of(pack))
    return {**ours, **others, **ours}


def _types_of(pack: Pack) -> Iterator[tuple[str, NodeType]]:
    for module in pack.modules:
        for value in list(vars(module).values()):
            kind = node_type_of(value)
            if kind is not None and kind.function.__module__ == module.__name__:
                yield kind.fixed.id, kind.of_pack(pack.name)
    if not pack.built_in:
        from engine.comfy.loading import read_classes

        for read in read_classes(pack.modules[0], pack.name):
            yield read.id, read
