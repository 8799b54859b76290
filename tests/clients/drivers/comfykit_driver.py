"""Runs workflows through comfykit, which polls the history."""

from __future__ import annotations

import asyncio

from comfykit import ComfyKit
from driving import Answer, Workflow, each, fetch


async def execute(url: str, workflow: Workflow) -> Answer:
    client = ComfyKit(comfyui_url=url)
    result = await client.execute_json(workflow)
    if result.status != "completed":
        raise SystemExit(f"comfykit: {result.status}: {result.msg}")
    return await asyncio.to_thread(fetch, result.images[0]), {"status": result.status}


each(lambda url, workflow: asyncio.run(execute(url, workflow)))
