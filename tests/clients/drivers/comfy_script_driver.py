"""Builds and runs workflows by comfy-script, which makes Python functions of the node catalogue."""

from __future__ import annotations

import io
import sys
from typing import Any

from comfy_script import runtime
from driving import Answer, Workflow, each

runtime.load(sys.argv[1])
from comfy_script.runtime import nodes  # noqa: E402  the module is filled by `load`


def run(url: str, workflow: Workflow) -> Answer:
    """Call each node of the workflow as a function, in an order in which the links exist."""
    made: dict[str, Any] = {}

    def call(node_id: str) -> Any:
        if node_id not in made:
            kind, inputs = workflow[node_id]["class_type"], workflow[node_id]["inputs"]
            arguments = {name: linked(value) for name, value in inputs.items()}
            made[node_id] = getattr(nodes, kind)(**arguments)
        return made[node_id]

    def linked(value: Any) -> Any:
        if not isinstance(value, list):
            return value
        outputs = call(value[0])
        return outputs[value[1]] if isinstance(outputs, (list, tuple)) else outputs

    progress: list[list[float]] = []
    with runtime.Workflow() as building:
        saved = call("2")
    building.task.add_progress_callback(lambda told: progress.append([told.value, told.max]))
    picture = saved.wait().wait()[0]
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue(), {"progress": progress}


each(run)
