"""Routes as data, and what comes back where there is none."""

from __future__ import annotations

import collections
import re
from typing import TYPE_CHECKING, cast

import pytest
from aiohttp import web

from engine.http.app import all_routes
from engine.http.routing import Route, route
from tests.engine.http.site import Site

if TYPE_CHECKING:
    from engine.http.services import Services


def made(path: str, **options: bool) -> Route:
    @route("GET", path, summary="A route.", tag="test", **options)
    async def answer(request: web.Request, services: Services) -> web.StreamResponse:
        del request, services
        return web.Response()

    return answer


def test_a_route_is_served_with_and_without_its_prefix() -> None:
    assert made("/x").paths == ("/x", "/api/x")
    assert made("/x", api_alias=False).paths == ("/x",)
    assert made("/x", api_only=True).paths == ("/api/x",)


def test_a_route_knows_its_parameters() -> None:
    found = made(r"/a/{name}/{number:\d{1,3}}/{rest:.+}")
    assert found.parameters == ("name", "number", "rest")
    assert found.template == "/a/{name}/{number}/{rest}"
    assert made("/a/{name}", api_only=True).template == "/api/a/{name}"


def test_no_two_routes_answer_the_same() -> None:
    served = collections.Counter((one.method, path) for one in all_routes() for path in one.paths)
    assert not [place for place, count in served.items() if count > 1]


def test_every_route_says_what_it_does() -> None:
    for one in all_routes():
        assert re.fullmatch(r"[A-Z`/].*\.", one.summary), one.path
        assert one.answers, one.path
        assert one.tag, one.path


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/prompt", {"GET", "HEAD", "POST"}),
        ("PUT", "/api/queue", {"GET", "HEAD", "POST"}),
        ("GET", "/interrupt", {"POST"}),
        ("GET", "/api/upload/image", {"POST"}),
        ("HEAD", "/free", {"POST"}),
        ("POST", "/object_info", {"GET", "HEAD"}),
        ("PATCH", "/history/x", {"GET", "HEAD"}),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(
    site: Site, method: str, path: str, allowed: set[str]
) -> None:
    answer = site.ask(method, path)
    assert answer.status == 405
    assert set(answer.headers["Allow"].split(",")) == allowed
    if method != "HEAD":
        assert answer.json["error"]["type"] == "method_not_allowed"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/api/nothing",
        "/manager/version",
        "/customnode/getlist?mode=cache",
        "/api/v2/jobs",
        "/jobs",
        "/viewvideo",
        "/api/internal/logs",
        "/prompt/",
    ],
)
def test_what_is_not_there_is_not_found(site: Site, method: str, path: str) -> None:
    answer = site.ask(method, path)
    assert answer.status == 404
    assert answer.json["error"]["type"]


def test_head_is_answered_where_get_is(site: Site) -> None:
    for path in ("/prompt", "/queue", "/history", "/object_info", "/api/jobs", "/features", "/"):
        got, head = site.get(path), site.ask("HEAD", path)
        assert head.status == got.status == 200
        assert head.body == b""
        assert head.headers["Content-Type"] == got.headers["Content-Type"]


def test_a_handler_that_fails_tells_nothing_of_the_program(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cast("object", site.services.queue), "waiting", None)
    answer = site.get("/queue")
    assert answer.status == 500
    assert answer.json["error"]["type"] == "internal_error"
    assert b"Traceback" not in answer.body
    assert b".py" not in answer.body
