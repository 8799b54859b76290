"""Where packs of nodes are: the built-in one, installed ones, and folders of `custom_nodes`."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import tomllib
import traceback
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
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
        web: The folders of its scripts for the editor, by the names under which they are served.
    """

    name: str
    modules: tuple[ModuleType, ...]
    built_in: bool = False
    web: Mapping[str, Path] = field(default_factory=dict[str, Path])


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


def announced_packs() -> list[str]:
    """Return the packages that installed distributions announce as packs, without importing any."""
    announced = [point.module for point in entry_points(group=GROUP)]
    return [name for name in dict.fromkeys(announced) if name != BUILT_IN]


def installed_packs(*, only_built_in: bool = False) -> Iterator[Pack | PackFailure]:
    """Import the built-in pack and what installed distributions announce as packs.

    The built-in pack is announced like any other; in a checkout that is not installed it is
    found by its name.

    Args:
        only_built_in: Import no code of others.
    """
    for name in (BUILT_IN, *(() if only_built_in else announced_packs())):
        yield from _import_package(name)


def folder_packs(
    folders: Iterable[Path],
    prepare: Callable[[Path], None],
    load: Callable[[Path], ModuleType],
    only: Collection[str] | None = None,
) -> Iterator[Pack | PackFailure]:
    """Import each pack of some `custom_nodes` folders.

    Args:
        folders: Those that do not exist are skipped.
        prepare: Called for every pack before the first is imported.
        load: Imports one Python file or package folder.
        only: Names of the files and folders that are wanted; all of them for None.
    """
    entries = [
        entry
        for folder in folders
        for entry in (sorted(folder.iterdir()) if folder.is_dir() else ())
        if _is_pack(entry) and (only is None or entry.name in only or entry.stem in only)
    ]
    for entry in entries:
        try:
            prepare(entry)
        except Exception as error:
            yield failure(f"{_name_of(entry)}.prestartup_script", error)
    for entry in entries:
        try:
            module = load(entry)
        except (Exception, SystemExit) as error:
            yield failure(_name_of(entry), error)
        else:
            modules = (module, *_imported_beneath(module))
            yield Pack(name=_name_of(entry), modules=modules, web=_web_folders(entry, module))


def _name_of(entry: Path) -> str:
    return f"custom_nodes.{entry.stem if entry.is_file() else entry.name}"


def _web_folders(entry: Path, module: ModuleType) -> dict[str, Path]:
    """Return what `WEB_DIRECTORY` and `[tool.comfy]` of the pack's pyproject.toml name."""
    if not entry.is_dir():
        return {}
    project = _project(entry / "pyproject.toml")
    named: Mapping[str, object] = {
        str(project.get("name")): project.get("web"),
        entry.name: getattr(module, "WEB_DIRECTORY", None),
    }
    folders = {
        name: (entry / web).resolve() for name, web in named.items() if isinstance(web, str) and web
    }
    return {name: folder for name, folder in folders.items() if folder.is_dir()}


def _project(path: Path) -> Mapping[str, object]:
    """Return the name of a project and its folder of scripts; empty where there is none."""
    try:
        told: Any = tomllib.loads(path.read_text(encoding="utf-8"))
        return {"name": told["project"]["name"], "web": told["tool"]["comfy"]["web"]}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError):
        return {}


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
