"""Runs workflows through comfyui-utils, which finds its job in the history by comparing prompts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from comfyui_utils.comfy import Callbacks, ComfyAPI
from driving import Answer, Workflow, each

if TYPE_CHECKING:
    import io


class Told(Callbacks):
    """Remembers what the client tells."""

    def __init__(self) -> None:
        self.positions: list[int] = []
        self.progress: list[list[int]] = []
        self.nodes: list[int] = []
        self.outputs: dict[str, Any] = {}
        self.cached = False

    async def queue_position(self, position: Any) -> None:
        self.positions.append(position)

    async def in_progress(self, node_id: int, progress: int, total: int) -> None:
        self.nodes.append(node_id)
        if total:
            self.progress.append([progress, total])

    async def completed(self, outputs: dict[str, Any], cached: bool) -> None:
        self.outputs = outputs
        self.cached = cached


async def submit(url: str, workflow: Workflow) -> Answer:
    client = ComfyAPI(url.removeprefix("http://"))
    told = Told()
    await client.submit(workflow, told)
    kept: list[bytes] = []

    async def keep(file: io.BytesIO) -> None:
        kept.append(file.getvalue())

    await client.fetch(told.outputs["images"][0], keep)
    return kept[0], {
        "progress": told.progress,
        "positions": told.positions,
        "nodes": told.nodes,
        "cached": told.cached,
    }


each(lambda url, workflow: asyncio.run(submit(url, workflow)))
