"""Latentloom's engine: everything that node authors and Python users may rely on.

Nothing but these names is public. Each is loaded at first use, so that `import engine` costs next
to nothing and never loads torch.

    from engine import Number, node

    @node("Double", category="numbers")
    def double(*, value: Annotated[int, Number(0, 100)]) -> int:
        "Return twice the value."
        return 2 * value
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.cache.budgets import Budgets
    from engine.cache.values import handle
    from engine.content import NamedFile
    from engine.declare.context import Context
    from engine.declare.function import node
    from engine.declare.registry import Registry
    from engine.declare.spec import MISSING, Blocker, InputSpec, NodeSpec, OutputSpec, Returned
    from engine.declare.types import ANY, Autogrow, Lazy, Output, Shown, Socket
    from engine.declare.widgets import (
        Choice,
        Hidden,
        Input,
        InputFile,
        Number,
        SavedName,
        Seed,
        Text,
        Toggle,
    )
    from engine.errors import (
        DeclarationError,
        FileProblemError,
        InputError,
        InterruptedRunError,
        InvalidWorkflowError,
        LoomError,
        NodeFailedError,
        OutOfMemoryError,
        PathEscapeError,
        Problem,
        WorkflowFormatError,
    )
    from engine.files import Folders, beneath
    from engine.graph.builder import GraphBuilder
    from engine.graph.flow import Flow, Step
    from engine.graph.model import Graph, Link, Node, Subgraph
    from engine.jobs.local import Engine, Result, Workflow

_HOMES = {
    "engine.cache.budgets": ("Budgets",),
    "engine.cache.values": ("handle",),
    "engine.content": ("NamedFile",),
    "engine.declare.context": ("Context",),
    "engine.declare.function": ("node",),
    "engine.declare.registry": ("Registry",),
    "engine.declare.spec": (
        "MISSING",
        "Blocker",
        "InputSpec",
        "NodeSpec",
        "OutputSpec",
        "Returned",
    ),
    "engine.declare.types": ("ANY", "Autogrow", "Lazy", "Output", "Shown", "Socket"),
    "engine.declare.widgets": (
        "Choice",
        "Hidden",
        "Input",
        "InputFile",
        "Number",
        "SavedName",
        "Seed",
        "Text",
        "Toggle",
    ),
    "engine.errors": (
        "DeclarationError",
        "FileProblemError",
        "InputError",
        "InterruptedRunError",
        "InvalidWorkflowError",
        "LoomError",
        "NodeFailedError",
        "OutOfMemoryError",
        "PathEscapeError",
        "Problem",
        "WorkflowFormatError",
    ),
    "engine.files": ("Folders", "beneath"),
    "engine.graph.builder": ("GraphBuilder",),
    "engine.graph.flow": ("Flow", "Step"),
    "engine.graph.model": ("Graph", "Link", "Node", "Subgraph"),
    "engine.jobs.local": ("Engine", "Result", "Workflow"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "ANY",
    "MISSING",
    "Autogrow",
    "Blocker",
    "Budgets",
    "Choice",
    "Context",
    "DeclarationError",
    "Engine",
    "FileProblemError",
    "Flow",
    "Folders",
    "Graph",
    "GraphBuilder",
    "Hidden",
    "Input",
    "InputError",
    "InputFile",
    "InputSpec",
    "InterruptedRunError",
    "InvalidWorkflowError",
    "Lazy",
    "Link",
    "LoomError",
    "NamedFile",
    "Node",
    "NodeFailedError",
    "NodeSpec",
    "Number",
    "OutOfMemoryError",
    "Output",
    "OutputSpec",
    "PathEscapeError",
    "Problem",
    "Registry",
    "Result",
    "Returned",
    "SavedName",
    "Seed",
    "Shown",
    "Socket",
    "Step",
    "Subgraph",
    "Text",
    "Toggle",
    "Workflow",
    "WorkflowFormatError",
    "beneath",
    "handle",
    "node",
]


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'engine' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
