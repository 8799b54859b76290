"""Modules of ComfyUI that packs import and that concern execution, under ComfyUI's names."""

from __future__ import annotations

import importlib
import sys
from enum import StrEnum
from types import ModuleType
from typing import TYPE_CHECKING, Any

from engine.comfy import (
    comfy_types,
    executing,
    graph_utils,
    hidden,
    interruption,
    node_classes,
    progress,
    prompt_server,
)
from engine.comfy.cli_args import LatentPreviewMethod, arguments
from engine.comfy.folder_paths import FolderPaths

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.declare.spec import NodeType
    from engine.files import Folders

BUILT_IN = "nodes"
"""The built-in pack, which goes by the name of the module in which ComfyUI has its own nodes."""
COMFYUI_VERSION = "0.45.0"
"""What packs are told that they run in: what they find here follows it."""
MAX_RESOLUTION = 16384

Namespace = dict[str, Any]


def install_shims(folders: Folders, kinds: Iterable[NodeType] = ()) -> None:
    """Make ComfyUI's module names importable; names that something else has taken are left.

    Args:
        folders: What `folder_paths` answers from.
        kinds: The built-in kinds of nodes.
    """
    modules = {**_execution(), **_comfy(folders), **_server()}
    modules["folder_paths"] = FolderPaths(folders).namespace()
    for name, namespace in modules.items():
        module = sys.modules.setdefault(name, _Shim(name, __doc__))
        if isinstance(module, _Shim):
            vars(module).update(namespace)
            parent, _, own = name.rpartition(".")
            if parent:
                setattr(sys.modules[parent], own, module)
    _lend_classes({kind.spec.id: kind for kind in kinds})


_MODELS: Mapping[str, str] = {
    "comfy.model_management": f"{BUILT_IN}.comfy.model_management",
    "comfy.samplers": f"{BUILT_IN}.comfy.samplers",
    "comfy.utils": f"{BUILT_IN}.comfy.tensors",
    "node_helpers": f"{BUILT_IN}.comfy.node_helpers",
}
"""The modules of the built-in pack with what concerns models, and so loads torch."""


class _Shim(ModuleType):
    """A module of ours; packs loaded for other folders before see the present ones."""

    def __getattr__(self, name: str) -> Any:
        rest = _MODELS.get(self.__name__)
        if rest is None or name.startswith("__"):
            raise AttributeError(f"the stand-in for {self.__name__} has no {name}")
        return getattr(importlib.import_module(rest), name)


def _named(module: ModuleType, *names: str) -> Namespace:
    return {name: getattr(module, name) for name in names}


def _execution() -> Mapping[str, Namespace]:
    utils = _named(
        graph_utils, "ExecutionBlocker", "GraphBuilder", "Node", "add_graph_prefix", "is_link"
    )
    registry = progress.ProgressRegistry()
    return {
        "comfy_execution": {"__path__": []},
        "comfy_execution.graph_utils": utils,
        "comfy_execution.graph": {**utils, **_named(hidden, "DynamicPrompt")},
        "comfy_execution.utils": _named(executing, "ExecutionContext", "get_executing_context"),
        "comfy_execution.progress": {
            "ProgressRegistry": progress.ProgressRegistry,
            "get_progress_state": lambda: registry,
        },
    }


def _comfy(folders: Folders) -> Mapping[str, Namespace]:
    types = {**_named(comfy_types, *comfy_types.NAMES), "StrEnum": StrEnum}
    api = _named(progress, "ComfyAPI", "ComfyAPISync")
    return {
        "comfy": {"__path__": []},
        "comfy.utils": dict(progress.UTILS),
        "comfy.samplers": {},
        "comfy.model_management": _named(
            interruption,
            "InterruptProcessingException",
            "interrupt_current_processing",
            "processing_interrupted",
            "throw_exception_if_processing_interrupted",
            "unload_all_models",
            "free_memory",
            "cleanup_models",
        ),
        "comfy.comfy_types": {"__path__": [], **types},
        "comfy.comfy_types.node_typing": types,
        "comfy.cli_args": {
            "args": arguments(folders),
            "LatentPreviewMethod": LatentPreviewMethod,
            "enables_dynamic_vram": lambda: False,
        },
        "comfy.options": {"args_parsing": False, "enable_args_parsing": _enable_args_parsing},
        "comfy_api": {"__path__": []},
        **{f"comfy_api.{version}": api for version in ("latest", "v0_0_1", "v0_0_2")},
        "comfyui_version": {"__version__": COMFYUI_VERSION},
        "node_helpers": {},
    }


def _enable_args_parsing(enable: bool = True) -> None:
    """Do nothing: the command line is the server's."""
    del enable


def _server() -> Mapping[str, Namespace]:
    names = _named(prompt_server, "BinaryEventTypes", "PromptServer")
    return {
        "server": names,
        "protocol": _named(prompt_server, "BinaryEventTypes"),
        "execution": _named(prompt_server, "PromptQueue"),
    }


def _lend_classes(kinds: Mapping[str, NodeType]) -> None:
    """Put the names of ComfyUI's module `nodes` into the built-in pack, which has its name."""
    module = sys.modules.get(BUILT_IN)
    if module is None:
        return
    classes = {name: node_classes.class_of(kind) for name, kind in kinds.items()}
    library = importlib.import_module(f"{BUILT_IN}.comfy.library")
    for name, made in library.CLASSES.items():
        if name in classes:
            classes[name] = type(name, (made, classes[name]), {})
    lent: Namespace = {
        "NODE_CLASS_MAPPINGS": classes,
        "NODE_DISPLAY_NAME_MAPPINGS": {name: kind.spec.title for name, kind in kinds.items()},
        "EXTENSION_WEB_DIRS": dict[str, str](),
        "LOADED_MODULE_DIRS": dict[str, str](),
        "MAX_RESOLUTION": MAX_RESOLUTION,
        "before_node_execution": interruption.before_node_execution,
        "interrupt_processing": interruption.interrupt_current_processing,
    }
    for name, value in {**classes, **library.FUNCTIONS, **lent}.items():
        vars(module)[name] = value
