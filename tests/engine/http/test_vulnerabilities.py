"""Holes that were found in servers of this kind, each closed here: one test for one hole."""

from __future__ import annotations

import ast
import json
import pickle
import re
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.http.app import all_routes
from engine.http.routing import Route
from engine.http.token import load_token
from tests.engine.http.site import Site, open_site, picture

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = b"<script>document.title = 'owned'</script>"
SECRET = b"SECRET that lies outside of every folder"
RUNNABLE = ("html", "xhtml", "xml", "svg+xml", "javascript", "ecmascript", "css", "xsl", "rfc822")


def is_dead(answer_headers: Any) -> bool:
    """Tell whether no browser runs an answer as a page of this server."""
    kind = answer_headers["Content-Type"]
    return (
        not any(word in kind for word in RUNNABLE)
        and answer_headers["X-Content-Type-Options"] == "nosniff"
        and answer_headers["Content-Disposition"].startswith("attachment")
        and "sandbox" in answer_headers["Content-Security-Policy"]
        and "default-src 'none'" in answer_headers["Content-Security-Policy"]
    )


@pytest.mark.parametrize(
    "suffix",
    [
        "html",
        "htm",
        "xhtml",
        "xht",
        "shtml",
        "js",
        "mjs",
        "css",
        "xml",
        "xsl",
        "mht",
        "mhtml",
        "hta",
        "swf",
        "pdf",
        "HTML",
        "hTm",
    ],
)
def test_cve_2024_10099_uploaded_pages_do_not_run(site: Site, suffix: str) -> None:
    name = site.upload(SCRIPT, f"page.{suffix}").json["name"]
    assert is_dead(site.get(f"/view?filename={name}&type=input").headers)


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "gif"])
def test_cve_2024_10099_a_page_with_a_pictures_name_stays_a_picture(
    site: Site, suffix: str
) -> None:
    name = site.upload(SCRIPT, f"page.{suffix}").json["name"]
    headers = site.get(f"/view?filename={name}&type=input").headers
    assert headers["Content-Type"].startswith("image/")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("suffix", ["svg", "SVG", "svgz", "svg.svg"])
def test_cve_2026_56670_scripts_in_svg_do_not_run(site: Site, suffix: str) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    name = site.upload(drawing, f"drawing.{suffix}").json["name"]
    for destination in ("document", "iframe", "object", "embed", ""):
        headers = site.get(f"/view?filename={name}&type=input", Sec_Fetch_Dest=destination).headers
        assert is_dead(headers)


def test_cve_2026_56671_previews_of_models_do_not_leave_their_folder(site: Site) -> None:
    site.put("secret.png", picture())
    site.put("models/secret.png", picture())
    (site.base / "models/loras").mkdir(parents=True, exist_ok=True)
    for way in ("..%2F", "%2e%2e%2f", "..%2F..%2F", "..%5C", "x%2F..%2F..%2F", "%2F"):
        path = f"/experiment/models/preview/loras/0/{way}secret.safetensors"
        assert site.get(path).status in {403, 404}


@pytest.mark.parametrize("name", ["page", "page.html", "page.json", "page.txt", "comfy.settings"])
def test_cve_2026_56672_files_of_users_are_not_sniffed(site: Site, name: str) -> None:
    site.ask("POST", f"/userdata/{name}", SCRIPT)
    assert is_dead(site.get(f"/userdata/{name}").headers)


@pytest.mark.parametrize(
    "image",
    [
        "../secret.png",
        "../../../../../../etc/hostname",
        "/etc/hostname",
        "..\\secret.png",
        "secret.png [../]",
        "../secret.png [output]",
        "link.png",
    ],
)
def test_cve_2026_56673_workflows_do_not_load_pictures_from_elsewhere(
    site: Site, image: str
) -> None:
    secret = site.put("secret.png", picture())
    link = site.base / "input/link.png"
    link.unlink(missing_ok=True)
    link.symlink_to(secret)
    prompt = {
        "1": {"class_type": "LoadImage", "inputs": {"image": image}},
        "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}},
    }
    answer = site.ask("POST", "/prompt", json.dumps({"prompt": prompt}))
    assert answer.status == 400
    assert "1" in answer.json["node_errors"]


