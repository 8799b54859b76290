"""Clients from PyPI, each in an environment of its own, run workflows on a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.environments import HERE, PYTHON_CLIENTS, python_of
from tests.clients.run import run
from tests.clients.workflows import STEPS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.clients.serving import Server

DRIVERS = HERE / "drivers"
EVERY_STEP = [[step, STEPS] for step in range(1, STEPS + 1)]


def driven(client: str, server: Server, folder: Path) -> dict[str, Any]:
    """Run a client; return what it told about the picture that was sampled."""
    driver = DRIVERS / f"{client.replace('-', '_')}_driver.py"
    seed = 100 + PYTHON_CLIENTS.index(client)
    return run([str(python_of(client)), str(driver)], server, folder, seed)["painted"]


def test_comfy_api_simplified_listens_after_submitting(server: Server, tmp_path: Path) -> None:
    told = driven("comfy-api-simplified", server, tmp_path)
    assert told["queue"]["queue_running"] == told["queue"]["queue_pending"] == []
    assert told["kinds"] == ["SaveImage"]
    assert told["devices"] >= 1


def test_comfyui_utils_finds_its_prompt_again(server: Server, tmp_path: Path) -> None:
    told = driven("comfyui-utils", server, tmp_path)
    assert all(isinstance(position, int) for position in told["positions"])
    assert told["progress"][-1:] in ([], [[STEPS, STEPS]])


def test_comfy_run_of_comfy_cli_waits_for_the_picture(server: Server, tmp_path: Path) -> None:
    told = driven("comfy-cli", server, tmp_path)
    assert told["progress"][0] in EVERY_STEP  # it shows no more than it can draw


def test_comfy_script_makes_functions_of_the_catalogue(server: Server, tmp_path: Path) -> None:
    told = driven("comfy-script", server, tmp_path)
    assert told["progress"] == EVERY_STEP


def test_comfykit_polls_the_history(server: Server, tmp_path: Path) -> None:
    assert driven("comfykit", server, tmp_path)["status"] == "completed"


def test_comfy_catapult_reads_every_answer_as_its_types(server: Server, tmp_path: Path) -> None:
    told = driven("comfy-catapult", server, tmp_path)
    assert told["kinds"] > 100
    assert told["devices"] >= 1
    assert told["waiting"] == 0


def test_comfy_headless_finds_all_that_a_workflow_needs(server: Server, tmp_path: Path) -> None:
    told = driven("comfy-headless", server, tmp_path)
    assert told["checkpoints"] == ["starter.safetensors"]
    assert "euler" in told["samplers"]


def test_every_client_has_a_driver_and_the_other_way_round() -> None:
    drivers = {path.stem for path in DRIVERS.glob("*_driver.py")}
    assert drivers == {f"{client.replace('-', '_')}_driver" for client in PYTHON_CLIENTS}


@pytest.fixture(autouse=True)
def _nobody_else_asks(server: Server) -> None:
    """The drivers look at the whole queue."""
    assert server.process.poll() is None
