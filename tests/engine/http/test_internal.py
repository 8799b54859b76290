"""`/internal`: the log, folders, names of files."""

from __future__ import annotations

import asyncio
import json
import logging
import os

import aiohttp
import pytest

from tests.engine.http.site import Site


def log(site: Site, text: str) -> None:
    """Let the server's log have a line."""
    record = logging.LogRecord("engine", logging.INFO, "", 0, text, (), None)
    site.services.lines.handle(record)


def test_the_log_is_told_as_text_and_as_lines(site: Site) -> None:
    log(site, "something happened")
    assert site.get("/internal/logs").json.endswith(" - something happened\n")
    raw = site.get("/internal/logs/raw").json
    assert raw["entries"][-1]["m"] == "something happened\n"
    assert raw["size"] == {"cols": 80, "rows": 24}
    assert site.get("/api/internal/logs").status == 404


def test_only_the_newest_lines_are_kept(site: Site) -> None:
    for number in range(400):
        log(site, f"line {number}")
    entries = site.get("/internal/logs/raw").json["entries"]
    assert len(entries) == 300
    assert entries[0]["m"] == "line 100\n"


def test_a_subscriber_hears_new_lines_until_it_wants_no_more(site: Site) -> None:
    async def listen() -> list[str]:
        heard: list[str] = []
        address = f"{site.url}ws?clientId=reader"
        async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
            for enabled, text in ((True, "for you"), (False, "not for you"), (True, "again")):
                wish = {"clientId": "reader", "enabled": enabled}
                async with session.patch(f"{site.url}internal/logs/subscribe", json=wish) as told:
                    assert told.status == 200
                log(site, text)
            while "again\n" not in heard:
                message = json.loads(await socket.receive_str(timeout=20))
                if message["type"] == "logs":
                    heard += [entry["m"] for entry in message["data"]["entries"]]
        return heard

    heard = asyncio.run(listen())
    assert "for you\n" in heard
    assert "not for you\n" not in heard


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"clientId": 7, "enabled": true}', "{"])
def test_a_broken_wish_is_refused(site: Site, body: str) -> None:
    assert site.ask("PATCH", "/internal/logs/subscribe", body).status == 400


def test_nobody_needs_to_be_there_to_subscribe(site: Site) -> None:
    wish = '{"clientId": "nobody", "enabled": true}'
    assert site.ask("PATCH", "/internal/logs/subscribe", wish).status == 200


def test_folders_are_told_by_kind(site: Site) -> None:
    found = site.get("/internal/folder_paths").json
    assert found["checkpoints"] == [str(site.base / "models/checkpoints")]
    assert found["custom_nodes"] == []


def test_files_are_told_newest_first(site: Site) -> None:
    for age, name in enumerate(("new.png", "older.png", "oldest.png")):
        path = site.put(f"output/{name}", b"x")
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    site.put("output/sub/inner.png", b"x")
    site.put("output/.hidden", b"x")
    assert site.get("/internal/files/output").json == ["new.png", "older.png", "oldest.png"]
    refused = site.get("/internal/files/models")
    assert (refused.status, refused.json) == (400, {"error": "Invalid directory type"})
