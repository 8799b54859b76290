"""Importing a pack of a `custom_nodes` folder, as ComfyUI names its modules."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from engine.comfy.shims import BUILT_IN
from engine.comfy.v1 import ClassNode
from engine.declare.code import source_fingerprint

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping
    from types import ModuleType


def import_pack(entry: Path) -> ModuleType:
    """Import one Python file, or one folder with an `__init__.py`.

    Imports within the pack work. A module that fails to import leaves no trace.

    Args:
        entry: The file or folder.

    Raises:
        Exception: Whatever the pack raises.
    """
    path = str(entry.absolute())
    if entry.is_dir():
        module = _import(path.replace(".", "_x_"), entry / "__init__.py")
    else:
        module = _import(path.removesuffix(".py"), entry)
    _announce(module)
    return module


def run_prestartup(entry: Path) -> None:
    """Run what a pack wants done before any pack is imported.

    Args:
        entry: The pack's file or folder.

    Raises:
        Exception: Whatever the script raises.
    """
    start = entry / "prestartup_script.py"
    if start.is_file():
        _import(f"{entry.absolute()}.prestartup_script".replace(".", "_x_"), start)


def read_classes(module: ModuleType, pack: str) -> Iterator[ClassNode]:
    """Yield the kinds of nodes that a module maps in `NODE_CLASS_MAPPINGS`.

    Args:
        module: Of the pack.
        pack: The pack's name, which the classes are told as ComfyUI tells them.
    """
    classes = cast("Mapping[str, Any]", getattr(module, "NODE_CLASS_MAPPINGS", None) or {})
    if not classes:
        return
    titles = cast("Mapping[str, str]", getattr(module, "NODE_DISPLAY_NAME_MAPPINGS", None) or {})
    code = source_fingerprint(_sources(module))
    for name, made in classes.items():
        made.RELATIVE_PYTHON_MODULE = pack
        title = str(titles.get(name, name))
        yield ClassNode(id=name, made=made, title=title, pack=pack, code=code)


def added_classes(known: Container[str]) -> Iterator[ClassNode]:
    """Yield the kinds of nodes that packs put into ComfyUI's own table and into no other.

    Args:
        known: Ids of the kinds that are known already.
    """
    titles = cast("Mapping[str, str]", vars(_core()).get("NODE_DISPLAY_NAME_MAPPINGS", {}))
    for name, made in _table().items():
        if name not in known:
            module = sys.modules.get(made.__module__)
            code = source_fingerprint(_sources(module)) if module is not None else ""
            title = str(titles.get(name, name))
            pack = f"custom_nodes.{Path(getattr(module, '__file__', None) or name).stem}"
            yield ClassNode(id=name, made=made, title=title, pack=pack, code=code)


def added_web_folders() -> dict[str, Path]:
    """Return the folders of scripts that packs put into ComfyUI's own table, by name."""
    named = cast("Mapping[str, object]", vars(_core()).get("EXTENSION_WEB_DIRS", {}))
    folders = {name: Path(web).resolve() for name, web in named.items() if isinstance(web, str)}
    return {name: folder for name, folder in folders.items() if folder.is_dir()}


def _announce(module: ModuleType) -> None:
    """Let packs find each other's classes where ComfyUI has them; its own stay what they are."""
    table = _table()
    classes = cast("Mapping[str, Any]", getattr(module, "NODE_CLASS_MAPPINGS", None) or {})
    for name, made in classes.items():
        if getattr(table.get(name), "RELATIVE_PYTHON_MODULE", None) != BUILT_IN:
            table[name] = made


def _core() -> ModuleType:
    return sys.modules[BUILT_IN]


def _table() -> dict[str, Any]:
    return vars(_core()).get("NODE_CLASS_MAPPINGS", {})


def _import(name: str, source: Path) -> ModuleType:
    is_package = source.name == "__init__.py"
    spec = importlib.util.spec_from_file_location(
        name, source, submodule_search_locations=[str(source.parent)] if is_package else None
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{source} is no Python source")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _sources(module: ModuleType) -> tuple[Path, ...]:
    file = Path(module.__file__ or "")
    return tuple(sorted(file.parent.rglob("*.py"))) if file.name == "__init__.py" else (file,)
