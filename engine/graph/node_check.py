"""The inputs of one node, checked against what its kind declares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.declare.spec import type_name
from engine.declare.wire import wire_input
from engine.errors import Problem
from engine.graph.constant_check import Fault, converted, fault_of, nearest_of, shown
from engine.graph.dynamic_inputs import AUTOGROW, DYNAMIC_CHOICE, choices, written_out
from engine.graph.json_text import items
from engine.graph.model import BrokenLink, Link
from engine.graph.quick_check import QuickCheck, quick_check
from engine.graph.type_match import type_text, types_match

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.declare.spec import InputSpec, NodeSpec, NodeType, SocketType
    from engine.files import Folders
from engine.graph.model import Graph, Node

_MOST_OPTIONS = 20


@dataclass(frozen=True)
class Kind:
    """A kind of node, asked for its declaration once per validation.

    Attributes:
        type: The kind.
        spec: Its declaration.
        inputs: Those of the file, without the hidden ones.
        dynamic: Some of them depend on others.
        quick: Quick checks of constants, for the inputs that have one.
    """

    type: NodeType
    spec: NodeSpec
    inputs: tuple[InputSpec, ...]
    dynamic: bool
    quick: Mapping[str, QuickCheck]

    @classmethod
    def of(cls, type_: NodeType) -> Kind:
        """Return a kind with its declaration of now."""
        spec = type_.spec
        inputs = tuple(one for one in spec.inputs if one.section != "hidden")
        dynamic = any(type_name(one.type) in {AUTOGROW, DYNAMIC_CHOICE} for one in inputs)
        quick = {one.name: check for one in inputs if (check := quick_check(one)) is not None}
        return cls(type_, spec, inputs, dynamic, quick)


class NodeCheck:
    """Checks one node; what it finds is in `problems` and `warnings`.

    Args:
        node: The node.
        kind: Its kind.
        graph: The graph that it is part of.
        kinds: The kinds of the graph's nodes by id, without unknown ones.
        folders: Where the files are that choices name; None checks no files.
    """

    def __init__(
        self,
        node: Node,
        kind: Kind,
        graph: Graph,
        kinds: Mapping[str, Kind],
        folders: Folders | None,
    ) -> None:
        self._node = node
        self._kind = kind
        self._graph = graph
        self._kinds = kinds
        self._folders = folders
        self._received: dict[str, SocketType] = {}
        self._changed: dict[str, Any] = {}
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def run(self) -> Node:
        """Return the node with its constants converted."""
        declared = 0
        for spec in self._specs():
            if spec.name in self._node.inputs:
                declared += 1
                self._check(spec, self._node.inputs[spec.name])
            elif spec.section == "required":
                self._missing(spec)
        if declared < len(self._node.inputs):
            self._check_undeclared()
        self._ask_node()
        if not self._changed:
            return self._node
        return replace(self._node, inputs={**self._node.inputs, **self._changed})

    def _specs(self) -> Iterable[InputSpec]:
        if not self._kind.dynamic:
            return self._kind.inputs
        return written_out(self._kind.inputs, self._node.inputs)

    def _check(self, spec: InputSpec, value: Any) -> None:
        if isinstance(value, Link):
            self._check_link(spec, value)
        elif isinstance(value, BrokenLink):
            self._add(
                spec,
                Fault(
                    kind="bad_linked_input",
                    message="a list stands where only a link may stand",
                    expected='a link ["node", output number]; write a list that is a value '
                    'as {"__value__": [...]}',
                    got=shown(value.value),
                ),
                received_value=value.value,
            )
        else:
            self._check_constant(spec, value)

    def _check_link(self, spec: InputSpec | None, link: Link) -> None:
        source = self._graph.nodes.get(link.node)
        if source is None:
            self._dangling(spec, link, "is not in the workflow")
            return
        kind = self._kinds.get(link.node)
        if kind is None:
            return
        outputs = kind.spec.outputs
        if not 0 <= link.slot < len(outputs):
            names = ", ".join(f"{index} ({one.name})" for index, one in enumerate(outputs))
            outs = f"has the outputs {names}" if names else "has no outputs"
            self._dangling(spec, link, f"({source.type}) {outs}")
            return
        received = outputs[link.slot].type
        if spec is None:
            return
        self._received[spec.name] = received
        if not self._kind.type.checks_types and not types_match(received, spec.type):
            self._mismatch(spec, link, received)

    def _mismatch(self, spec: InputSpec, link: Link, received: SocketType) -> None:
        source = self._graph.nodes[link.node]
        title = f' "{source.title}"' if source.title and source.title != source.type else ""
        name = self._kinds[link.node].spec.outputs[link.slot].name
        left, right = type_text(received), type_text(spec.type)
        fault = Fault(
            kind="return_type_mismatch",
            message="the link brings a value of the wrong type",
            expected=right,
            got=f"{left}, from output {link.slot} ({name}) of node {source.id}{title} "
            f"({source.type})",
            details=f"{spec.name}, received_type({left}) mismatch input_type({right})",
        )
        self._add(spec, fault, received_type=left, linked_node=[link.node, link.slot])

    def _dangling(self, spec: InputSpec | None, link: Link, why: str) -> None:
        fault = Fault(
            kind="bad_linked_input",
            message="the link leads to an output that does not exist",
            expected="an output of a node of the workflow",
            got=f"output {link.slot} of node {link.node}, which {why}"
            if why.startswith("is")
            else f"output {link.slot} of node {link.node} {why}",
        )
        name = next((key for key, value in self._node.inputs.items() if value is link), None)
        self._add(spec, fault, name=name, received_value=[link.node, link.slot])

    def _missing(self, spec: InputSpec) -> None:
        choice = not isinstance(spec.type, str)
        wanted = type_text(spec.type) if choice else f"a value of type {spec.type}"
        fault = Fault(
            kind="required_input_missing",
            message="the input is needed and is not there",
            expected=f"{wanted}, or a link to one",
            details=spec.name.rpartition(".")[2],
        )
        self._add(spec, fault)

    def _check_constant(self, spec: InputSpec, value: Any) -> None:
        quick = self._kind.quick.get(spec.name)
        if quick is not None and quick.passes(value):
            return
        new = converted(spec, value)
        fault = new if isinstance(new, Fault) else None
        if fault is None:
            if new is not value:
                self._changed[spec.name] = new
            if not self._kind.type.checks_input(spec.name):
                fault = self._fault_of_choice(spec, new) or fault_of(spec, new, self._folders)
        if fault is not None:
            self._add(spec, fault, received_value=value)

    def _fault_of_choice(self, spec: InputSpec, value: Any) -> Fault | None:
        """Return what is wrong with a choice that brings inputs of its own."""
        if type_name(spec.type) != DYNAMIC_CHOICE:
            return None
        keys = choices(spec)
        if value in keys:
            return None
        return Fault(
            kind="value_not_in_list",
            message="there is no such choice",
            expected=f"one of {', '.join(map(shown, keys))}",
            got=shown(value),
            nearest=nearest_of(value, keys),
            details=f"{spec.name}: {shown(value)} not in {keys}",
        )

    def _check_undeclared(self) -> None:
        """Check what the file has besides the declared inputs; packs may take it all the same."""
        declared = {spec.name for spec in self._specs()}
        hidden = {one.name for one in self._kind.spec.inputs if one.section == "hidden"}
        for name, value in self._node.inputs.items():
            if name in declared or name in hidden:
                continue
            spec = self._kind.type.input(name)
            if spec is not None:
                self._check(spec, value)
            elif isinstance(value, Link):
                self._check_link(None, value)
            else:
                self._warn_unknown(name, value, declared)

    def _warn_unknown(self, name: str, value: Any, declared: set[str]) -> None:
        self.warnings.append(
            Problem(
                kind="unknown_input",
                message="this kind of node has no such input, so the value is not used",
                node=self._node.id,
                node_type=self._node.type,
                title=self._node.title,
                input=name,
                got=shown(value),
                nearest=nearest_of(name, declared - self._node.inputs.keys()),
            )
        )

    def _ask_node(self) -> None:
        """Let the kind of node say what it finds wrong itself."""
        inputs = {**self._node.inputs, **self._changed}
        constants = {
            name: value
            for name, value in inputs.items()
            if not isinstance(value, Link | BrokenLink)
        }
        try:
            found = self._kind.type.validate(constants, self._received, self._node.id)
        except Exception as error:
            self._raised(error)
            return
        known = {problem.input for problem in self.problems}
        for name, message in found.items():
            if name not in known:
                self._refused(name, message, constants)

    def _refused(self, name: str, message: str, constants: Mapping[str, Any]) -> None:
        extra = {"input_name": name} if name else {}
        details = " - ".join(part for part in (name, message) if part)
        self.problems.append(
            Problem(
                kind="custom_validation_failed",
                message=message or "the node refuses its inputs",
                node=self._node.id,
                node_type=self._node.type,
                title=self._node.title,
                input=name or None,
                got=shown(constants[name]) if name in constants else None,
                extra=extra | {"details": details},
            )
        )

    def _raised(self, error: Exception) -> None:
        kind = "exception_during_validation"
        if not self._kind.spec.is_output:
            kind = "exception_during_inner_validation"
        self.problems.append(
            Problem(
                kind=kind,
                message=f"checking the inputs failed: {type(error).__name__}: {error}",
                node=self._node.id,
                node_type=self._node.type,
                title=self._node.title,
                extra={"details": str(error), "exception_type": type(error).__name__},
            )
        )

    def _add(
        self, spec: InputSpec | None, fault: Fault, *, name: str | None = None, **extra: Any
    ) -> None:
        named = spec.name if spec is not None else name
        if spec is not None:
            config = wire_input(spec)
            many = len(items(config[0])) > _MOST_OPTIONS
            extra["input_config"] = None if many else config
        if fault.error is not None:
            extra["exception_message"] = fault.error
        self.problems.append(
            Problem(
                kind=fault.kind,
                message=fault.message,
                node=self._node.id,
                node_type=self._node.type,
                title=self._node.title,
                input=named,
                expected=fault.expected,
                got=fault.got,
                nearest=fault.nearest,
                hint=fault.hint,
                extra={"input_name": named, "details": fault.details or named, **extra},
            )
        )
