"""The command line of ComfyUI's server, so that scripts that start it start this one unchanged."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Takes = Literal["nothing", "one", "maybe", "several"]


@dataclass(frozen=True)
class Flag:
    """One flag.

    Attributes:
        takes: How many values follow it.
        matters: It changes what this server does.
    """

    takes: Takes = "nothing"
    matters: bool = True


_ONE = Flag("one")
_SWITCH = Flag()
_IGNORED = Flag(matters=False)
_IGNORED_ONE = Flag("one", matters=False)

FLAGS: Mapping[str, Flag] = {
    "--listen": Flag("maybe"),
    "--enable-cors-header": Flag("maybe"),
    "--tls-keyfile": _ONE,
    "--tls-certfile": _ONE,
    "--max-upload-size": _ONE,
    "--temp-directory": _ONE,
    "--user-directory": _ONE,
    "--extra-model-paths-config": Flag("several"),
    "--auto-launch": _SWITCH,
    "--disable-auto-launch": _SWITCH,
    "--preview-method": _ONE,
    "--preview-size": _ONE,
    "--cache-classic": _SWITCH,
    "--high-ram": _SWITCH,
    "--cache-lru": _ONE,
    "--cache-none": _SWITCH,
    "--cache-ram": Flag("several"),
    "--dont-print-server": _SWITCH,
    "--quick-test-for-ci": _SWITCH,
    "--disable-metadata": _SWITCH,
    "--disable-all-custom-nodes": _SWITCH,
    "--whitelist-custom-nodes": Flag("several"),
    "--multi-user": _SWITCH,
    "--verbose": Flag("maybe"),
    "--log-stdout": _SWITCH,
    "--front-end-root": _ONE,
    "--enable-compress-response-body": _SWITCH,
    "--feature-flag": _ONE,
    # Devices, memory and number formats: nodes/diffusion/residency.py decides these by itself.
    **dict.fromkeys(
        (
            "--cuda-malloc",
            "--disable-cuda-malloc",
            "--force-fp32",
            "--force-fp16",
            "--fp64-unet",
            "--fp32-unet",
            "--bf16-unet",
            "--fp16-unet",
            "--fp8_e4m3fn-unet",
            "--fp8_e5m2-unet",
            "--fp8_e8m0fnu-unet",
            "--fp16-vae",
            "--fp32-vae",
            "--bf16-vae",
            "--cpu-vae",
            "--fp8_e4m3fn-text-enc",
            "--fp8_e5m2-text-enc",
            "--fp16-text-enc",
            "--fp32-text-enc",
            "--bf16-text-enc",
            "--force-channels-last",
            "--disable-ipex-optimize",
            "--supports-fp8-compute",
            "--use-split-cross-attention",
            "--use-quad-cross-attention",
            "--use-pytorch-cross-attention",
            "--use-sage-attention",
            "--use-flash-attention",
            "--disable-xformers",
            "--force-upcast-attention",
            "--dont-upcast-attention",
            "--gpu-only",
            "--highvram",
            "--normalvram",
            "--lowvram",
            "--novram",
            "--disable-async-offload",
            "--force-non-blocking",
            "--disable-smart-memory",
            "--deterministic",
            "--mmap-torch-files",
            "--disable-mmap",
            "--disable-pinned-memory",
            "--enable-dynamic-vram",
            "--disable-dynamic-vram",
            "--windows-standalone-build",
            "--disable-api-nodes",
            "--disable-partner-nodes",
            "--offline",
            "--enable-manager",
            "--disable-manager-ui",
            "--enable-manager-legacy-ui",
            "--enable-assets",
            "--disable-assets-autoscan",
        ),
        _IGNORED,
    ),
    **dict.fromkeys(
        (
            "--cuda-device",
            "--default-device",
            "--oneapi-device-selector",
            "--reserve-vram",
            "--default-hashing-function",
            "--front-end-version",
            "--comfy-api-base",
            "--database-url",
            "--disabled-nodes-config",
        ),
        _IGNORED_ONE,
    ),
    "--directml": Flag("maybe", matters=False),
    "--async-offload": Flag("maybe", matters=False),
    "--fast": Flag("several", matters=False),
}

Given = dict[str, tuple[str, ...]]
"""The flags that were given, each with all of its values; given twice, the values add up."""


def read_flags(arguments: Sequence[str], known: Sequence[str] = ()) -> Given:
    """Return the flags among arguments.

    Args:
        arguments: `--flag`, `--flag value`, `--flag=value`.
        known: Names of options that are read elsewhere, to be proposed for a wrong name.

    Raises:
        typer.BadParameter: There is no such flag, or its value is missing.
    """
    given: Given = {}
    rest = list(arguments)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        flag = FLAGS.get(name)
        if flag is None:
            raise _unknown(name, known)
        values = [value] if equals else _values(flag, rest)
        if (flag.takes == "one" and len(values) != 1) or (flag.takes == "nothing" and values):
            wanted = "one value" if flag.takes == "one" else "no value"
            raise typer.BadParameter(f"the option {name} takes {wanted}")
        given[name] = (*given.get(name, ()), *values)
    return given


def without_effect(given: Given) -> list[str]:
    """Return the given flags that change nothing here."""
    return [name for name in given if not FLAGS[name].matters]


def _values(flag: Flag, rest: list[str]) -> list[str]:
    """Take the values of a flag off the arguments that follow it."""
    most = {"nothing": 0, "one": 1, "maybe": 1, "several": len(rest)}[flag.takes]
    values: list[str] = []
    while rest and len(values) < most and not rest[0].startswith("--"):
        values.append(rest.pop(0))
    return values


def _unknown(name: str, known: Sequence[str]) -> typer.BadParameter:
    near = difflib.get_close_matches(name, [*FLAGS, *known], n=1)
    meant = f"; did you mean {near[0]}?" if near else ""
    return typer.BadParameter(f"there is no option {name}{meant}")
