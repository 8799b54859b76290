"""A node of a run, and how far it has come."""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from engine.graph.model import Link

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from engine.content import Signature
    from engine.declare.spec import Returned
    from engine.errors import LoomError
    from engine.graph.model import Node
    from engine.run.facts import Facts
    from engine.run.survey import Unknown


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
        number: Counts the nodes of the run as they are come across, targets first.
        links: Linked inputs that are known to be needed, by name.
        lazy: Linked inputs that are computed only when asked for, by name.
        asked: The lazy inputs that were asked for, in the order of asking.
        recipe: What the node itself says about its result; None until it is asked for.
        files: Files that linked inputs name, as they were when they were hashed.
        key: The key, as far as it is known.
        sought: The key was looked up in vain just now.
        stage: Where it stands.
        rank: How urgent it is: 1 shows something or is async, 2 feeds such a step, 3 feeds one
            that does, 4 the rest.
        wanted: Somebody needs the values, not only their ids.
        waits: How many steps have to come further first.
        used: Value ids that it reads while it runs.
        held: Value ids that the cache must keep for this step.
        graph_read: The node looks at the graph, so that everything upstream enters its key.
        expansion: What each call returned, where one of them returned nodes.
        retried: It ran out of memory once.
        provisional: What it gave is used in this run and not kept.
    """

    # Most steps of most runs come from the cache; what they never need is not made for them.
    asked: Sequence[tuple[str, ...]] = ()
    lazy: Mapping[str, Link] = MappingProxyType({})
    files: Sequence[tuple[Path, Signature]] = ()
    stage: Stage = Stage.OPEN
    wanted: bool = False
    waits: int = 0
    expansion: Sequence[Returned] = ()
    retried: bool = False
    provisional: bool = False
    held: set[bytes] | None = None
    used: list[bytes] | None = None
    _for_record: list[tuple[Step | Ask, int]] | None = None
    _for_values: list[tuple[Step | Ask, int]] | None = None

    def __init__(self, node: Node, facts: Facts, unknown: Unknown) -> None:
        self.id = node.id
        self.node = node
        self.facts = facts
        self.rank = 1 if facts.is_output or facts.lane == "async" else 4
        self.graph_read = facts.reads_graph
        self.number = unknown.number
        self.recipe = unknown.recipe
        self.key = unknown.key
        self.sought = bool(unknown.key)
        self.links: dict[str, Link] = {}
        self._sort_links()

    def await_record(self, waiter: Step | Ask, slot: int) -> None:
        """Let somebody wait to know what a slot of this step gives; -1 is no slot."""
        if self._for_record is None:
            self._for_record = []
        self._for_record.append((waiter, slot))

    def await_values(self, waiter: Step | Ask, slot: int) -> None:
        """Let somebody wait for the value of a slot."""
        if self._for_values is None:
            self._for_values = []
        self._for_values.append((waiter, slot))

    def take_waiters(self) -> Sequence[tuple[Step | Ask, int]]:
        """Return who waits, and forget them."""
        if self._for_record is None and self._for_values is None:
            return ()
        waiters = (*(self._for_record or ()), *(self._for_values or ()))
        self._for_record = self._for_values = None
        return waiters

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

    def located(self, error: LoomError) -> LoomError:
        """Return the error with this node filled in, where it names none yet."""
        return error.at(node=self.id, node_type=self.node.type, title=self.node.title)

    def _sort_links(self) -> None:
        entries = self.facts.entries
        for name, value in self.node.inputs.items():
            if type(value) is Link:
                entry = entries[name]
                self.graph_read |= entry.raw
                if not entry.lazy:
                    self.links[name] = value
                elif not entry.raw:
                    self.lazy = {**self.lazy, name: value}


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
        self.held: set[bytes] | None = None

    @property
    def link(self) -> Link:
        """Where the input comes from."""
        return self.step.lazy[self.name]
