"""`/api/drafts`: drafts in a list, without their contents."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from tests.engine.http.site import Site


def facts(title: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "browser": "b1", "path": None, "unsaved": True, "shown": 5, **more}


def base(title: str, **more: Any) -> dict[str, Any]:
    return {
        "records": [{"kind": "node", "note": "x" * 10_000}],
        "base": [0],
        "facts": facts(title, **more),
    }


def write(site: Site, name: str, *lines: Any, age: float = 0) -> int:
    """Write a journal; texts stand in it as they are. Returns its size."""
    folder = site.options.user / "default" / "drafts"
    folder.mkdir(parents=True, exist_ok=True)
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path = folder / name
    path.write_text("\n".join(texts) + "\n")
    os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))
    return path.stat().st_size


def listed(site: Site) -> list[dict[str, Any]]:
    answer = site.get("/api/drafts")
    assert answer.status == 200
    return answer.json


@pytest.fixture(autouse=True)
def empty(site: Site) -> None:
    for path in (site.options.user / "default" / "drafts").glob("*"):
        path.unlink()


def test_a_user_without_drafts_has_none(site: Site) -> None:
    assert listed(site) == []


def test_drafts_are_told_with_title_size_and_time_and_without_contents(site: Site) -> None:
    size = write(
        site, "a1.jsonl", base("Portrait", path="workflows/p.json"), {"changes": [["n", 1]]}
    )
    assert listed(site) == [
        {
            "id": "a1",
            "title": "Portrait",
            "browser": "b1",
            "path": "workflows/p.json",
            "unsaved": True,
            "size": size,
            "modified": 1_700_000_000,
        }
    ]
    assert len(site.get("/api/drafts").body) < 1000


def test_the_last_facts_count_and_the_newest_draft_is_first(site: Site) -> None:
    write(site, "old.jsonl", base("Old"), age=100)
    write(
        site, "new.jsonl", base("First"), {"facts": facts("Then", unsaved=False)}, {"changes": []}
    )
    assert [(one["title"], one["unsaved"]) for one in listed(site)] == [
        ("Then", False),
        ("Old", True),
    ]


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ((base("Whole"), '{"facts": {"title": "cut'), "Whole"),
        ((base("Whole"), '{"changes": [[', {"facts": facts("After the tear")}), "Whole"),
        ((base("Whole"), "{", base("Again")), "Again"),
        (('{"changes": []}', {"facts": facts("Without a state")}), None),
        (("", "null", "[]", '{"facts": 3}'), None),
        ((base("Seeds", seed=2**64 - 1),), "Seeds"),
    ],
)
def test_what_was_cut_off_counts_for_nothing(
    site: Site, lines: tuple[Any, ...], title: str | None
) -> None:
    write(site, "a1.jsonl", *lines)
    assert [one["title"] for one in listed(site)] == ([] if title is None else [title])


def test_other_files_and_links_are_passed_over(site: Site) -> None:
    write(site, "a1.jsonl", base("Draft"))
    write(site, "notes.txt", base("Notes"))
    secret = site.base / "secret.jsonl"
    secret.write_text(json.dumps(base("Secret")))
    (site.options.user / "default" / "drafts" / "link.jsonl").symlink_to(secret)
    assert [one["title"] for one in listed(site)] == ["Draft"]


@pytest.mark.parametrize(
    "line", ['{"base": ' + "[" * 100_000, '{"facts": ' + '{"x":' * 100_000, "\0"]
)
def test_a_journal_that_nests_without_end_hides_no_other(site: Site, line: str) -> None:
    write(site, "deep.jsonl", line)
    write(site, "good.jsonl", base("Good"))
    assert [one["title"] for one in listed(site)] == ["Good"]
