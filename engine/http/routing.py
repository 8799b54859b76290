"""Routes as data: the same object answers requests and describes itself in the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    import msgspec

    from engine.http.services import Services

Handler = Callable[[web.Request, "Services"], Awaitable[web.StreamResponse]]
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
Body = Any
"""A type that msgspec can describe, `"multipart"`, `"bytes"`, or None where there is no body."""
Answer = Any
"""A type that msgspec can describe, a media type as text, or None for an empty body."""

EVERY_PATH = "/{path:.+}"
"""The path of a route that takes whatever no other route takes."""
_API = "/api"
_PARAMETER = re.compile(r"\{(\w+)(?::[^{}]*(?:\{[^{}]*\}[^{}]*)*)?\}")


@dataclass(frozen=True, kw_only=True)
class Route:
    """One method on one path.

    Attributes:
        method: Of the request; `GET` answers `HEAD` too.
        path: As aiohttp writes it: `/history/{prompt_id}`, `/x/{rest:.+}`; without `/api`.
        handler: Answers.
        summary: One sentence for the reader of the OpenAPI document.
        tag: Groups routes in that document.
        query: The query's parameters as a struct, or None where none is read.
        body: What the request carries.
        answers: What comes back, by status.
        api_alias: The path is served beneath `/api` too.
        api_only: The path is served beneath `/api` and nowhere else.
    """

    method: Method
    path: str
    handler: Handler
    summary: str
    tag: str
    query: type[msgspec.Struct] | None = None
    body: Body = None
    answers: Mapping[int, Answer] = field(default_factory=dict[int, Any])
    api_alias: bool = True
    api_only: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        """All paths that lead here, the one that the document shows first."""
        if self.api_only:
            return (_API + self.path,)
        return (self.path, _API + self.path) if self.api_alias else (self.path,)

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parts of the path that vary."""
        return tuple(_PARAMETER.findall(self.path))

    @property
    def template(self) -> str:
        """The shown path with `{name}` for each part that varies, as OpenAPI writes it."""
        return _PARAMETER.sub(r"{\1}", self.paths[0])


def route(  # noqa: PLR0913 - a route has as many facts as it has
    method: Method,
    path: str,
    *,
    summary: str,
    tag: str,
    query: type[msgspec.Struct] | None = None,
    body: Body = None,
    answers: Mapping[int, Answer] | None = None,
    api_alias: bool = True,
    api_only: bool = False,
) -> Callable[[Handler], Route]:
    """Turn a handler into a `Route`; see there for the arguments."""

    def made(handler: Handler) -> Route:
        return Route(
            method=method,
            path=path,
            handler=handler,
            summary=summary,
            tag=tag,
            query=query,
            body=body,
            answers={200: None} if answers is None else answers,
            api_alias=api_alias,
            api_only=api_only,
        )

    return made


def routes_of(modules: Iterable[ModuleType]) -> list[Route]:
    """Return the routes that modules define, in the order of their definition."""
    return [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, Route) and value.handler.__module__ == module.__name__
    ]


def add_routes(app: web.Application, routes: Iterable[Route], services: Services) -> None:
    """Serve routes: every path of each, `HEAD` where there is a `GET`.

    A path that has routes answers 405 to every other method, and a path that has none 404,
    although the last route of all takes every path.

    Args:
        app: Takes the routes; earlier ones win.
        routes: From `routes_of`.
        services: Given to the handlers.
    """
    resources: dict[str, web.Resource] = {}
    for one in routes:
        bound = _bound(one.handler, services)
        if one.path == EVERY_PATH:
            app.router.add_get(one.path, _only_elsewhere(bound, resources))
            continue
        for path in one.paths:
            if path not in resources:
                resources[path] = app.router.add_resource(path)
            resources[path].add_route(one.method, bound)
            if one.method == "GET":
                resources[path].add_route("HEAD", bound)
    app.router.add_route("*", EVERY_PATH, _only_elsewhere(_not_found, resources))


Bound = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _bound(handler: Handler, services: Services) -> Bound:
    async def answer(request: web.Request) -> web.StreamResponse:
        return await handler(request, services)

    return answer


def _only_elsewhere(handler: Bound, resources: Mapping[str, web.Resource]) -> Bound:
    async def answer(request: web.Request) -> web.StreamResponse:
        allowed: set[str] = set()
        for resource in resources.values():
            _, methods = await resource.resolve(request)
            allowed |= methods
        if allowed:
            raise web.HTTPMethodNotAllowed(request.method, allowed)
        return await handler(request)

    return answer


async def _not_found(_: web.Request) -> web.StreamResponse:
    raise web.HTTPNotFound
