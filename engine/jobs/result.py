"""What a run gave, as Python users take it: pictures, paths, values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from engine.errors import InputError
from engine.files import beneath
from engine.jobs.settings import find_node

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from PIL.Image import Image as Picture

    from engine.files import Folders
    from engine.graph.model import Graph
    from engine.run.result import RunResult, Timing


class Result:
    """What a run gave.

    Args:
        graph: What ran.
        run: What the executor says about it.
        folders: Where it saved.
    """

    def __init__(self, graph: Graph, run: RunResult, folders: Folders) -> None:
        self._graph = graph
        self._run = run
        self._folders = folders

    @property
    def executed(self) -> tuple[str, ...]:
        """Ids of the nodes that ran, in the order in which they finished."""
        return self._run.executed

    @property
    def cached(self) -> tuple[str, ...]:
        """Ids of the nodes whose results were there already."""
        return self._run.cached

    @property
    def timings(self) -> Mapping[str, Timing]:
        """What each node that ran cost: wall time in seconds and peak memory in bytes."""
        return self._run.timings

    @property
    def seconds(self) -> float:
        """Wall time of the whole run."""
        return self._run.seconds

    @property
    def ui(self) -> Mapping[str, Mapping[str, list[Any]]]:
        """What the editor shows, by node id."""
        return self._run.ui

    @property
    def files(self) -> tuple[Path, ...]:
        """Files that the run saved, results before previews, each in the order of the workflow."""
        found = list(self._files())
        saved = [path for kind, path in found if kind == "output"]
        return tuple(saved + [path for kind, path in found if kind != "output"])

    @property
    def images(self) -> list[Picture]:
        """The saved pictures, opened; previews where nothing was saved."""
        from PIL import Image

        found = list(self._files())
        saved = [path for kind, path in found if kind == "output"]
        pictures: list[Picture] = []
        for path in saved or [path for _, path in found]:
            if path.suffix.lower() in Image.registered_extensions():
                with Image.open(path) as picture:
                    picture.load()
                    pictures.append(picture)
        return pictures

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """Texts that nodes show, each with the id of its node."""
        return tuple(
            (node, str(text)) for node, shown in self._shown() for text in shown.get("text", ())
        )

    def __getitem__(self, node: str) -> tuple[list[Any], ...]:
        """Return what a node gave: for each output slot the list of its items.

        Args:
            node: Its id, its title, or its type where only one node has it.

        Raises:
            InputError: There is no such node, or the run did not keep its values.
        """
        found = find_node(self._graph, node)
        try:
            return self._run.values(found.id)
        except KeyError:
            raise InputError(
                f"the values of node {found.id} ({found.type}) were not kept",
                hint=f"name the node as a target: run(workflow, targets=[{found.id!r}])",
            ) from None

    def value(self, node: str, slot: int = 0) -> Any:
        """Return the one item of a node's output.

        Args:
            node: Its id, its title, or its type where only one node has it.
            slot: Index of the output, from 0.

        Raises:
            InputError: No such node or output, or a list of more or fewer items than one.
        """
        outputs = self[node]
        if not 0 <= slot < len(outputs):
            expected = f"0 to {len(outputs) - 1}" if outputs else "none: the node has no outputs"
            raise InputError("no such output", expected=expected, got=str(slot))
        if len(outputs[slot]) != 1:
            count = len(outputs[slot])
            raise InputError(f"the output holds {count} items", hint=f"result[{node!r}][{slot}]")
        return outputs[slot][0]

    def _shown(self) -> Iterator[tuple[str, Mapping[str, list[Any]]]]:
        """Yield what nodes show in the order of the workflow; expansions come last."""
        known = [node for node in self._graph.nodes if node in self._run.ui]
        for node in dict.fromkeys([*known, *self._run.ui]):
            yield node, self._run.ui[node]

    def _files(self) -> Iterator[tuple[str, Path]]:
        for _, shown in self._shown():
            for entry in (entry for entries in shown.values() for entry in entries):
                if not isinstance(entry, dict):
                    continue
                named = cast("dict[str, Any]", entry)
                if isinstance(named.get("filename"), str):
                    kind = str(named.get("type", "output"))
                    path = f"{named.get('subfolder') or ''}/{named['filename']}".lstrip("/")
                    yield kind, beneath(self._folders.roots(kind)[0], path)
