"""Runs workflows by the command `comfy run` of comfy-cli, as a user types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from driving import Answer, Workflow, each, fetch


def run(url: str, workflow: Workflow) -> Answer:
    server = urlsplit(url)
    with tempfile.TemporaryDirectory() as home:
        file = Path(home, "workflow.json")
        file.write_text(json.dumps(workflow))
        command = [str(Path(sys.executable).with_name("comfy")), "--skip-prompt", "run"]
        command += ["--workflow", str(file), "--wait", "--json"]
        command += ["--host", str(server.hostname), "--port", str(server.port)]
        quiet = {"HOME": home, "DO_NOT_TRACK": "1", "COMFY_NO_WATCH": "1"}
        environment = {**os.environ, **quiet}
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
    if done.returncode:
        raise SystemExit(f"comfy run ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    outputs = events[-1]["data"]["outputs"]
    progress = [
        [event["completed"], event["total"]] for event in events if event["type"] == "progress"
    ]
    kinds = [event["type"] for event in events]
    return fetch(outputs[0]), {"events": kinds, "progress": progress}


each(run)
