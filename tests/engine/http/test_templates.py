"""Templates: our own workflows, and those of the packages that are installed."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.http.template_picture import drawing
from tests.engine.http.site import Site, open_site, picture

ROOT = Path(__file__).resolve().parents[3]
API = {"1": {"class_type": "EmptyLatentImage", "inputs": {"width": 64, "height": 64}}}
CANVAS = json.loads((ROOT / "workflows/text_to_image.json").read_text())


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    base = tmp_path_factory.mktemp("templates")
    folder = base / "workflows"
    folder.mkdir()
    (folder / "api_form.json").write_text(json.dumps(API))
    (folder / "drawn.json").write_text(json.dumps(CANVAS | {"extra": {"description": "Draws."}}))
    (folder / "drawn.webp").write_bytes(picture(form="webp"))
    (folder / "broken.json").write_text("{")
    with open_site(base) as site:
        yield site


def own_group(site: Site, name: str = "index.json") -> dict[str, dict[str, object]]:
    answer = site.get(f"/templates/{name}")
    assert answer.headers["Content-Type"].startswith("application/json")
    group = answer.json[0]
    assert (group["moduleName"], group["title"]) == ("default", "Latentloom")
    return {one["name"]: one for one in group["templates"]}


def test_every_workflow_of_the_repository_is_a_template(site: Site) -> None:
    found = own_group(site)
    assert set(found) == {path.stem for path in (ROOT / "workflows").glob("*.json")}
    for name, one in found.items():
        shown = site.get(f"/templates/{name}.json").json
        assert shown["nodes"]
        assert isinstance(shown["links"], list)
        thumbnail = site.get(f"/templates/{name}-1.{one['mediaSubtype']}")
        assert thumbnail.status == 200
        assert thumbnail.headers["Content-Type"].startswith("image/")


@pytest.mark.parametrize("name", ["index.de.json", "index.zh-TW.json", "index.pt-BR.json"])
def test_the_list_is_there_in_every_language(own: Site, name: str) -> None:
    assert set(own_group(own, name)) == {"api_form", "drawn", "broken"}


def test_a_template_has_its_description_and_picture(own: Site) -> None:
    one = own_group(own)["drawn"]
    assert one["description"] == "Draws."
    assert one["mediaSubtype"] == "webp"
    assert own.get("/templates/drawn-1.webp").body == picture(form="webp")


def test_a_template_without_a_description_is_told_by_its_first_note(site: Site) -> None:
    assert own_group(site)["lists"]["description"].startswith("A node that takes one value runs")
    assert own_group(site)["image_to_image"]["description"].startswith(
        "Draws input/sketch.png anew"
    )


def test_api_json_is_laid_out_for_the_editor(own: Site) -> None:
    shown = own.get("/templates/api_form.json").json
    assert [node["type"] for node in shown["nodes"]] == ["EmptyLatentImage"]
    assert own_group(own)["api_form"]["mediaSubtype"] == "svg"


def test_a_broken_workflow_is_told_in_words(own: Site) -> None:
    for name in ("broken.json", "broken-1.svg"):
        answer = own.get(f"/templates/{name}")
        assert answer.status == 400
        assert "not valid JSON" in answer.json["error"]["message"]


@pytest.mark.parametrize(
    ("name", "status"),
    [("missing.json", 404), ("drawn-2.webp", 404), ("..%2Fuser%2Fx.json", 403), ("%2Fetc", 403)],
)
def test_other_names_are_refused(own: Site, name: str, status: int) -> None:
    assert own.get(f"/templates/{name}").status == status


def test_templates_of_installed_packages_are_served(site: Site) -> None:
    answer = site.get("/templates/flux1_krea_dev.json")
    assert answer.json["nodes"]
    thumbnail = site.get("/templates/flux1_krea_dev-1.webp")
    assert thumbnail.headers["Content-Type"] == "image/webp"
    assert thumbnail.headers["Cache-Control"] == "public, max-age=86400"


@pytest.mark.parametrize(
    "canvas",
    [
        {},
        {"nodes": 7, "links": "x"},
        {"nodes": [1, {}, {"id": 1, "pos": [0], "size": [1, 2]}], "links": [[], [1, 1, 0, 9]]},
        {"nodes": [{"id": 1, "pos": {"0": 5, "1": 6}, "size": [10, -4], "title": '<&">\x00'}]},
        {"nodes": [{"id": 1, "pos": [10**400, -1e300], "size": [1, 1]}]},
        CANVAS,
    ],
)
def test_any_canvas_is_drawn_as_well_formed_svg(canvas: dict[str, object]) -> None:
    root = ET.fromstring(drawing(canvas))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(root.get("viewBox", "").split()) == 4


def test_every_template_of_the_list_can_be_opened(site: Site) -> None:
    groups = site.get("/templates/index.json").json
    names = [one["name"] for group in groups for one in group["templates"]]
    assert all(group["templates"] for group in groups)
    assert [site.get(f"/templates/{name}.json").status for name in names] == [200] * len(names)