def changes(headers: dict[str, str], site: Site) -> set[int]:
    """Return the statuses of the answers to everything that changes something."""
    asked = [
        (route.method, re.sub(r"{\w+}", "x", route.template))
        for route in all_routes()
        if route.method != "GET"
    ]
    assert len(asked) >= 20
    return {site.ask(method, path, "{}", headers).status for method, path in asked}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://127.0.0.1:1"},
    ],
)
def test_cve_2024_10481_and_2026_56674_other_sites_change_nothing(
    site: Site, headers: dict[str, str]
) -> None:
    assert changes(headers, site) == {403}


def test_a_link_out_of_a_folder_is_not_shown(site: Site, tmp_path: Path) -> None:
    """ComfyUI's pull request 12285: the check came after the link was followed."""
    (tmp_path / "secret.png").write_bytes(SECRET)
    (site.base / "output/innocent.png").symlink_to(tmp_path / "secret.png")
    (site.base / "output/folder").symlink_to(tmp_path)
    for query in ("filename=innocent.png", "filename=secret.png&subfolder=folder"):
        assert site.get(f"/view?{query}").status == 403


def test_a_name_that_was_made_to_point_here_is_refused(site: Site) -> None:
    """ComfyUI's issue 12860, DNS rebinding: host and origin agree and are both the attacker's."""
    for name in ("evil.example", "evil.example:8188", "127.0.0.1.evil.example", "localhost.evil"):
        headers = {"Host": name, "Origin": f"http://{name}", "Sec-Fetch-Site": "same-origin"}
        assert changes(headers, site) == {403}


def test_the_header_that_names_a_user_opens_no_folder(tmp_path: Path) -> None:
    """ComfyUI's issue 15822: the header was trusted."""
    secret = tmp_path / "user/__manager/config.ini"
    secret.parent.mkdir(parents=True)
    secret.write_bytes(SECRET)
    with open_site(tmp_path) as one, open_site(tmp_path / "b", multi_user=True) as several:
        for user in ("__manager", "../user/__manager", "..", "/etc", "%2e%2e", "default/.."):
            for site in (one, several):
                for path in ("/userdata/config.ini", "/userdata?dir=.", "/v2/userdata"):
                    answer = site.get(path, comfy_user=user)
                    assert SECRET not in answer.body
                    assert b"config.ini" not in answer.body or answer.status == 404


class Evil:
    """Writes a file when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return (exec, (f"open({str(self.mark)!r}, 'w').write('ran')",))


@pytest.mark.parametrize("archive", [False, True], ids=["bare", "archive"])
@pytest.mark.parametrize(
    "name", ["evil.ckpt", "evil.pt", "evil.safetensors", "evil.SafeTensors", "evil"]
)
def test_cve_2024_12029_2025_32434_and_pickles_under_other_names_run_no_code(
    tmp_path: Path, name: str, archive: bool
) -> None:
    from nodes.diffusion.checkpoints.read import open_tensors
    from nodes.diffusion.errors import WeightsFormatError

    content = pickle.dumps({"state_dict": Evil(tmp_path / "ran")}, protocol=2)
    path = tmp_path / name
    if archive:
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("archive/data.pkl", content)
            file.writestr("archive/version", "3")
    else:
        path.write_bytes(content)
    with pytest.raises(WeightsFormatError):
        open_tensors(path)
    assert not (tmp_path / "ran").exists()


def test_cve_2025_67303_what_configures_the_server_is_no_file_of_a_user(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        token = load_token(site.options.user)
        site.ask("POST", "/settings/x", "1")
        ours = {
            path.name: path.read_bytes() for path in (tmp_path / "user").glob("*") if path.is_file()
        }
        assert ours
        for name in ours:
            for way in (name, f"..%2F{name}", f"%2e%2e%2f{name}", f"..%252F{name}", f"..%5C{name}"):
                answer = site.get(f"/userdata/{way}")
                assert answer.status in {403, 404}
                assert token.encode() not in answer.body
                site.ask("POST", f"/userdata/{way}", b"planted")
                site.ask("DELETE", f"/userdata/{way}")
        for name, content in ours.items():
            kept = (tmp_path / "user" / name).read_bytes()
            assert kept == content or name.startswith("queue")
            assert kept != b"planted"


def test_cve_2026_22777_line_breaks_write_no_settings_of_their_own(site: Site) -> None:
    site.ask("POST", "/settings", json.dumps({"a": 'x\r\nsecurity_level = "weak"', "b\r\nc": 1}))
    assert site.get("/settings").json["a"] == 'x\r\nsecurity_level = "weak"'
    kept = (site.base / "user/default/comfy.settings.json").read_text()
    assert "security_level" in kept
    assert not any(line.strip().startswith("security_level") for line in kept.splitlines())
    assert site.ask("POST", "/userdata/a%0D%0Ab", b"x").status == 403


def test_names_of_files_write_no_headers_of_their_own(site: Site) -> None:
    with socket.create_connection(site.address, timeout=20) as connection:
        path = "/view?filename=a.png%0D%0ASet-Cookie:%20owned=1&type=input"
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert b"owned" not in connection.recv(10_000).partition(b"\r\n\r\n")[0]


def test_manager_1125_and_cve_2024_12029_nothing_is_installed_or_fetched_by_request() -> None:
    words = {"url", "uri", "source_url", "link", "repo", "git", "install"}
    for route in all_routes():
        fields = {name for kind in (route.query,) if kind for name in kind.__struct_fields__}
        assert not words & fields
        assert not any(word in route.path for word in ("install", "download", "import", "git"))


def test_ghsa_vv9c_xxg7_wmv7_nothing_is_downloaded_in_bulk(site: Site) -> None:
    for path in ("/api/assets/exports/..%2Fx", "/api/assets/export", "/api/v1/images/download/x"):
        assert site.get(path).status == 404


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that others can reach."""
    with open_site(tmp_path_factory.mktemp("exposed"), hosts=("0.0.0.0",)) as site:
        site.put("output/cat.png", picture())
        yield site


