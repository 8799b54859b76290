"""Uploads of files and masks: named, compared, merged, and refused where they would do harm."""

from __future__ import annotations

import io
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile, PngInfo

from tests.engine.http.site import Site, form, open_site, picture
from tests.engine.http.test_view import bomb

CAT = picture()


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_an_upload_has_its_name_and_place(site: Site) -> None:
    answer = site.upload(CAT, "cat.png", subfolder="a/b", type="output")
    assert answer.status == 200
    assert answer.json == {"name": "cat.png", "subfolder": "a/b", "type": "output"}
    assert (site.base / "output/a/b/cat.png").read_bytes() == CAT
    assert site.upload(CAT, "plain.png").json["type"] == "input"
    assert (site.base / "input/plain.png").read_bytes() == CAT


def test_any_file_may_be_uploaded(site: Site) -> None:
    assert site.upload(b"solid x", "thing.stl", subfolder="3d").json["name"] == "thing.stl"
    assert (site.base / "input/3d/thing.stl").read_bytes() == b"solid x"


def test_the_same_content_is_kept_once_and_other_content_gets_a_number(site: Site) -> None:
    names = [
        site.upload(content, "twin.png", subfolder="twins").json["name"]
        for content in (b"one", b"one", b"two", b"three", b"two")
    ]
    assert names == ["twin.png", "twin.png", "twin (1).png", "twin (2).png", "twin (1).png"]
    kept = everything(site.base / "input/twins")
    assert kept == {"twin.png": b"one", "twin (1).png": b"two", "twin (2).png": b"three"}


@pytest.mark.parametrize("word", ["true", "1"])
def test_a_file_is_replaced_only_when_asked(site: Site, word: str) -> None:
    site.upload(b"before", f"target{word}.png")
    assert site.upload(b"after", f"target{word}.png", overwrite=word).json["name"] == (
        f"target{word}.png"
    )
    assert (site.base / f"input/target{word}.png").read_bytes() == b"after"


def test_many_uploads_of_one_name_at_once_lose_nothing(site: Site) -> None:
    contents = [f"content {number}".encode() for number in range(24)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda c: site.upload(c, "race.bin", subfolder="race"), contents))
    assert len({answer.json["name"] for answer in answers}) == len(contents)
    assert sorted(everything(site.base / "input/race").values()) == sorted(contents)


@pytest.mark.parametrize(
    ("filename", "fields"),
    [
        ("../escape.png", {}),
        ("/etc/escape.png", {"subfolder": ".."}),
        ("escape.png", {"subfolder": "../outside"}),
        ("escape.png", {"subfolder": "/tmp"}),
        ("C:\\escape.png", {}),
        ("..\\escape.png", {}),
        ("nul.png", {}),
        ("escape.png", {"type": "models"}),
        ("escape.png", {"type": "../input"}),
        ("escape.png/", {}),
        ("e" * 300 + ".png", {}),
        ("", {}),
    ],
)
def test_uploads_out_of_the_folder_are_refused(
    site: Site, filename: str, fields: dict[str, str]
) -> None:
    before = everything(site.base)
    assert site.upload(CAT, filename, **fields).status == 400
    assert everything(site.base) == before


def test_a_link_out_of_the_folder_is_not_followed(site: Site, tmp_path: Path) -> None:
    (site.base / "input/link").symlink_to(tmp_path)
    (site.base / "input/planted.png").symlink_to(tmp_path / "secret")
    (tmp_path / "secret").write_bytes(b"secret")
    assert site.upload(CAT, "cat.png", subfolder="link").status == 400
    assert site.upload(CAT, "planted.png", overwrite="1").status == 400
    assert everything(tmp_path) == {"secret": b"secret"}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        (b"no boundary", "multipart/form-data"),
        (b"--x\r\n\r\ncut off", "multipart/form-data; boundary=x"),
        (b"--x--\r\n", "multipart/form-data; boundary=x"),
        (
            b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n",
            "multipart/form-data; boundary=x",
        ),
        (b"--x\r\nbroken header\r\n\r\n--x--", "multipart/form-data; boundary=x"),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=" + "x" * 100),
        (b"", ""),
    ],
)
def test_a_body_that_is_no_form_is_refused(site: Site, body: bytes, kind: str) -> None:
    for route in ("/upload/image", "/upload/mask"):
        assert site.ask("POST", route, body, {"Content-Type": kind}).status == 400


def test_a_form_with_too_many_parts_or_too_long_texts_is_refused(site: Site) -> None:
    many = {f"field{number}": "x" for number in range(100)}
    assert site.upload(CAT, "many.png", **many).status == 400
    assert site.upload(CAT, "long.png", subfolder="x" * 100_000).status == 400


