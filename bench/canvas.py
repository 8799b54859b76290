"""The editor in the browser beside ComfyUI's, under the same script in the same run.

Chromium draws in software, 1920 x 1080, and shares the machine's cores with the server. Each editor
opens with an empty profile. `interactive` ends when a click on a node of the opening workflow has
selected it; `load` begins with the drop of a file and ends with the first of ten frames in a row
shorter than 50 ms; gestures take two seconds of real mouse and wheel events, `all` with the whole
workflow in view, `100 %` at about that zoom; `undo` lasts from the key to the frame after the node
is back. Medians of the repeats. Every tenth node shows a picture.

`python -m bench.canvas --sizes 100 541 --repeats 1 --only ours` measures less.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.canvas_graphs import graph, named_files
from bench.rows import Row, against, alone, report
from tests.clients.environments import chromium, front_end
from tests.clients.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
OURS, PEER, VERSION = "latentloom", "comfyui-frontend", "1.58.1"
SIZES, UNDONE, REPEATS = (100, 541, 2_000), 541, 3
SECONDS = 1_000
# Its first start shows a window of templates in place of the canvas.
SETTINGS = {"Comfy.TutorialCompleted": True}

Found = dict[str, list[Any]]


def rows(options: argparse.Namespace) -> Iterator[Row]:
    """Measure both editors and yield what was found."""
    with tempfile.TemporaryDirectory() as folder:
        found = _measured(Path(folder), options)
    ours, theirs = found.get(OURS, {}), found.get(PEER, {})
    yield from _start_rows(ours.get("start", []), theirs.get("start", []))
    for size in options.sizes:
        yield from _load_rows(size, ours.get(f"load {size}", []), theirs.get(f"load {size}", []))
    key = f"undo {UNDONE}"
    yield from _rows(f"undo a move/{UNDONE}", "wall", "s", ours.get(key), theirs.get(key), SECONDS)


def _measured(folder: Path, options: argparse.Namespace) -> dict[str, Found]:
    with contextlib.ExitStack() as stack:
        urls: dict[str, str] = {}
        if options.only != "official":
            urls["ours"] = stack.enter_context(serving(folder / "ours", "--cpu")).url
        if options.only != "ours":
            peer = {"PYTHONPATH": str(front_end(VERSION))}
            web = ("--cpu", "--web-root", "comfyui")
            urls["official"] = stack.enter_context(
                serving(folder / "official", *web, environment=peer)
            ).url
            for name, value in SETTINGS.items():
                _settle(urls["official"], name, value)
        for name in urls:
            named_files(folder / name)
        order = {
            "chromium": chromium(),
            "urls": urls,
            "workflows": [str(_saved(folder, size)) for size in options.sizes],
            "undone": str(_saved(folder, UNDONE)) if UNDONE in options.sizes else None,
            "repeats": options.repeats,
            "out": str(folder / "found.json"),
        }
        environment = {**os.environ, "LOOM_BENCH": json.dumps(order)}
        tasks = [sys.executable, ROOT / "web" / "tasks.py", *("build",) * ("ours" in urls), "bench"]
        subprocess.run(tasks, env=environment, check=True)
        return json.loads((folder / "found.json").read_text())


def _saved(folder: Path, size: int) -> Path:
    path = folder / f"graph-{size}.json"
    if not path.exists():
        path.write_text(json.dumps(graph(size)))
    return path


def _settle(url: str, name: str, value: object) -> None:
    request = urllib.request.Request(f"{url}/settings/{name}", json.dumps(value).encode())
    urllib.request.urlopen(request).close()


def _start_rows(ours: list[Any], theirs: list[Any]) -> Iterator[Row]:
    for metric, key, unit, scale in (
        ("interactive", "interactiveMs", "s", SECONDS),
        ("wire", "wireBytes", "MB", 10**6),
        ("unpacked", "bytes", "MB", 10**6),
        ("requests", "requests", "", 1),
    ):
        values = [[one[key] for one in side] for side in (ours, theirs)]
        yield from _rows("start", metric, unit, *values, scale)


def _load_rows(size: int, ours: list[Any], theirs: list[Any]) -> Iterator[Row]:
    for metric, key, unit, scale in (
        ("load", "loadMs", "s", SECONDS),
        ("heap", "heapBytes", "MB", 10**6),
    ):
        values = [[one[key] for one in side] for side in (ours, theirs)]
        yield from _rows(f"{size} nodes", metric, unit, *values, scale)
    gestures = dict.fromkeys(name for one in [*ours, *theirs] for name in one["gestures"])
    for name in gestures:
        for part in ("p50", "p95", "max"):
            values = [[one["gestures"][name][part] for one in side] for side in (ours, theirs)]
            yield from _rows(f"{size} nodes/{name}", f"frame {part}", "s", *values, SECONDS)


def _rows(
    case: str,
    metric: str,
    unit: str,
    ours: list[float] | None,
    theirs: list[float] | None,
    scale: float,
) -> Iterator[Row]:
    if ours and theirs:
        own, other = (statistics.median(side) / scale for side in (ours, theirs))
        yield against(case, metric, own, unit, f"{PEER} {VERSION}", other)
    elif ours or theirs:
        value = statistics.median(ours or theirs or []) / scale
        yield alone(case if ours else f"{PEER}/{case}", metric, value, unit)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--only", choices=["ours", "official"])
    return parser


if __name__ == "__main__":
    report(rows(_options().parse_known_args()[0]))
