"""ComfyUI's `extra_model_paths.yaml`: further folders of models and packs."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from engine.errors import FileProblemError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.files import Folders

CUSTOM_NODES = "custom_nodes"
_OLD_NAMES = {"unet": "diffusion_models", "clip": "text_encoders"}
_SETTINGS = {"base_path", "is_default"}


@dataclass(frozen=True, kw_only=True)
class NamedFolder:
    """One folder that a file names.

    Attributes:
        kind: What is in it: `checkpoints`, `custom_nodes`.
        path: Absolute.
        first: It is searched before the folders that are known already.
    """

    kind: str
    path: Path
    first: bool


def read_model_paths(file: Path) -> list[NamedFolder]:
    """Return the folders that a file names.

    Each section has a `base_path` where it likes, which counts from the file, and for each kind
    one folder a line, which counts from the base path or else from the file.

    Raises:
        FileProblemError: The file cannot be read, or holds something else.
    """
    sections = _parsed(file)
    return [folder for section in sections.values() for folder in _section(section, file)]


def with_model_paths(folders: Folders, named: Iterable[NamedFolder]) -> Folders:
    """Return folders that know further places of models."""
    models = dict(folders.models)
    for folder in named:
        known = models.get(folder.kind, ())
        if folder.kind == CUSTOM_NODES or folder.path in known:
            continue
        models[folder.kind] = (folder.path, *known) if folder.first else (*known, folder.path)
    return replace(folders, models=models)


def pack_folders(named: Iterable[NamedFolder]) -> tuple[Path, ...]:
    """Return the folders of packs, those that come first in front."""
    packs = [folder for folder in named if folder.kind == CUSTOM_NODES]
    return tuple(folder.path for folder in sorted(packs, key=lambda one: not one.first))


def _parsed(file: Path) -> dict[str, dict[str, Any]]:
    import yaml

    try:
        content: Any = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise FileProblemError(
            "the file of model paths cannot be read", expected=f"YAML in {file}", got=str(error)
        ) from error
    sections = cast("dict[Any, Any]", content) if isinstance(content, dict) else {"": content}
    for name, section in sections.items():
        if section is not None and not isinstance(section, dict):
            raise FileProblemError(
                "the file of model paths is not understood",
                expected=f"a section with one line for each kind of model in {file}",
                got=f"{name}: {section!r}"[:200],
            )
    return {str(name): cast("dict[str, Any]", section or {}) for name, section in sections.items()}


def _section(section: Mapping[str, Any], file: Path) -> Iterator[NamedFolder]:
    base = _expanded(file.parent, str(section.get("base_path") or "."))
    first = bool(section.get("is_default", False))
    for name, value in section.items():
        if name in _SETTINGS:
            continue
        for line in str(value or "").split("\n"):
            if line.strip():
                kind = _OLD_NAMES.get(name, name)
                yield NamedFolder(kind=kind, path=_expanded(base, line.strip()), first=first)


def _expanded(base: Path, path: str) -> Path:
    expanded = Path(os.path.expandvars(path)).expanduser()
    return Path(os.path.normpath(base.absolute() / expanded))
