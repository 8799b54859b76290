"""`/api/runs`: what training runs have left behind, for curves and pictures in the browser.

A run is a folder beneath `runs/` with `run.json`, `losses.jsonl` (a JSON object with `step`, `loss`
and `rate` a line), `previews/step-<step>-<weights>-<place>.png` and weights in `results/`.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import TYPE_CHECKING, Any

import msgspec

from engine.errors import FileProblemError
from engine.files import beneath
from engine.http.answers import Whole, json_text_answer, read_query
from engine.http.file_answer import file_answer
from engine.http.routing import route
from engine.http.user_path import existing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aiohttp import web

    from engine.http.services import Services

_UNREADABLE = (OSError, msgspec.DecodeError, RecursionError, UnicodeDecodeError)
_TAIL = 1024
"""Bytes in which the last whole line of a curve is looked for."""
_PICTURE = re.compile(r"step-(\d+)-([a-z]+)-(\d+)\.png")
_RESULT = re.compile(r"([a-z]+)-(\d+)\.safetensors")


class Point(msgspec.Struct):
    """One step of a curve.

    Attributes:
        step: Steps done, from 1.
        loss: Of that step.
        rate: The learning rate.
    """

    step: int
    loss: float
    rate: float = 0.0


class Result(msgspec.Struct):
    """A weights file.

    Attributes:
        file: Its name in the folder `results`.
        weights: `raw`, or `ema` for averaged ones.
        step: After which they were written.
        bytes: Its size.
    """

    file: str
    weights: str
    step: int
    bytes: int


class TrainingRun(msgspec.Struct):
    """A run in short.

    Attributes:
        name: Of its folder.
        method: What was trained: `lora`, `full`, `vae`, ...
        steps: So many steps are in its curve.
        loss: The last one; None without a curve.
        changed: When its curve last grew, in seconds since 1970.
        results: Its weights files, oldest step first.
    """

    name: str
    method: str
    steps: int
    loss: float | None
    changed: float
    results: list[Result]


class Sample(msgspec.Struct):
    """The pictures that were drawn after one step.

    Attributes:
        step: The step.
        pictures: Names of the files in the folder `previews`, by weights (`raw`, `ema`), in the
            order of the prompts.
    """

    step: int
    pictures: dict[str, list[str]]


class CurveQuery(msgspec.Struct):
    """From where on.

    Attributes:
        start: Byte of the curve's file to begin at: `next` of the last answer; 0 for all of it.
    """

    start: Whole = 0


class Course(msgspec.Struct):
    """How a run went.

    Attributes:
        run: The run in short.
        about: What makes the run what it is, as it describes itself.
        start: Where the points begin; 0 where the file has become shorter than was asked for.
        next: What to ask for next time.
        step: Steps of the points.
        loss: Their losses.
        rate: Their learning rates.
        prompts: What the pictures show.
        samples: Pictures, in order of their steps.
    """

    run: TrainingRun
    about: dict[str, Any]
    start: int
    next: int
    step: list[int]
    loss: list[float]
    rate: list[float]
    prompts: list[str]
    samples: list[Sample]


@route(
    "GET",
    "/runs",
    summary="The training runs there are, the newest first.",
    tag="training",
    answers={200: list[TrainingRun]},
    api_only=True,
)
async def get_runs(_: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the runs whose folders can be read."""
    found = await asyncio.to_thread(_all_runs, services.folders.runs)
    return json_text_answer(msgspec.json.encode(found))


