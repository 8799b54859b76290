"""`/prompt`, asked in all the ways in which clients ask."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from tests.engine.http.listener import fresh, listening, node
from tests.engine.http.site import Answer, Site

Api = dict[str, dict[str, Any]]


def shown(value: int | None = None) -> Api:
    return {
        "1": node("PrimitiveInt", value=fresh() if value is None else value),
        "2": node("PreviewAny", source=["1", 0]),
    }


def posted(site: Site, body: Any, path: str = "/prompt", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return site.ask("POST", path, json.dumps(body), named)


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "text/plain;charset=UTF-8",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        "",
    ],
)
def test_a_prompt_is_taken_whatever_content_type_it_claims(site: Site, kind: str) -> None:
    answer = posted(site, {"prompt": shown()}, Content_Type=kind)
    assert answer.status == 200
    assert set(answer.json) == {"prompt_id", "number", "node_errors"}
    assert answer.json["node_errors"] == {}
    assert str(uuid.UUID(answer.json["prompt_id"])) == answer.json["prompt_id"]


def test_both_paths_and_any_query_lead_there(site: Site) -> None:
    for path in ("/prompt", "/api/prompt", "/prompt?clientId=x&other=1"):
        assert posted(site, {"prompt": shown()}, path).status == 200
    for path in ("/prompt/", "//prompt", "/api/api/prompt"):
        assert posted(site, {"prompt": shown()}, path).status == 404


def test_numbers_count_up_also_for_what_is_refused(site: Site) -> None:
    first = posted(site, {"prompt": shown()}).json["number"]
    assert posted(site, {}).status == 400
    assert posted(site, {"prompt": {}}).status == 400
    assert posted(site, {"prompt": shown()}).json["number"] == first + 3
    assert posted(site, {"prompt": shown(), "front": True}).json["number"] == -(first + 4)
    assert posted(site, {"prompt": shown(), "number": 2.5}).json["number"] == 2.5
    assert posted(site, {"prompt": shown(), "number": "7"}).json["number"] == 7
    assert posted(site, {"prompt": shown()}).json["number"] == first + 5


@pytest.mark.parametrize("number", ["many", [1], {}])
def test_a_number_that_is_none_is_refused(site: Site, number: Any) -> None:
    assert posted(site, {"prompt": shown(), "number": number}).status == 400


def test_an_id_of_the_clients_own_is_kept(site: Site) -> None:
    for given, kept in ((str(uuid.uuid4()), None), ("my job: 1", None), (17, "17")):
        answer = posted(site, {"prompt": shown(), "prompt_id": given})
        assert answer.json["prompt_id"] == (kept or given)


@pytest.mark.parametrize("given", ["", "a\nb", "x" * 300])
def test_an_id_that_no_path_can_hold_is_refused(site: Site, given: str) -> None:
    answer = posted(site, {"prompt": shown(), "prompt_id": given})
    assert answer.status == 400
    assert answer.json["error"]["type"] == "invalid_prompt_id"
    assert answer.json["node_errors"] == {}


def test_the_same_id_or_key_again_is_the_same_job(site: Site) -> None:
    id_ = str(uuid.uuid4())
    first = posted(site, {"prompt": shown(), "prompt_id": id_}).json
    again = posted(site, {"prompt": shown(), "prompt_id": id_}).json
    assert again == first
    key = uuid.uuid4().hex
    first = posted(site, {"prompt": shown(), "idempotency_key": key}).json
    again = posted(site, {"prompt": shown()}, Idempotency_Key=key).json
    assert again == first


def test_a_request_without_a_prompt_says_so(site: Site) -> None:
    for body in ({}, {"client_id": "x"}):
        answer = posted(site, body)
        assert answer.status == 400
        assert answer.json["error"]["type"] == "no_prompt"
        assert answer.json["error"]["extra_info"] == {}
        assert answer.json["node_errors"] == {}


@pytest.mark.parametrize("body", ["", "{", "[]", "7", "nonsense", '{"prompt": {}, "prompt": {}}'])
def test_a_body_that_is_no_object_is_an_error_of_the_client(site: Site, body: str) -> None:
    answer = site.ask("POST", "/prompt", body)
    assert answer.status == 400
    assert answer.json["error"]["message"]


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        ([], "invalid_prompt"),
        ("text", "invalid_prompt"),
        (None, "invalid_prompt"),
        ({}, "prompt_no_outputs"),
        ({"1": {"class_type": "NoSuchNode", "inputs": {}}}, "missing_node_type"),
        ({"1": {"inputs": {}}}, "missing_node_type"),
        ({"1": None}, "missing_node_type"),
        ({"1": {"class_type": "PreviewAny", "inputs": 7}}, "invalid_prompt"),
    ],
)
def test_what_is_no_graph_is_refused(site: Site, prompt: Any, kind: str) -> None:
    answer = posted(site, {"prompt": prompt})
    assert answer.status == 400
    assert answer.json["error"]["type"] == kind
    assert answer.json["node_errors"] == {}


def test_good_branches_run_and_broken_ones_are_told(site: Site) -> None:
    graph = shown() | {"9": node("PreviewAny", source=["8", 0])}
    answer = posted(site, {"prompt": graph})
    assert answer.status == 200
    assert list(answer.json["node_errors"]) == ["9"]
    entry = answer.json["node_errors"]["9"]
    assert entry["class_type"] == "PreviewAny"
    assert entry["dependent_outputs"] == ["9"]


@pytest.mark.parametrize("targets", [[], ["1"], ["nothing"]])
def test_targets_that_show_nothing_are_refused(site: Site, targets: list[str]) -> None:
    answer = posted(site, {"prompt": shown(), "partial_execution_targets": targets})
    assert answer.status == 400
    assert answer.json["error"]["type"] == "prompt_no_outputs"


async def test_what_was_sent_comes_back_but_for_the_types_of_constants(site: Site) -> None:
    large = 2**64 - 1
    graph: Api = {
        "EmptyImage.0": node("EmptyImage", width="8", height=8, batch_size=1.0, color=0)
        | {"_meta": {"title": "café"}},
        "a b:c": node("PreviewAny", source=["EmptyImage.0", 0]),
        "unused": node("PrimitiveInt", value=large // 2, control_after_generate="fixed"),
    }
    async with listening(site) as client:
        id_ = await client.run(graph)
        number, same, prompt, extra, targets = (await client.entry(id_))["prompt"]
    assert same == id_
    assert isinstance(number, int)
    assert targets == ["a b:c"]
    assert extra["client_id"] == "me"
    assert isinstance(extra["create_time"], int)
    graph["EmptyImage.0"]["inputs"] |= {"width": 8, "batch_size": 1}
    assert prompt == graph
    assert list(prompt) == list(graph)
    assert isinstance(prompt["EmptyImage.0"]["inputs"]["batch_size"], int)


async def test_tokens_are_never_shown(site: Site) -> None:
    secrets = {"auth_token_comfy_org": "s1-hidden", "api_key_comfy_org": "s2-hidden"}
    async with listening(site) as client:
        await client.post("/queue", {"pause": True})
        id_ = await client.submit(shown(), extra_data={**secrets, "kept": 1})
        waiting = site.get("/queue").body + site.get(f"/api/jobs/{id_}").body
        await client.post("/queue", {"pause": False})
        await client.until("executing", node=None)
        entry = await client.entry(id_)
        ended = site.get("/history").body + site.get(f"/api/jobs/{id_}").body
    assert entry["prompt"][3]["kept"] == 1
    assert b"hidden" not in waiting + ended
    assert len(entry["prompt"]) == 5


def test_the_source_of_a_request_is_kept(site: Site) -> None:
    posted_ = posted(site, {"prompt": shown()}, Comfy_Usage_Source="script")
    extra = site.get(f"/api/jobs/{posted_.json['prompt_id']}").json["workflow"]["extra_data"]
    assert extra["comfy_usage_source"] == "script"
    body = {"prompt": shown(), "extra_data": {"comfy_usage_source": "mine"}}
    posted_ = posted(site, body, Comfy_Usage_Source="script")
    extra = site.get(f"/api/jobs/{posted_.json['prompt_id']}").json["workflow"]["extra_data"]
    assert extra["comfy_usage_source"] == "mine"


async def test_a_canvas_is_taken_like_the_graph_that_it_shows(site: Site) -> None:
    value = fresh()
    canvas: dict[str, Any] = {
        "last_node_id": 2,
        "last_link_id": 1,
        "nodes": [
            {
                "id": 1,
                "type": "PrimitiveInt",
                "inputs": [],
                "outputs": [{"name": "INT", "type": "INT", "links": [1]}],
                "widgets_values": [value, "fixed"],
            },
            {
                "id": 2,
                "type": "PreviewAny",
                "inputs": [{"name": "source", "type": "*", "link": 1}],
                "outputs": [],
            },
        ],
        "links": [[1, 1, 0, 2, 0, "INT"]],
        "version": 0.4,
    }
    async with listening(site) as client:
        id_ = await client.run(canvas)
        entry = await client.entry(id_)
        assert entry["outputs"]["2"]["text"] == [str(value)]
        assert entry["prompt"][2]["2"]["inputs"]["source"] == ["1", 0]
        assert entry["prompt"][3]["extra_pnginfo"]["workflow"] == canvas
    bare = posted(site, canvas)
    assert bare.status == 200


def test_a_file_of_the_api_format_can_be_sent_as_it_is(site: Site) -> None:
    assert posted(site, shown()).status == 200


def test_deep_json_is_refused(site: Site) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    answer = site.ask("POST", "/prompt", '{"prompt": ' + deep + "}")
    assert answer.status == 400
    assert answer.json["error"]["type"] == "invalid_json"


def test_too_many_nodes_are_refused(site: Site) -> None:
    many = {str(number): {"class_type": "X"} for number in range(100_001)}
    answer = posted(site, {"prompt": many})
    assert answer.status == 400


def test_numbers_that_json_does_not_know_are_refused(site: Site) -> None:
    body = '{"prompt": {"1": {"class_type": "PreviewAny", "inputs": {"source": NaN}}}}'
    assert site.ask("POST", "/prompt", body).status == 400


def test_huge_numbers_are_no_failure_of_the_server(site: Site) -> None:
    for value in (10**30, -(10**30), 1e308):
        body = {"prompt": {"2": node("PreviewAny", source=value)}}
        assert posted(site, body).status in {200, 400}


def test_the_count_of_what_is_left_is_told(site: Site) -> None:
    left = site.get("/prompt").json
    assert isinstance(left["exec_info"]["queue_remaining"], int)
    assert site.get("/api/prompt").status == 200
    assert site.ask("HEAD", "/prompt").status == 200
