"""`/settings`: what the front end remembers."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.engine.http.site import Site, open_site


def test_settings_are_kept_one_by_one_and_together(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        assert site.get("/settings").json == {}
        assert site.get("/settings/Comfy.Theme").json is None
        assert site.ask("POST", "/settings/Comfy.Theme", '"dark"').status == 200
        assert site.ask("POST", "/api/settings", '{"a.b": [1, {"c": null}]}').status == 200
        assert site.get("/settings").json == {"Comfy.Theme": "dark", "a.b": [1, {"c": None}]}
        assert site.get("/api/settings/Comfy.Theme").json == "dark"
    kept = tmp_path / "user/default/comfy.settings.json"
    assert json.loads(kept.read_text())["Comfy.Theme"] == "dark"
    with open_site(tmp_path) as site:
        assert site.get("/settings/Comfy.Theme").json == "dark"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/settings", ""),
        ("/settings", "[]"),
        ("/settings", "{"),
        ("/settings", '{"a": NaN}'),
        ("/settings/x", ""),
        ("/settings/x", "nothing"),
        ("/settings/x", '"\\ud800"'),
        ("/settings/x", "[" * 128 + "]" * 128),
        ("/settings/x", "[" * 127 + "0" + "]" * 127),
    ],
)
def test_what_could_not_be_read_again_is_refused(site: Site, path: str, body: str) -> None:
    site.ask("POST", "/settings/kept", "1")
    assert site.ask("POST", path, body).status in {200, 400}
    assert site.get("/settings/kept").json == 1


def test_a_broken_file_is_put_aside_and_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "user/default/comfy.settings.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"cut": ')
    with open_site(tmp_path) as site:
        assert site.get("/settings").json == {}
        assert site.ask("POST", "/settings/new", "1").status == 200
    assert (path.parent / "comfy.settings.broken").read_text() == '{"cut": '
    assert json.loads(path.read_text()) == {"new": 1}


def test_settings_that_are_set_at_once_are_all_kept(tmp_path: Path) -> None:
    with open_site(tmp_path) as site, ThreadPoolExecutor(16) as pool:
        names = [f"setting.{number}" for number in range(64)]
        answers = pool.map(lambda name: site.ask("POST", f"/settings/{name}", "1").status, names)
        assert set(answers) == {200}
        assert set(site.get("/settings").json) == set(names)
