"""Toy kinds of nodes: real ones as far as the executor can tell, small enough to reason about."""

from __future__ import annotations

import inspect
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from engine.cache.results import ResultsCache
from engine.content import ContentHashes
from engine.declare.spec import InputSpec, NodeSpec, OutputSpec, Returned
from engine.files import Folders
from engine.graph.model import Graph, Link, Node
from engine.run.executor import Executor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from engine.run.result import RunResult


@dataclass
class Toy:
    """A kind of node made of a plain function of its inputs (and `context`, where it wants one)."""

    spec: NodeSpec
    function: Callable[..., Any]
    code: str = "1"
    own: Callable[..., Any] | None = None
    asks: Callable[..., Any] | None = None
    any_input: bool = False
    checks_types: bool = False

    def input(self, name: str) -> InputSpec | None:
        found = next((one for one in self.spec.inputs if one.name == name), None)
        if found is None and self.any_input:
            return InputSpec(name=name, type="*")
        return found

    @property
    def fingerprints(self) -> bool:
        return self.own is not None

    def fingerprint(self, constants: Mapping[str, Any], _context: Any) -> Any:
        return None if self.own is None else self.own(constants)

    def validate(self, _constants: Any, _received_types: Any, _node_id: str) -> dict[str, str]:
        return {}

    def checks_input(self, _name: str) -> bool:
        return False

    def missing(self, inputs: Any, absent: tuple[str, ...], _context: Any) -> tuple[str, ...]:
        return () if self.asks is None else self.asks(inputs, absent)

    def call(self, inputs: Mapping[str, Any], context: Any) -> Any:
        wants_context = "context" in inspect.signature(self.function).parameters
        extra = {"context": context} if wants_context else {}
        result = self.function(**inputs, **extra)
        return self._later(result) if inspect.isawaitable(result) else self._returned(result)

    async def _later(self, result: Any) -> Returned:
        return self._returned(await result)

    def _returned(self, result: Any) -> Returned:
        if isinstance(result, Returned):
            return result
        return Returned(outputs=result if isinstance(result, tuple) else (result,))


def toy(
    kind: str,
    function: Callable[..., Any],
    *,
    inputs: tuple[InputSpec, ...] | None = None,
    outputs: int | tuple[OutputSpec, ...] = 1,
    **facts: Any,
) -> Toy:
    """Return a kind of node; every parameter of the function becomes an input."""
    behaviour = {
        name: facts.pop(name) for name in ("own", "asks", "any_input", "code") if name in facts
    }
    if inputs is None:
        names = [
            name
            for name, one in inspect.signature(function).parameters.items()
            if one.kind is not inspect.Parameter.VAR_KEYWORD and name != "context"
        ]
        inputs = tuple(InputSpec(name=name, type="*") for name in names)
    slots = (
        tuple(OutputSpec(name=f"out{slot}", type="*") for slot in range(outputs))
        if isinstance(outputs, int)
        else outputs
    )
    spec = NodeSpec(id=kind, title=kind, inputs=inputs, outputs=slots, **facts)
    return Toy(spec, function, **behaviour)


@dataclass
class Toys:
    """A registry of toys."""

    kinds: dict[str, Toy] = field(default_factory=dict)

    def add(self, *kinds: Toy) -> Toys:
        self.kinds.update((kind.spec.id, kind) for kind in kinds)
        return self

    def edit(self, name: str, function: Callable[..., Any]) -> None:
        """Edit the source of a kind of node."""
        kind = self.kinds[name]
        self.kinds[name] = replace(kind, function=function, code=str(int(kind.code) + 1))

    def get(self, name: str) -> Toy | None:
        return self.kinds.get(name)

    def nearest(self, name: str) -> str | None:
        return next((one for one in self.kinds if one[:1] == name[:1]), None)


@dataclass
class Bench:
    """An executor with everything around it, and a count of how often each node ran."""

    toys: Toys
    cache: ResultsCache
    folders: Folders
    executor: Executor
    runs: Counter[str] = field(default_factory=Counter)

    @classmethod
    def at(cls, base: Path, *kinds: Toy, cache: ResultsCache | None = None) -> Bench:
        toys, folders = Toys().add(*kinds), Folders.beneath(base)
        cache = cache or ResultsCache()
        content = ContentHashes(folders.cache / "content.json")
        return cls(toys, cache, folders, Executor(toys, cache, folders, content))  # type: ignore[arg-type]

    def run(self, graph: Graph, *targets: str, **words: Any) -> RunResult:
        result = self.executor.run(graph, targets or None, **words)
        self.runs.update(result.executed)
        return result

    def close(self) -> None:
        self.executor.close()
        self.cache.close()


def graph(**nodes: tuple[str, dict[str, Any]]) -> Graph:
    """Return a graph: `graph(a=("add", {"x": 1}), b=("add", {"x": ("a", 0)}))`.

    Tuples of a name and a number are links.
    """
    return Graph(
        {
            name: Node(name, kind, {key: _linked(value) for key, value in inputs.items()})
            for name, (kind, inputs) in nodes.items()
        }
    )


def _linked(value: Any) -> Any:
    match value:
        case (str() as node, int() as slot):
            return Link(node, slot)
        case _:
            return value
