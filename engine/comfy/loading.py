"""Importing a pack of a `custom_nodes` folder, as ComfyUI names its modules."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType


def import_pack(entry: Path) -> ModuleType:
    """Import one Python file, or one folder with an `__init__.py`.

    Imports within the pack work. A module that fails to import leaves no trace.

    Args:
        entry: The file or folder.

    Raises:
        ImportError: The entry is no Python source.
        Exception: Whatever the pack raises.
    """
    is_folder = entry.is_dir()
    path = str(entry.absolute())
    name = path.replace(".", "_x_") if is_folder else path.removesuffix(".py")
    source = entry / "__init__.py" if is_folder else entry
    spec = importlib.util.spec_from_file_location(name, source)
    if spec is None or spec.loader is None:
        raise ImportError(f"{entry} is no Python source")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
