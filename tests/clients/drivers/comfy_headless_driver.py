"""Runs workflows through comfy-headless, which checks them against the catalogue first."""

from __future__ import annotations

from comfy_headless.client import ComfyClient
from driving import Answer, Workflow, each


def run(url: str, workflow: Workflow) -> Answer:
    with ComfyClient(url) as client:
        client.ensure_online()
        dependencies = client.check_workflow_dependencies(workflow)
        prompt_id = client.queue_prompt(workflow)
        if prompt_id is None:
            raise SystemExit("comfy-headless: the prompt was not taken")
        entry = client.wait_for_completion(prompt_id, timeout=120)
        if entry is None:
            raise SystemExit("comfy-headless: the job did not end")
        image = entry["outputs"]["2"]["images"][0]
        picture = client.get_image(image["filename"], image["subfolder"], image["type"])
        if picture is None:
            raise SystemExit("comfy-headless: there is no picture")
        return picture, {
            "dependencies": dependencies,
            "checkpoints": client.get_checkpoints(),
            "samplers": client.get_samplers(),
        }


each(run)
