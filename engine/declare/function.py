"""Typed functions as kinds of nodes."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from engine.declare.code import code_fingerprint
from engine.declare.docstring import read_docstring
from engine.declare.signature import Signature, read_signature, section_order
from engine.declare.spec import MISSING, Blocker, InputSpec, Lane, NodeSpec, Returned
from engine.declare.types import Shown
from engine.errors import DeclarationError
from engine.graph.model import Subgraph

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from engine.declare.context import Context
    from engine.declare.spec import SocketType

F = TypeVar("F", bound="Callable[..., Any]")

ATTRIBUTE = "__latentloom_node__"


def node(  # noqa: PLR0913 - one word for each fact of a kind of node
    id: str,  # noqa: A002 - the word of the field
    *,
    category: str = "",
    title: str | None = None,
    lane: Lane | None = None,
    output: bool = False,
    version: str = "",
    fingerprint: Callable[..., Any] | None = None,
    keeps_identity: bool = False,
    deprecated: bool = False,
    experimental: bool = False,
    search_aliases: tuple[str, ...] = (),
) -> Callable[[F], F]:
    """Make a kind of node of a typed function with keyword-only parameters.

    The function stays as it is and can be called like any other. Its parameters become the
    inputs, in order; what it returns becomes the outputs; its docstring becomes the help.

    Args:
        id: The kind's name in workflow files, unique among all packs.
        category: Where the editor lists it: `sampling/custom`.
        title: What the editor writes on the node; the id when left out.
        lane: Where it runs: `device` (the default: one at a time), `io` for a thread of its own.
            Functions that are `async` run as coroutines.
        output: The node is worth running for its own sake: it saves or shows something.
        version: Raise it when results change with code outside of the function's module.
        fingerprint: Returns what else decides the result. It names the constants that it wants
            (linked ones are None) and may take `context`. NaN makes the node run each time.
        keeps_identity: Two nodes with equal inputs are still two results.
        deprecated: The editor hides it from the search.
        experimental: The editor marks it.
        search_aliases: Other words under which the search finds it.

    Raises:
        DeclarationError: The signature is not one of a node.
    """
    facts = NodeSpec(
        id=id,
        title=title or id,
        category=category,
        is_output=output,
        keeps_identity=keeps_identity,
        deprecated=deprecated,
        experimental=experimental,
        search_aliases=search_aliases,
    )

    def declare(function: F) -> F:
        setattr(function, ATTRIBUTE, _kind(function, facts, lane, version, fingerprint))
        return function

    return declare


def node_type_of(function: object) -> FunctionNode | None:
    """Return the kind of node that `node` made of a function, or None."""
    kind = getattr(function, ATTRIBUTE, None)
    return kind if isinstance(kind, FunctionNode) else None


@dataclass(frozen=True, kw_only=True)
class FunctionNode:
    """A typed function as a kind of node: see the protocol `NodeType`.

    Attributes:
        function: What the author wrote.
        signature: What it declares.
        fixed: The declaration, but for choices that are asked for anew each time.
        code: Fingerprint of the implementation.
        decides: Returns what else decides the result.
    """

    function: Callable[..., Any]
    signature: Signature
    fixed: NodeSpec
    code: str
    decides: Callable[..., Any] | None = None

    @property
    def spec(self) -> NodeSpec:
        """The declaration."""
        if any(getattr(one, "choice", None) for one in self.signature.parameters):
            return replace(self.fixed, inputs=_inputs(self.signature))
        return self.fixed

    def of_pack(self, pack: str) -> FunctionNode:
        """Return the same kind of node, told which pack it comes from."""
        if self.fixed.pack == pack:
            return self
        return replace(self, fixed=replace(self.fixed, pack=pack))

    def input(self, name: str) -> InputSpec | None:
        """Return the declaration of one input, dynamic ones included, or None."""
        found = (parameter.find(name) for parameter in self.signature.parameters)
        return next((spec for spec in found if spec is not None), None)

    def fingerprint(self, constants: Mapping[str, Any], context: Context) -> Any:
        """Return what the author's `fingerprint=` says, or None."""
        if self.decides is None:
            return None
        offered = {**constants, "context": context}
        wanted = inspect.signature(self.decides).parameters
        return self.decides(**{name: offered[name] for name in wanted if name in offered})

    @property
    def fingerprints(self) -> bool:
        """Whether the author gave a `fingerprint=`."""
        return self.decides is not None

    def validate(
        self,
        constants: Mapping[str, Any],  # noqa: ARG002 - the protocol's
        received_types: Mapping[str, SocketType],  # noqa: ARG002
        node_id: str,  # noqa: ARG002
    ) -> Mapping[str, str]:
        """Find nothing wrong: what a signature says, the engine checks."""
        return {}

    @property
    def checks_types(self) -> bool:
        """False: the engine compares the types of links."""
        return False

    def checks_input(self, name: str) -> bool:  # noqa: ARG002 - the protocol's
        """False: the engine checks ranges and choices."""
        return False

    def missing(
        self,
        inputs: Mapping[str, Any],  # noqa: ARG002 - the protocol's
        absent: tuple[str, ...],  # noqa: ARG002
        context: Context,  # noqa: ARG002
    ) -> tuple[str, ...]:
        """Return nothing: a typed function awaits its lazy inputs itself."""
        return ()

    def call(self, inputs: Mapping[str, Any], context: Context) -> Returned | Awaitable[Returned]:
        """Run the function once.

        Raises:
            InputError: An input without a default is missing, or a choice does not exist.
        """
        values = {one.name: one.value(inputs) for one in self.signature.parameters}
        arguments = {name: value for name, value in values.items() if value is not MISSING}
        if self.signature.context is not None:
            arguments[self.signature.context] = context
        for name, marker in self.signature.hidden.items():
            arguments[name] = _supplied(marker, context)
        result = self.function(**arguments)
        return self._later(result) if inspect.isawaitable(result) else self._returned(result)

    async def _later(self, result: Awaitable[Any]) -> Returned:
        return self._returned(await result)

    def _returned(self, result: Any) -> Returned:
        if isinstance(result, Shown):
            shown = cast("Shown[Any]", result)
            return replace(self._returned(shown.value), ui=shown.ui)
        if isinstance(result, Subgraph):
            return Returned(outputs=result.outputs, expand=result)
        if isinstance(result, Blocker):
            return Returned(outputs=result)
        if not self.signature.outputs:
            return Returned()
        return Returned(outputs=tuple(result) if self.signature.several else (result,))


