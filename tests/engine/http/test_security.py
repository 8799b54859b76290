"""The guard in front of the routes, asked over real connections as browsers and scripts ask."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import socket
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from engine.http.errors import json_errors
from engine.http.options import ServeOptions
from engine.http.security import guard, protect_answers
from engine.http.token import load_token

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

TOKEN = "s3cret-token"


class Guarded:
    """A server whose one page is guarded, and what is asked of it."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def ask(
        self, method: str = "GET", path: str = "/page", **headers: str
    ) -> aiohttp.ClientResponse:
        """Ask with headers; `_` in their names is `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.request(
                method,
                f"http://127.0.0.1:{self.port}{path}",
                headers=named,
                allow_redirects=False,
            ) as answer,
        ):
            await answer.read()
            return answer

    async def status(self, method: str = "GET", path: str = "/page", **headers: str) -> int:
        return (await self.ask(method, path, **headers)).status


@contextlib.asynccontextmanager
async def guarded(token: str | None = None, **options: Any) -> AsyncGenerator[Guarded]:
    """A guarded page that answers `hello`."""

    async def page(request: web.Request) -> web.Response:
        await request.read()
        kind, kept = request.query.get("as", "text/html"), request.query.get("kept", "no-cache")
        headers = {"Cache-Control": kept}
        return web.Response(text="<p>hello", content_type=kind, headers=headers)

    chosen = ServeOptions(base=Path("/nowhere"), user=Path("/nowhere/user"), **options)
    app = web.Application(middlewares=[json_errors, guard(chosen, token)])
    app.on_response_prepare.append(protect_answers(chosen))
    app.router.add_route("*", "/page", page)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield Guarded(runner.addresses[0][1])
    finally:
        await runner.cleanup()


class Rebound(AbstractResolver):
    """A name server that has made every name point to this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host="127.0.0.1",
                port=port,
                family=family,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Nothing is held."""


async def test_a_rebound_name_does_not_get_in() -> None:
    async with guarded() as server:
        connector = aiohttp.TCPConnector(resolver=Rebound())
        async with aiohttp.ClientSession(connector=connector) as session:
            url = f"http://rebound.example:{server.port}/page"
            headers = {"Origin": f"http://rebound.example:{server.port}"}
            async with session.get(url, headers=headers) as answer:
                assert answer.status == 403
                told = (await answer.json())["error"]
                assert told["type"] == "unknown_host"
                assert "--allowed-host" in told["details"]


@pytest.mark.parametrize(
    "host", ["localhost", "localhost.", "LOCALHOST:9", "127.0.0.1", "127.8.8.8:80", "[::1]:8188"]
)
async def test_names_of_this_machine_get_in(host: str) -> None:
    async with guarded() as server:
        assert await server.status(Host=host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.com",
        "localhost.evil.com",
        "127.0.0.1.evil.com",
        "evil.com:8188",
        "10.0.0.1",
        "user@localhost",
        "localhost:80:80",
        "local host",
        "",
    ],
)
async def test_other_names_do_not_get_in(host: str) -> None:
    async with guarded() as server:
        assert await server.status(Host=host) == 403


async def test_names_that_were_allowed_get_in() -> None:
    async with guarded(allowed_hosts=("My.Proxy",)) as server:
        assert await server.status(Host="my.proxy") == 200
        assert await server.status(Host="my.proxy", Origin="https://my.proxy") == 200
        assert await server.status(Host="127.0.0.1", Origin="https://my.proxy") == 200
        assert await server.status(Host="other.proxy") == 403


async def test_a_server_for_others_is_asked_by_any_address_but_not_by_any_name() -> None:
    async with guarded(hosts=("0.0.0.0",)) as server:
        assert await server.status(Host="192.168.7.7:8188") == 200
        assert await server.status(Host="[fe80::1]") == 200
        assert await server.status(Host=socket.gethostname()) == 200
        assert await server.status(Host="evil.com") == 403


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
async def test_pages_of_other_sites_do_not_get_in(method: str) -> None:
    async with guarded() as server:
        assert await server.status(method, Sec_Fetch_Site="cross-site") == 403
        assert await server.status(method, Origin="http://evil.com") == 403
        assert await server.status(method, Origin="null") == 403


@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1:1",
        "http://127.0.0.1",
        "http://localhost:PORT",
        "https://127.0.0.1.evil.com:PORT",
        "http://evil.com:PORT",
        "file://",
        "ftp://127.0.0.1:PORT",
        "http://127.0.0.1:99999999",
        "http://[::1",
        "x",
    ],
)
async def test_pages_of_other_origins_on_this_machine_do_not_get_in(origin: str) -> None:
    async with guarded() as server:
        assert await server.status("POST", Origin=origin.replace("PORT", str(server.port))) == 403


async def test_our_own_pages_get_in() -> None:
    async with guarded() as server:
        for name in ("127.0.0.1", "localhost", "[::1]"):
            host = f"{name}:{server.port}"
            given = {"Host": host, "Origin": f"http://{host}"}
            for site in ("same-origin", "none", "same-site"):
                assert await server.status("POST", Sec_Fetch_Site=site, **given) == 200


async def test_scripts_without_an_origin_get_in() -> None:
    async with guarded() as server:
        assert await server.status("POST") == 200


async def test_a_page_behind_a_port_that_goes_unsaid_gets_in() -> None:
    async with guarded() as server:
        assert await server.status(Host="localhost", Origin="http://localhost") == 200
        assert await server.status(Host="localhost", Origin="http://localhost:3000") == 403


async def test_cors_lets_every_origin_in_and_says_so() -> None:
    async with guarded(cors_origin="*") as server:
        answer = await server.ask("POST", Origin="http://evil.com", Sec_Fetch_Site="cross-site")
        assert answer.status == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        allowed = answer.headers["Access-Control-Allow-Methods"]
        assert allowed == "POST, GET, DELETE, PUT, PATCH, OPTIONS"
        assert {"Content-Type", "Authorization", "Comfy-User", "If-Match"} <= {
            name.strip() for name in answer.headers["Access-Control-Allow-Headers"].split(",")
        }
        assert answer.headers["Access-Control-Expose-Headers"] == "ETag"
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        assert await server.status("OPTIONS", Origin="http://evil.com") == 200
        assert await server.status(Host="evil.com") == 403


async def test_cors_for_one_origin_lets_no_other_in() -> None:
    async with guarded(cors_origin="https://a.example") as server:
        assert await server.status("POST", Origin="https://a.example") == 200
        assert await server.status("POST", Origin="https://b.example") == 403
        assert await server.status("POST", Origin=f"http://127.0.0.1:{server.port}") == 200


async def test_options_answers_200_without_a_body() -> None:
    async with guarded() as server:
        answer = await server.ask("OPTIONS", "/anywhere")
        assert answer.status == 200
        assert answer.content_length == 0


async def test_a_long_body_is_refused_before_it_is_sent() -> None:
    async with guarded(max_upload_bytes=1000) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST /page HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1001\r\n\r\n")
        assert b" 413 " in await reader.readline()
        writer.close()
        await writer.wait_closed()


async def test_the_token_is_taken_wherever_clients_can_put_it() -> None:
    basic = base64.b64encode(f"anyone:{TOKEN}".encode()).decode()
    async with guarded(TOKEN) as server:
        assert await server.status() == 401
        assert await server.status(Authorization=f"Bearer {TOKEN}") == 200
        assert await server.status(Authorization=f"bearer {TOKEN}") == 200
        assert await server.status(Authorization=f"Basic {basic}") == 200
        assert await server.status(path=f"/page?token={TOKEN}") == 200
        assert await server.status(Cookie=f"loom_token_8188={TOKEN}") == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Token {TOKEN}"},
        {"Authorization": "Basic %%%"},
        {"Authorization": "Basic /w=="},
        {"Authorization": f"Basic {base64.b64encode(TOKEN.encode()).decode()}"},
        {"Cookie": f"loom_token_1={TOKEN}"},
        {"Cookie": "loom_token_8188="},
        {"Authorization": "Bearer \xe9"},
    ],
)
async def test_anything_else_is_no_token(headers: dict[str, str]) -> None:
    async with guarded(TOKEN) as server:
        answer = await server.ask(**headers)
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")
        assert answer.content_type == "application/json"


async def test_a_browser_gets_a_cookie_and_an_address_without_the_token() -> None:
    async with guarded(TOKEN) as server:
        answer = await server.ask(path=f"/page?token={TOKEN}&x=1", Accept="text/html,*/*")
        assert answer.status == 303
        assert answer.headers["Location"] == "/page?x=1"
        cookie = answer.cookies["loom_token_8188"]
        assert cookie.value == TOKEN
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"


async def test_what_every_cache_may_keep_carries_no_cookie() -> None:
    async with guarded(TOKEN) as server:
        path = f"/page?token={TOKEN}&as=text/javascript&kept=public,max-age=1"
        kept = await server.ask(path=path)
        assert (kept.status, kept.headers["Cache-Control"]) == (200, "public,max-age=1")
        assert not kept.cookies
        assert (await server.ask(path=f"/page?token={TOKEN}")).cookies


async def test_a_script_with_a_header_gets_no_cookie() -> None:
    async with guarded(TOKEN) as server:
        assert not (await server.ask(Authorization=f"Bearer {TOKEN}")).cookies


async def test_a_token_does_not_make_another_site_ours() -> None:
    async with guarded(TOKEN) as server:
        cookie = f"loom_token_8188={TOKEN}"
        assert await server.status("POST", Cookie=cookie, Origin="http://evil.com") == 403


async def test_answers_tell_browsers_to_be_careful() -> None:
    async with guarded() as server:
        page = (await server.ask()).headers
        assert page["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
        assert "object-src 'none'" in page["Content-Security-Policy"]
        assert page["X-Frame-Options"] == "SAMEORIGIN"
        assert page["Server"] == "Latentloom"
        data = (await server.ask(path="/page?as=application/json")).headers
        assert "default-src 'none'" in data["Content-Security-Policy"]
        assert "sandbox" in data["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in data


async def test_a_refusal_carries_the_same_headers() -> None:
    async with guarded() as server:
        refused = await server.ask(Host="evil.com")
        assert refused.headers["X-Content-Type-Options"] == "nosniff"


def test_the_token_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    token = load_token(tmp_path / "user")
    assert len(token) >= 32
    assert load_token(tmp_path / "user") == token
    (file,) = (tmp_path / "user").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_token(tmp_path / "other") != token


def test_a_token_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    token = load_token(tmp_path)
    (file,) = tmp_path.iterdir()
    file.chmod(0o644)
    assert load_token(tmp_path) == token
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_empty_token_file_is_made_anew(tmp_path: Path) -> None:
    load_token(tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_text("\n")
    assert len(load_token(tmp_path)) >= 32
