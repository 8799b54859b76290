"""`/models` and its kin."""

from __future__ import annotations

import base64
import io
import json
import struct

import pytest
from PIL import Image

from tests.engine.http.site import Site, picture

ORDER = [
    *("checkpoints", "configs", "loras", "vae", "text_encoders", "diffusion_models"),
    *("clip_vision", "style_models", "embeddings", "diffusers", "vae_approx", "controlnet"),
    *("gligen", "upscale_models", "custom_nodes", "hypernetworks", "photomaker", "classifiers"),
    *("model_patches", "audio_encoders"),
]


def safetensors(metadata: object = None, header: bytes | None = None) -> bytes:
    text = json.dumps({"__metadata__": metadata} if metadata is not None else {}).encode()
    text = text if header is None else header
    return struct.pack("<Q", len(text)) + text


@pytest.fixture(scope="module", autouse=True)
def _files(site: Site) -> None:
    site.put("models/checkpoints/b.safetensors", safetensors({"format": "pt", "n": "1"}))
    site.put("models/checkpoints/sub/a.ckpt", b"x" * 7)
    site.put("models/checkpoints/.hidden/c.ckpt", b"x")
    site.put("models/checkpoints/notes.txt", b"x")
    site.put("models/embeddings/style.v2.pt", b"x")
    site.put("models/embeddings/sub/dog.safetensors", b"x")


def test_the_kinds_are_those_of_comfyui_in_its_order(site: Site) -> None:
    assert site.get("/models").json[: len(ORDER)] == ORDER
    assert site.get("/models/custom_nodes").json == []


def test_the_files_of_a_kind_are_listed(site: Site) -> None:
    found = site.get("/models/checkpoints").json
    assert [name for name in found if "hidden" not in name] == ["b.safetensors", "sub/a.ckpt"]
    assert site.get("/api/models/loras").json == []


@pytest.mark.parametrize("kind", ["unet", "clip", "nothing", "input", "..", "%2e%2e"])
def test_other_words_are_no_kinds(site: Site, kind: str) -> None:
    assert site.get(f"/models/{kind}").status == 404
    assert site.get(f"/experiment/models/{kind}").status == 404


def test_a_new_file_is_listed_at_once(site: Site) -> None:
    assert "new.safetensors" not in site.get("/models/vae").json
    site.put("models/vae/new.safetensors", b"x")
    assert site.get("/models/vae").json == ["new.safetensors"]


def test_embeddings_are_told_without_suffix(site: Site) -> None:
    assert site.get("/embeddings").json == ["style.v2", "sub/dog"]


def test_folders_are_told_with_their_suffixes(site: Site) -> None:
    folders = {one["name"]: one for one in site.get("/experiment/models").json}
    assert not {"configs", "custom_nodes"} & set(folders)
    assert folders["checkpoints"]["folders"] == [str(site.base / "models/checkpoints")]
    assert ".safetensors" in folders["checkpoints"]["extensions"]
    assert folders["text_encoders"]["folders"][1] == str(site.base / "models/clip")


def test_files_are_told_with_size_and_times(site: Site) -> None:
    found = {one["name"]: one for one in site.get("/experiment/models/checkpoints").json}
    assert list(found) == ["b.safetensors", "sub/a.ckpt"]
    assert found["sub/a.ckpt"]["size"] == 7
    assert found["sub/a.ckpt"]["pathIndex"] == 0
    stat = (site.base / "models/checkpoints/sub/a.ckpt").stat()
    assert found["sub/a.ckpt"]["modified"] == pytest.approx(stat.st_mtime)


def test_folders_that_link_to_each_other_are_listed_once(site: Site) -> None:
    site.put("models/vae/deep/one.safetensors", b"x")
    for link in ("models/vae/again", "models/vae/deep/above"):
        (site.base / link).symlink_to(site.base / "models/vae")
    told = site.get("/experiment/models/vae").json
    assert [one["name"] for one in told if "one" in one["name"]] == ["deep/one.safetensors"]
    loader = site.get("/object_info").json["VAELoader"]
    assert loader["input"]["required"]["vae_name"][0].count("deep/one.safetensors") == 1


