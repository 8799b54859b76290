"""Where files are, and the one door through which a user's path becomes a real one."""

from __future__ import annotations

import re
from collections.abc import Mapping  # noqa: TC003 - `Folders` travels to workers, which read this
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from engine.errors import FileProblemError, PathEscapeError
from engine.likeness import nearest
from engine.listing import Listings

WEIGHT_SUFFIXES = frozenset(
    {".safetensors", ".ckpt", ".pt", ".pt2", ".bin", ".pth", ".pkl", ".sft"}
)
PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tiff", ".avif"})
MODEL_FOLDERS: Mapping[str, tuple[str, ...]] = {
    "checkpoints": (),
    "configs": (),
    "loras": (),
    "vae": (),
    "text_encoders": ("clip",),
    "diffusion_models": ("unet",),
    "clip_vision": (),
    "style_models": (),
    "embeddings": (),
    "diffusers": (),
    "vae_approx": (),
    "controlnet": ("t2i_adapter",),
    "gligen": (),
    "upscale_models": (),
    "hypernetworks": (),
    "photomaker": (),
    "classifiers": (),
    "model_patches": (),
    "audio_encoders": (),
    "latent_upscale_models": (),
    "datasets": (),
    "background_removal": (),
    "frame_interpolation": (),
    "geometry_estimation": (),
    "optical_flow": (),
    "detection": (),
    "fonts": (),
}
"""ComfyUI's kinds of models, in its order. Each has a folder of its name beneath `models/`; those
that were renamed or joined have the former one too."""
FORMER_KINDS: Mapping[str, str] = {"clip": "text_encoders", "unet": "diffusion_models"}
"""Kinds of models that go by another name now, with that name."""
_SUFFIXES: Mapping[str, frozenset[str]] = {
    "configs": frozenset({".yaml", ".yml"}),
    "fonts": frozenset({".ttf", ".otf", ".ttc", ".woff", ".woff2"}),
    **dict.fromkeys(("classifiers", "datasets"), frozenset[str]()),
    **dict.fromkeys(("input", "output", "temp"), PICTURE_SUFFIXES),
}
LONGEST_NAME = 255
"""Bytes in one part of a path; file systems in use take no longer names."""
LONGEST_PATH = 3000
"""Bytes in a user's path; with the root before it, it stays below the 4096 that Linux takes."""
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?$")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def beneath(root: Path, user_path: str) -> Path:
    r"""Return the real path of what a user names beneath a folder.

    Symbolic links are followed before the check, so a link that leads outside is refused too.

    Args:
        root: The folder to stay in.
        user_path: A relative path with `/` (or `\\`) between its parts.

    Raises:
        PathEscapeError: The path is absolute, leaves the folder, is longer than file systems take,
            or has parts that a file system treats specially (control characters, drive letters,
            reserved device names).
    """
    text = user_path.replace("\\", "/")
    parts = text.split("/")
    inward = not text.startswith(("/", "~")) and not any(map(_leads_up, parts))
    hostile = inward and any(map(_is_hostile, parts))
    real = _resolved(root, text) if inward and not hostile else None
    if real is not None:
        return real
    where = f"a relative path that stays beneath {root.name}/"
    raise PathEscapeError(
        "the path has a part that not every file system takes for a name"
        if hostile
        else "the path leaves the folder it must stay in",
        expected=f"{where}, of names without : or control characters, at most {LONGEST_NAME} bytes "
        "long"
        if hostile
        else where,
        got=repr(user_path if len(user_path) <= LONGEST_NAME else user_path[:LONGEST_NAME] + "..."),
    )


def _leads_up(part: str) -> bool:
    """Tell whether some file system takes one part of a path for the folder above."""
    dots = part.rstrip(" ")
    return dots.startswith("..") and not dots.strip(". ")


def _is_hostile(part: str) -> bool:
    """Tell whether some file system takes one part of a path for more than a plain name."""
    return (
        ":" in part
        or _UNPRINTABLE.search(part) is not None
        or _RESERVED.match(part) is not None
        or len(part.encode()) > LONGEST_NAME
    )


def _resolved(root: Path, text: str) -> Path | None:
    """Follow the links of a path; None where it ends outside the root, in a circle or too deep."""
    if len(text.encode()) > LONGEST_PATH:
        return None
    real_root = root.resolve()
    try:
        real = (real_root / text).resolve()
    except (OSError, RuntimeError):  # a circle of links: RuntimeError up to Python 3.12
        return None
    return real if real == real_root or real_root in real.parents else None


