"""What packs bring along for the front end, from a worker that really loaded them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.http.site import Site, open_site

PACK = """
WEB_DIRECTORY = "./web"
NODE_CLASS_MAPPINGS = {}
"""


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    base = tmp_path_factory.mktemp("packs")
    custom, page = base / "custom_nodes", base / "page"
    write(custom / "my pack/__init__.py", PACK)
    write(custom / "my pack/web/main.js", "export {}")
    write(custom / "my pack/web/deep/näme.js", "export {}")
    write(custom / "my pack/web/docs/Node/en.md", "# Node")
    write(custom / "my pack/secret.txt", "secret")
    write(custom / "my pack/locales/en/main.json", '{"title": "A", "nested": {"a": 1}}')
    write(custom / "my pack/locales/en/nodeDefs.json", '{"Node": {"display_name": "N"}}')
    write(custom / "other/__init__.py", "NODE_CLASS_MAPPINGS = {}\n")
    write(custom / "other/locales/en/main.json", '{"nested": {"b": 2}}')
    write(custom / "other/locales/de/commands.json", '{"c": {}}')
    write(custom / "other/locales/fr/main.json", "broken")
    write(custom / "other/example_workflows/flow.json", '{"nodes": []}')
    write(custom / "other/example_workflows/flow.jpg", "picture")
    write(custom / "other/subgraphs/part.json", '{"nodes": [], "name": "é"}')
    write(custom / "other/subgraphs/broken.json", "{")
    write(custom / "off.disabled/example_workflows/never.json", "{}")
    write(page / "index.html", "<title>page</title>")
    write(page / "extensions/core/core.js", "export {}")
    with open_site(base, custom_nodes=(custom,), web_root=page) as site:
        yield site


def test_the_scripts_of_the_front_end_and_of_packs_are_listed(packs: Site) -> None:
    assert packs.get("/extensions").json == [
        "/extensions/core/core.js",
        "/extensions/latentloom/expected_kinds.js",
        "/extensions/my%20pack/deep/n%C3%A4me.js",
        "/extensions/my%20pack/main.js",
    ]
    assert packs.get("/api/extensions").status == 200


def test_every_listed_script_is_served_as_javascript(packs: Site) -> None:
    for url in packs.get("/extensions").json:
        answer = packs.get(url)
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-cache"
    help_text = packs.get("/extensions/my%20pack/docs/Node/en.md")
    assert help_text.headers["Content-Type"].startswith("text/markdown")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("my%20pack/missing.js", 404),
        ("my%20pack/..%2Fsecret.txt", 403),
        ("my%20pack/%2e%2e/secret.txt", 403),
        ("other/__init__.py", 404),
        ("nobody/main.js", 404),
    ],
)
def test_nothing_else_of_a_pack_is_served(packs: Site, path: str, status: int) -> None:
    assert packs.get(f"/extensions/{path}").status == status


def test_translations_are_merged(packs: Site) -> None:
    assert packs.get("/i18n").json == {
        "en": {
            "title": "A",
            "nested": {"a": 1, "b": 2},
            "nodeDefs": {"Node": {"display_name": "N"}},
        },
        "de": {"commands": {"c": {}}},
    }


def test_workflows_of_packs_are_listed_and_served(packs: Site) -> None:
    assert packs.get("/workflow_templates").json == {"other": ["flow"]}
    assert packs.get("/api/workflow_templates/other/flow.json").json == {"nodes": []}
    assert packs.get("/api/workflow_templates/other/flow.jpg").body == b"picture"
    assert packs.get("/workflow_templates/other/..%2F__init__.py").status == 404
    assert packs.get("/workflow_templates/other/..%2F..%2Fx.json").status == 403
    assert packs.get("/workflow_templates/nobody/flow.json").status == 404


def test_subgraphs_of_packs_are_listed_and_served(packs: Site) -> None:
    found = packs.get("/global_subgraphs").json
    by_name = {one["name"]: (key, one) for key, one in found.items()}
    key, one = by_name["part"]
    expected = {
        "source": "custom_node",
        "name": "part",
        "info": {"node_pack": "custom_nodes.other"},
    }
    assert one == expected
    whole = packs.get(f"/global_subgraphs/{key}").json
    assert whole == {**expected, "data": '{"nodes": [], "name": "é"}'}
    assert packs.get(f"/global_subgraphs/{by_name['broken'][0]}").json is None
    assert packs.get("/global_subgraphs/unknown").json is None


def test_a_server_without_packs_has_none_of_it(site: Site) -> None:
    assert site.get("/extensions").json == []
    for path in ("/i18n", "/workflow_templates", "/global_subgraphs", "/node_replacements"):
        assert site.get(path).json == {}
