"""Where packs of nodes are: the built-in one, installed ones, and folders of `custom_nodes`."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import traceback
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from types import ModuleType

GROUP = "latentloom.nodes"
BUILT_IN = "nodes"


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A pack that was imported.

    Attributes:
        name: As the catalogue shows it: `nodes`, `custom_nodes.example`.
        modules: Its modules that may hold nodes, the main one first.
        built_in: Its ids win over those of other packs.
        web: The folder of its scripts for the editor (`WEB_DIRECTORY`), or None.
    """

    name: str
    modules: tuple[ModuleType, ...]
    built_in: bool = False
    web: Path | None = None


@dataclass(frozen=True, kw_only=True)
class PackFailure:
    """A pack, or a module of one, that could not be imported.

    Attributes:
        name: The pack's or module's name.
        reason: The exception in one line.
        traceback: The whole traceback.
    """

    name: str
    reason: str
    traceback: str


def failure(name: str, error: BaseException) -> PackFailure:
    """Return the record of a pack that could not be imported."""
    text = "".join(traceback.format_exception(error))
    return PackFailure(name=name, reason=f"{type(error).__name__}: {error}", traceback=text)


def installed_packs() -> Iterator[Pack | PackFailure]:
    """Import the built-in pack and what installed distributions announce as packs.

    The built-in pack is announced like any other; in a checkout that is not installed it is
    found by its name.
    """
    announced = [point.module for point in entry_points(group=GROUP)]
    for name in dict.fromkeys([BUILT_IN, *announced]):
        yield from _import_package(name)


def folder_packs(
    folders: Iterable[Path], prepare: Callable[[Path], None], load: Callable[[Path], ModuleType]
) -> Iterator[Pack | PackFailure]:
    """Import each pack of some `custom_nodes` folders.

    Args:
        folders: Those that do not exist are skipped.
        prepare: Called for every pack before the first is imported.
        load: Imports one Python file or package folder.
    """
    entries = [
        entry
        for folder in folders
        for entry in (sorted(folder.iterdir()) if folder.is_dir() else ())
        if _is_pack(entry)
    ]
    for entry in entries:
        try:
            prepare(entry)
        except Exception as error:
            yield failure(f"{_name_of(entry)}.prestartup_script", error)
    for entry in entries:
        try:
            module = load(entry)
        except Exception as error:
            yield failure(_name_of(entry), error)
        else:
            modules = (module, *_imported_beneath(module))
            yield Pack(name=_name_of(entry), modules=modules, web=_web_folder(entry, module))


def _name_of(entry: Path) -> str:
    return f"custom_nodes.{entry.stem if entry.is_file() else entry.name}"


def _web_folder(entry: Path, module: ModuleType) -> Path | None:
    name: object = getattr(module, "WEB_DIRECTORY", None)
    if not isinstance(name, str) or not entry.is_dir():
        return None
    folder = (entry / name).resolve()
    return folder if folder.is_dir() else None


def _is_pack(entry: Path) -> bool:
    if entry.name == "__pycache__" or entry.name.endswith(".disabled"):
        return False
    return entry.suffix == ".py" if entry.is_file() else (entry / "__init__.py").is_file()


def _imported_beneath(module: ModuleType) -> tuple[ModuleType, ...]:
    prefix = f"{module.__name__}."
    return tuple(found for name, found in list(sys.modules.items()) if name.startswith(prefix))


def _import_package(name: str) -> Iterator[Pack | PackFailure]:
    modules: list[ModuleType] = []
    try:
        package = importlib.import_module(name)
    except Exception as error:
        yield failure(name, error)
        return
    modules.append(package)
    for found in pkgutil.iter_modules(getattr(package, "__path__", ()), f"{name}."):
        if found.ispkg or found.name.rpartition(".")[2].startswith("_"):
            continue
        try:
            modules.append(importlib.import_module(found.name))
        except Exception as error:
            yield failure(found.name, error)
    yield Pack(name=name, modules=tuple(modules), built_in=name == BUILT_IN)