def test_the_metadata_of_a_file_is_told(site: Site) -> None:
    answer = site.get("/view_metadata/checkpoints?filename=b.safetensors")
    assert answer.json == {"format": "pt", "n": "1"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("none.safetensors", safetensors()),
        ("short.safetensors", b"abc"),
        ("empty.safetensors", b""),
        ("lies.safetensors", struct.pack("<Q", 2**63) + b"{}"),
        ("cut.safetensors", struct.pack("<Q", 1000) + b"{"),
        ("deep.safetensors", safetensors(header=b"[" * 100_000)),
        ("text.safetensors", safetensors(header=b"\xff\xfe\xff")),
        ("list.safetensors", safetensors(header=b"[1]")),
        ("words.safetensors", safetensors("words")),
        ("large.safetensors", safetensors({"x": "y" * 2**20})),
    ],
)
def test_a_file_without_readable_metadata_has_none(site: Site, name: str, content: bytes) -> None:
    site.put(f"models/loras/{name}", content)
    assert site.get(f"/view_metadata/loras?filename={name}").status == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("checkpoints", 404),
        ("checkpoints?filename=", 404),
        ("checkpoints?filename=sub/a.ckpt", 404),
        ("checkpoints?filename=missing.safetensors", 404),
        ("checkpoints?filename=..%2Fb.safetensors", 403),
        ("input?filename=b.safetensors", 404),
    ],
)
def test_metadata_of_other_things_is_refused(site: Site, query: str, status: int) -> None:
    assert site.get(f"/view_metadata/{query}").status == status


def shown(site: Site, path: str) -> Image.Image:
    answer = site.get(f"/experiment/models/preview/{path}")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "image/webp"
    return Image.open(io.BytesIO(answer.body))


def test_the_picture_of_a_model_is_beside_it_or_in_it(site: Site) -> None:
    site.put("models/loras/sub/one.png", picture((3, 3)))
    site.put("models/loras/sub/one.safetensors", safetensors({}))
    assert shown(site, "loras/0/sub/one.safetensors").size == (3, 3)
    assert shown(site, "loras/0/sub%2Fone.safetensors").size == (3, 3)
    site.put("models/loras/two.preview.jpg", picture((4, 4), (1, 2, 3), "jpeg"))
    assert shown(site, "loras/0/two.safetensors").size == (4, 4)
    covers = json.dumps([base64.b64encode(picture((5, 5))).decode()])
    site.put("models/loras/three.safetensors", safetensors({"ssmd_cover_images": covers}))
    assert shown(site, "loras/0/three.safetensors").size == (5, 5)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("loras/0/", 400),
        ("loras/1/one.safetensors", 400),
        ("loras/-1/one.safetensors", 400),
        ("loras/x/one.safetensors", 400),
        ("loras/0/missing.safetensors", 404),
        ("nothing/0/one.safetensors", 404),
        ("loras/0/%2Fetc%2Fpasswd", 403),
        ("loras/0/..%2F..%2Foutput%2Fcat.png", 403),
    ],
)
def test_pictures_of_other_things_are_refused(site: Site, path: str, status: int) -> None:
    assert site.get(f"/experiment/models/preview/{path}").status == status


@pytest.mark.parametrize("covers", ["[", "{}", "[7]", '["?"]', '["Zm9v"]', "[]", 7])
def test_a_broken_cover_is_no_picture(site: Site, covers: object) -> None:
    site.put("models/loras/broken.safetensors", safetensors({"ssmd_cover_images": covers}))
    answer = site.get("/experiment/models/preview/loras/0/broken.safetensors")
    assert answer.status in {400, 404}
