"""The keys of the nodes of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.cache.values import fingerprint
from engine.content import signature_of
from engine.errors import LoomError
from engine.graph.keys import demanded, digest, encode, nonce
from engine.graph.model import Link
from engine.graph.plan import order
from engine.run.step import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from engine.run.context import RunContext, Surroundings
    from engine.run.facts import Catalogue, Entry

    ValueIdOf = Callable[[Link], bytes]


class Addresses:
    """Makes keys.

    Args:
        around: What all nodes of the run share.
        catalogue: The facts of their kinds.
        context: Makes the context of a step, for nodes that fingerprint themselves.
        warn: Takes a sentence about a step.
    """

    def __init__(
        self,
        around: Surroundings,
        catalogue: Catalogue,
        context: Callable[[Step], RunContext],
        warn: Callable[[Step, str], None],
    ) -> None:
        self._nodes = around.nodes
        self._folders = folders = around.folders
        self._content = around.content
        self._catalogue = catalogue
        self._built: dict[str, bytes] = {}
        self._context = context
        self._warn = warn
        self._roots = encode([str(folders.output), str(folders.temp)], fingerprint)

    def first(self, step: Step, value_id: ValueIdOf) -> bytes:
        """Return the key of a step before it asks for lazy inputs."""
        if step.recipe is None:
            step.recipe = self._recipe(step)
            if step.graph_read:
                step.recipe += self._structure(step)
        links = step.links
        if not links:
            return digest(step.recipe)
        parts = [step.recipe]
        for name, entry in step.layout:
            if name in links:
                parts += (entry.link, value_id(links[name]))
        return digest(b"".join(parts))

    def after(self, before: bytes, step: Step, names: Iterable[str], value_id: ValueIdOf) -> bytes:
        """Return the key of a step after it asked for some lazy inputs."""
        entries = step.facts.entries
        parts = [(entries[name].link, value_id(step.lazy[name])) for name in names]
        return demanded(before, [head + source for head, source in parts])

    def file_part(self, step: Step, folder: str, name: str, input_name: str) -> bytes:
        """Return what a file that an input names adds to the key.

        Both its name and its content count: a node may pass on either.
        """
        path = self._folders.find(folder, name, input_name=input_name)
        signature, sha256 = self._content.of_signed(path)
        step.files = (*step.files, (path, signature))
        return encode([str(path), sha256], fingerprint)

    def files_held_still(self, step: Step) -> bool:
        """Tell whether the files of a step are what they were when the key was made."""
        try:
            return all(signature_of(str(path)) == before for path, before in step.files)
        except OSError:
            return False

    def _structure(self, step: Step) -> bytes:
        """Return the hash of everything upstream as it is written, results left aside.

        A node that looks at the graph can run parts of it again with other values, so that an
        equal result upstream does not mean that nothing has changed for it.
        """
        upstream = order([link.node for _, link in step.node.links()], self._linked_to, self._built)
        for node_id in upstream:
            node = self._nodes[node_id]
            behind = Step(node, self._catalogue.of(node), None)
            self._built[node_id] = digest(b"".join([self._recipe(behind), *self._behind(behind)]))
        return digest(b"".join(self._behind(step)))

    def _behind(self, step: Step) -> list[bytes]:
        """Return what the links of a step add to the hash of what is written upstream."""
        return [
            step.facts.entries[name].link + b"%d:" % link.slot + self._built[link.node]
            for name, link in sorted(step.node.links(), key=_by_name)
        ]

    def _linked_to(self, node_id: str) -> list[str]:
        return [link.node for _, link in self._nodes[node_id].links()]

    def _recipe(self, step: Step) -> bytes:
        facts, node = step.facts, step.node
        parts = [facts.header]
        if facts.identity:
            parts.append(encode(node.id, fingerprint))
        if facts.is_output:
            parts.append(self._roots)
        inputs = node.inputs
        for name, entry in step.layout:
            value = inputs[name]
            if type(value) is Link:
                if entry.raw or entry.lazy:
                    parts += _as_written(entry, value)
            elif entry.declared is not None:
                parts += (entry.constant, encode(value, fingerprint))
                if entry.folder is not None and isinstance(value, str):
                    parts.append(self.file_part(step, entry.folder, value, name))
        parts += self._own(step)
        return b"".join(parts)

    def _own(self, step: Step) -> tuple[bytes, ...]:
        """Return what the node itself says that decides its result."""
        recorded = step.node.is_changed
        if recorded is not None:
            return (encode(recorded, fingerprint),)
        if not step.facts.fingerprints:
            return ()
        entries = step.facts.entries
        constants = {
            name: None if type(value) is Link else value
            for name, value in step.node.inputs.items()
            if type(value) is Link or entries[name].declared is not None
        }
        try:
            own = step.facts.kind.fingerprint(constants, self._context(step))
        except LoomError:
            raise
        except Exception as error:
            self._warn(step, f"the node cannot tell whether it changed, so it runs: {error}")
            return (nonce(),)
        return () if own is None else (encode(own, fingerprint),)


def _as_written(entry: Entry, link: Link) -> tuple[bytes, ...]:
    """Return what a link adds for a node that sees the link itself, or asks by its being there."""
    place = [link.node, link.slot] if entry.raw else "lazy"
    return entry.constant, b"L", encode(place, fingerprint)


def _by_name(link: tuple[str, Link]) -> str:
    return link[0]
