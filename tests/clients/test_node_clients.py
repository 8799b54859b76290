"""Clients from npm run workflows on a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.clients.environments import node, node_modules
from tests.clients.run import run
from tests.clients.workflows import STEPS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.clients.serving import Server

EVERY_STEP = [[step, STEPS] for step in range(1, STEPS + 1)]


def driven(client: str, server: Server, folder: Path, seed: int) -> dict[str, Any]:
    """Run a client; return what it told about the picture that was sampled."""
    command = [node(), str(node_modules() / f"{client}.mjs")]
    return run(command, server, folder, seed)["painted"]


def test_comfy_ui_client_follows_the_classic_flow(server: Server, tmp_path: Path) -> None:
    told = driven("comfy-ui-client", server, tmp_path, 201)
    assert told["name"].startswith("client201_")
    assert told["remaining"] == 0
    assert told["devices"] >= 1
    assert told["history"] >= 1
    assert "title" in str(told["metadata"])


def test_stable_canvas_comfyui_client_listens_and_polls(server: Server, tmp_path: Path) -> None:
    told = driven("stable-canvas-comfyui-client", server, tmp_path, 202)
    assert told["progress"] == EVERY_STEP
    assert told["polled"] == 1
    assert "euler" in told["samplers"]
    assert told["checkpoints"] == ["starter.safetensors"]


def test_saintno_comfyui_sdk_probes_the_server_first(server: Server, tmp_path: Path) -> None:
    told = driven("saintno-comfyui-sdk", server, tmp_path, 203)
    assert told["progress"] == EVERY_STEP
    assert told["checkpoints"] == ["starter.safetensors"]
    assert told["history"] >= 1