def _kind(
    function: Callable[..., Any],
    facts: NodeSpec,
    lane: Lane | None,
    version: str,
    decides: Callable[..., Any] | None,
) -> FunctionNode:
    words = read_docstring(function)
    signature = read_signature(function, words)
    inputs = _inputs(signature)
    spec = replace(
        facts,
        description=words.description,
        inputs=inputs,
        outputs=signature.outputs,
        lane=_lane(function, inputs, lane),
        pack=function.__module__.partition(".")[0],
    )
    code = code_fingerprint(function, version)
    return FunctionNode(
        function=function, signature=signature, fixed=spec, code=code, decides=decides
    )


def _lane(function: Callable[..., Any], inputs: tuple[InputSpec, ...], lane: Lane | None) -> Lane:
    is_async = inspect.iscoroutinefunction(function)
    awaited = [one.name for one in inputs if one.lazy and not one.raw_link]
    if awaited and not is_async:
        raise DeclarationError(
            f"{function.__module__}.{function.__qualname__} takes the lazy input {awaited[0]!r}",
            expected="async def, since lazy inputs are awaited",
        )
    if (lane == "async") != is_async and lane is not None:
        raise DeclarationError(
            f"{function.__module__}.{function.__qualname__} cannot run in the lane {lane!r}",
            expected='lane="async" for `async def`, "device" or "io" for `def`',
        )
    return lane or ("async" if is_async else "device")


def _inputs(signature: Signature) -> tuple[InputSpec, ...]:
    shown = [parameter.declare() for parameter in signature.parameters]
    hidden = [
        InputSpec(name=name, type=marker, section="hidden")
        for name, marker in signature.hidden.items()
    ]
    return tuple(sorted([*shown, *hidden], key=section_order))


def _supplied(marker: str, context: Context) -> Any:
    if marker == "UNIQUE_ID":
        return context.node_id
    return context.prompt if marker == "PROMPT" else context.extra_pnginfo
