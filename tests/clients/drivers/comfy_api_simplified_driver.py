"""Runs workflows through comfy-api-simplified, which listens only after it has submitted."""

from __future__ import annotations

from typing import Any

from comfy_api_simplified import ComfyApiWrapper, ComfyWorkflowWrapper
from driving import Answer, Workflow, each


def run(url: str, workflow: Workflow) -> Answer:
    client = ComfyApiWrapper(url)
    wrapped = ComfyWorkflowWrapper(workflow)
    pictures: dict[str, bytes] = client.queue_and_wait_images(wrapped, "Save")
    (picture,) = pictures.values()
    asked: dict[str, Any] = {
        "queue": client.get_queue(),
        "kinds": sorted(client.get_object_info("SaveImage")),
        "devices": len(client.get_system_stats()["devices"]),
        "embeddings": client.get_embeddings(),
        "name": next(iter(pictures)),
    }
    return picture, asked


each(run)
