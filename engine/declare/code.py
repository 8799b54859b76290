"""Fingerprints of code, so that results of an edited node are not taken for those of the new."""

from __future__ import annotations

import hashlib
import sys
from functools import lru_cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def code_fingerprint(function: Callable[..., Any], version: str = "") -> str:
    """Return a text that changes when the code of a node changes.

    The whole source file counts, since a function may use every helper in it, the files beside it
    from which it imports, all files of the packages within its package (a pack's own library,
    which nodes import as they run), and the function's own byte code, for functions that come
    from no file. Installed libraries do not count: a node whose result changes with one raises
    its `version`.

    Args:
        function: The node's function.
        version: Chosen by the node's author.
    """
    digest = hashlib.sha256(version.encode())
    for file in _files_of(function.__module__):
        digest.update(_source(file))
    digest.update(_library(function.__module__))
    code = getattr(function, "__code__", None)
    if isinstance(code, CodeType):
        _add_code(digest, code)
    return digest.hexdigest()


def source_fingerprint(files: tuple[Path, ...], version: str = "") -> str:
    """Return a text that changes when one of the files changes.

    Args:
        files: In a fixed order.
        version: Anything else that counts.
    """
    digest = hashlib.sha256(version.encode())
    for file in files:
        digest.update(_source(file))
    return digest.hexdigest()


def _files_of(module_name: str) -> list[Path]:
    """Return the file of a module and of those beside it that it imports from, sorted."""
    found: dict[str, Path] = {}
    rest = [module_name]
    while rest:
        module = sys.modules.get(name := rest.pop())
        file = getattr(module, "__file__", None)
        if module is None or file is None or name in found:
            continue
        found[name] = Path(file)
        rest.extend(_beside(module))
    return sorted(found.values())


def _library(module_name: str) -> bytes:
    """Return the hash of all files of the packages within a module's package."""
    module = sys.modules.get(module_name)
    package = sys.modules.get((module and module.__package__) or "")
    return b"".join(_inner_packages(str(folder)) for folder in getattr(package, "__path__", ()))


@lru_cache(maxsize=256)
def _inner_packages(folder: str) -> bytes:
    """Return the hash of the packages in a folder; a process keeps the code it once loaded."""
    digest = hashlib.sha256()
    for marker in sorted(Path(folder).glob("*/__init__.py")):
        for file in sorted(marker.parent.rglob("*.py")):
            digest.update(_source(file))
    return digest.digest()


def _beside(module: ModuleType) -> Iterator[str]:
    package = module.__package__
    if not package:
        return
    for value in list(vars(module).values()):
        is_module = isinstance(value, ModuleType)
        home = value.__name__ if is_module else getattr(value, "__module__", None)
        if isinstance(home, str) and home.rpartition(".")[0] == package:
            yield home


def _source(file: Path) -> bytes:
    try:
        stat = file.stat()
    except OSError:
        return b""
    return _digest(file, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4096)
def _digest(file: Path, _mtime: int, _size: int) -> bytes:
    return hashlib.sha256(file.read_bytes()).digest()


def _add_code(digest: Any, code: CodeType) -> None:
    digest.update(code.co_code)
    digest.update(repr((code.co_names, code.co_varnames)).encode())
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            _add_code(digest, constant)
        elif isinstance(constant, frozenset):  # whose order differs between processes
            members = cast("frozenset[Any]", constant)
            digest.update(repr(sorted(map(repr, members))).encode())
        else:
            digest.update(repr(constant).encode())
