"""Scripts that `write_script` wrote, read without running them: they may come from strangers."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NoReturn, cast

from engine.errors import WorkflowFormatError
from engine.graph.flow import Flow, Step
from engine.graph.json_text import MAX_DEPTH

if TYPE_CHECKING:
    from engine.graph.model import Graph

MAX_SCRIPT_BYTES = 16 * 2**20
"""Longest script that is read."""
_ALLOWED = (
    "only `from engine import Flow`, `flow = Flow()`, calls of the flow's nodes with constants and "
    "outputs of earlier nodes, and `graph = flow.graph()`"
)


def read_script(text: str | bytes, name: str) -> Graph:
    """Return the graph that a script builds; the script does not run.

    Args:
        text: Python as `write_script` writes it; constants, titles and ids may be edited, and
            nodes may be added.
        name: What to call the script in messages.

    Raises:
        WorkflowFormatError: It is no Python, or does anything else than building a graph.
    """
    if len(text) > MAX_SCRIPT_BYTES:
        raise WorkflowFormatError(
            f"{name} is longer than the {MAX_SCRIPT_BYTES} bytes that are read"
        )
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise WorkflowFormatError(
            f"{name} is no Python: {error.msg}, line {error.lineno}"
        ) from None
    except (ValueError, RecursionError, MemoryError):
        raise WorkflowFormatError(f"{name} is no Python that can be read") from None
    return _Reader(name).graph(tree)


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._flow: Flow | None = None
        self._flow_name = ""
        self._steps: dict[str, Step] = {}
        self._graph: Graph | None = None

    def graph(self, tree: ast.Module) -> Graph:
        for statement in tree.body:
            self._statement(statement)
        if self._graph is None:
            raise WorkflowFormatError(f"{self._name} ends without `graph = flow.graph()`")
        return self._graph

    def _statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Expr(value=ast.Constant(value=str())):
                return
            case ast.ImportFrom(module="engine" | "__future__", level=0):
                return
            case ast.Assign(targets=[ast.Name(id=target)], value=ast.Call() as call):
                self._assign(target, call)
            case ast.Expr(value=ast.Call() as call):
                self._of_flow(call)
            case _:
                self._refuse(statement)

    def _assign(self, target: str, call: ast.Call) -> None:
        match call:
            case ast.Call(func=ast.Name(id="Flow"), args=[], keywords=[]) if self._flow is None:
                self._flow, self._flow_name = Flow(), target
            case _:
                made = self._of_flow(call)
                if isinstance(made, Step):
                    self._steps[target] = made
                elif target != "graph":
                    self._refuse(call)

    def _of_flow(self, call: ast.Call) -> Any:
        """Do what a call of one of the flow's methods says."""
        match call.func:
            case ast.Attribute(value=ast.Name(id=owner), attr=attribute):
                pass
            case _:
                self._refuse(call)
        if self._flow is None or owner != self._flow_name or attribute.startswith("_"):
            self._refuse(call)
        positional = [self._value(one, 0) for one in call.args]
        named = self._named(call)
        try:
            made: Any = getattr(self._flow, attribute)(*positional, **named)
        except (TypeError, KeyError):
            self._refuse(call)
        except WorkflowFormatError as error:
            raise WorkflowFormatError(f"line {call.lineno} of {self._name}: {error}") from None
        if attribute == "graph":
            self._graph = made
        return made

    def _named(self, call: ast.Call) -> dict[str, Any]:
        named: dict[str, Any] = {}
        for argument in call.keywords:
            value = self._value(argument.value, 0)
            more = {argument.arg: value} if argument.arg is not None else value
            if not isinstance(more, dict) or named.keys() & more.keys():
                self._refuse(call)
            named |= cast("dict[str, Any]", more)
        return named

    def _value(self, node: ast.expr, depth: int) -> Any:
        if depth > MAX_DEPTH:
            self._refuse(node)
        match node:
            case ast.Constant(value=None | bool() | int() | float() | str()):
                return node.value
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return -number
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return [self._value(one, depth + 1) for one in elements]
            case ast.Dict(keys=keys, values=values):
                return self._mapping(keys, values, depth)
            case _:
                return self._reference(node)

    def _mapping(
        self, keys: list[ast.expr | None], values: list[ast.expr], depth: int
    ) -> dict[str, Any]:
        read: dict[str, Any] = {}
        for key, value in zip(keys, values, strict=True):
            match key:
                case ast.Constant(value=str() as name) if name not in read:
                    read[name] = self._value(value, depth + 1)
                case _:
                    self._refuse(value)
        return read

    def _reference(self, node: ast.expr) -> Any:
        match node:
            case ast.Name(id=name) if name in self._steps:
                return self._steps[name]
            case ast.Subscript(
                value=ast.Name(id=name), slice=ast.Constant(value=int() as slot)
            ) if name in self._steps:
                return self._steps[name][slot]
            case ast.Subscript(
                value=ast.Name(id=name),
                slice=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as slot)),
            ) if name in self._steps:
                return self._steps[name][-slot]
            case ast.Call(
                func=ast.Name(id="float"),
                args=[ast.Constant(value="nan" | "inf" | "-inf" as number)],
                keywords=[],
            ):
                return float(number)
            case ast.Call(func=ast.Attribute(attr="link" | "broken")):
                return self._of_flow(node)
            case _:
                return self._refuse(node)

    def _refuse(self, node: ast.AST) -> NoReturn:
        line = getattr(node, "lineno", 0)
        raise WorkflowFormatError(
            f"line {line} of {self._name} does what is not read from scripts; {_ALLOWED} are. "
            "Where you trust it, run it with Python"
        )