@pytest.mark.parametrize("route", all_routes(), ids=lambda one: f"{one.method} {one.path}")
def test_invoke_9365_no_route_of_an_exposed_server_answers_without_the_token(
    exposed: Site, route: Route
) -> None:
    for template in route.paths:
        path = route.template.replace(route.paths[0], template)
        for part in route.parameters:
            path = path.replace(f"{{{part}}}", "x")
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Cookie": "loom_token=wrong"}):
            answer = exposed.ask(route.method, path, headers=headers)
            assert answer.status == 401
            assert answer.json["error"]["type"] == "unauthorized"


def test_the_token_opens_an_exposed_server(exposed: Site) -> None:
    token = exposed.services.token
    assert token
    assert exposed.get("/queue", Authorization=f"Bearer {token}").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "//evil.example/%2e%2e",
        "/%5Cevil.example",
        "///evil.example/x",
    ],
)
def test_cve_2023_51449_and_2024_4940_no_path_leads_to_other_sites_or_folders(
    exposed: Site, path: str
) -> None:
    token = exposed.services.token
    for query in ("", f"?token={token}", f"?token={token}&next=//evil.example"):
        answer = exposed.get(f"{path}{query}", Accept="text/html")
        place = answer.headers.get("Location", "/")
        assert place.startswith("/")
        assert not place.startswith(("//", "/\\"))


def test_cve_2024_21574_to_21577_no_text_of_a_workflow_is_run_as_code() -> None:
    builtins = {"eval", "exec", "compile", "__import__"}
    readers = {
        f"{owner}.{name}" for owner in ("pickle", "marshal", "yaml") for name in ("load", "loads")
    }
    shells = {"os.system", "os.popen", "subprocess.getoutput"}
    found: list[str] = []
    for path in [*(ROOT / "nodes").rglob("*.py"), *(ROOT / "engine").rglob("*.py")]:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call):
                name = ast.unparse(call.func)
                shell = name.startswith("subprocess") and "shell" in {w.arg for w in call.keywords}
                if shell or name in builtins | readers | shells:
                    found.append(f"{path.relative_to(ROOT)}:{call.lineno} {name}")
    assert not found


def test_weights_are_only_ever_loaded_as_data() -> None:
    loads = [
        ast.unparse(call)
        for path in (ROOT / "nodes").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "torch.load"
    ]
    assert loads
    assert all("weights_only=True" in call for call in loads)
