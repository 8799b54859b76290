"""The rules of the house, measured on the source itself."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, get_args, get_origin

import pytest

import engine

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path for top in ("engine", "nodes") for path in (ROOT / top).rglob("*.py"))
WRITTEN = SOURCES + sorted(
    path for top in ("tests", "bench") for path in (ROOT / top).rglob("*.py")
)
MAX_FILE, MAX_FUNCTION, USUAL_FUNCTION, USUAL_SHARE = 350, 60, 30, 0.95

Function = ast.FunctionDef | ast.AsyncFunctionDef
Public = Function | ast.ClassDef


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(parsed(path)) if isinstance(node, Function))


def length(function: Function) -> int:
    """Lines of the function, docstring included, decorators not."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def loaded_by(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after some code."""
    code += "; import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def name_of(path: Path, node: Public) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"


def test_import_engine_loads_no_model_library() -> None:
    heavy = {"torch", "diffusers", "transformers", "numpy", "networkx", "rich", "typer"}
    assert not loaded_by("import engine") & heavy


def test_loading_all_nodes_loads_no_model_library() -> None:
    loaded = loaded_by("from engine import Registry; assert Registry.load().ids()")
    assert "nodes.types" in loaded
    assert not loaded & {"torch", "diffusers", "transformers", "peft"}


@pytest.mark.parametrize("name", engine.__all__)
def test_every_public_name_of_engine_exists_and_is_documented(name: str) -> None:
    value = getattr(engine, name)
    assert value is not None
    if isinstance(value, type) or (callable(value) and get_origin(value) is None):
        assert (value.__doc__ or "").strip()
    assert not get_args(value)


def test_type_checkers_see_the_same_public_names_as_python() -> None:
    tree = parsed(ROOT / "engine" / "__init__.py")
    block = next(node for node in tree.body if isinstance(node, ast.If))
    checked = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert checked == engine._HOME_OF
    assert sorted(checked) == sorted(engine.__all__)


def test_no_file_is_longer_than_one_sitting() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in WRITTEN}
    long = {
        str(path.relative_to(ROOT)): lines for path, lines in lengths.items() if lines > MAX_FILE
    }
    assert not long


def test_functions_are_short() -> None:
    found = [(length(node), name_of(path, node)) for path in SOURCES for node in functions(path)]
    long = sorted(entry for entry in found if entry[0] > MAX_FUNCTION)
    assert not long
    usual = sum(lines <= USUAL_FUNCTION for lines, _ in found) / len(found)
    above = sorted(entry for entry in found if entry[0] > USUAL_FUNCTION)
    assert usual >= USUAL_SHARE, above


def test_every_argument_and_result_is_typed() -> None:
    bare: list[str] = []
    for path in WRITTEN:
        for node in functions(path):
            arguments = node.args
            every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
            every += [extra for extra in (arguments.vararg, arguments.kwarg) if extra is not None]
            untyped = [
                argument.arg
                for index, argument in enumerate(every)
                if argument.annotation is None
                and not (index == 0 and argument.arg in {"self", "cls"})
            ]
            if untyped or node.returns is None:
                bare.append(f"{name_of(path, node)} {untyped}")
    assert not bare


def public(body: list[ast.stmt]) -> Iterator[Public]:
    for node in body:
        if isinstance(node, Public) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


def test_every_public_name_has_a_docstring() -> None:
    silent = [
        name_of(path, node)
        for path in SOURCES
        for node in public(parsed(path).body)
        if ast.get_docstring(node) is None and not is_overload(node)
    ]
    assert not silent


def is_overload(node: Public) -> bool:
    return any(
        isinstance(entry, ast.Name) and entry.id == "overload" for entry in node.decorator_list
    )


def test_no_file_says_what_is_to_be_done() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in WRITTEN
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if later.search(line)
    ]
    assert not found


def test_no_file_is_named_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "tools"}
    assert not [path for path in SOURCES if path.stem in vague]


def test_the_layers_point_one_way() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_dependency_has_a_sentence_why() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    named = re.findall(r'^ {2}"([a-z][a-z0-9-]*)[>=]', project, flags=re.MULTILINE)
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert named
    assert not [name for name in set(named) if f"| {name} |" not in page]


def test_every_package_of_the_editor_has_a_sentence_why() -> None:
    project = json.loads((ROOT / "web" / "package.json").read_text(encoding="utf-8"))
    named = {*project["dependencies"], *project["devDependencies"]}
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \|$", page, flags=re.MULTILINE)
    assert named <= {name.strip() for row in rows for name in row.split(",")}
