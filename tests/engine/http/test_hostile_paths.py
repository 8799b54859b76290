"""Whatever a path looks like, it stays in its folder and takes the place of nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import LoomError
from engine.files import Folders, beneath
from engine.http.answers import RefusedError
from engine.http.models import model_preview
from engine.http.part import Part
from engine.http.static_file import static_file
from engine.http.uploads import original_of, place
from engine.http.user_path import existing, joined, writable
from engine.http.userdata import named
from engine.http.view import ViewQuery, viewed
from tests.engine.http import hostile
from tests.engine.http.site import Site

COUNT = 100_000
Resolver = Callable[[Path, str], Path | bytes]


def folders(root: Path) -> Folders:
    """Every folder of the product is the same one."""
    usual = Folders.beneath(root)
    return replace(usual, input=root, output=root, temp=root, models={"loras": (root,)})


def reference(path: str) -> str:
    return json.dumps({"filename": path, "type": "input", "subfolder": ""})


RESOLVERS: dict[str, Resolver] = {
    "door": beneath,
    "view name": lambda root, path: viewed(folders(root), ViewQuery(filename=path)),
    "view subfolder": lambda root, path: viewed(
        folders(root), ViewQuery(filename="kept.png", subfolder=path)
    ),
    "mask": lambda root, path: original_of(folders(root), reference(path)),
    "mask subfolder": lambda root, path: original_of(
        folders(root), json.dumps({"filename": "kept.png", "subfolder": path})
    ),
    "upload": lambda root, path: writable(root, joined("deep", path)),
    "upload subfolder": lambda root, path: writable(root, joined(path, "new.png")),
    "userdata": lambda root, path: existing(root, named(path)),
    "userdata target": lambda root, path: writable(root, named(path)),
    "model": lambda root, path: folders(root).find("loras", path),
    "preview": model_preview,
    "page": lambda root, path: Path(static_file(root, path)._path),
}


@pytest.mark.parametrize("number", range(len(RESOLVERS)), ids=list(RESOLVERS))
def test_no_path_leads_out_of_its_folder(tmp_path: Path, number: int) -> None:
    root = hostile.trap(tmp_path / "root", tmp_path / "outside").resolve()
    resolve = list(RESOLVERS.values())[number]
    share = COUNT // len(RESOLVERS) + 1
    found = 0
    for path in hostile.paths(share, seed=number):
        try:
            result = resolve(root, path)
        except (LoomError, RefusedError):
            continue
        found += 1
        assert isinstance(result, Path), path
        real = result.resolve()
        assert root == real or root in real.parents, path
        assert not result.is_file() or result.read_bytes() == hostile.KEPT, path
    # A resolver that refuses everything would pass for no good reason.
    assert found or resolve is model_preview


def test_no_upload_takes_the_place_of_another(tmp_path: Path) -> None:
    root = hostile.trap(tmp_path / "root", tmp_path / "outside")
    inside, outside = hostile.state(root), hostile.state(tmp_path / "outside")
    placed = 0
    for number, path in enumerate(hostile.paths(1000, seed=99)):
        with Part(tmp_path / "temp") as part:
            part.write(b"%d" % number)
            try:
                place(part, root, path, overwrite=False)
            except (LoomError, RefusedError, OSError):
                continue
        placed += 1
    after = hostile.state(root)
    assert placed > 30
    assert {name: after[name] for name in inside} == inside
    assert len(after) == len(inside) + placed
    assert hostile.state(tmp_path / "outside") == outside


ROUTES: tuple[tuple[str, str], ...] = (
    ("GET", "/view?filename={}"),
    ("GET", "/view?filename=kept.png&subfolder={}"),
    ("GET", "/view?filename={}&type={}"),
    ("GET", "/view?filename={}&preview=webp;90"),
    ("GET", "/view_metadata/loras?filename={}"),
    ("GET", "/view_metadata/{}?filename=kept.safetensors"),
    ("GET", "/experiment/models/preview/loras/0/{}"),
    ("GET", "/experiment/models/preview/{}/0/kept.safetensors"),
    ("GET", "/models/{}"),
    ("GET", "/userdata?dir={}&recurse=true&full_info=true"),
    ("GET", "/v2/userdata?path={}"),
    ("GET", "/userdata/{}"),
    ("POST", "/userdata/{}?overwrite=false"),
    ("POST", "/userdata/kept.png/move/{}?overwrite=false"),
    ("POST", "/userdata/{}/move/{}?overwrite=false"),
    ("POST", "/userdata/{}?append=0"),
    ("GET", "/api/runs/{}"),
    ("GET", "/api/runs/{}/previews/kept.png"),
    ("GET", "/api/runs/run/previews/{}"),
    ("GET", "/api/runs/run/results/{}"),
    ("GET", "/api/jobs/{}"),
    ("GET", "/api/jobs/{}/events"),
    ("GET", "/assets/{}"),
    ("GET", "/settings/{}"),
    ("GET", "/internal/files/{}"),
    ("GET", "/extensions/{}"),
    ("GET", "/extensions/pack/{}"),
    ("GET", "/templates/{}"),
    ("GET", "/workflow_templates/pack/{}"),
    ("GET", "/docs/{}"),
    ("GET", "/global_subgraphs/{}"),
    ("GET", "/{}"),
)


def test_no_request_reads_or_changes_what_is_outside(site: Site) -> None:
    outside = site.base.parent / f"{site.base.name}-outside"
    site.put("runs/run/run.json", b"{}")
    for folder in (
        *("input", "output", "temp", "models/loras", "user/default"),
        *("runs/run/previews", "runs/run/results"),
    ):
        hostile.trap(site.base / folder, outside)
    before = hostile.state(outside)
    kept = {name: text for name, text in hostile.state(site.base).items() if text == hostile.KEPT}
    chance = random.Random(5)
    for number, path in enumerate(hostile.paths(2100, seed=7)):
        method, route = ROUTES[number % len(ROUTES)]
        target = route.replace("{}", hostile.encoded(path, chance))
        if len(target) > 8000:
            continue
        answer = site.ask(method, target, b"planted" if method == "POST" else None)
        assert answer.status < 500, (method, target, answer.body)
        assert hostile.SECRET not in answer.body, (method, target)
    assert hostile.state(outside) == before
    after = hostile.state(site.base)
    moved = {"user/default/kept.png"}
    assert {name: after.get(name) for name in kept if name not in moved} == {
        name: text for name, text in kept.items() if name not in moved
    }


def test_hostile_uploads_neither_escape_nor_replace(site: Site) -> None:
    outside = site.base.parent / f"{site.base.name}-outside"
    before = hostile.state(outside)
    kept = {name: text for name, text in hostile.state(site.base).items() if text == hostile.KEPT}
    for path in hostile.paths(400, seed=11):
        for filename, subfolder in ((path, ""), ("new.png", path)):
            text = filename.encode("utf-8", "replace").decode()
            folder = subfolder.encode("utf-8", "replace").decode()
            if "\r" in text or "\n" in text:
                continue
            answer = site.upload(b"planted", text, subfolder=folder)
            assert answer.status in {200, 400, 409}, (path, answer.body)
    assert hostile.state(outside) == before
    after = hostile.state(site.base)
    assert {name: after.get(name) for name in kept} == kept
