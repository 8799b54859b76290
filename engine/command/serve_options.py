"""The command line of `loom serve` as one object, with ComfyUI's flags meaning what they mean."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import typer

from engine.command.comfy_flags import read_flags, without_effect
from engine.files import Folders
from engine.http.options import CachePolicy, PreviewMethod, ServeOptions
from engine.jobs.local import default_base, with_named_models
from engine.jobs.model_paths import pack_folders, read_model_paths, with_model_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.command.comfy_flags import Given

T = TypeVar("T", int, float)

OWN = (
    "--host",
    "--port",
    "--web-root",
    "--base-directory",
    "--output-directory",
    "--input-directory",
    "--allowed-host",
    "--cpu",
    "--workers",
    "--log-json",
)
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - only where the user asks for it, and with a token
_METHODS: tuple[PreviewMethod, ...] = ("none", "auto", "latent2rgb", "taesd")
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_MODEL_PATHS = "extra_model_paths.yaml"
_MEGABYTE = 2**20


@dataclass(frozen=True, kw_only=True)
class ServeOrder:
    """What the options of `loom serve` say, as they were written.

    Attributes:
        hosts: Addresses to listen on; ComfyUI's `--listen` counts where there is none.
        port: TCP port.
        web_root: Folder of the front end, or `comfyui`; our own where left out.
        base: Folder with `models/`, `input/`, `output/`.
        output: Where results go instead of `output/`.
        input: Where pictures come from instead of `input/`.
        allowed_hosts: Further names of this server.
        cpu: Use no accelerator.
        workers: Worker processes.
        log_json: The log is JSON.
        rest: ComfyUI's flags.
    """

    hosts: tuple[str, ...] = ()
    port: int = 8188
    web_root: str | None = None
    base: Path | None = None
    output: Path | None = None
    input: Path | None = None
    allowed_hosts: tuple[str, ...] = ()
    cpu: bool = False
    workers: int | None = None
    log_json: bool = False
    rest: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ServePlan:
    """What is served.

    Attributes:
        options: Of the server.
        folders: Where files are.
        ignored: Flags that were given and change nothing here.
    """

    options: ServeOptions
    folders: Folders
    ignored: tuple[str, ...] = ()


def plan_of(order: ServeOrder, argv: Sequence[str] = ()) -> ServePlan:
    """Return what a command line asks for; relative paths count from the current folder.

    Raises:
        typer.BadParameter: A flag is unknown, or has a value that it cannot have.
        FileProblemError: A file that is named cannot be read.
    """
    given = read_flags(order.rest, OWN)
    base = (order.base or default_base()).absolute()
    folders = _folders(order, given, base)
    configs = [Path(path).absolute() for path in given.get("--extra-model-paths-config", ())]
    if (base / _MODEL_PATHS).is_file():
        configs.insert(0, base / _MODEL_PATHS)
    named = [folder for config in configs for folder in read_model_paths(config)]
    packs = (base / "custom_nodes", *pack_folders(named))
    options = ServeOptions(
        base=base,
        hosts=_hosts(order, given),
        port=order.port,
        web_root=_web_root(order.web_root or _last(given, "--front-end-root")),
        user=_path(given, "--user-directory") or base / "user",
        custom_nodes=tuple(dict.fromkeys(packs)),
        allowed_hosts=order.allowed_hosts,
        cpu=order.cpu,
        workers=order.workers,
        log_json=order.log_json,
        argv=tuple(argv),
    )
    options = _with_switches(_with_values(_with_cache(options, given), given), given)
    folders = with_model_paths(folders, named)
    return ServePlan(options=options, folders=folders, ignored=tuple(without_effect(given)))


def _folders(order: ServeOrder, given: Given, base: Path) -> Folders:
    folders = Folders.beneath(base, output=order.output)
    temp = _path(given, "--temp-directory")
    folders = replace(
        folders,
        input=order.input.absolute() if order.input else folders.input,
        temp=temp / "temp" if temp else folders.temp,
        user=_path(given, "--user-directory") or folders.user,
    )
    return with_named_models(folders)


def _hosts(order: ServeOrder, given: Given) -> tuple[str, ...]:
    named = order.hosts
    if not named and "--listen" in given:
        named = given["--listen"] or _EVERYWHERE
    parts = [part.strip() for name in named for part in name.split(",")]
    return tuple(dict.fromkeys(part for part in parts if part)) or ServeOptions.hosts


def _web_root(named: str | None) -> Path | Literal["own", "comfyui"]:
    if named is None:
        return "own"
    return "comfyui" if named == "comfyui" else Path(named).absolute()


def _with_cache(options: ServeOptions, given: Given) -> ServeOptions:
    policies: Mapping[str, CachePolicy] = {
        "--cache-classic": "classic",
        "--high-ram": "classic",
        "--cache-lru": "lru",
        "--cache-none": "none",
        "--cache-ram": "ram",
    }
    chosen = [flag for flag in policies if flag in given]
    if len(chosen) > 1:
        raise typer.BadParameter(f"{' and '.join(chosen)} cannot be given together")
    if not chosen:
        return options
    flag = chosen[0]
    number: Callable[[str], float] = int if flag == "--cache-lru" else float
    values = [_number(flag, value, number) for value in given[flag]]
    policy, amount = policies[flag], values[0] if values else 0.0
    if policy == "lru" and amount == 0:  # as ComfyUI takes it
        policy = "classic"
    return replace(options, cache=policy, cache_amount=amount)


def _with_values(options: ServeOptions, given: Given) -> ServeOptions:
    megabytes = _last(given, "--max-upload-size")
    size = _last(given, "--preview-size")
    most = options.max_upload_bytes
    if megabytes is not None:
        most = round(_number("--max-upload-size", megabytes, float) * _MEGABYTE)
    return replace(
        options,
        tls_key=_path(given, "--tls-keyfile"),
        tls_certificate=_path(given, "--tls-certfile"),
        cors_origin=(given["--enable-cors-header"] or ("*",))[-1]
        if "--enable-cors-header" in given
        else None,
        max_upload_bytes=most,
        preview_size=options.preview_size if size is None else _number("--preview-size", size, int),
        preview_method=_one_of("--preview-method", given, _METHODS, "none"),
        verbose=_level(given),
        whitelist=given.get("--whitelist-custom-nodes", ()),
        feature_flags=dict(_feature(text) for text in given.get("--feature-flag", ())),
    )


def _with_switches(options: ServeOptions, given: Given) -> ServeOptions:
    if (options.tls_key is None) != (options.tls_certificate is None):
        raise typer.BadParameter("--tls-keyfile and --tls-certfile belong together")
    return replace(
        options,
        open_browser="--auto-launch" in given and "--disable-auto-launch" not in given,
        announce="--dont-print-server" not in given,
        quick_test="--quick-test-for-ci" in given,
        save_metadata="--disable-metadata" not in given,
        load_custom_nodes="--disable-all-custom-nodes" not in given,
        multi_user="--multi-user" in given,
        log_stdout="--log-stdout" in given,
        compress="--enable-compress-response-body" in given,
    )


def _last(given: Given, name: str) -> str | None:
    values = given.get(name)
    return values[-1] if values else None


def _path(given: Given, name: str) -> Path | None:
    value = _last(given, name)
    return None if value is None else Path(value).expanduser().absolute()


def _number(name: str, text: str, kind: Callable[[str], T]) -> T:
    try:
        number = kind(text)
    except ValueError:
        raise typer.BadParameter(f"{name} takes a number, not {text!r}") from None
    if not 0 <= number < 2**40:
        raise typer.BadParameter(f"{name} takes a number from 0 on, not {text}")
    return number


def _one_of(
    name: str, given: Given, choices: tuple[PreviewMethod, ...], default: PreviewMethod
) -> PreviewMethod:
    value = _last(given, name)
    if value is None:
        return default
    if value not in choices:
        raise typer.BadParameter(f"{name} takes {', '.join(choices)}, not {value!r}")
    return value


def _level(given: Given) -> str:
    if "--verbose" not in given:
        return ServeOptions.verbose
    level = (given["--verbose"] or ("DEBUG",))[-1].upper()
    if level not in _LEVELS:
        raise typer.BadParameter(f"--verbose takes {', '.join(_LEVELS)}, not {level!r}")
    return level


def _feature(text: str) -> tuple[str, Any]:
    """Return a feature flag: `K` is true, `K=V` is V as JSON where it is JSON."""
    name, equals, value = text.partition("=")
    if not equals:
        return name, True
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
