from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from nodes.diffusion.datasets import emoji
from nodes.diffusion.datasets.packages import Package

if TYPE_CHECKING:
    from pathlib import Path

GROUPS = {
    "groups": {"0": "smileys-emotion", "1": "people-body", "4": "food-drink", "8": "symbols"},
    "subgroups": {"0": "face-smiling", "25": "person-role", "42": "food-fruit", "85": "arrow"},
}
DATA: list[dict[str, Any]] = [
    {"label": "regional indicator A", "hexcode": "1F1E6"},
    {"label": "red apple", "hexcode": "1F34E", "tags": ["red apple", "fruit"]}
    | {"group": 4, "subgroup": 42, "order": 9},
    {"label": "left arrow", "hexcode": "2B05", "group": 8, "subgroup": 85, "order": 8},
    {"label": "cook", "hexcode": "1F9D1", "group": 1, "subgroup": 25, "order": 7},
    {"label": "melting face", "hexcode": "1FAE0-FE0F", "tags": ["hot"]}
    | {"group": 0, "subgroup": 0, "order": 1},
]
ICONS = {
    "width": 10,
    "height": 10,
    "icons": {"apple": {"body": '<rect width="5" height="10" fill="#ff0000"/>'}},
    "aliases": {"elppa": {"parent": "apple", "hFlip": True}, "fruit": {"parent": "elppa"}},
}


def test_people_signs_and_parts_are_left_out_and_the_order_is_unicodes() -> None:
    found = emoji.concepts(DATA, GROUPS)
    assert [concept.label for concept in found] == ["melting face", "red apple"]
    assert [concept.code for concept in found] == ["1fae0", "1f34e"]
    assert found[1].tags == ("fruit",)


def test_one_pair_in_ten_is_held_out_and_styles_share_them() -> None:
    found = [emoji.held_out_style(f"{i:x}", emoji.BASE_STYLES) for i in range(4_000)]
    counts = Counter(found)
    assert abs(counts.pop(None) - 3_600) < 4 * 360**0.5
    assert all(abs(count - 100) < 40 for count in counts.values())
    assert set(counts) == set(emoji.BASE_STYLES)


def test_what_is_held_out_is_that_of_the_first_release() -> None:
    known = {"1fae0": "twemoji", "1f60d": "fluent-flat", "1f617": "noto", "1f61c": "fluent-3d"}
    held_out = {code: emoji.held_out_style(code, emoji.BASE_STYLES) for code in known}
    assert held_out == known
    assert emoji.held_out_style("1f34e", emoji.BASE_STYLES) is None


def test_aliases_are_followed_and_mirrored() -> None:
    find = emoji.icon_finder(ICONS, {"1f34e": "apple", "1F34F-fe0f": "fruit"})
    assert find("1f600") is None
    plain, mirrored = find("1f34e"), find("1f34f")
    assert plain
    assert mirrored
    assert 'viewBox="0 0 10 10"' in plain
    assert "scale(-1 1)" in mirrored


def test_vector_pictures_are_drawn_with_transparency() -> None:
    svg = emoji.icon_finder(ICONS, {"a": "apple"})("a")
    assert svg
    picture = emoji.square(svg, 32)
    assert picture.size == (32, 32)
    assert picture.getpixel((2, 16)) == (255, 0, 0, 255)
    assert picture.getpixel((28, 16)) == (0, 0, 0, 0)


@pytest.mark.parametrize("size", [(64, 64), (64, 66), (10, 20)])
def test_other_pictures_are_fitted_into_the_square_whole(size: tuple[int, int]) -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", size, (0, 0, 255, 255)).save(buffer, "WEBP", lossless=True)
    picture = emoji.square(buffer.getvalue(), 32)
    assert picture.size == (32, 32)
    left, top, right, bottom = picture.getbbox() or (0, 0, 0, 0)
    assert abs((right - left) / (bottom - top) - size[0] / size[1]) < 0.05
    assert picture.getpixel((16, 16)) == (0, 0, 255, 255)


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Publish small packages of every style in place of the real ones."""
    folder = tmp_path / "packages"
    folder.mkdir()
    icons = json.dumps(ICONS).encode()
    chars = json.dumps({"1f34e": "apple", "1fae0": "fruit"}).encode()
    webp = io.BytesIO()
    Image.new("RGBA", (32, 32), (0, 255, 0, 128)).save(webp, "WEBP", lossless=True)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4"/></svg>'
    contents = {style: {"icons.json": icons, "chars.json": chars} for style in emoji.STYLES}
    contents["fluent-3d"] = {"assets/1f34e.webp": webp.getvalue()}
    contents["openmoji"] = {"color/svg/1FAE0-FE0F.svg": svg, "black/svg/1F34E.svg": svg}
    captions = {
        "en/data.json": json.dumps(DATA).encode(),
        "meta/groups.json": json.dumps(GROUPS).encode(),
    }
    packages = {style: publish(folder, style, files) for style, files in contents.items()}
    monkeypatch.setattr(emoji, "STYLES", packages)
    monkeypatch.setattr(emoji, "CAPTIONS", publish(folder, "captions", captions))
    return folder


def publish(folder: Path, name: str, files: dict[str, bytes]) -> Package:
    path = folder / f"{name}-1.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for file, data in files.items():
            entry = tarfile.TarInfo(f"package/{file}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Package(name=name, version="1", sha256=sha256, credit=f"{name}: somebody")


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}


def test_building_twice_gives_the_same_bytes(published: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        emoji.build(tmp_path / name, packages=published, size=16)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_every_style_has_the_concepts_that_it_draws(published: Path, tmp_path: Path) -> None:
    manifest = emoji.build(tmp_path / "set", packages=published, size=16)
    found = {record.path for record in manifest.records}
    assert found == {
        *(f"{s}/{c}.png" for s in ("noto", "twemoji", "fluent-flat") for c in ("1f34e", "1fae0")),
        "fluent-3d/1f34e.png",
        "openmoji/1fae0.png",
    }
    apple = next(r for r in manifest.records if r.path == "noto/1f34e.png")
    assert (apple.label, apple.tags, apple.style, apple.concept, apple.group) == (
        *("red apple", ("fruit",), "noto", "1f34e", "food-drink"),
    )
    assert (apple.width, apple.height) == (16, 16)


def test_whose_work_it_is_lies_beside_the_pictures(published: Path, tmp_path: Path) -> None:
    emoji.build(tmp_path / "set", packages=published, size=16)
    text = (tmp_path / "set/ATTRIBUTION.txt").read_text()
    assert all(f"{style}: somebody" in text for style in emoji.STYLES)


def test_a_set_that_is_there_is_opened_and_not_built(published: Path, tmp_path: Path) -> None:
    built = emoji.build(tmp_path / "set", packages=published, size=16)
    for path in published.iterdir():
        path.unlink()
    assert emoji.open_or_build(tmp_path / "set").sha256 == built.sha256


def test_every_published_package_names_author_and_licence() -> None:
    for style, package in emoji.STYLES.items():
        assert package.credit.startswith(f"{style}: ")
        assert len(package.sha256) == 64


@pytest.mark.slow
def test_the_published_pictures_make_the_set_that_the_starter_knows(tmp_path: Path) -> None:
    manifest = emoji.build(tmp_path / "set")
    assert Counter(record.style for record in manifest.records) == {
        "noto": 1001,
        "twemoji": 1001,
        "fluent-flat": 990,
        "fluent-3d": 984,
        "openmoji": 1001,
    }
    base = [record for record in manifest.records if record.style != "openmoji"]
    assert sum(record.split == "heldout" for record in base) == 96
    assert len({record.concept for record in base}) == 1001
