"""The aiohttp application: middlewares, routes in their order, and what starts and stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from engine.http import (
    control,
    conversion,
    deletion,
    drafts,
    embedded,
    extensions,
    front_end,
    history,
    internal,
    interrupt,
    job_events,
    jobs,
    metrics,
    models,
    object_info,
    openapi,
    prompt,
    queue,
    results,
    settings,
    subgraphs,
    system,
    templates,
    training_runs,
    uploads,
    userdata,
    users,
    view,
    ws,
)
from engine.http.compression import compress
from engine.http.errors import json_errors
from engine.http.metrics import count_jobs, count_requests
from engine.http.routing import Route, add_routes, routes_of
from engine.http.security import guard, protect_answers
from engine.http.users import sweep_parts

if TYPE_CHECKING:
    from types import ModuleType

    from engine.http.services import Services


def route_modules() -> tuple[ModuleType, ...]:
    """Return the modules with routes, in the order in which their routes are tried."""
    return (
        prompt,
        conversion,
        queue,
        results,
        history,
        jobs,
        job_events,
        control,
        deletion,
        training_runs,
        interrupt,
        object_info,
        ws,
        view,
        uploads,
        models,
        userdata,
        drafts,
        settings,
        users,
        internal,
        system,
        metrics,
        openapi,
        templates,
        subgraphs,
        embedded,
        extensions,
        front_end,
    )


def all_routes() -> list[Route]:
    """Return every route of the server."""
    return routes_of(route_modules())


def build_app(services: Services) -> web.Application:
    """Return the application; nothing runs before it is started.

    Args:
        services: Opened and closed by the caller.
    """
    options = services.options
    middlewares = [count_requests(services.metrics), json_errors, guard(options, services.token)]
    if options.compress:
        middlewares.insert(0, compress)
    app = web.Application(middlewares=middlewares, client_max_size=options.max_upload_bytes)
    app.on_response_prepare.append(protect_answers(options))
    app.cleanup_ctx.append(count_jobs(services))
    app.on_startup.append(sweep_parts(services))
    add_routes(app, all_routes(), services)
    return app
