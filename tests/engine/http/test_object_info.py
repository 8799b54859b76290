"""`/object_info`: the catalogue, ready to be sent, and never out of date."""

from __future__ import annotations

import gzip
import json
import os
import time
from pathlib import Path

import pytest

from engine.declare.registry import Registry
from engine.files import Folders
from engine.http.catalogue import Catalogue
from tests.engine.http.site import Site

LOADER = "CheckpointLoaderSimple"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load(custom_nodes=())


def checkpoints(catalogue: Catalogue, foreign: bytes = b"{}") -> list[str]:
    info = json.loads(catalogue.all(foreign).plain)[LOADER]
    return info["input"]["required"]["ckpt_name"][0]


def settle(folder: Path) -> None:
    """Make a folder look as if nothing had changed in it for a while."""
    for directory, _, _ in os.walk(folder):
        os.utime(directory, (time.time() - 100, time.time() - 100))


def test_the_same_bytes_are_sent_until_files_change(tmp_path: Path, registry: Registry) -> None:
    folder = tmp_path / "models" / "checkpoints"
    (folder / "deep").mkdir(parents=True)
    (folder / "one.safetensors").touch()
    settle(tmp_path)
    catalogue = Catalogue(registry, Folders.beneath(tmp_path))
    assert checkpoints(catalogue) == ["one.safetensors"]
    assert catalogue.all(b"{}") is catalogue.all(b"{}")
    (folder / "deep" / "two.ckpt").touch()
    assert checkpoints(catalogue) == ["deep/two.ckpt", "one.safetensors"]
    (folder / "one.safetensors").unlink()
    assert checkpoints(catalogue) == ["deep/two.ckpt"]


def test_a_folder_that_comes_later_is_found(tmp_path: Path, registry: Registry) -> None:
    catalogue = Catalogue(registry, Folders.beneath(tmp_path))
    assert "one.safetensors" not in checkpoints(catalogue)
    folder = tmp_path / "models" / "checkpoints"
    folder.mkdir(parents=True)
    (folder / "one.safetensors").touch()
    assert checkpoints(catalogue) == ["one.safetensors"]


def test_files_that_come_one_after_the_other_are_all_found(
    tmp_path: Path, registry: Registry
) -> None:
    folder = tmp_path / "models" / "checkpoints"
    folder.mkdir(parents=True)
    catalogue = Catalogue(registry, Folders.beneath(tmp_path))
    for count in range(1, 30):
        (folder / f"{count:02}.safetensors").touch()
        assert len(checkpoints(catalogue)) == count


def test_kinds_of_packs_stand_beside_the_built_in_ones(tmp_path: Path, registry: Registry) -> None:
    catalogue = Catalogue(registry, Folders.beneath(tmp_path))
    for foreign in (b'{"Mine": {"name": "Mine"}}', b' { "Mine" : {"name": "Mine"} } '):
        text = catalogue.all(foreign)
        found = json.loads(text.plain)
        assert found["Mine"] == {"name": "Mine"}
        assert LOADER in found
        assert gzip.decompress(text.zipped) == text.plain
    assert "Mine" not in json.loads(catalogue.all(b"{}").plain)


def test_clients_get_it_compressed_where_they_take_that(site: Site) -> None:
    plain = site.get("/object_info")
    assert "Content-Encoding" not in plain.headers
    zipped = site.get("/object_info", Accept_Encoding="gzip, deflate")
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == plain.body
    assert len(zipped.body) * 4 < len(plain.body)
    assert site.get("/api/object_info").body == plain.body


def test_every_kind_is_named_and_declared(site: Site) -> None:
    infos = site.get("/object_info").json
    assert len(infos) > 100
    for name, info in infos.items():
        assert info["name"] == name
        assert isinstance(info["input"]["required"], dict)
        assert len(info["output"]) == len(info["output_name"]) == len(info["output_is_list"])
        assert isinstance(info["display_name"], str)
        assert isinstance(info["output_node"], bool)


def test_who_knows_the_catalogue_is_told_that_it_is_still_that_one(site: Site) -> None:
    tag = site.get("/object_info").headers["ETag"]
    for known in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
        again = site.get("/object_info", If_None_Match=known, Accept_Encoding="gzip")
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    site.put("models/checkpoints/after.safetensors", b"x")
    fresh = site.get("/object_info", If_None_Match=tag)
    assert (fresh.status, fresh.headers["ETag"] == tag) == (200, False)


def test_one_kind_can_be_asked_for(site: Site) -> None:
    whole = site.get("/object_info").json
    assert site.get("/object_info/KSampler").json == {"KSampler": whole["KSampler"]}
    assert site.get("/api/object_info/KSampler").status == 200


@pytest.mark.parametrize(
    "name", ["NoSuchNode", "Primitive%20boolean%20%5BCrystools%5D", "a%2Fb", "%00", "..", "%C3%A9"]
)
def test_a_kind_that_does_not_exist_is_an_empty_object(site: Site, name: str) -> None:
    answer = site.get(f"/object_info/{name}")
    assert answer.status == 200
    assert answer.json == {}