@route(
    "GET",
    "/runs/{run}",
    summary="How a training run went: its curve from some byte on, and its pictures.",
    tag="training",
    query=CurveQuery,
    answers={200: Course, 404: dict},
    api_only=True,
)
async def get_run(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with points and the names of pictures."""
    query = read_query(request, CurveQuery)
    folder = _folder(services.folders.runs, request.match_info["run"])

    def told() -> bytes:
        # The curve of a long training has millions of points.
        return msgspec.json.encode(_course(folder, max(query.start, 0)))

    return json_text_answer(await asyncio.to_thread(told))


@route(
    "GET",
    "/runs/{run}/{kind:previews|results}/{file}",
    summary="A picture or a weights file of a training run.",
    tag="training",
    answers={200: "*/*", 206: "*/*", 304: None, 404: dict},
    api_only=True,
)
async def get_run_file(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the file."""
    folder = _folder(services.folders.runs, request.match_info["run"])
    kind, file = request.match_info["kind"], request.match_info["file"]
    answer = file_answer(existing(folder, f"{kind}/{file}"))
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _folder(runs: Path, name: str) -> Path:
    """Return the folder of a run.

    Raises:
        PathEscapeError: The name leads out of the folder of all runs.
        FileProblemError: There is no such run.
    """
    folder = beneath(runs, name)
    if not (folder / "run.json").is_file():
        raise FileProblemError("there is no such training run", got=repr(name))
    return folder


def _all_runs(runs: Path) -> list[TrainingRun]:
    found: list[TrainingRun] = []
    for path in runs.glob("*/run.json"):
        with contextlib.suppress(OSError):  # deleted meanwhile
            found.append(_in_short(path.parent))
    return sorted(found, key=lambda run: run.changed, reverse=True)


def _in_short(folder: Path) -> TrainingRun:
    curve = folder / "losses.jsonl"
    about = curve if curve.is_file() else folder / "run.json"
    last = _last_point(curve)
    return TrainingRun(
        name=folder.name,
        method=str(_about(folder).get("method", "")),
        steps=last.step if last else 0,
        loss=last.loss if last else None,
        changed=about.stat().st_mtime,
        results=_results(folder / "results"),
    )


def _course(folder: Path, start: int) -> Course:
    points, begin, end = _points(folder / "losses.jsonl", start)
    return Course(
        run=_in_short(folder),
        about=_about(folder),
        start=begin,
        next=end,
        step=[point.step for point in points],
        loss=[point.loss for point in points],
        rate=[point.rate for point in points],
        prompts=_prompts(folder / "previews" / "prompts.json"),
        samples=_samples(folder / "previews"),
    )


def _points(curve: Path, start: int) -> tuple[list[Point], int, int]:
    """Return the points from a byte on, that byte, and the one after the last whole line."""
    if not curve.is_file():
        return [], 0, 0
    if start > curve.stat().st_size:
        start = 0
    with curve.open("rb") as file:
        file.seek(start)
        content = file.read()
    whole = content[: content.rfind(b"\n") + 1]
    return list(_decoded(whole)), start, start + len(whole)


def _decoded(lines: bytes) -> Iterator[Point]:
    """Yield points; what is none, such as a line that began before the start, is left out."""
    for line in lines.splitlines():
        try:
            yield _point(line)
        except _UNREADABLE:
            continue


def _last_point(curve: Path) -> Point | None:
    if not curve.is_file():
        return None
    size = curve.stat().st_size
    points, _, _ = _points(curve, max(size - _TAIL, 0))
    return points[-1] if points else None


def _about(folder: Path) -> dict[str, Any]:
    try:
        return msgspec.json.decode((folder / "run.json").read_bytes(), type=dict[str, Any])
    except _UNREADABLE:
        return {}


def _prompts(path: Path) -> list[str]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[str])
    except _UNREADABLE:
        return []


def _samples(folder: Path) -> list[Sample]:
    steps: dict[int, Sample] = {}
    matches = [_PICTURE.fullmatch(path.name) for path in folder.glob("step-*.png")]
    for match in sorted(filter(None, matches), key=lambda one: int(one[3])):
        sample = steps.setdefault(int(match[1]), Sample(step=int(match[1]), pictures={}))
        sample.pictures.setdefault(match[2], []).append(match[0])
    return [steps[step] for step in sorted(steps)]


def _results(folder: Path) -> list[Result]:
    results: list[Result] = []
    for path in folder.glob("*.safetensors"):
        match = _RESULT.fullmatch(path.name)
        with contextlib.suppress(OSError):  # deleted meanwhile, or a link to nowhere
            if match:
                size = path.stat().st_size
                results.append(Result(match[0], match[1], int(match[2]), size))
    return sorted(results, key=lambda one: (one.step, one.weights))


_point = msgspec.json.Decoder(Point).decode
