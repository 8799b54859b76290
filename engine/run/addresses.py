"""The keys of the nodes of a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from engine.cache.values import fingerprint
from engine.content import Signature, signature_of
from engine.errors import LoomError
from engine.graph.keys import SCALARS, demanded, digest, encode, nonce
from engine.graph.model import Link
from engine.graph.plan import order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from engine.graph.model import Node
    from engine.run.context import RunContext, Surroundings
    from engine.run.facts import Catalogue, Entry, Facts, Layout
    from engine.run.step import Step

    ValueIdOf = Callable[[Link], bytes]


class Recipe(msgspec.Struct, frozen=True, gc=False):
    """What decides the result of a node, as far as it is written in the node itself.

    Attributes:
        content: The kind, its code, the constants, the content of files.
        links: The plain links in the order of their names, each after what stands before it.
        files: The files that entered, as they were when they were hashed.
    """

    content: bytes
    links: list[tuple[bytes, Link]]
    files: tuple[tuple[Path, Signature], ...] = ()


class Addresses:
    """Makes keys.

    Args:
        around: What all nodes of the run share.
        catalogue: The facts of their kinds.
        context: Makes the context of a node, for nodes that fingerprint themselves.
        warn: Takes a sentence about a node.
    """

    def __init__(
        self,
        around: Surroundings,
        catalogue: Catalogue,
        context: Callable[[str], RunContext],
        warn: Callable[[str, str], None],
    ) -> None:
        self._nodes = around.nodes
        self._folders = folders = around.folders
        self._content = around.content
        self._catalogue = catalogue
        self._built: dict[str, bytes] = {}
        self._context = context
        self._warn = warn
        self._roots = encode([str(folders.output), str(folders.temp)], fingerprint)

    def recipe(self, node: Node, facts: Facts, layout: Layout) -> Recipe:
        """Return what a node's own text says about its result.

        Args:
            node: The node.
            facts: Of its kind.
            layout: Of its inputs.

        Raises:
            LoomError: A file that it names is not there.
        """
        parts = [facts.header]
        links: list[tuple[bytes, Link]] = []
        files: tuple[tuple[Path, Signature], ...] = ()
        if facts.special:
            parts += self._special(node, facts)
        inputs = node.inputs
        for name, entry in layout.entries:
            value: Any = inputs[name]
            if type(value) is Link:
                if entry.plain:
                    links.append((entry.link, value))
                else:
                    parts += _as_written(entry, value)
            elif entry.declared is not None:
                scalar = SCALARS.get(type(value))  # pyright: ignore[reportUnknownArgumentType]
                content = encode(value, fingerprint) if scalar is None else scalar(value)
                parts += (entry.constant, content)
                if entry.folder is not None and isinstance(value, str):
                    part, file = self.file_part(entry.folder, value, name)
                    parts.append(part)
                    files = (*files, file)
        if facts.fingerprints or node.is_changed is not None:
            parts += self._own(node, facts)
        return Recipe(b"".join(parts), links, files)

    def first(self, step: Step, value_id: ValueIdOf) -> bytes:
        """Return the key of a step before it asks for lazy inputs."""
        recipe = self._recipe_of(step)
        parts = [recipe.content]
        if step.graph_read:
            parts.append(self._structure(step.node))
        for head, link in recipe.links:
            parts += (head, value_id(link))
        return digest(b"".join(parts))

    def after(self, before: bytes, step: Step, names: Iterable[str], value_id: ValueIdOf) -> bytes:
        """Return the key of a step after it asked for some lazy inputs."""
        entries = step.facts.entries
        parts = [(entries[name].link, value_id(step.lazy[name])) for name in names]
        return demanded(before, [head + source for head, source in parts])

    def file_part(
        self, folder: str, name: str, input_name: str
    ) -> tuple[bytes, tuple[Path, Signature]]:
        """Return what a file that an input names adds to the key, and the file as it is.

        Both its name and its content count: a node may pass on either.

        Raises:
            FileProblemError: There is no such file.
        """
        path = self._folders.find(folder, name, input_name=input_name)
        signature, sha256 = self._content.of_signed(path)
        return encode([str(path), sha256], fingerprint), (path, signature)

    def files_held_still(self, step: Step) -> bool:
        """Tell whether the files of a step are what they were when the key was made."""
        files = (*self._recipe_of(step).files, *step.files)
        try:
            return all(signature_of(str(path)) == before for path, before in files)
        except OSError:
            return False

    def _special(self, node: Node, facts: Facts) -> list[bytes]:
        """Return what the kind adds besides inputs: its id, where it writes."""
        parts = [encode(node.id, fingerprint)] if facts.identity else []
        return [*parts, self._roots] if facts.is_output else parts

    def _recipe_of(self, step: Step) -> Recipe:
        if step.recipe is None:
            layout = step.facts.layout(step.node.inputs)
            step.recipe = self.recipe(step.node, step.facts, layout)
        return step.recipe

    def _structure(self, node: Node) -> bytes:
        """Return the hash of everything upstream as it is written, results left aside.

        A node that looks at the graph can run parts of it again with other values, so that an
        equal result upstream does not mean that nothing has changed for it.
        """
        for node_id in order([link.node for _, link in node.links()], self._linked_to, self._built):
            behind = self._nodes[node_id]
            facts = self._catalogue.of(behind)
            content = self.recipe(behind, facts, facts.layout(behind.inputs)).content
            self._built[node_id] = digest(b"".join([content, *self._behind(behind)]))
        return digest(b"".join(self._behind(node)))

    def _behind(self, node: Node) -> list[bytes]:
        """Return what the links of a node add to the hash of what is written upstream."""
        entries = self._catalogue.of(node).entries
        return [
            entries[name].link + b"%d:" % link.slot + self._built[link.node]
            for name, link in sorted(node.links(), key=_by_name)
        ]

    def _linked_to(self, node_id: str) -> list[str]:
        return [link.node for _, link in self._nodes[node_id].links()]

    def _own(self, node: Node, facts: Facts) -> tuple[bytes, ...]:
        """Return what the node itself says that decides its result."""
        if node.is_changed is not None:
            return (encode(node.is_changed, fingerprint),)
        constants = {
            name: None if type(value) is Link else value
            for name, value in node.inputs.items()
            if type(value) is Link or facts.entries[name].declared is not None
        }
        try:
            own = facts.kind.fingerprint(constants, self._context(node.id))
        except LoomError:
            raise
        except Exception as error:
            self._warn(node.id, f"the node cannot tell whether it changed, so it runs: {error}")
            return (nonce(),)
        return () if own is None else (encode(own, fingerprint),)


def _as_written(entry: Entry, link: Link) -> tuple[bytes, ...]:
    """Return what a link adds for a node that sees the link itself, or asks by its being there."""
    place = [link.node, link.slot] if entry.raw else "lazy"
    return entry.constant, b"L", encode(place, fingerprint)


def _by_name(link: tuple[str, Link]) -> str:
    return link[0]
