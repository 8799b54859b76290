"""`/system_stats` and `/features`: what the server runs on and what it can do."""

from __future__ import annotations

import os
import sys
from importlib import metadata
from typing import TYPE_CHECKING, Any

import msgspec

from engine.http.answers import json_answer
from engine.http.flags import server_flags
from engine.http.front_end import OFFICIAL
from engine.http.routing import route

if TYPE_CHECKING:
    from aiohttp import web

    from engine.http.services import Services

COMFYUI_VERSION = "0.45.0"
"""The version of ComfyUI whose contract is kept; clients decide by it what they may ask for."""
FRONT_END_VERSION = "1.58.1"
"""The newest front end that was tried."""
_COMPANIONS = ("comfyui-frontend-package", "comfyui-workflow-templates", "comfyui-embedded-docs")


class PackageVersion(msgspec.Struct, frozen=True):
    """An installed package of ComfyUI's."""

    name: str
    installed: str | None
    required: str | None


class System(msgspec.Struct, frozen=True):
    """The machine and the versions of what runs; sizes in bytes."""

    os: str
    ram_total: int
    ram_free: int
    comfyui_version: str
    latentloom_version: str
    required_frontend_version: str
    installed_templates_version: str | None
    required_templates_version: str | None
    python_version: str
    pytorch_version: str
    embedded_python: bool
    argv: list[str]
    deploy_environment: str
    comfy_package_versions: list[PackageVersion]


class Device(msgspec.Struct, frozen=True):
    """A device that computes; sizes in bytes."""

    name: str
    type: str
    index: int | None
    vram_total: int
    vram_free: int
    torch_vram_total: int
    torch_vram_free: int


class SystemStats(msgspec.Struct, frozen=True):
    """The answer of `/system_stats`."""

    system: System
    devices: list[Device]


@route(
    "GET",
    "/system_stats",
    summary="The machine, its devices and the versions of what runs.",
    tag="system",
    answers={200: SystemStats},
)
async def get_system_stats(_: web.Request, services: Services) -> web.StreamResponse:
    """Answer with what the workers said last about their devices."""
    total, free = memory()
    cpu = Device("cpu", "cpu", None, total, free, total, free)
    devices = await services.dispatcher.devices() or [msgspec.to_builtins(cpu)]
    system = msgspec.to_builtins(_system(services, total, free))
    return json_answer({"system": system, "devices": devices})


@route(
    "GET",
    "/features",
    summary="What this server can do, as sockets are told too.",
    tag="system",
    answers={200: dict[str, Any]},
)
async def get_features(_: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the feature flags."""
    return json_answer(server_flags(services.options))


def version(package: str) -> str | None:
    """Return the version of a package, without importing it; None where it is missing."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def memory() -> tuple[int, int]:
    """Return the machine's memory in bytes, all of it and what programs could get now."""
    page = os.sysconf("SC_PAGE_SIZE")
    total = os.sysconf("SC_PHYS_PAGES") * page
    try:
        with open("/proc/meminfo", encoding="ascii") as file:  # noqa: PTH123 - a kernel interface
            facts = dict(line.split(":", 1) for line in file)
        return total, int(facts["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return total, total


def _system(services: Services, total: int, free: int) -> System:
    versions = [
        PackageVersion(name, found, found) for name in _COMPANIONS if (found := version(name))
    ]
    templates = version("comfyui-workflow-templates")
    return System(
        os=sys.platform,
        ram_total=total,
        ram_free=free,
        comfyui_version=COMFYUI_VERSION,
        latentloom_version=version("latentloom") or "",
        required_frontend_version=version(OFFICIAL) or FRONT_END_VERSION,
        installed_templates_version=templates,
        required_templates_version=templates,
        python_version=sys.version,
        pytorch_version=version("torch") or "",
        embedded_python=False,
        argv=list(services.options.argv),
        deploy_environment="local",
        comfy_package_versions=versions,
    )
