"""A node of a run, and how far it has come."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from engine.graph.model import Link

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from engine.cache.index import Record
    from engine.content import Signature
    from engine.declare.spec import Returned
    from engine.graph.model import Node
    from engine.run.facts import Facts


class Stage(Enum):
    """Where a step stands."""

    OPEN = "open"
    """Its key is not known yet, or it waits for values that it will read."""
    READY = "ready"
    RUNNING = "running"
    EXPANDED = "expanded"
    """It ran and returned nodes, on which its own result depends."""
    DONE = "done"


class Step:
    """A node of a run. Only the thread that schedules the run touches it.

    Attributes:
        node: The node.
        facts: Of its kind.
        parent: The step whose expansion it belongs to.
        display: Id of the node of the user's file that stands for it.
        links: Linked inputs that are known to be needed, by name.
        lazy: Linked inputs that are computed only when asked for, by name.
        asked: The lazy inputs that were asked for, in the order of asking.
        recipe: What enters the key besides links.
        files: The files that enter the key, as they were when they were hashed.
        key: The key, as far as it is known.
        record: What the step gives; None while that is unknown.
        stage: Where it stands.
        rank: How urgent it is: 1 shows something or is async, 2 feeds such a step, 3 feeds one
            that does, 4 the rest.
        wanted: Somebody needs the values, not only their ids.
        waits: How many steps have to come further first.
        for_record: Who waits to know what this step gives, and of which slot.
        for_values: Who waits for its values, and of which slot.
        used: Value ids that it reads while it runs.
        held: Value ids that the cache must keep for this step.
        graph_read: The node looks at the graph, so that everything upstream enters its key.
        expansion: What each call returned, where one of them returned nodes.
        retried: It ran out of memory once.
        executed: It ran.
    """

    __slots__ = (
        "asked",
        "display",
        "executed",
        "expansion",
        "facts",
        "files",
        "for_record",
        "for_values",
        "graph_read",
        "held",
        "id",
        "key",
        "lazy",
        "links",
        "node",
        "parent",
        "rank",
        "recipe",
        "record",
        "retried",
        "stage",
        "used",
        "waits",
        "wanted",
    )

    def __init__(self, node: Node, facts: Facts, parent: Step | None) -> None:
        self.id = node.id
        self.node = node
        self.facts = facts
        self.parent = parent
        self.display: str = node.display_id or (node.id if parent is None else parent.display)
        self.links: dict[str, Link] = {}
        self.lazy: dict[str, Link] = {}
        self.asked: list[tuple[str, ...]] = []
        self.recipe: bytes | None = None
        self.files: list[tuple[Path, Signature]] = []
        self.key = b""
        self.record: Record | None = None
        self.stage = Stage.OPEN
        self.rank = 1 if facts.is_output or facts.lane == "async" else 4
        self.wanted = False
        self.waits = 0
        self.for_record: list[tuple[Step | Ask, int]] = []
        self.for_values: list[tuple[Step | Ask, int]] = []
        self.used: list[bytes] = []
        self.held: set[bytes] = set()
        self.expansion: Sequence[Returned] = ()
        self.retried = False
        self.executed = False
        self.graph_read = facts.reads_graph
        self._sort_links()

    def needed(self) -> dict[str, Link]:
        """Return the links whose values the step reads, by the names of their inputs."""
        if not self.asked:
            return self.links
        return self.links | {name: self.lazy[name] for names in self.asked for name in names}

    def not_asked(self) -> tuple[str, ...]:
        """Return the names of the lazy inputs that nobody asked for so far."""
        if not self.lazy:
            return ()
        asked = {name for names in self.asked for name in names}
        return tuple(name for name in self.lazy if name not in asked)

    def _sort_links(self) -> None:
        for name, value in self.node.inputs.items():
            if isinstance(value, Link):
                declared = self.facts.input(name)
                if declared is None:
                    self.links[name] = value
                    continue
                self.graph_read |= declared.raw_link
                if not declared.lazy:
                    self.links[name] = value
                elif not declared.raw_link:
                    self.lazy[name] = value


class Ask:
    """A running step that waits for a lazy input.

    Attributes:
        step: The step.
        name: The input.
        deliver: Takes the items of the input.
        waits: How many steps have to come further first.
        held: Value ids that the cache must keep until the answer.
    """

    __slots__ = ("deliver", "held", "name", "step", "waits")

    def __init__(self, step: Step, name: str, deliver: Callable[[list[Any]], None]) -> None:
        self.step = step
        self.name = name
        self.deliver = deliver
        self.waits = 0
        self.held: set[bytes] = set()

    @property
    def link(self) -> Link:
        """Where the input comes from."""
        return self.step.lazy[self.name]
