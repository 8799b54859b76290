"""`/system_stats`, `/features` and `/metrics`."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from importlib import metadata
from pathlib import Path

import pytest

from engine.http import system
from engine.http.exposition import Histogram, family, histogram
from tests.engine.http.site import Site, open_site

LATENT = {
    "1": {"class_type": "PrimitiveInt", "inputs": {"value": 3}},
    "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}},
}


def test_the_machine_and_the_versions_are_told(site: Site) -> None:
    stats = site.get("/system_stats").json
    facts = stats["system"]
    assert facts["os"] == sys.platform
    assert facts["python_version"] == sys.version
    assert facts["pytorch_version"] == metadata.version("torch")
    assert facts["latentloom_version"] == metadata.version("latentloom")
    assert re.fullmatch(r"\d+\.\d+\.\d+", facts["comfyui_version"])
    assert 0 < facts["ram_free"] <= facts["ram_total"]
    assert facts["embedded_python"] is False
    assert isinstance(facts["argv"], list)


def test_without_an_accelerator_the_device_is_the_processor(site: Site) -> None:
    stats = site.get("/api/system_stats").json
    total = stats["system"]["ram_total"]
    (device,) = stats["devices"]
    assert {key: device[key] for key in ("name", "type", "index", "vram_total")} == {
        "name": "cpu",
        "type": "cpu",
        "index": None,
        "vram_total": total,
    }


def test_a_package_that_is_missing_has_no_version() -> None:
    assert system.version("msgspec") == metadata.version("msgspec")
    assert system.version("no-package-has-this-name") is None


def test_features_are_the_servers_and_those_of_the_command_line(tmp_path: Path) -> None:
    with open_site(tmp_path, feature_flags={"show_signin_button": True}) as site:
        flags = site.get("/features").json
    assert flags["supports_preview_metadata"] is True
    assert flags["max_upload_size"] == 100 * 2**20
    assert flags["assets"] is False
    assert flags["show_signin_button"] is True
    assert not {"extension", "node_replacements"} & set(flags)


def samples(site: Site) -> dict[str, float]:
    """Return what `/metrics` tells: the value of each series."""
    answer = site.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.body.decode().splitlines()
    told = [line.rpartition(" ") for line in lines if not line.startswith("#")]
    return {series: float(value) for series, _, value in told}


def run(site: Site, prompt: dict[str, object]) -> None:
    id_ = site.ask("POST", "/prompt", json.dumps({"prompt": prompt})).json["prompt_id"]
    end = time.monotonic() + 60
    while not site.get(f"/history/{id_}").json:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_jobs_nodes_and_requests_are_counted(site: Site) -> None:
    before = samples(site)
    run(site, LATENT)
    run(site, LATENT)
    site.get("/nothing")
    after = samples(site)

    def grown(series: str) -> float:
        return after[series] - before.get(series, 0)

    assert grown('loom_jobs_total{outcome="success"}') == 2
    assert grown("loom_run_seconds_count") == 2
    assert grown('loom_run_seconds_bucket{le="+Inf"}') == 2
    assert grown("loom_run_seconds_sum") > 0
    assert grown('loom_nodes_total{result="run"}') >= 1
    assert grown('loom_nodes_total{result="cached"}') >= 1
    assert grown('loom_http_requests_total{method="GET",status="404"}') == 1
    assert after['loom_queue_jobs{state="waiting"}'] == 0
    assert after['loom_cache_bytes{worker="0",tier="ram"}'] > 0
    assert after['loom_worker_state{worker="0",state="idle"}'] == 1
    assert after['loom_worker_resident_bytes{worker="0"}'] > 2**20
    assert after["process_resident_memory_bytes"] > 2**20
    assert after["loom_sockets"] == 0
    assert after["loom_queue_paused"] == 0


def test_methods_that_clients_invent_make_one_series(site: Site) -> None:
    for method in ("PROPFIND", "MKCOL"):
        site.ask(method, "/queue")
    assert samples(site)['loom_http_requests_total{method="other",status="405"}'] == 2


def test_a_metric_without_samples_is_left_out() -> None:
    assert family("x", "gauge", "About.", []) == ""


def test_labels_are_quoted() -> None:
    text = family("x", "gauge", "About.", [({"a": 'q"\\\n'}, 1.5)])
    assert text == '# HELP x About.\n# TYPE x gauge\nx{a="q\\"\\\\\\n"} 1.5\n'


@pytest.mark.parametrize(
    ("seconds", "within"), [(0.5, [1, 1, 1]), (1, [1, 1, 1]), (5, [0, 1, 1]), (50, [0, 0, 1])]
)
def test_a_histogram_counts_what_is_within_each_bound(seconds: float, within: list[int]) -> None:
    values = Histogram((1, 10))
    values.observe(seconds)
    text = histogram("x", "About.", values)
    assert [int(count) for count in re.findall(r"x_bucket{.*} (\d+)", text)] == within
    assert f"x_sum {seconds}" in text
    assert "x_count 1" in text


def test_memory_is_told_in_bytes() -> None:
    total, free = system.memory()
    assert total == os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert free <= total
