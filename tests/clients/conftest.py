"""One server for all clients, so that its model is loaded once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clients.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.clients.serving import Server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a free port with the starter checkpoint."""
    with serving(tmp_path_factory.mktemp("clients")) as running:
        yield running
