"""`/api/results`: what jobs gave."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.engine.http.listener import Listener, fresh, listening, node
from tests.engine.http.site import Site, open_site


def graph(text: str) -> dict[str, dict[str, Any]]:
    """Two saved pictures and a text."""
    pictures = node("EmptyImage", width=8, height=8, batch_size=2, color=fresh() % 256)
    return {
        "1": node("PrimitiveStringMultiline", value=text),
        "2": node("PreviewAny", source=["1", 0]),
        "3": pictures,
        "4": node("SaveImage", images=["3", 0], filename_prefix="cat"),
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("results")) as server:
        yield server


@pytest.fixture
async def client(site: Site) -> AsyncIterator[Listener]:
    """A client of a server whose history is empty."""
    async with listening(site, uuid.uuid4().hex) as listener:
        await listener.post("/history", {"clear": True})
        listener.frames.clear()
        yield listener


async def found(client: Listener, query: str = "", more: str = "") -> list[dict[str, Any]]:
    answer = await client.get(f"/api/results?query={query}{more}")
    return answer["results"]


async def test_results_come_with_the_newest_job_first_and_saved_files_before_texts(
    client: Listener,
) -> None:
    first = await client.run(graph("cat on a mat"), extra_data={"workflow_title": "pets"})
    second = await client.run(graph("dog"))
    results = await found(client)
    assert [one["job"] for one in results] == [second] * 3 + [first] * 3
    assert [one["kind"] for one in results[:3]] == ["images", "images", "text"]
    picture, _, text = results[3:]
    assert picture["item"]["type"] == "output"
    assert picture["item"]["filename"].startswith("cat")
    assert (picture["title"], picture["node"], text["item"]) == ("pets", "4", "cat on a mat")


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("CAT", True),
        ("mat%20cat", True),
        ("%E7%8C%AB", True),
        ("say%20%22hi%22", True),
        ("100%25", True),
        ("cat%20horse", False),
        ("c_t", False),
        ("%25mat", False),
    ],
)
async def test_words_are_found_in_the_workflow_as_they_are_written(
    client: Listener,
    query: str,
    fits: bool,
) -> None:
    await client.run(graph('cat on a mat, 猫, say "hi" 100% sure'))
    assert bool(await found(client, query)) is fits


async def test_titles_are_searched_and_pages_join_without_gap(client: Listener) -> None:
    jobs = [
        await client.run(graph(f"{name} picture"), extra_data={"workflow_title": "Series A"})
        for name in ("one", "two", "three")
    ]
    page = await client.get("/api/results?query=series&limit=2")
    rest = await client.get(f"/api/results?query=series&limit=2&offset={page['next']}")
    seen = [one["job"] for one in (*page["results"], *rest["results"])]
    assert list(dict.fromkeys(seen)) == jobs[::-1]
    assert (page["next"], rest["next"]) == (2, None)


async def test_numbers_that_are_none_are_refused(site: Site) -> None:
    assert site.get("/api/results?limit=x").status == 400
    assert site.get("/results").status == 404
