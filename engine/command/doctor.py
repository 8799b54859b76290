"""`loom doctor`: what is here, what is wrong, and how to mend it."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.text import Text

from engine.command.amount import in_bytes
from engine.command.failure import PROBLEM
from engine.jobs.local import Engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engine.files import Folders

LIBRARIES = ("torch", "diffusers", "transformers", "peft", "safetensors", "numpy", "pillow")
MOST_NAMES = 5
LOW_DISK = 2 * 1024**3
LOW_MEMORY = 2 * 1024**3
_MARKS = {"good": ("ok", "green"), "odd": ("note", "yellow"), "bad": ("wrong", "red")}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        about: What was looked at.
        state: Whether it is as it should be.
        found: What is there.
        mend: What to do where it is not as it should be.
    """

    about: str
    state: Literal["good", "odd", "bad"]
    found: str
    mend: str | None = None


def examine(base: Path | None, *, as_json: bool) -> int:
    """Print what is here; return 1 where something keeps workflows from running."""
    engine = Engine(base=base)
    findings = [
        *_libraries(),
        _device(),
        _memory(),
        *_folders(engine.folders),
        *_models(engine.folders),
        *_packs(engine),
    ]
    if as_json:
        sys.stdout.write(json.dumps([asdict(finding) for finding in findings], indent=2) + "\n")
    else:
        _tell(findings)
    return PROBLEM if any(finding.state == "bad" for finding in findings) else 0


def _tell(findings: list[Finding]) -> None:
    console = Console(soft_wrap=True)
    for finding in findings:
        mark, colour = _MARKS[finding.state]
        line = Text.assemble((f"{mark:5} ", colour), f"{finding.about}: {finding.found}")
        console.print(line)
        if finding.mend:
            console.print(Text(f"      how to mend it: {finding.mend}"))


def _libraries() -> Iterator[Finding]:
    python = sys.version.partition(" ")[0]
    yield Finding(about="python", state="good", found=f"{python} in {sys.prefix}")
    for name in LIBRARIES:
        try:
            yield Finding(about=name, state="good", found=metadata.version(name))
        except metadata.PackageNotFoundError:
            mend = f"{sys.executable} -m pip install {name}"
            yield Finding(about=name, state="bad", found="not installed", mend=mend)


def _device() -> Finding:
    try:
        import torch
    except ImportError as error:
        mend = "install the torch build for this machine"
        return Finding(about="device", state="bad", found=str(error), mend=mend)
    if torch.cuda.is_available():
        free, total = torch.cuda.mem_get_info()
        name = torch.cuda.get_device_name()
        found = f"{name}, {in_bytes(free)} of {in_bytes(total)} free"
        return Finding(about="device", state="good", found=found)
    if torch.backends.mps.is_available():
        return Finding(about="device", state="good", found="Apple GPU")
    found = f"CPU, {os.cpu_count()} cores, {torch.get_num_threads()} threads"
    mend = None
    if shutil.which("nvidia-smi"):
        mend = "there seems to be an NVIDIA GPU: install a torch build with CUDA for its driver"
    return Finding(about="device", state="odd" if mend else "good", found=found, mend=mend)


def _memory() -> Finding:
    try:
        page = os.sysconf("SC_PAGE_SIZE")
        total, free = (os.sysconf(name) * page for name in ("SC_PHYS_PAGES", "SC_AVPHYS_PAGES"))
    except (ValueError, OSError):
        return Finding(about="memory", state="odd", found="unknown on this system")
    low = total < LOW_MEMORY
    return Finding(
        about="memory",
        state="odd" if low else "good",
        found=f"{in_bytes(total)}, {in_bytes(free)} unused",
        mend="small models only; close other programs" if low else None,
    )


def _folders(folders: Folders) -> Iterator[Finding]:
    yield Finding(about="base folder", state="good", found=str(folders.base))
    for name, path in (
        ("output", folders.output),
        ("temp", folders.temp),
        ("cache", folders.cache),
    ):
        yield _writable(name, path)
    free = shutil.disk_usage(_existing(folders.output)).free
    low = free < LOW_DISK
    yield Finding(
        about="disk space",
        state="odd" if low else "good",
        found=f"{in_bytes(free)} free",
        mend="delete old results, or `loom cache --clear`" if low else None,
    )


def _writable(name: str, path: Path) -> Finding:
    existing = _existing(path)
    if os.access(existing, os.W_OK) and existing.is_dir():
        return Finding(about=f"{name} folder", state="good", found=str(path))
    return Finding(
        about=f"{name} folder",
        state="bad",
        found=f"{path} cannot be written to",
        mend=f"change the rights of {existing}, or choose another base: --base-directory",
    )


def _existing(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.exists())


def _models(folders: Folders) -> Iterator[Finding]:
    for kind, roots in folders.models.items():
        names = folders.list(kind)
        if names:
            shown = ", ".join(names[:MOST_NAMES]) + (", ..." if len(names) > MOST_NAMES else "")
            yield Finding(about=kind, state="good", found=f"{len(names)}: {shown}")
        elif kind == "checkpoints":
            looked = " or ".join(str(root) for root in roots)
            yield Finding(
                about=kind,
                state="bad",
                found="none",
                mend=f"put a .safetensors checkpoint into {looked}, or point $LOOM_MODELS at a "
                "folder laid out like models/",
            )


def _packs(engine: Engine) -> Iterator[Finding]:
    registry = engine.registry
    packs = sorted({spec.pack for spec in registry.specs()})
    count = len(registry.ids())
    yield Finding(about="nodes", state="good", found=f"{count} from {', '.join(packs)}")
    for failed in registry.failures:
        yield Finding(
            about=f"pack {failed.name}",
            state="odd",
            found=failed.reason,
            mend="install what the pack needs, or take it out of custom_nodes/",
        )
