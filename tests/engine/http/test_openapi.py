"""The description of the routes, and the server held against it with made-up requests."""

from __future__ import annotations

import json
import re

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from engine.http.app import all_routes
from engine.http.openapi import document
from tests.engine.http.site import Site

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
DOCUMENT = json.loads(json.dumps(document(all_routes())))
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = {
    operation.label: operation
    for operation in (found.ok() for found in SCHEMA.get_all_operations())
    # A WebSocket is no request and answer.
    if operation.path != "/ws"
}


def survive(site: Site, label: str, mode: GenerationMode, examples: int) -> None:
    """Ask for an operation with made-up parameters and bodies, and check each answer.

    Args:
        site: The server.
        label: Method and path.
        mode: Whether requests keep to the description.
        examples: How many requests are made up.
    """

    @settings(
        max_examples=examples,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
    )
    @given(case=OPERATIONS[label].as_strategy(generation_mode=mode))
    def ask(case: Case) -> None:
        case.call_and_validate(base_url=site.url, checks=CHECKS, timeout=60)

    ask()


# Parts of paths are texts whatever they are, a setting is any JSON, and any bytes are a file.
UNBREAKABLE = {"POST /settings/{id}", "POST /workflow/embedded"}
BREAKABLE = [
    label
    for label, one in OPERATIONS.items()
    if (one.body or one.query) and label not in UNBREAKABLE
]


@pytest.mark.parametrize("label", OPERATIONS)
def test_made_up_requests_get_answers_as_described(site: Site, label: str) -> None:
    survive(site, label, GenerationMode.POSITIVE, 15)


@pytest.mark.parametrize("label", BREAKABLE)
def test_made_up_wrong_requests_get_answers_as_described(site: Site, label: str) -> None:
    survive(site, label, GenerationMode.NEGATIVE, 15)


@pytest.mark.slow
@pytest.mark.parametrize("label", OPERATIONS)
def test_many_made_up_requests_get_answers_as_described(site: Site, label: str) -> None:
    survive(site, label, GenerationMode.POSITIVE, 200)


@pytest.mark.slow
@pytest.mark.parametrize("label", BREAKABLE)
def test_many_made_up_wrong_requests_get_answers_as_described(site: Site, label: str) -> None:
    survive(site, label, GenerationMode.NEGATIVE, 200)


def test_the_server_serves_the_description(site: Site) -> None:
    assert site.get("/openapi.json").json == DOCUMENT
    assert site.get("/api/openapi.json").json == DOCUMENT
    assert DOCUMENT["openapi"] == "3.1.0"


def test_every_route_is_described_once() -> None:
    described = {
        (method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods
    }
    assert described == {(route.method, route.template) for route in all_routes()}
    names = [
        one["operationId"] for methods in DOCUMENT["paths"].values() for one in methods.values()
    ]
    assert len(names) == len(set(names))


def test_the_description_holds_together() -> None:
    text = json.dumps(DOCUMENT)
    for name in re.findall(r'"#/components/schemas/([^"]+)"', text):
        assert name in DOCUMENT["components"]["schemas"]
    for path, methods in DOCUMENT["paths"].items():
        for one in methods.values():
            told = {each["name"] for each in one["parameters"] if each["in"] == "path"}
            assert told == set(re.findall(r"{(\w+)}", path))
            assert one["summary"].endswith(".")
            assert one["responses"]


def test_parameters_and_fields_are_explained() -> None:
    told = DOCUMENT["paths"]["/view"]["get"]["parameters"]
    assert all(parameter["description"] for parameter in told)
    mask = DOCUMENT["paths"]["/upload/mask"]["post"]["requestBody"]["content"]
    fields = mask["multipart/form-data"]["schema"]["properties"]
    assert set(fields) == {"image", "type", "subfolder", "overwrite", "original_ref"}
    assert all(field["description"] for field in fields.values())