@dataclass(frozen=True, kw_only=True)
class Folders:
    """The folders that a run reads from and writes to.

    Attributes:
        base: The folder that relative settings count from; holds `models/`.
        input: Pictures that workflows load.
        output: What workflows save.
        temp: Previews; may be deleted at any time.
        runs: State of training runs; deleting it loses only the way back into them.
        cache: The disk tier of the results cache and other files that can be rebuilt.
        user: Settings and workflows of users.
        models: For each kind of model its folders, searched in order.
    """

    base: Path
    input: Path
    output: Path
    temp: Path
    runs: Path
    cache: Path
    user: Path
    models: Mapping[str, tuple[Path, ...]] = field(default_factory=dict[str, tuple[Path, ...]])

    @classmethod
    def beneath(cls, base: Path, *, output: Path | None = None) -> Folders:
        """Return the usual layout beneath one folder.

        Args:
            base: Holds `models/`, `input/`, `output/`.
            output: Where results go instead of `output/`.
        """
        base = base.resolve()
        return cls(
            base=base,
            input=base / "input",
            output=(output or base / "output").resolve(),
            temp=base / "temp",
            runs=base / "runs",
            cache=base / ".cache",
            user=base / "user",
            models={
                kind: tuple(base / "models" / name for name in (kind, *former))
                for kind, former in MODEL_FOLDERS.items()
            },
        )

    def roots(self, folder: str) -> tuple[Path, ...]:
        """Return the folders behind a name: a kind of model, `input`, `output` or `temp`.

        Former names of kinds are understood.

        Raises:
            FileProblemError: Nothing has this name.
        """
        special = {"input": self.input, "output": self.output, "temp": self.temp}
        folder = FORMER_KINDS.get(folder, folder)
        if folder in special:
            return (special[folder],)
        if folder in self.models:
            return self.models[folder]
        known = ", ".join(sorted({*special, *self.models}))
        raise FileProblemError("no such folder", expected=f"one of {known}", got=folder)

    def list(self, folder: str) -> list[str]:
        """Return the files behind a folder name, sorted, as the paths that workflows use."""
        suffixes = suffixes_of(folder)
        found: set[str] = set()
        for root in self.roots(folder):
            found.update(self._listings.of(root, suffixes))
        return sorted(found)

    def find(self, folder: str, name: str, *, input_name: str | None = None) -> Path:
        """Return the file that a workflow names.

        ComfyUI's annotated names are understood for pictures: `cat.png [output]`.

        Args:
            folder: A kind of model, `input`, `output` or `temp`.
            name: The relative path as workflows write it.
            input_name: The node's input, for the message.

        Raises:
            FileProblemError: There is no such file; names the nearest and where it was looked for.
            PathEscapeError: The name would leave the folder.
        """
        folder, name = _annotated(folder, name)
        for root in self.roots(folder):
            path = self._beneath(folder, root, name)
            if path.is_file():
                return path
        available = self.list(folder)
        looked = ", ".join(str(root) for root in self.roots(folder))
        raise FileProblemError(
            f"there is no file {name!r} in {folder}",
            input=input_name,
            expected=f"one of the {len(available)} files in {looked}" if available else None,
            got=repr(name),
            nearest=nearest(name, available, cutoff=0.3),
            hint=None if available else f"put a file into {looked}",
        )

    def _beneath(self, folder: str, root: Path, name: str) -> Path:
        try:
            return beneath(root, name)
        except PathEscapeError:
            # Whoever owns a folder of models may link to others: what is listed can be used.
            linked = folder in self.models and name in self._listings.of(root, suffixes_of(folder))
            if not linked:
                raise
            return root / name

    @cached_property
    def _listings(self) -> Listings:
        return Listings()


def suffixes_of(folder: str) -> frozenset[str]:
    """Return the suffixes of the files behind a folder name, lower-case; none means all files."""
    return _SUFFIXES.get(folder, WEIGHT_SUFFIXES)


def _annotated(folder: str, name: str) -> tuple[str, str]:
    for annotation in ("input", "output", "temp"):
        if folder in {"input", "output", "temp"} and name.endswith(f" [{annotation}]"):
            return annotation, name[: -len(annotation) - 3]
    return folder, name
