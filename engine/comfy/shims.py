"""Modules of ComfyUI that packs import and that concern execution, under ComfyUI's names."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from engine.comfy import executing, graph_utils
from engine.comfy.folder_paths import FolderPaths

if TYPE_CHECKING:
    from engine.files import Folders


def install_shims(folders: Folders) -> None:
    """Make ComfyUI's module names importable; names that something else has taken are left.

    Args:
        folders: What `folder_paths` answers from.
    """
    paths = FolderPaths(folders)
    utils = {name: getattr(graph_utils, name) for name in _GRAPH_UTILS}
    modules: dict[str, dict[str, Any]] = {
        "folder_paths": paths.namespace(),
        "comfy_execution": {"__path__": []},
        "comfy_execution.graph_utils": utils,
        "comfy_execution.graph": utils,
        "comfy_execution.utils": {
            "ExecutionContext": executing.ExecutionContext,
            "get_executing_context": executing.get_executing_context,
        },
    }
    for name, namespace in modules.items():
        module = sys.modules.setdefault(name, _Shim(name, __doc__))
        if isinstance(module, _Shim):
            vars(module).update(namespace)


class _Shim(ModuleType):
    """A module of ours; packs loaded for other folders before see the present ones."""


_GRAPH_UTILS = ("ExecutionBlocker", "GraphBuilder", "Node", "add_graph_prefix", "is_link")
