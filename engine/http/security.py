"""Who may ask: host names, origins, the token; and what browsers may do with the answers."""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

from engine.http.answers import RefusedError, refuse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp.typedefs import Handler, Middleware

    from engine.http.options import ServeOptions

COOKIE = "loom_token"
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>\d{1,5}))?")
_DEFAULT_PORTS = {"http": 80, "https": 443}

_PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self' data: blob:; worker-src 'self' blob:; "
    "frame-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
_DATA_POLICY = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'; sandbox"
)
_ASKED_WITH = (
    "Content-Type",
    "Authorization",
    "Comfy-User",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
)
"""Headers that pages of an origin that is let in may send."""
_PAGES = {"text/html", "text/javascript", "application/javascript"}


@dataclass(frozen=True, kw_only=True)
class Trust:
    """Who is believed.

    Attributes:
        names: Host names under which the server may be asked, in lower case.
        proxied: Those of them whose pages are ours, wherever a proxy put them.
        any_address: Every numeric address may be used too; no rebinding can fake one.
        cors_origin: The other origin whose pages may ask, `*` for all.
        most_bytes: Longest request.
    """

    names: frozenset[str]
    proxied: frozenset[str] = frozenset()
    any_address: bool = False
    cors_origin: str | None = None
    most_bytes: int = 100 * 2**20

    @classmethod
    def of(cls, options: ServeOptions) -> Trust:
        """Return whom the options let in."""
        names = {"localhost", "127.0.0.1", "[::1]", *options.allowed_hosts}
        names.update(f"[{host}]" if ":" in host else host for host in options.hosts)
        if not options.local_only:
            own = socket.gethostname()
            names.update({own, f"{own}.local"})
        return cls(
            names=frozenset(name.lower() for name in names),
            proxied=frozenset(name.lower() for name in options.allowed_hosts),
            any_address=not options.local_only,
            cors_origin=options.cors_origin,
            most_bytes=options.max_upload_bytes,
        )


def guard(options: ServeOptions, token: str | None) -> Middleware:
    """Return the middleware that lets a request pass or refuses it.

    Args:
        options: Hosts, origins and limits.
        token: What every request must carry; None where only this machine can ask.
    """
    trust = Trust.of(options)
    cookie = f"{COOKIE}_{options.port}"

    @web.middleware
    async def checked(request: web.Request, handler: Handler) -> web.StreamResponse:
        check_host(request, trust)
        check_site(request, trust)
        if request.method == "OPTIONS":
            return web.Response()
        if request.content_length is not None and request.content_length > trust.most_bytes:
            refuse(413, "too_large", f"the request is longer than {trust.most_bytes} bytes")
        if token is None:
            return await handler(request)
        return await _with_token(request, handler, token, cookie)

    return checked


def check_host(request: web.Request, trust: Trust) -> None:
    """Refuse names that are not ours: a page whose name was made to point here (DNS rebinding).

    Raises:
        RefusedError: 403.
    """
    given = request.headers.get("Host")
    if given is None:  # no browser leaves it out
        return
    name, _ = _split_host(given)
    if name in trust.names or _is_address(name, loopback=not trust.any_address):
        return
    refuse(
        403,
        "unknown_host",
        "the server was asked under a name that it does not know",
        f"{given[:100]!r}; start it with --allowed-host NAME to add a name",
    )


def check_site(request: web.Request, trust: Trust) -> None:
    """Refuse what pages of other sites send.

    Raises:
        RefusedError: 403.
    """
    origin = request.headers.get("Origin")
    if trust.cors_origin == "*" or (origin is not None and origin == trust.cors_origin):
        return
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        refuse(403, "cross_site", "pages of other sites may not use this server")
    if origin is not None and not _is_same_origin(origin, request, trust):
        refuse(403, "cross_origin", "pages of other origins may not use this server", origin[:100])


def given_token(request: web.Request, cookie: str) -> str | None:
    """Return the token that a request carries: header, query or cookie, in this order.

    Args:
        request: The request.
        cookie: Name of the cookie.
    """
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() == "basic":
        return _password(credentials)
    return request.query.get("token") or request.cookies.get(cookie)


def protect_answers(
    options: ServeOptions,
) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Return the signal handler that adds the headers which browsers obey."""

    async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
        is_page = response.content_type in _PAGES
        policy = _PAGE_POLICY if is_page else _DATA_POLICY
        response.headers["Server"] = "Latentloom"  # without the versions of what it is built from
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        if options.cors_origin is not None:
            _allow_origin(response, options.cors_origin)
        else:
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-site")

    return add_headers


async def _with_token(
    request: web.Request, handler: Handler, token: str, cookie: str
) -> web.StreamResponse:
    given = given_token(request, cookie)
    if given is None or not _equal(given, token):
        answer = RefusedError(
            401, "unauthorized", "the token is missing or wrong", "the server printed it at start"
        ).answer()
        answer.headers["WWW-Authenticate"] = 'Basic realm="Latentloom", charset="UTF-8"'
        return answer
    if request.query.get("token") and "text/html" in request.headers.get("Accept", ""):
        # The token leaves the address bar, the history and the referrer.
        # Two slashes at its beginning would make it the address of another site.
        clean = "/" + str(request.rel_url.without_query_params("token")).lstrip("/\\")
        answer = web.Response(status=303, headers={"Location": clean})
    else:
        answer = await handler(request)
    bearer = request.headers.get("Authorization", "").lower().startswith("bearer")
    # A cache on the way may keep what is public, and would hand the token to the next who asks.
    public = "public" in answer.headers.get("Cache-Control", "")
    known = bearer or request.cookies.get(cookie) == token
    if not known and not public and not answer.prepared:
        # Sockets and pictures of a page carry the cookie where they carry nothing else.
        answer.set_cookie(
            cookie, token, httponly=True, samesite="Strict", secure=request.secure, path="/"
        )
    return answer


def _equal(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), token.encode())


def _password(credentials: str) -> str | None:
    try:
        text = base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return text.partition(":")[2]


def _split_host(given: str) -> tuple[str, int | None]:
    """Return name and port of a `Host` header; a malformed one has an empty name."""
    found = _HOST.fullmatch(given.strip())
    if found is None:
        return "", None
    port = found["port"]
    return found["name"].lower().removesuffix("."), int(port) if port else None


def _is_address(name: str, *, loopback: bool) -> bool:
    try:
        address = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return address.is_loopback or not loopback


def _is_same_origin(origin: str, request: web.Request, trust: Trust) -> bool:
    try:
        parts = urlsplit(origin)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return False
    if port is None or not parts.hostname or parts.scheme not in _DEFAULT_PORTS:
        return False
    theirs = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    name, own_port = _split_host(request.headers.get("Host", ""))
    if theirs == name:
        return port == own_port or (own_port is None and port in _DEFAULT_PORTS.values())
    return theirs in trust.proxied


def _allow_origin(response: web.StreamResponse, origin: str) -> None:
    response.headers["Access-Control-Allow-Origin"] = origin
    methods = "POST, GET, DELETE, PUT, PATCH, OPTIONS"
    response.headers["Access-Control-Allow-Methods"] = methods
    response.headers["Access-Control-Allow-Headers"] = ", ".join(_ASKED_WITH)
    response.headers["Access-Control-Expose-Headers"] = "ETag"
    response.headers["Access-Control-Allow-Credentials"] = "true"
