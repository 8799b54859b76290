from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING, Any

import pytest

from engine.declare.code import code_fingerprint

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """
FACTOR = {factor}

def function():
    return FACTOR
"""


def load(path: Path, source: str) -> Any:
    path.write_text(source)
    spec = importlib.util.spec_from_file_location("a_pack_of_a_test", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["a_pack_of_a_test"] = module
    exec(compile(source, str(path), "exec"), vars(module))
    return module.function


@pytest.fixture(autouse=True)
def _forget() -> Any:
    yield
    sys.modules.pop("a_pack_of_a_test", None)


def test_an_edit_anywhere_in_the_file_changes_the_fingerprint(tmp_path: Path) -> None:
    path = tmp_path / "pack.py"
    first = code_fingerprint(load(path, SOURCE.format(factor=2)))
    assert code_fingerprint(load(path, SOURCE.format(factor=2))) == first
    assert code_fingerprint(load(path, SOURCE.format(factor=31))) != first


def test_functions_without_a_file_are_told_apart_by_their_code() -> None:
    def made(body: str) -> Any:
        names: dict[str, Any] = {"__name__": "nowhere"}
        exec(f"def function(x):\n    return {body}", names)
        return names["function"]

    assert code_fingerprint(made("x + 1")) == code_fingerprint(made("x + 1"))
    assert code_fingerprint(made("x + 1")) != code_fingerprint(made("x + 2"))
    assert code_fingerprint(made("x in {1, 2}")) != code_fingerprint(made("x in {1, 3}"))
    assert code_fingerprint(made("[y for y in x]")) != code_fingerprint(made("[y for y in (x,)]"))
    assert code_fingerprint(made("x"), "1") != code_fingerprint(made("x"), "2")


def test_an_edit_of_a_file_beside_it_counts_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "pack_with_helper"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "main.py").write_text("from .helper import help\ndef function(): return help()")
    monkeypatch.syspath_prepend(str(tmp_path))

    def fingerprint(helper: str) -> str:
        (folder / "helper.py").write_text(helper)
        for name in [name for name in sys.modules if name.startswith("pack_with_helper")]:
            del sys.modules[name]
        importlib.invalidate_caches()
        main = importlib.import_module("pack_with_helper.main")
        return code_fingerprint(main.function)

    assert fingerprint("def help(): return 1") != fingerprint("def help(): return 12")


def test_an_edit_of_the_packs_own_library_counts_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fingerprint_of_pack(name: str, maths: str) -> str:
        library = tmp_path / name / "library"
        library.mkdir(parents=True)
        (tmp_path / name / "__init__.py").write_text("")
        (tmp_path / name / "shapes.py").write_text("def area():\n    from . import library\n")
        (library / "__init__.py").write_text("")
        (library / "maths.py").write_text(maths)
        return code_fingerprint(importlib.import_module(f"{name}.shapes").area)

    monkeypatch.syspath_prepend(tmp_path)
    first = fingerprint_of_pack("first_pack", "PI = 3")
    assert fingerprint_of_pack("same_pack", "PI = 3") == first
    assert fingerprint_of_pack("better_pack", "PI = 3.14") != first
    for name in [name for name in sys.modules if name.split(".")[0].endswith("_pack")]:
        del sys.modules[name]
