"""Answers made smaller on the way: only for those who ask, and never what is compressed already."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

import pytest

from tests.engine.http.site import Site, open_site, picture

LARGE = {f"setting {number}": "x" * 100 for number in range(30_000)}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that was asked to compress."""
    with open_site(tmp_path_factory.mktemp("small"), compress=True) as site:
        assert site.ask("POST", "/settings", json.dumps(LARGE)).status == 200
        site.put("output/cat.png", picture((64, 64)))
        yield site


def test_large_answers_are_compressed_where_that_is_taken(small: Site) -> None:
    answer = small.get("/settings", Accept_Encoding="deflate, GZIP;q=0.5")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(answer.body) < 1_000_000
    assert json.loads(gzip.decompress(answer.body)) == LARGE


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.0, br", "identity"])
def test_who_does_not_take_gzip_gets_none(small: Site, accepted: str) -> None:
    for path in ("/settings", "/object_info"):
        answer = small.get(path, Accept_Encoding=accepted)
        assert answer.headers["Content-Encoding"] is None
        assert answer.json


def test_small_answers_pictures_and_what_is_compressed_stay_as_they_are(small: Site) -> None:
    for path in ("/prompt", "/view?filename=cat.png", "/view?filename=cat.png&preview=webp"):
        answer = small.get(path, Accept_Encoding="gzip")
        assert (answer.status, answer.headers["Content-Encoding"]) == (200, None)
    once = small.get("/object_info", Accept_Encoding="gzip").body
    assert json.loads(gzip.decompress(once))


def test_head_tells_of_compressed_answers_without_sending_them(small: Site) -> None:
    head = small.ask("HEAD", "/settings", headers={"Accept-Encoding": "gzip"})
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Encoding"] == "gzip"


def test_errors_are_still_json(small: Site) -> None:
    answer = small.get("/userdata/missing.json", Accept_Encoding="gzip")
    assert (answer.status, answer.json["error"]["type"]) == (404, "file")
