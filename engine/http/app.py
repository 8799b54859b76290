"""The aiohttp application: middlewares, routes in their order, and what starts and stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from engine.http.errors import json_errors
from engine.http.routing import Route, add_routes, routes_of

if TYPE_CHECKING:
    from types import ModuleType

    from engine.http.services import Services


def route_modules() -> tuple[ModuleType, ...]:
    """Return the modules with routes, in the order in which their routes are tried."""
    return ()


def all_routes() -> list[Route]:
    """Return every route of the server."""
    return routes_of(route_modules())


def build_app(services: Services) -> web.Application:
    """Return the application; nothing runs before it is started.

    Args:
        services: Opened and closed by the caller.
    """
    app = web.Application(
        middlewares=[json_errors], client_max_size=services.options.max_upload_bytes
    )
    add_routes(app, all_routes(), services)
    return app
