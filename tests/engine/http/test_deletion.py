"""`/api/jobs/delete`: jobs are forgotten together with their files, and nothing else is."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.engine.http.listener import Api, Listener, fresh, listening, node
from tests.engine.http.site import Site, open_site

_PACK = '''
import json

class Tell:
    """Shows whatever files it is told."""
    CATEGORY, FUNCTION, RETURN_TYPES, OUTPUT_NODE = "test", "run", (), True

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"shown": ("STRING",), "turn": ("INT",)}}

    def run(self, shown, turn):
        return {"ui": json.loads(shown)}

NODE_CLASS_MAPPINGS = {"Tell": Tell}
'''


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    base = tmp_path_factory.mktemp("deletion")
    packs = base / "custom_nodes"
    packs.mkdir()
    (packs / "tell.py").write_text(_PACK)
    with open_site(base, custom_nodes=(packs,)) as server:
        yield server


@pytest.fixture
async def client(site: Site) -> AsyncIterator[Listener]:
    async with listening(site, uuid.uuid4().hex) as listener:
        yield listener


def saving(count: int) -> Api:
    pictures = node("EmptyImage", width=8, height=8, batch_size=count, color=fresh())
    return {"1": pictures, "2": node("SaveImage", images=["1", 0], filename_prefix="cat")}


def telling(*files: tuple[str, str, str]) -> Api:
    """Show files of a folder, a subfolder and a name, whether they are there or not."""
    images = [dict(zip(("type", "subfolder", "filename"), file, strict=True)) for file in files]
    return {"1": node("Tell", shown=json.dumps({"images": images}), turn=fresh())}


def write(*parts: str | Path) -> Path:
    path = Path(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"content")
    return path


async def delete(client: Listener, *ids: str, files: bool = True) -> dict[str, int]:
    """Delete jobs; returns how many files are gone and how many stayed."""
    answer = await client.post("/api/jobs/delete", {"job_ids": ids, "files": files})
    return {"deleted": len(answer["deleted"]), "kept": answer["kept"]}


async def test_the_files_that_are_gone_are_told_as_the_job_named_them(
    client: Listener, site: Site
) -> None:
    write(site.folders.output, "pets", "told.png")
    job = await client.run(telling(("output", "pets", "told.png"), ("temp", "", "never.png")))
    answer = await client.post("/api/jobs/delete", {"job_ids": [job], "files": True})
    file = {"type": "output", "subfolder": "pets", "filename": "told.png"}
    assert answer == {"deleted": [file], "kept": 0}


async def test_a_job_goes_with_the_pictures_that_it_saved(client: Listener, site: Site) -> None:
    other = await client.run(saving(1))
    kept = sorted(site.folders.output.iterdir())
    job = await client.run(saving(2))
    assert await delete(client, job) == {"deleted": 2, "kept": 0}
    assert sorted(site.folders.output.iterdir()) == kept
    assert await client.get(f"/history/{job}") == {}
    assert await client.entry(other)


async def test_files_stay_where_only_the_job_is_to_go(client: Listener, site: Site) -> None:
    job = await client.run(saving(1))
    before = sorted(site.folders.output.iterdir())
    assert await delete(client, job, files=False) == {"deleted": 0, "kept": 0}
    assert sorted(site.folders.output.iterdir()) == before
    assert await client.get(f"/history/{job}") == {}


async def test_a_picture_goes_with_the_last_job_that_shows_it(client: Listener, site: Site) -> None:
    shared = write(site.folders.output, "pets", "shared.png")
    first = await client.run(telling(("output", "pets", "shared.png")))
    second = await client.run(telling(("output", "./pets/", "shared.png")))
    assert await delete(client, first) == {"deleted": 0, "kept": 1}
    assert shared.exists()
    assert await delete(client, second) == {"deleted": 1, "kept": 0}
    assert not shared.exists()


@pytest.mark.parametrize(
    ("folder", "subfolder", "name"),
    [
        ("output", "..", "secret.png"),
        ("output", "", "../secret.png"),
        ("output", "", "..\\secret.png"),
        ("output", "{base}", "secret.png"),
        ("output", "", "{base}/secret.png"),
        ("output", "out", "secret.png"),
        ("output", "out/nested", "secret.png"),
        ("temp", "../output", "precious.png"),
        ("input", "", "photo.png"),
        ("user", "", "secret.png"),
        ("output", "", ""),
        ("output", "", "."),
    ],
)
async def test_nothing_outside_of_output_and_temp_is_deleted(
    client: Listener, site: Site, folder: str, subfolder: str, name: str
) -> None:
    precious = [
        write(site.base, "secret.png"),
        write(site.base, "nested", "secret.png"),
        write(site.folders.input, "photo.png"),
        write(site.folders.output, "precious.png"),
        write(site.options.user, "secret.png"),
    ]
    out = site.folders.output / "out"
    if not out.is_symlink():
        out.symlink_to(site.base)
    where = [part.format(base=site.base) for part in (subfolder, name)]
    job = await client.run(telling((folder, where[0], where[1])))
    assert (await delete(client, job))["deleted"] == 0
    assert all(path.exists() for path in precious)


async def test_links_and_what_they_lead_to_stay(client: Listener, site: Site) -> None:
    inside = write(site.folders.output, "real.png")
    outside = write(site.base, "outside.png")
    for name, target in (("inner.png", inside), ("outer.png", outside)):
        (site.folders.output / name).symlink_to(target)
    job = await client.run(telling(("output", "", "inner.png"), ("output", "", "outer.png")))
    assert (await delete(client, job))["deleted"] == 0
    assert inside.exists()
    assert outside.exists()
    assert (site.folders.output / "inner.png").readlink() == inside


async def test_weights_that_a_job_exported_stay(client: Listener, site: Site) -> None:
    weights = write(site.folders.output, "loras", "days.safetensors")
    preview = write(site.folders.temp, "preview.png")
    named = (("output", "loras", "days.safetensors"), ("temp", "", "preview.png"))
    job = await client.run(telling(*named))
    assert await delete(client, job) == {"deleted": 1, "kept": 1}
    assert weights.exists()
    assert not preview.exists()


async def test_jobs_that_are_not_over_or_unknown_are_passed_over(
    client: Listener, site: Site
) -> None:
    await client.post("/queue", {"pause": True})
    waiting = await client.submit(saving(1))
    assert await delete(client, waiting, "nobody") == {"deleted": 0, "kept": 0}
    assert waiting in json.dumps(await client.get("/queue"))
    await client.post("/queue", {"delete": [waiting], "pause": False})
    assert site.ask("POST", "/api/jobs/delete", json.dumps({"job_ids": 1})).status == 400
    assert site.ask("POST", "/jobs/delete", json.dumps({"job_ids": []})).status == 404
