"""A server for the tests of a module to share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.http.site import Site, open_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as server:
        yield server
