"""`/api/jobs/{id}/control`: requests to nodes that run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator

import pytest

from tests.engine.http.listener import Listener, fresh, listening, node
from tests.engine.http.site import Answer, Site, open_site
from tests.engine.jobs.house import PACK


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    base = tmp_path_factory.mktemp("control")
    packs = base / "custom_nodes"
    packs.mkdir()
    shutil.copy(PACK, packs / "rough.py")
    with open_site(base, custom_nodes=(packs,)) as server:
        yield server


def ask(site: Site, job: str, **body: object) -> Answer:
    return site.ask("POST", f"/api/jobs/{job}/control", json.dumps(body))


async def waiting(client: Listener) -> str:
    """Queue a job whose node waits for requests; returns its id when it does."""
    graph = {
        "1": node("RoughOffer", value=fresh()),
        "2": node("RoughShow", value=["1", 0]),
    }
    job = await client.submit(graph)
    await client.until("report", prompt_id=job, kind="controls")
    return job


async def test_a_request_reaches_the_node_that_runs(site: Site) -> None:
    async with listening(site, flags={"supports_reports": True}) as client:
        job = await waiting(client)
        assert ask(site, job, node="1", action="more").status == 200
        await client.until("progress", node="1", value=1)
        assert ask(site, job, node="1", action="stop").status == 200
        await client.until("execution_success", prompt_id=job)


async def test_a_request_that_nobody_takes_is_refused_with_the_reason(site: Site) -> None:
    async with listening(site, flags={"supports_reports": True}) as client:
        assert ask(site, "nobody", node="1", action="stop").status == 404
        job = await waiting(client)
        refused = ask(site, job, node="1", action="fly")
        assert refused.status == 409
        assert "it offers more, stop" in refused.json["error"]["message"]
        assert ask(site, job, node="2", action="stop").status == 409
        assert ask(site, job, node="1").status == 400
        assert ask(site, job, node="1", action="x" * 300).status == 400
        assert ask(site, job, node="1", action="stop").status == 200
        await client.until("execution_success", prompt_id=job)
        over = ask(site, job, node="1", action="stop")
        assert (over.status, over.json["error"]["message"]) == (409, "the job does not run")
