"""Random graphs of toy nodes, random edits of them, and an oracle without any cache."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.declare.spec import InputSpec, OutputSpec, Returned
from engine.declare.types import Lazy
from engine.graph.model import Graph, Link, Node
from tests.engine.toys import Bench, Toy, toy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.cache.results import ResultsCache

CONSTANTS = (0, 1, 2, 3, 1.0, True, False, "1", "a", None, 2.5, [1], [1, [2]], {"a": 1}, {"a": 1.0})
FILES = ("a.txt", "b.txt")


def number(value: Any) -> int:
    """Make a number of anything, so that every node takes every value."""
    return value if type(value) is int else len(repr(value))


# Each takes the version of its source first, so that an edit changes what it gives.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "const": lambda version, x: x if version == 1 else [x, version],
    "add": lambda version, a, b: number(a) + number(b) + version,
    "parity": lambda version, a: (number(a) + version) % 2,
    "describe": lambda version, a, b: f"{version}{a!r}{b!r}",
    "pair": lambda version, a: (number(a) + version, repr(a)),
    "range": lambda version, a: list(range(1 + (number(a) + version) % 3)),
    "sum": lambda version, items: sum(number(item) for item in items) + version,
    "read": lambda version, text: f"{text}{version}",
    "switch": lambda version, value: value if version == 1 else [version, value],
}
PLAIN = ("add", "parity", "describe", "pair", "range", "sum")
INPUTS: dict[str, tuple[str, ...]] = {
    "const": ("x",),
    "add": ("a", "b"),
    "parity": ("a",),
    "describe": ("a", "b"),
    "pair": ("a",),
    "range": ("a",),
    "sum": ("items",),
    "read": ("name",),
    "switch": ("condition", "on_true", "on_false"),
    "v1switch": ("condition", "on_true", "on_false"),
}
SLOTS = {kind: 2 if kind == "pair" else 1 for kind in INPUTS}
LAZY = {"switch", "v1switch"}
Items = list[Any]


def kinds(folder: Path) -> list[Toy]:
    """Return the kinds of nodes, at the first version of their sources."""
    return [toy_of(kind, 1, folder) for kind in INPUTS]


def toy_of(kind: str, version: int, folder: Path) -> Toy:
    """Return a kind of node at a version of its source."""
    lazy = kind in LAZY
    inputs = tuple(
        InputSpec(
            name=name,
            type="*",
            lazy=lazy and name != "condition",
            gather=kind == "sum",
            folder="input" if kind == "read" else None,
        )
        for name in INPUTS[kind]
    )
    outputs = tuple(
        OutputSpec(name=str(n), type="*", is_list=kind == "range") for n in range(SLOTS[kind])
    )
    lane = "async" if kind == "switch" else "io" if kind == "describe" else "device"
    asks = _ask if kind == "v1switch" else None
    function = _body(kind, version, folder)
    return toy(
        kind, function, inputs=inputs, outputs=outputs, lane=lane, asks=asks, code=str(version)
    )


def _body(kind: str, version: int, folder: Path) -> Callable[..., Any]:
    function = FUNCTIONS["switch" if kind in LAZY else kind]
    if kind == "switch":

        async def switch(condition: Any, on_true: Any, on_false: Any) -> Returned:
            chosen = on_true if condition else on_false
            value = await chosen if isinstance(chosen, Lazy) else chosen
            return Returned(outputs=(function(version, value),))

        return switch
    if kind == "v1switch":
        return lambda condition, on_true, on_false: Returned(
            outputs=(function(version, on_true if condition else on_false),)
        )
    if kind == "read":
        return lambda name: Returned(outputs=(function(version, (folder / name).read_text()),))
    if kind == "pair":
        return lambda a: Returned(outputs=function(version, a))
    return lambda **inputs: Returned(outputs=(function(version, **inputs),))


def _ask(inputs: dict[str, Any], absent: tuple[str, ...]) -> tuple[str, ...]:
    wanted = "on_true" if inputs["condition"] else "on_false"
    return (wanted,) if wanted in absent else ()


@dataclass
class Oracle:
    """Computes what a graph gives, and which work that takes, with nothing but recursion.

    Attributes:
        versions: The version of each kind's source.
        folder: Where files are.
        done: All work that was ever done, by everything that decides it.
    """

    folder: Path
    versions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(INPUTS, 1))
    done: set[str] = field(default_factory=set)

    def evaluate(self, graph: Graph, target: str) -> tuple[tuple[Items, ...], dict[str, str]]:
        """Return what a node gives, and the work of every node that it needs, by id."""
        values: dict[str, tuple[Items, ...]] = {}
        work: dict[str, str] = {}
        self._visit(graph, target, values, work)
        return values[target], work

    def new_work(self, work: dict[str, str]) -> set[str]:
        """Return the work that was never done before, and note it as done."""
        new = set(work.values()) - self.done
        self.done |= new
        return new

    def _visit(self, graph: Graph, node_id: str, values: Any, work: Any) -> tuple[Items, ...]:
        if node_id in values:
            return values[node_id]
        node = graph.nodes[node_id]

        def items(name: str) -> Items:
            value = node.inputs[name]
            if isinstance(value, Link):
                return self._visit(graph, value.node, values, work)[value.slot]
            return [value]

        names = INPUTS[node.type]
        if node.type in LAZY:
            given = self._chosen(items)
            names = tuple(given)
        else:
            given = {name: items(name) for name in names}
        version = self.versions[node.type]
        file = (
            repr([(self.folder / name).read_text() for name in given["name"]])
            if node.type == "read"
            else ""
        )
        linked = [name for name, value in node.inputs.items() if isinstance(value, Link)]
        lazy = linked if node.type in LAZY else ""
        constants = {
            n: v for n, v in node.inputs.items() if n not in given and not isinstance(v, Link)
        }
        work[node_id] = repr(
            (node.type, version, given, file, lazy, constants, _places(node, given))
        )
        values[node_id] = self._outputs(node.type, version, given)
        return values[node_id]

    def _chosen(self, items: Callable[[str], Items]) -> dict[str, Items]:
        condition = items("condition")
        given = {"condition": condition}
        for value in condition:
            name = "on_true" if value else "on_false"
            if name not in given:
                given[name] = items(name)
        return given

    def _outputs(self, kind: str, version: int, given: dict[str, Items]) -> tuple[Items, ...]:
        if kind == "sum":
            return ([FUNCTIONS["sum"](version, **given)],)
        count = max(len(given[name]) for name in given)
        slots: tuple[Items, ...] = tuple([] for _ in range(SLOTS[kind]))
        for index in range(count):
            one = {name: items[min(index, len(items) - 1)] for name, items in given.items()}
            result = self._call(kind, version, one)
            if kind == "range":
                slots[0].extend(result)
                continue
            for slot, value in zip(slots, result if kind == "pair" else (result,), strict=True):
                slot.append(value)
        return slots

    def _call(self, kind: str, version: int, one: dict[str, Any]) -> Any:
        if kind in LAZY:
            return FUNCTIONS["switch"](version, one["on_true" if one["condition"] else "on_false"])
        if kind == "read":
            return FUNCTIONS["read"](version, (self.folder / one["name"]).read_text())
        return FUNCTIONS[kind](version, **one)


def _places(node: Node, given: dict[str, Items]) -> str:
    """Return which inputs are links: a constant and a link to the same value are other work."""
    return repr([(name, isinstance(node.inputs[name], Link)) for name in given])


@dataclass
class World:
    """A bench, its files, and a graph that is edited again and again."""

    bench: Bench
    oracle: Oracle
    random: random.Random
    nodes: dict[str, Node] = field(default_factory=dict)

    @classmethod
    def at(cls, base: Path, seed: int, cache: ResultsCache | None = None) -> World:
        folder = base / "input"
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            (folder / name).write_text(name)
        return cls(Bench.at(base, *kinds(folder), cache=cache), Oracle(folder), random.Random(seed))

    def new_graph(self, size: int) -> None:
        """Start over with a random graph."""
        self.nodes = {}
        for number_ in range(size):
            self.nodes[f"n{number_}"] = self._random_node(number_)

    def edit(self) -> None:
        """Change one thing: a constant, a link, a kind, a file, or a node's source."""
        name = self.random.choice(list(self.nodes))
        number_ = int(name[1:])
        node = self.nodes[name]
        match self.random.randrange(8):
            case 0:
                self._replace_file()
            case 1 if self.random.random() < 0.3:
                self._edit_source()
            case 2:
                self.nodes[name] = self._random_node(number_)
                self._mend_links(name)
            case _:
                inputs = dict(node.inputs)
                key = self.random.choice(list(inputs))
                inputs[key] = self._random_input(node.type, number_)
                self.nodes[name] = Node(name, node.type, inputs)

    def check(self) -> int:
        """Run a random target; nothing may be stale, and only what is new may run.

        Returns how many nodes ran.
        """
        target = f"n{self.random.randrange(len(self.nodes) * 2 // 3, len(self.nodes))}"
        graph = Graph(dict(self.nodes))
        expected, work = self.oracle.evaluate(graph, target)
        new = self.oracle.new_work(work)
        result = self.bench.run(graph, target)
        assert repr(result.values(target)) == repr(expected)
        assert sorted(work[name] for name in result.executed) == sorted(new)
        return len(result.executed)

    def values_are_right(self) -> None:
        """Run a random target and compare only what it gives."""
        target = f"n{self.random.randrange(len(self.nodes))}"
        graph = Graph(dict(self.nodes))
        expected, _ = self.oracle.evaluate(graph, target)
        assert repr(self.bench.run(graph, target).values(target)) == repr(expected)

    def _random_node(self, number_: int) -> Node:
        options = [*PLAIN, "const", "read", *LAZY] if number_ > 1 else ["const"]
        kind = self.random.choice(options)
        inputs = {name: self._random_input(kind, number_) for name in INPUTS[kind]}
        return Node(f"n{number_}", kind, inputs)

    def _random_input(self, kind: str, number_: int) -> Any:
        if kind == "read":
            return self.random.choice(FILES)
        if kind == "const" or number_ == 0 or self.random.random() < 0.25:
            return self.random.choice(CONSTANTS)
        source = f"n{self.random.randrange(max(0, number_ - 6), number_)}"
        return Link(source, self.random.randrange(SLOTS[self.nodes[source].type]))

    def _replace_file(self) -> None:
        path = self.oracle.folder / self.random.choice(FILES)
        path.write_text(f"{self.random.randrange(5)}")

    def _edit_source(self) -> None:
        kind = self.random.choice(list(INPUTS))
        version = self.oracle.versions[kind] % 3 + 1
        self.oracle.versions[kind] = version
        self.bench.toys.add(toy_of(kind, version, self.oracle.folder))

    def _mend_links(self, changed: str) -> None:
        """Point links to a slot that a node of another kind no longer has to its first."""
        for node in list(self.nodes.values()):
            inputs = {
                key: Link(changed, 0) if value == Link(changed, 1) else value
                for key, value in node.inputs.items()
            }
            self.nodes[node.id] = Node(node.id, node.type, inputs)
