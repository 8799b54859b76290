from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer

from engine.command.serve_options import ServeOrder, ServePlan, plan_of
from engine.errors import FileProblemError


def planned(base: Path, *rest: str, **order: Any) -> ServePlan:
    return plan_of(ServeOrder(base=base, rest=rest, **order))


def test_only_this_machine_is_listened_to_where_nothing_is_said(tmp_path: Path) -> None:
    options = planned(tmp_path).options
    assert options.hosts == ("127.0.0.1",)
    assert options.port == 8188
    assert options.local_only
    assert options.scheme == "http"


@pytest.mark.parametrize(
    ("rest", "hosts"),
    [
        (("--listen",), ("0.0.0.0", "::")),
        (("--listen", "127.0.0.1"), ("127.0.0.1",)),
        (("--listen", "10.0.0.1, ::1"), ("10.0.0.1", "::1")),
    ],
)
def test_listen_means_what_it_means_in_comfyui(
    tmp_path: Path, rest: tuple[str, ...], hosts: tuple[str, ...]
) -> None:
    assert planned(tmp_path, *rest).options.hosts == hosts


def test_our_own_option_for_the_address_wins(tmp_path: Path) -> None:
    options = planned(tmp_path, "--listen", "0.0.0.0", hosts=("127.0.0.1",)).options
    assert options.local_only


def test_addresses_that_others_reach_are_not_local(tmp_path: Path) -> None:
    for address in ("0.0.0.0", "::", "192.168.1.5", "example.org"):
        assert not planned(tmp_path, hosts=(address,)).options.local_only
    for address in ("127.0.0.1", "127.1.2.3", "::1", "localhost"):
        assert planned(tmp_path, hosts=(address,)).options.local_only


@pytest.mark.parametrize(
    ("rest", "policy", "amount"),
    [
        ((), "auto", 0),
        (("--cache-classic",), "classic", 0),
        (("--high-ram",), "classic", 0),
        (("--cache-lru", "5"), "lru", 5),
        (("--cache-lru", "0"), "classic", 0),
        (("--cache-none",), "none", 0),
        (("--cache-ram",), "ram", 0),
        (("--cache-ram", "1.5", "4"), "ram", 1.5),
    ],
)
def test_cache_flags_choose_a_policy(
    tmp_path: Path, rest: tuple[str, ...], policy: str, amount: float
) -> None:
    options = planned(tmp_path, *rest).options
    assert (options.cache, options.cache_amount) == (policy, amount)


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        (("--cache-none", "--cache-classic"), "cannot be given together"),
        (("--cache-lru", "many"), "takes a number"),
        (("--cache-lru", "-1"), "from 0 on"),
        (("--max-upload-size", "nan"), "from 0 on"),
        (("--preview-method", "fast"), "none, auto, latent2rgb, taesd"),
        (("--verbose", "loud"), "DEBUG"),
        (("--tls-keyfile", "k.pem"), "belong together"),
    ],
)
def test_values_that_make_no_sense_are_refused(
    tmp_path: Path, rest: tuple[str, ...], words: str
) -> None:
    with pytest.raises(typer.BadParameter, match=words):
        planned(tmp_path, *rest)


def test_relative_paths_count_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    plan = planned(
        tmp_path / "base",
        "--temp-directory",
        "fast",
        "--user-directory",
        "users",
        output=Path("results"),
        input=Path("pictures"),
        web_root="web",
    )
    assert plan.folders.output == tmp_path / "results"
    assert plan.folders.input == tmp_path / "pictures"
    assert plan.folders.temp == tmp_path / "fast" / "temp"
    assert plan.options.user == tmp_path / "users"
    assert plan.options.web_root == tmp_path / "web"


def test_the_base_directory_moves_the_defaults(tmp_path: Path) -> None:
    plan = planned(tmp_path / "base")
    base = tmp_path / "base"
    assert plan.folders.output == base / "output"
    assert plan.options.user == base / "user"
    assert plan.options.custom_nodes == (base / "custom_nodes",)
    assert plan.folders.models["loras"] == (base / "models" / "loras",)


def test_sizes_and_flags_are_read(tmp_path: Path) -> None:
    options = planned(
        tmp_path,
        "--max-upload-size",
        "0.5",
        "--feature-flag",
        "plain",
        "--feature-flag",
        "count=3",
        "--feature-flag",
        "word=yes",
        "--enable-cors-header",
        "--verbose",
        "--preview-size",
        "256",
    ).options
    assert options.max_upload_bytes == 2**19
    assert options.feature_flags == {"plain": True, "count": 3, "word": "yes"}
    assert options.cors_origin == "*"
    assert options.verbose == "DEBUG"
    assert options.preview_size == 256


def test_switches_are_off_until_they_are_given(tmp_path: Path) -> None:
    off = planned(tmp_path).options
    assert not any((off.open_browser, off.quick_test, off.multi_user, off.compress))
    assert off.announce
    assert off.load_custom_nodes
    on = planned(
        tmp_path,
        "--auto-launch",
        "--quick-test-for-ci",
        "--multi-user",
        "--enable-compress-response-body",
        "--dont-print-server",
        "--disable-all-custom-nodes",
    ).options
    assert on.open_browser
    assert on.quick_test
    assert on.multi_user
    assert on.compress
    assert not on.announce
    assert not on.load_custom_nodes
    assert not planned(tmp_path, "--auto-launch", "--disable-auto-launch").options.open_browser


def test_model_paths_of_the_base_folder_and_of_the_flag_are_added(tmp_path: Path) -> None:
    (tmp_path / "extra_model_paths.yaml").write_text("mine:\n  loras: more\n")
    other = tmp_path / "other.yaml"
    other.write_text("theirs:\n  custom_nodes: packs\n  clip: texts\n")
    plan = planned(tmp_path, "--extra-model-paths-config", str(other))
    assert plan.folders.models["loras"][-1] == tmp_path / "more"
    assert plan.folders.models["text_encoders"][-1] == tmp_path / "texts"
    assert plan.options.custom_nodes == (tmp_path / "custom_nodes", tmp_path / "packs")


def test_a_file_of_model_paths_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileProblemError, match="model paths"):
        planned(tmp_path, "--extra-model-paths-config", str(tmp_path / "none.yaml"))


def test_flags_without_effect_are_told(tmp_path: Path) -> None:
    assert planned(tmp_path, "--lowvram", "--cache-none").ignored == ("--lowvram",)
