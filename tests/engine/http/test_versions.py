"""Workflows on the server: what they held stays, and nobody overwrites what they never saw."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from engine.http import versions as former
from tests.engine.http.site import Answer, Site


def save(site: Site, path: str, content: bytes, query: str = "", tag: str = "") -> Answer:
    headers = {"If-Match": tag} if tag else {}
    return site.ask("POST", f"/userdata/{quote(path, safe='')}{query}", content, headers)


def read(site: Site, path: str) -> Answer:
    return site.get(f"/userdata/{quote(path, safe='')}")


def versions(site: Site, path: str) -> list[bytes]:
    folder = f"versions/{path}"
    found = site.get(f"/userdata?dir={quote(folder)}&full_info=true&optional=true").json
    found.sort(key=lambda one: one["modified"])
    return [read(site, f"{folder}/{one['path']}").body for one in found]


def test_what_a_workflow_held_stays_among_its_versions(site: Site) -> None:
    path = "workflows/deep/kept.json"
    for number in range(4):
        save(site, path, b'{"n": %d}' % number)
    assert read(site, path).body == b'{"n": 3}'
    assert versions(site, path) == [b'{"n": 0}', b'{"n": 1}', b'{"n": 2}']


def test_saving_the_same_again_makes_no_version(site: Site) -> None:
    for _ in range(3):
        save(site, "workflows/same.json", b"{}")
    assert versions(site, "workflows/same.json") == []


def test_a_deleted_workflow_stays_among_its_versions(site: Site) -> None:
    save(site, "workflows/deleted.json", b"gone")
    assert site.ask("DELETE", "/userdata/workflows%2Fdeleted.json").status == 204
    assert read(site, "workflows/deleted.json").status == 404
    assert versions(site, "workflows/deleted.json") == [b"gone"]


def test_a_workflow_that_another_takes_the_place_of_stays_and_versions_follow_names(
    site: Site,
) -> None:
    save(site, "workflows/a.json", b"a0")
    save(site, "workflows/a.json", b"a1")
    save(site, "workflows/b.json", b"b0")
    move = "/userdata/workflows%2Fa.json/move/workflows%2Fb.json"
    assert site.ask("POST", f"{move}?overwrite=false").status == 409
    assert site.ask("POST", f"{move}?overwrite=true").status == 200
    assert read(site, "workflows/b.json").body == b"a1"
    assert sorted(versions(site, "workflows/b.json")) == [b"a0", b"b0"]
    assert versions(site, "workflows/a.json") == []


def test_versions_are_named_by_the_tag_under_which_the_file_was_read(site: Site) -> None:
    save(site, "workflows/tagged.json", b"old")
    tag = read(site, "workflows/tagged.json").headers["ETag"].strip('"')
    save(site, "workflows/tagged.json", b"new")
    assert read(site, f"versions/workflows/tagged.json/{tag}.json").body == b"old"


def test_at_most_two_hundred_versions_stay_and_the_oldest_go_first(site: Site) -> None:
    for number in range(204):
        save(site, "workflows/many.json", b"%d" % number)
    kept = versions(site, "workflows/many.json")
    assert len(kept) == 200
    assert (kept[0], kept[-1]) == (b"3", b"202")


def test_large_versions_stay_as_far_as_they_take_no_more_than_their_share(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(former, "_MOST_BYTES", 250)
    for number in range(5):
        save(site, "workflows/large.json", b"%d" % number * 100)
    assert versions(site, "workflows/large.json") == [b"2" * 100, b"3" * 100]
    save(site, "workflows/large.json", b"x" * 1000)
    save(site, "workflows/large.json", b"y" * 1000)
    assert versions(site, "workflows/large.json") == [b"x" * 1000]


def test_other_files_and_bookmarks_have_no_versions(site: Site) -> None:
    for path in ("notes.json", "workflows/.index.json", "workflows/picture.png"):
        save(site, path, b"1")
        save(site, path, b"2")
        assert versions(site, path) == []


def test_a_file_that_changed_since_it_was_read_is_not_overwritten(site: Site) -> None:
    path = "workflows/guarded.json"
    first = save(site, path, b"one").headers["ETag"]
    assert read(site, path).headers["ETag"] == first
    second = save(site, path, b"two", tag=first)
    assert second.status == 200
    refused = save(site, path, b"three", tag=first)
    assert (refused.status, refused.json["error"]["type"]) == (412, "changed")
    assert read(site, path).body == b"two"
    site.ask("DELETE", f"/userdata/{quote(path, safe='')}")
    assert save(site, path, b"four", tag=second.headers["ETag"]).status == 412


def test_of_many_that_know_the_same_file_one_may_replace_it(site: Site) -> None:
    tag = save(site, "workflows/raced.json", b"start").headers["ETag"]
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(
            lambda number: save(site, "workflows/raced.json", b"%d" % number, tag=tag).status,
            range(16),
        )
    assert sorted(answers) == [200] + [412] * 15


def test_the_tag_of_an_answer_is_that_of_what_was_sent_however_many_save_at_once(
    site: Site,
) -> None:
    path = "workflows/tags.json"
    contents = [b'{"n": %3d}' % number for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda content: save(site, path, content), contents))
    tags = [answer.headers["ETag"].strip('"') for answer in answers]
    assert len(set(tags)) == len(contents)
    newest = read(site, path)
    for content, tag in zip(contents, tags, strict=True):
        last = newest.headers["ETag"].strip('"') == tag
        kept = newest if last else read(site, f"versions/{path}/{tag}.json")
        assert kept.body == content


def test_what_is_saved_is_the_newest_although_the_clock_was_put_back(site: Site) -> None:
    path = "workflows/clock.json"
    save(site, path, b"1")
    tomorrow = time.time() + 86_400
    os.utime(site.base / "user/default" / path, (tomorrow, tomorrow))
    first = read(site, path).headers["ETag"]
    second = save(site, path, b"2").headers["ETag"]
    third = save(site, path, b"3").headers["ETag"]
    assert len({first, second, third}) == 3
    assert versions(site, path) == [b"1", b"2"]


def test_any_file_that_is_there_may_be_replaced_where_the_client_says_so(site: Site) -> None:
    path = "workflows/any.json"
    assert save(site, path, b"1", tag="*").status == 412
    save(site, path, b"1")
    assert save(site, path, b"2", tag="*").status == 200
    assert read(site, path).body == b"2"


def test_a_file_that_changed_since_it_was_read_is_neither_deleted_nor_added_to(site: Site) -> None:
    path = "drafts/guarded.jsonl"
    first = save(site, path, b"one\n", "?append=0").headers["ETag"]
    second = save(site, path, b"two\n", "?append=4", tag=first).headers["ETag"]
    assert save(site, path, b"lost\n", "?append=8", tag=first).status == 412
    place = f"/userdata/{quote(path, safe='')}"
    assert site.ask("DELETE", place, headers={"If-Match": first}).status == 412
    assert read(site, path).body == b"one\ntwo\n"
    assert site.ask("DELETE", place, headers={"If-Match": second}).status == 204


def test_of_many_that_add_to_the_same_end_one_does(site: Site) -> None:
    save(site, "drafts/raced.jsonl", b"start\n", "?append=0")
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(
            lambda number: save(site, "drafts/raced.jsonl", b"%d\n" % number, "?append=6").status,
            range(16),
        )
    assert sorted(answers) == [200] + [409] * 15


def test_lines_are_added_to_a_file_of_the_size_that_the_client_knows(site: Site) -> None:
    path = "drafts/one.jsonl"
    assert save(site, path, b"first\n", "?append=0").status == 200
    assert save(site, path, b"second\n", "?append=6").json == path
    refused = save(site, path, b"third\n", "?append=6")
    assert (refused.status, refused.json["error"]["type"]) == (409, "other_size")
    assert read(site, path).body == b"first\nsecond\n"
    assert save(site, path, b"x", "?append=-1").status == 400


def test_a_workflow_is_never_added_to(site: Site) -> None:
    save(site, "workflows/whole.json", b"{}")
    assert save(site, "workflows/whole.json", b"{}", "?append=2").status == 400
    assert read(site, "workflows/whole.json").body == b"{}"


def test_a_folder_that_may_be_missing_has_no_files(site: Site) -> None:
    assert site.get("/userdata?dir=nowhere&optional=true").json == []
    assert site.get("/userdata?dir=..&optional=true").status == 403
