"""What a kind of node declares: pure data, whoever wrote it and in whichever style."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

    from engine.declare.context import Context
    from engine.graph.model import Subgraph

Lane = Literal["device", "io", "async"]
Section = Literal["required", "optional", "hidden"]
SocketType = str | tuple[Any, ...]
"""A wire type as ComfyUI writes it (`"LATENT"`, `"INT,FLOAT"`, `"*"`), or the tuple of a choice.

Third-party classes may put objects here that override `__ne__`, or `__eq__` and so have no hash.
Links are matched with `!=` of these objects; everything else goes by `type_name`.
"""


def type_name(kind: SocketType) -> str:
    """Return a wire type as plain text, `COMBO` for the tuple of a choice.

    Args:
        kind: The type; what it says of its own equality plays no part.
    """
    return str.__str__(kind) if isinstance(kind, str) else "COMBO"


class Missing(Enum):
    """The absence of a default, which is not the same as a default of None."""

    MISSING = "missing"


MISSING = Missing.MISSING


@dataclass(frozen=True, kw_only=True)
class InputSpec:
    """One input of a kind of node.

    Attributes:
        name: The name on the wire and of the function's argument.
        type: The wire type.
        section: Whether it must be given, may be given, or is supplied by the engine.
        default: What the editor starts with. Missing inputs are never filled from it.
        lazy: The input is computed only when the node asks for it.
        gather: The node takes all items of a list in one call.
        raw_link: The node gets the link itself in place of the value behind it. With `lazy`,
            nothing behind the link is computed for it. The node's key covers everything upstream
            as it is written (kinds, code, constants, files, links), since such a node may run
            copies of it.
        folder: Name of the model folder (or `"input"`) whose file the value names; the file's
            content then enters the node's key. A `type` that is a tuple holds values that are
            allowed besides the files.
        saved_name: The value is the start of the names of files beneath the output folder.
        options: Everything else, as the catalogue shows it (`min`, `max`, `step`, `tooltip`,
            `multiline`, `control_after_generate`, `forceInput`, `image_upload`, ...).
    """

    name: str
    type: SocketType
    section: Section = "required"
    default: Any = MISSING
    lazy: bool = False
    gather: bool = False
    raw_link: bool = False
    folder: str | None = None
    saved_name: bool = False
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, kw_only=True)
class OutputSpec:
    """One output of a kind of node.

    Attributes:
        name: What the editor writes beside the socket.
        type: The wire type.
        is_list: The output is a list whose items are mapped over by what follows.
        tooltip: One sentence for the editor.
    """

    name: str
    type: SocketType
    is_list: bool = False
    tooltip: str | None = None


@dataclass(frozen=True, kw_only=True)
class NodeSpec:
    """What a kind of node declares.

    Attributes:
        id: The kind's name in workflow files (`class_type`).
        title: What the editor writes on the node.
        category: Where the editor lists it: `sampling/custom`.
        description: Help text, Markdown.
        inputs: In the order of the editor's widgets: required, optional, hidden.
        outputs: In slot order.
        is_output: The node is worth running for its own sake (it saves or shows something).
        lane: Where it runs: one at a time on the device, in a thread pool, or as a coroutine.
        keeps_identity: Two nodes with equal inputs are still two results (`NOT_IDEMPOTENT`).
        takes_lists: The whole node takes lists (`INPUT_IS_LIST`), hidden inputs included.
        pack: The pack it comes from: `nodes`, `custom_nodes.example`.
        deprecated: The editor hides it from the search.
        experimental: The editor marks it.
        search_aliases: Other words under which the search finds it.
    """

    id: str
    title: str
    category: str = ""
    description: str = ""
    inputs: tuple[InputSpec, ...] = ()
    outputs: tuple[OutputSpec, ...] = ()
    is_output: bool = False
    lane: Lane = "device"
    keeps_identity: bool = False
    takes_lists: bool = False
    pack: str = "nodes"
    deprecated: bool = False
    experimental: bool = False
    search_aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Blocker:
    """The value of an output that must not be used: what depends on it does not run.

    Attributes:
        message: Shown to the user at the first node that it stops; None blocks silently.
    """

    message: str | None = None


@dataclass(frozen=True, kw_only=True)
class Returned:
    """What one call of a node gave, in one shape for every style of node.

    Attributes:
        outputs: One value per output slot; one `Blocker` in its place blocks them all.
            Links to nodes of `expand` are allowed where that is given.
        ui: What the editor shows: lists by key, concatenated over the calls of a mapped node.
        expand: Nodes to run in place of this one.
    """

    outputs: tuple[Any, ...] | Blocker = ()
    ui: Mapping[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    expand: Subgraph | None = None


class NodeType(Protocol):
    """A kind of node: its declaration and its behaviour. The executor knows nothing else."""

    @property
    def spec(self) -> NodeSpec:
        """The declaration. Third-party classes are asked anew at each access."""
        ...

    @property
    def code(self) -> str:
        """Fingerprint of the implementation: another text means other results."""
        ...

    def input(self, name: str) -> InputSpec | None:
        """Return the declaration of one input, dynamic ones included, or None."""
        ...

    def fingerprint(self, constants: Mapping[str, Any], context: Context) -> Any:
        """Return what else decides the result besides the inputs; None where nothing does.

        The value is hashed into the node's key. NaN never equals itself, so it always runs.

        Args:
            constants: The node's constant inputs; linked ones are None.
            context: Of the run.
        """
        ...

    @property
    def fingerprints(self) -> bool:
        """Whether `fingerprint` can return anything but None; most kinds are spared the call."""
        ...

    def validate(
        self,
        constants: Mapping[str, Any],
        received_types: Mapping[str, SocketType],
        node_id: str,
    ) -> Mapping[str, str]:
        """Return what the node itself finds wrong with its constants.

        Args:
            constants: The constants by input name.
            received_types: The types that links bring, by input name.
            node_id: The node.

        Returns:
            Messages by input name; an empty one says only that the input is refused, an empty
            name that the node is.
        """
        ...

    @property
    def checks_types(self) -> bool:
        """The node compares the types of its links itself (`input_types` of VALIDATE_INPUTS)."""
        ...

    def checks_input(self, name: str) -> bool:
        """Tell whether the node checks this input itself, so that the engine must not."""
        ...

    def missing(
        self, inputs: Mapping[str, Any], absent: tuple[str, ...], context: Context
    ) -> tuple[str, ...] | Awaitable[tuple[str, ...]]:
        """Return which of the absent lazy inputs the node needs before it can run."""
        ...

    def call(self, inputs: Mapping[str, Any], context: Context) -> Returned | Awaitable[Returned]:
        """Run the node once, on one item of each list unless it gathers.

        Args:
            inputs: Values by input name; an absent lazy input of a typed function is a `Lazy`.
            context: Of this call.
        """
        ...
