"""`/workflow/embedded`: what a browser cannot find in a file by itself."""

from __future__ import annotations

import io

from PIL import Image, PngImagePlugin

from tests.engine.http.site import Site


def picture(**texts: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    for key, value in texts.items():
        info.add_text(key, value)
    file = io.BytesIO()
    Image.new("RGB", (2, 2)).save(file, "PNG", pnginfo=info)
    return file.getvalue()


def test_the_texts_of_a_file_are_told_and_others_are_not(site: Site) -> None:
    body = picture(workflow='{"nodes": []}', parameters="a cat", Software="x")
    answer = site.ask("POST", "/workflow/embedded", body)
    assert answer.json == {"workflow": '{"nodes": []}', "parameters": "a cat"}


def test_a_file_without_texts_or_of_no_known_kind_has_none(site: Site) -> None:
    assert site.ask("POST", "/workflow/embedded", picture()).json == {}
    assert site.ask("POST", "/api/workflow/embedded", b"hello").json == {}


def test_a_damaged_file_is_refused_with_the_reason(site: Site) -> None:
    whole = picture(workflow="x" * 1000)
    answer = site.ask("POST", "/workflow/embedded", whole[:200])
    assert answer.status == 400
    assert "cut off" in answer.json["error"]["message"]


def test_nothing_of_the_file_stays_on_the_disk(site: Site) -> None:
    site.ask("POST", "/workflow/embedded", picture(workflow="{}"))
    assert [path for path in site.folders.temp.glob("*") if path.is_file()] == []
