"""`/api/runs`: curves and pictures of training runs."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.engine.http.site import Site, open_site, picture


def put_run(base: Path, name: str, steps: int, *, changed: float = 1000.0) -> Path:
    folder = base / "runs" / name
    (folder / "previews").mkdir(parents=True)
    (folder / "results").mkdir()
    (folder / "run.json").write_text(json.dumps({"format": 1, "method": name.partition("-")[0]}))
    curve = folder / "losses.jsonl"
    curve.write_text("".join(map(line, range(1, steps + 1))))
    os.utime(curve, (changed, changed))
    return folder


def line(step: int) -> str:
    return json.dumps({"step": step, "loss": 1 / step, "rate": 1e-4}) + "\n"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    put_run(tmp_path, "full-1", 3)
    folder = put_run(tmp_path, "lora-2", 200, changed=2000.0)
    for step in (100, 20):
        for place in (0, 1):
            for kind in ("raw", "ema"):
                path = folder / "previews" / f"step-{step:07d}-{kind}-{place}.png"
                path.write_bytes(picture())
    (folder / "previews" / "prompts.json").write_text(json.dumps(["a cat", "a dog"]))
    (folder / "results" / "raw-200.safetensors").write_bytes(b"weights")
    return tmp_path


def test_runs_are_listed_with_the_newest_first(base: Path) -> None:
    with open_site(base) as site:
        runs = site.get("/api/runs").json
    assert [run["name"] for run in runs] == ["lora-2", "full-1"]
    assert runs[0] == {
        "name": "lora-2",
        "method": "lora",
        "steps": 200,
        "loss": 1 / 200,
        "changed": 2000.0,
        "results": [{"file": "raw-200.safetensors", "weights": "raw", "step": 200, "bytes": 7}],
    }


def test_a_folder_without_runs_has_none(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        assert site.get("/api/runs").json == []
        assert site.get("/api/runs/lora-1").status == 404


def test_a_curve_comes_whole_and_then_what_is_new(base: Path) -> None:
    curve = base / "runs" / "lora-2" / "losses.jsonl"
    with open_site(base) as site:
        whole = site.get("/api/runs/lora-2").json
        assert whole["step"] == list(range(1, 201))
        assert whole["loss"][1] == 0.5
        assert set(whole["rate"]) == {1e-4}
        assert whole["next"] == curve.stat().st_size
        with curve.open("a") as file:
            file.write(line(201) + line(202)[:9])
        new = site.get(f"/api/runs/lora-2?start={whole['next']}").json
        assert (new["start"], new["step"]) == (whole["next"], [201])
        with curve.open("a") as file:
            file.write(line(202)[9:])
        assert site.get(f"/api/runs/lora-2?start={new['next']}").json["step"] == [202]


def test_a_curve_that_was_cut_comes_from_its_start(base: Path) -> None:
    curve = base / "runs" / "lora-2" / "losses.jsonl"
    with open_site(base) as site:
        whole = site.get("/api/runs/lora-2").json
        curve.write_text(line(1) + line(2))
        cut = site.get(f"/api/runs/lora-2?start={whole['next']}").json
    assert (cut["start"], cut["step"]) == (0, [1, 2])


def test_pictures_are_told_by_step_and_weights_and_can_be_fetched(base: Path) -> None:
    with open_site(base) as site:
        course = site.get("/api/runs/lora-2").json
        assert course["prompts"] == ["a cat", "a dog"]
        assert [sample["step"] for sample in course["samples"]] == [20, 100]
        name = course["samples"][1]["pictures"]["ema"][1]
        assert name == "step-0000100-ema-1.png"
        answer = site.get(f"/api/runs/lora-2/previews/{name}")
        assert (answer.status, answer.body) == (200, picture())
        assert answer.headers["Content-Type"] == "image/png"
        weights = site.get("/api/runs/lora-2/results/raw-200.safetensors")
        assert (weights.status, weights.body) == (200, b"weights")


@pytest.mark.parametrize(
    "path",
    [
        "/api/runs/..%2Fruns%2Flora-2",
        "/api/runs/lora-2/previews/..%2Frun.json",
        "/api/runs/lora-2/previews/..%2F..%2F..%2Fuser%2Fserver_token",
        "/api/runs/lora-2/state-1/weights.safetensors",
        "/api/runs/lora-2/previews/none.png",
        "/api/runs/nothing/previews/none.png",
    ],
)
def test_nothing_but_the_files_of_runs_can_be_fetched(base: Path, path: str) -> None:
    site: Site
    with open_site(base) as site:
        assert site.get(path).status in {400, 403, 404}


def test_results_that_are_gone_keep_no_run_from_being_listed(base: Path) -> None:
    results = base / "runs" / "lora-2" / "results"
    (results / "ema-100.safetensors").symlink_to(results / "nowhere")
    with open_site(base) as site:
        runs = site.get("/api/runs").json
        assert [one["file"] for one in runs[0]["results"]] == ["raw-200.safetensors"]
        assert site.get("/api/runs/lora-2").json["run"] == runs[0]


def test_steps_whose_loss_is_no_number_leave_the_curve_readable(base: Path) -> None:
    curve = base / "runs" / "full-1" / "losses.jsonl"
    with curve.open("a") as file:
        file.write('{"step": 4, "loss": NaN, "rate": 1}\n{"step": 5, "loss": 1e999, "rate": 1}\n')
        file.write(line(6))
    with open_site(base) as site:
        assert site.get("/api/runs/full-1").json["step"] == [1, 2, 3, 6]


def test_a_run_that_describes_itself_badly_is_still_listed(base: Path) -> None:
    (base / "runs" / "full-1" / "run.json").write_text("{")
    (base / "runs" / "full-1" / "losses.jsonl").write_text('{"step": 1, "lo')
    (base / "runs" / "lora-2" / "run.json").write_text('{"method": ' + "[" * 100_000)
    with open_site(base) as site:
        runs = {run["name"]: run for run in site.get("/api/runs").json}
        assert runs["full-1"]["steps"] == 0
        assert site.get("/api/runs/full-1").json["about"] == {}
