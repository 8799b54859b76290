"""`/users`: one user, or several told apart by a header."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.engine.http.site import open_site


def test_a_server_for_one_user_knows_no_others(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        assert site.ask("POST", "/users", '{"username": "bob"}').status == 400
        assert site.ask("POST", "/settings/x", "1").status == 200
        assert site.get("/users").json == {"storage": "server", "migrated": True}
        assert site.get("/settings/x", comfy_user="../../somebody").json == 1


def test_several_users_have_their_own_settings_and_files(tmp_path: Path) -> None:
    with open_site(tmp_path, multi_user=True) as site:
        assert site.get("/users").json == {"storage": "server", "users": {}}
        ann, bob = (
            site.ask("POST", "/users", json.dumps({"username": name})).json
            for name in ("Ann Ölsen", "bob")
        )
        assert re.fullmatch(r"Ann-lsen_[0-9a-f-]{36}", ann)
        assert site.get("/users").json["users"] == {ann: "Ann Ölsen", bob: "bob"}
        twice = site.ask("POST", "/users", '{"username": "bob"}')
        assert (twice.status, twice.json) == (400, {"error": "Duplicate username."})
        site.ask("POST", "/settings/x", '"of ann"', {"comfy-user": ann})
        site.ask("POST", "/userdata/a.txt", b"of ann", {"comfy-user": ann})
        assert site.get("/settings/x", comfy_user=ann).json == "of ann"
        assert site.get("/settings/x", comfy_user=bob).json is None
        assert site.get("/userdata/a.txt", comfy_user=bob).status == 404
        assert site.get("/v2/userdata", comfy_user=bob).json == []


@pytest.mark.parametrize(
    "user", ["", "nobody", "default", "..", "../default", "__manager", "/etc", "default/../default"]
)
def test_a_user_whom_nobody_added_is_refused(tmp_path: Path, user: str) -> None:
    (tmp_path / "user/default").mkdir(parents=True)
    (tmp_path / "user/__manager").mkdir(parents=True)
    with open_site(tmp_path, multi_user=True) as site:
        assert site.get("/settings", comfy_user=user).status == 401
        assert site.get("/v2/userdata", comfy_user=user).status == 403
        assert site.get("/userdata?dir=x", comfy_user=user).status == 403
        assert site.ask("POST", "/userdata/x", b"x", {"comfy-user": user}).status == 403


def test_a_system_user_in_the_list_stays_out_of_reach(tmp_path: Path) -> None:
    listed = tmp_path / "user/users.json"
    listed.parent.mkdir(parents=True)
    listed.write_text('{"__manager": "manager"}')
    with open_site(tmp_path, multi_user=True) as site:
        assert site.get("/users").json["users"] == {}
        assert site.get("/v2/userdata", comfy_user="__manager").status == 403


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\nb", "\0", 7, None])
def test_names_that_are_none_are_refused(tmp_path: Path, name: object) -> None:
    with open_site(tmp_path, multi_user=True) as site:
        assert site.ask("POST", "/users", json.dumps({"username": name})).status == 400
        assert site.get("/users").json["users"] == {}
