"""A server for the tests of a module to share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.http.site import Site, open_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as server:
        yield server


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server whose worker has loaded the nodes of `wire_pack`."""
    base = tmp_path_factory.mktemp("wire")
    packs = base / "custom_nodes"
    packs.mkdir()
    shutil.copy(Path(__file__).with_name("wire_pack.py"), packs / "wire.py")
    with open_site(base, custom_nodes=(packs,)) as server:
        yield server
