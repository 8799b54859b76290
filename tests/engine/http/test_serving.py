from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine.cache.budgets import GIB
from engine.http.options import ServeOptions
from engine.http.serving import worker_options

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def options(tmp_path: Path) -> ServeOptions:
    return ServeOptions(base=tmp_path, user=tmp_path / "user")


def test_workers_keep_to_the_budgets_of_the_environment(
    options: ServeOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOOM_CACHE_RAM", "3 GB")
    monkeypatch.setenv("LOOM_CACHE_DISK", "5 GB")
    budgets = worker_options(options).budgets
    assert budgets is not None
    assert (budgets.ram, budgets.disk) == (3 * GIB, 5 * GIB)
    budgets = worker_options(replace(options, cache="ram", cache_amount=2.0)).budgets
    assert budgets is not None
    assert (budgets.ram, budgets.disk) == (2 * GIB, 5 * GIB)


def test_a_budget_that_is_none_is_told_before_anything_starts(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "server.py"), "--port", "0"],
        env={**os.environ, "LOOM_BASE": str(tmp_path), "LOOM_CACHE_RAM": "plenty"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    assert "LOOM_CACHE_RAM is no amount" in ran.stderr
    assert "Traceback" not in ran.stderr
