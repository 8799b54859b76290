"""What the drivers of the clients share; runs inside a client's own environment.

A driver is called with the server's URL, a folder of workflows in API format and a folder for
results. It runs each workflow through its client, and leaves `<name>.png` and `report.json` with
what the client told on the way: `{"<name>": {"progress": [[value, max], ...], ...}}`.
"""

from __future__ import annotations

import json
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Workflow = dict[str, dict[str, Any]]
Answer = tuple[bytes, dict[str, Any]]


def each(run: Callable[[str, Workflow], Answer]) -> None:
    """Run every workflow by `run(url, workflow) -> picture, report`."""
    url, source, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    reports: dict[str, Any] = {}
    for path in sorted(source.glob("*.json")):
        picture, reports[path.stem] = run(url, json.loads(path.read_text()))
        (target / f"{path.stem}.png").write_bytes(picture)
    (target / "report.json").write_text(json.dumps(reports))


def fetch(url: str) -> bytes:
    """Fetch a picture by an address that a client gave."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read()