def test_uploads_beyond_the_limit_are_refused(tmp_path: Path) -> None:
    with open_site(tmp_path, max_upload_bytes=10_000) as site:
        assert site.upload(b"x" * 20_000, "large.bin").status == 413
        body, kind = form(b"x" * 20_000, "large.bin", {})
        pieces = (body[start : start + 1000] for start in range(0, len(body), 1000))
        chunked = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
        assert spoken(site, kind, chunked, "Transfer-Encoding: chunked").startswith(b"HTTP/1.1 413")
        assert site.upload(b"x" * 9_000, "small.bin").status == 200
    assert list(everything(tmp_path / "input")) == ["small.bin"]
    assert not everything(tmp_path / "temp")


def spoken(site: Site, kind: str, body: bytes, header: str) -> bytes:
    """Send a request by hand and return the beginning of the answer."""
    with socket.create_connection(site.address, timeout=30) as connection:
        head = f"POST /upload/image HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n{header}"
        connection.sendall(f"{head}\r\n\r\n".encode())
        connection.sendall(body)
        return connection.recv(1000)


def test_a_connection_that_breaks_leaves_nothing(site: Site) -> None:
    body, kind = form(b"x" * 300_000, "half.bin", {})
    before = everything(site.base)
    with socket.create_connection(site.address, timeout=30) as connection:
        head = f"POST /upload/image HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:200_000])
        wait_for(lambda: bool(everything(site.base / "temp")))
    wait_for(lambda: not everything(site.base / "temp"))
    assert everything(site.base) == before


def wait_for(condition: object, seconds: float = 20) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_pictures_that_unpack_into_too_much_are_refused(site: Site) -> None:
    answer = site.upload(bomb(), "bomb.png")
    assert answer.status == 400
    assert "too many pixels" in answer.json["error"]["message"]
    assert not (site.base / "input/bomb.png").exists()


def masked(site: Site, mask: bytes, reference: object, filename: str = "masked.png") -> int:
    text = reference if isinstance(reference, str) else json.dumps(reference)
    answer = site.upload(
        mask, filename, route="/upload/mask", subfolder="clipspace", original_ref=text
    )
    return answer.status


def test_a_mask_becomes_the_transparency_of_its_original(site: Site) -> None:
    texts = PngInfo()
    texts.add_text("workflow", '{"nodes": []}')
    site.put("output/deep/origin.png", picture((4, 4), (10, 20, 30), pnginfo=texts))
    mask = picture((4, 4), (255, 255, 255, 77))
    reference = {"filename": "origin.png", "subfolder": "deep"}
    assert masked(site, mask, reference) == 200
    shown = Image.open(io.BytesIO((site.base / "input/clipspace/masked.png").read_bytes()))
    assert isinstance(shown, PngImageFile)
    assert shown.getpixel((0, 0)) == (10, 20, 30, 77)
    assert shown.text == {"workflow": '{"nodes": []}'}
    assert masked(site, mask, {"filename": "deep/origin.png [output]", "type": "input"}) == 200


def test_a_mask_never_takes_the_place_of_another_picture(site: Site) -> None:
    site.put("output/origin.png", picture((4, 4), (1, 2, 3)))
    site.put("input/clipspace/kept.png", b"kept")
    reference = {"filename": "origin.png", "type": "output"}
    assert masked(site, picture((4, 4)), reference, "kept.png") == 200
    assert (site.base / "input/clipspace/kept.png").read_bytes() == b"kept"
    assert (site.base / "input/clipspace/kept (1).png").exists()


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "{",
        "[]",
        {},
        {"filename": 7, "type": None},
        {"filename": "missing.png"},
        {"filename": "../../secret.png"},
        {"filename": "origin.png", "subfolder": "../.."},
        {"filename": "/etc/passwd"},
        {"filename": "origin.png", "type": "models"},
        {"filename": "text.txt"},
    ],
)
def test_a_mask_without_a_fitting_original_is_refused(site: Site, reference: object) -> None:
    site.put("output/origin.png", picture((4, 4), (1, 2, 3)))
    site.put("output/text.txt", b"no picture")
    before = everything(site.base)
    assert masked(site, picture((4, 4)), reference, "never.png") == 400
    assert everything(site.base) == before


def test_a_mask_of_another_size_is_refused(site: Site) -> None:
    site.put("output/origin.png", picture((4, 4), (1, 2, 3)))
    assert masked(site, picture((5, 4)), {"filename": "origin.png"}, "never.png") == 400
    assert masked(site, b"no picture", {"filename": "origin.png"}, "never.png") == 400
