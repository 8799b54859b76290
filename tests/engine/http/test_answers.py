"""Requests read without trust, and what is said of those that cannot be read."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
from typing import cast

import aiohttp
import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from engine.http.answers import RefusedError, Whole, read_json, read_query
from tests.engine.http.site import Site


class Asked(msgspec.Struct):
    size: Whole = 0
    name: str = ""


def request_of(body: bytes) -> web.Request:
    """Return a request whose body has come already."""
    request = make_mocked_request("POST", "/")
    request._read_bytes = body
    return request


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("size=x", "size must be an integer"),
        ("size=", "size must be an integer"),
        ("size=1.5", "size must be an integer"),
        ("size=99999999999", "size is out of range"),
        ("size=-99999999999", "size is out of range"),
        (f"size={'9' * 100}", "size is out of range"),
    ],
)
def test_a_wrong_parameter_is_named_with_what_is_wrong(query: str, message: str) -> None:
    with pytest.raises(RefusedError, match=f"^{message}$"):
        read_query(make_mocked_request("GET", f"/?{query}"), Asked)


def test_of_a_parameter_that_comes_twice_the_first_counts() -> None:
    assert read_query(make_mocked_request("GET", "/?size=1&size=2&other=3"), Asked).size == 1


async def test_others_are_answered_while_a_large_body_is_read() -> None:
    large = {str(number): {"class_type": "X", "inputs": {}} for number in range(200_000)}
    request = request_of(json.dumps(large).encode())
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    assert await read_json(request) == large
    counting.cancel()
    assert turns > 10


@pytest.mark.parametrize("path", ["/userdata/x", "/queue", "/workflow/embedded", "/prompt"])
def test_a_body_that_is_not_encoded_as_its_headers_say_is_refused(site: Site, path: str) -> None:
    answer = site.ask("POST", path, b"no gzip", {"Content-Encoding": "gzip"})
    assert (answer.status, answer.json["error"]["type"]) == (400, "invalid_body")


def test_a_body_may_be_compressed(site: Site) -> None:
    packed = gzip.compress(b'{"a.b": 7}')
    assert site.ask("POST", "/settings", packed, {"Content-Encoding": "gzip"}).status == 200
    assert site.get("/settings/a.b").json == 7


def test_a_body_that_unpacks_into_more_than_the_limit_is_refused(site: Site) -> None:
    bomb = gzip.compress(bytes(site.options.max_upload_bytes + 1))
    assert len(bomb) < 2**20
    for path in ("/userdata/bomb", "/queue"):
        assert site.ask("POST", path, bomb, {"Content-Encoding": "gzip"}).status == 413
    assert site.get("/userdata/bomb").status == 404


def test_paths_write_no_lines_of_their_own_into_the_log(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(cast("object", site.services.queue.history), "entry", None)
    with caplog.at_level(logging.WARNING, "engine.http"):
        assert site.get("/history/a%0Aforged%20line").status == 500
    assert [record.getMessage() for record in caplog.records] == [
        "GET /history/a%0Aforged%20line failed"
    ]


async def test_names_of_clients_write_no_lines_of_their_own_into_the_log(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "engine.http"):
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{site.url}ws?clientId=a%0Aforged") as socket,
        ):
            await socket.receive()
            await socket.send_str("no JSON")
            await socket.send_str('{"type": "feature_flags", "data": {}}')
            await socket.close()
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 1
    assert "\n" not in told[0]
