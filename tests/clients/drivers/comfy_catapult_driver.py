"""Runs workflows through comfy-catapult, which checks every answer against typed models."""

from __future__ import annotations

import asyncio

from comfy_catapult.api_client import ComfyAPIClient
from comfy_catapult.catapult import ComfyCatapult
from driving import Answer, Workflow, each


async def launch(url: str, workflow: Workflow) -> Answer:
    async with (
        ComfyAPIClient(url) as client,
        ComfyCatapult(client, debug_path=None) as catapult,
    ):
        _, future = await catapult.Catapult(
            job_id="job", prepared_workflow=workflow, important=("2",), use_future_api=True
        )
        history = await future
        image = history["outputs"]["2"]["images"][0]
        picture = await client.GetView(
            folder_type=image["type"], subfolder=image["subfolder"], filename=image["filename"]
        )
        catalogue = await client.GetObjectInfo()
        stats = await client.GetSystemStats()
        queue = await client.GetQueue()
        return picture, {
            "kinds": len(catalogue.root),
            "devices": len(stats.devices or ()),
            "waiting": len(queue.queue_pending),
        }


each(lambda url, workflow: asyncio.run(launch(url, workflow)))
