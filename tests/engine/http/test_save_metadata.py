"""What saved pictures tell about themselves, as the command line wants it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PIL import Image

from tests.engine.http.listener import listening, node
from tests.engine.http.site import Site, open_site


@pytest.mark.parametrize("save", [True, False])
def test_pictures_hold_their_workflow_unless_they_must_not(tmp_path: Path, save: bool) -> None:
    graph = {
        "1": node("EmptyImage", width=8, height=8, batch_size=1, color=7),
        "2": node("SaveImage", images=["1", 0], filename_prefix="told"),
    }
    pnginfo = {"extra_pnginfo": {"workflow": {"nodes": []}}}

    async def run(site: Site) -> None:
        async with listening(site) as client:
            await client.run(graph, extra_data=pnginfo)

    with open_site(tmp_path, save_metadata=save) as site:
        asyncio.run(run(site))
    (path,) = (tmp_path / "output").glob("told*.png")
    with Image.open(path) as picture:
        assert set(picture.info) & {"prompt", "workflow"} == (
            {"prompt", "workflow"} if save else set()
        )
