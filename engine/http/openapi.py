"""`/openapi.json`: the routes describe themselves, from the same objects that answer."""

from __future__ import annotations

import functools
import json
from importlib import metadata
from typing import TYPE_CHECKING, Any, cast

import msgspec

from engine.declare.docstring import read_docstring
from engine.http.answers import json_text_answer
from engine.http.routing import Route, route

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiohttp import web

    from engine.http.services import Services

_REFERENCE = "#/components/schemas/{name}"
_ABOUT = (
    "A node-graph engine for models of the Stable-Diffusion family. The routes are those of "
    "ComfyUI and some more; those that are not shown beneath /api are served there too, except "
    "for /internal and the files of the front end. Query parameters that nobody knows are ignored, "
    "and JSON bodies are read whatever content type they claim."
)
_ABOUT_KEY = "Only where the server listens on more than this machine; it prints the token."
Json = dict[str, Any]


class ErrorFacts(msgspec.Struct, frozen=True):
    """What is wrong.

    Attributes:
        type: Machine-readable.
        message: One sentence.
        details: More of it.
        extra_info: Facts for programs.
    """

    type: str
    message: str
    details: str
    extra_info: dict[str, Any]


class ErrorAnswer(msgspec.Struct, frozen=True):
    """How requests are refused.

    Attributes:
        error: What is wrong; one sentence on routes where ComfyUI says it so.
    """

    error: ErrorFacts | str


@route(
    "GET",
    "/openapi.json",
    summary="This document: OpenAPI 3.1.",
    tag="system",
    answers={200: dict[str, Any]},
)
async def get_openapi(_: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the description of all routes."""
    del services
    return json_text_answer(_text())


@functools.cache
def _text() -> bytes:
    from engine.http.app import all_routes

    return json.dumps(document(all_routes())).encode("ascii")


def document(routes: Iterable[Route]) -> Json:
    """Return the OpenAPI 3.1 document of routes.

    Args:
        routes: Each is shown once, at the first of its paths.
    """
    schemas = _Schemas(routes)
    paths: dict[str, Json] = {}
    for one in routes:
        paths.setdefault(one.template, {})[one.method.lower()] = _operation(one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Latentloom",
            "version": metadata.version("latentloom"),
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": _ABOUT_KEY},
                "basic": {"type": "http", "scheme": "basic", "description": _ABOUT_KEY},
                "query": {
                    "type": "apiKey",
                    "in": "query",
                    "name": "token",
                    "description": _ABOUT_KEY,
                },
            },
        },
        "security": [{}, {"bearer": []}, {"basic": []}, {"query": []}],
    }


class _Schemas:
    """The schemas of all types that routes mention, made together so that each has one name."""

    def __init__(self, routes: Iterable[Route]) -> None:
        types: list[Any] = [ErrorAnswer]
        for one in routes:
            found = (one.query, _body_type(one.body), *one.answers.values())
            types += [each for each in found if _is_type(each) and each not in types]
        made, self.components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
        self._made = list(zip(types, made, strict=True))

    def of(self, kind: Any) -> Json:
        """Return the schema of a type, most often a reference."""
        return next(schema for known, schema in self._made if known == kind)

    def properties(self, struct: type[msgspec.Struct]) -> tuple[dict[str, Json], list[str]]:
        """Return the schemas of a struct's fields, and which of them are required."""
        whole = self.components[self.of(struct)["$ref"].rpartition("/")[2]]
        words: dict[str, str] = {}
        for base in reversed(struct.__mro__):
            words |= read_docstring(base).entries
        told = {
            field.encode_name: words.get(field.name) for field in msgspec.structs.fields(struct)
        }
        described = {
            name: schema | ({"description": told[name]} if told.get(name) else {})
            for name, schema in cast("dict[str, Json]", whole.get("properties", {})).items()
        }
        return described, whole.get("required", [])


def _operation(one: Route, schemas: _Schemas) -> Json:
    made: Json = {
        "operationId": one.handler.__name__,
        "summary": one.summary,
        "tags": [one.tag],
        "parameters": [*_path_parameters(one), *_query_parameters(one, schemas)],
        "responses": {
            str(status): _response(status, kind, schemas) for status, kind in one.answers.items()
        },
    }
    refused = schemas.of(ErrorAnswer)
    made["responses"]["default"] = {
        "description": "The request is refused.",
        "content": {"application/json": {"schema": refused}},
    }
    if one.body is not None:
        made["requestBody"] = {"content": _content(one.body, schemas)}
    return made


def _path_parameters(one: Route) -> list[Json]:
    schema = {"type": "string", "minLength": 1}
    return [
        {"name": name, "in": "path", "required": True, "schema": schema} for name in one.parameters
    ]


def _query_parameters(one: Route, schemas: _Schemas) -> list[Json]:
    if one.query is None:
        return []
    properties, required = schemas.properties(one.query)
    made: list[Json] = []
    for name, schema in properties.items():
        bare = {key: value for key, value in schema.items() if key != "description"}
        parameter = {"name": name, "in": "query", "required": name in required, "schema": bare}
        if "description" in schema:
            parameter["description"] = schema["description"]
        made.append(parameter)
    return made


def _content(body: Any, schemas: _Schemas) -> Json:
    if body == "bytes":
        return {"application/octet-stream": {}}
    if isinstance(body, tuple):
        form = _body_type(cast("Any", body))
        properties, required = schemas.properties(form)
        files = {field.encode_name for field in msgspec.structs.fields(form) if field.type is bytes}
        shown = {
            name: _as_file(schema) if name in files else schema
            for name, schema in properties.items()
        }
        schema: Json = {"type": "object", "properties": shown, "required": required}
        return {"multipart/form-data": {"schema": schema}}
    return {"application/json": {"schema": schemas.of(body)}}


def _response(status: int, kind: Any, schemas: _Schemas) -> Json:
    made: Json = {"description": _DESCRIPTIONS.get(status, "Refused.")}
    if isinstance(kind, str):
        made["content"] = {kind: {}}
    elif kind is not None:
        made["content"] = {"application/json": {"schema": schemas.of(kind)}}
    elif status >= _REFUSED:
        made["content"] = {"application/json": {"schema": schemas.of(ErrorAnswer)}}
    return made


_REFUSED = 400
_DESCRIPTIONS = {
    101: "The connection is a WebSocket from now on.",
    200: "Done.",
    204: "Done; there is nothing to tell.",
    206: "A range of the file.",
    304: "The client has it already.",
    401: "The token or the user is not known.",
    404: "There is no such thing.",
    409: "Something of that name is there already.",
}


def _as_file(schema: Json) -> Json:
    """Return the schema of bytes that travel as they are, not as base64 within JSON."""
    kept = {key: value for key, value in schema.items() if key != "contentEncoding"}
    return kept | {"contentMediaType": "application/octet-stream"}


def _body_type(body: Any) -> Any:
    """Return the struct of a form, and every other body as it is."""
    return cast("tuple[str, Any]", body)[1] if isinstance(body, tuple) else body


def _is_type(kind: Any) -> bool:
    return kind is not None and not isinstance(kind, str)
