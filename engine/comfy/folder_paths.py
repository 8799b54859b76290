"""ComfyUI's `folder_paths`, answered from `Folders`."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.files import WEIGHT_SUFFIXES, beneath

if TYPE_CHECKING:
    from engine.files import Folders

LEGACY = {"unet": "diffusion_models", "clip": "text_encoders"}
"""Names of model folders that were renamed."""


@dataclass
class FolderPaths:
    """The functions and names of the module; see `namespace`.

    Attributes:
        folders: What is answered from.
        folder_names_and_paths: Folders and suffixes by kind of model; packs add their own.
    """

    folders: Folders
    folder_names_and_paths: dict[str, tuple[list[str], set[str]]] = field(
        default_factory=dict[str, tuple[list[str], set[str]]]
    )

    def __post_init__(self) -> None:
        for kind, roots in self.folders.models.items():
            paths = [str(root) for root in roots]
            self.folder_names_and_paths.setdefault(kind, (paths, set(WEIGHT_SUFFIXES)))

    def namespace(self) -> dict[str, Any]:
        """Return what the module holds."""
        functions = {
            name: getattr(self, name)
            for name, value in vars(FolderPaths).items()
            if callable(value) and not name.startswith("_") and name != "namespace"
        }
        return {
            **functions,
            "base_path": str(self.folders.base),
            "models_dir": str(self.folders.base / "models"),
            "folder_names_and_paths": self.folder_names_and_paths,
            "supported_pt_extensions": set(WEIGHT_SUFFIXES),
        }

    def map_legacy(self, folder_name: str) -> str:
        """Return the present name of a kind of model."""
        return LEGACY.get(folder_name, folder_name)

    def get_folder_paths(self, folder_name: str) -> list[str]:
        """Return the folders of a kind of model.

        Raises:
            KeyError: There is no such kind.
        """
        return list(self.folder_names_and_paths[self.map_legacy(folder_name)][0])

    def add_model_folder_path(
        self, folder_name: str, full_folder_path: str, is_default: bool = False
    ) -> None:
        """Add a folder to a kind of model, in front if it is the default."""
        kind = self.map_legacy(folder_name)
        paths, _ = self.folder_names_and_paths.setdefault(kind, ([], set()))
        if full_folder_path in paths:
            paths.remove(full_folder_path)
        paths.insert(0 if is_default else len(paths), full_folder_path)

    def get_filename_list(self, folder_name: str) -> list[str]:
        """Return the files of a kind of model, sorted; an empty set of suffixes takes all."""
        paths, suffixes = self.folder_names_and_paths[self.map_legacy(folder_name)]
        found = {
            file.relative_to(path).as_posix()
            for path in paths
            for file in Path(path).rglob("*")
            if file.is_file() and (not suffixes or file.suffix.lower() in suffixes)
        }
        return sorted(name for name in found if ".git" not in Path(name).parts)

    def get_full_path(self, folder_name: str, filename: str) -> str | None:
        """Return where a file of a kind of model is, or None."""
        for path in self.get_folder_paths(folder_name):
            file = beneath(Path(path), filename)
            if file.is_file():
                return str(file)
        return None

    def get_full_path_or_raise(self, folder_name: str, filename: str) -> str:
        """Return where a file of a kind of model is.

        Raises:
            FileNotFoundError: It is not there.
        """
        path = self.get_full_path(folder_name, filename)
        if path is None:
            raise FileNotFoundError(f"there is no file {filename!r} in {folder_name}")
        return path

    def get_input_directory(self) -> str:
        """Return the folder of pictures that workflows load."""
        return str(self.folders.input)

    def get_output_directory(self) -> str:
        """Return the folder of results."""
        return str(self.folders.output)

    def get_temp_directory(self) -> str:
        """Return the folder of previews."""
        return str(self.folders.temp)

    def get_user_directory(self) -> str:
        """Return the folder of users' settings."""
        return str(self.folders.base / "user")

    def get_directory_by_type(self, type_name: str) -> str | None:
        """Return the folder called `input`, `output` or `temp`."""
        known = {
            "input": self.folders.input,
            "output": self.folders.output,
            "temp": self.folders.temp,
        }
        return str(known[type_name]) if type_name in known else None

    def annotated_filepath(self, name: str) -> tuple[str, str | None]:
        """Return a name without its annotation, and the folder that the annotation means."""
        match = re.fullmatch(r"(.*) \[(input|output|temp)\]", name)
        return (match[1], self.get_directory_by_type(match[2])) if match else (name, None)

    def get_annotated_filepath(self, name: str, default_dir: str | None = None) -> str:
        """Return the path that an annotated name means; the input folder without annotation."""
        plain, folder = self.annotated_filepath(name)
        return str(beneath(Path(folder or default_dir or self.folders.input), plain))

    def exists_annotated_filepath(self, name: str) -> bool:
        """Tell whether the file of an annotated name is there."""
        return Path(self.get_annotated_filepath(name)).exists()

    def get_save_image_path(
        self, filename_prefix: str, output_dir: str, image_width: int = 0, image_height: int = 0
    ) -> tuple[str, str, int, str, str]:
        """Return where to save: folder, file name, counter, subfolder and the expanded prefix.

        Raises:
            PathEscapeError: The prefix leads out of the output folder.
        """
        prefix = _expanded(filename_prefix, image_width, image_height)
        target = beneath(Path(output_dir), prefix)
        folder, name = target.parent, target.name
        folder.mkdir(parents=True, exist_ok=True)
        numbered = re.compile(rf"{re.escape(name)}_(\d+)_?.*")
        matches = (numbered.fullmatch(file.name) for file in folder.iterdir())
        counter = 1 + max((int(match[1]) for match in matches if match), default=0)
        subfolder = folder.relative_to(Path(output_dir).resolve()).as_posix()
        return str(folder), name, counter, "" if subfolder == "." else subfolder, prefix


def _expanded(prefix: str, width: int, height: int) -> str:
    now = time.localtime()
    values = {
        "width": str(width),
        "height": str(height),
        "year": str(now.tm_year),
        "month": f"{now.tm_mon:02}",
        "day": f"{now.tm_mday:02}",
        "hour": f"{now.tm_hour:02}",
        "minute": f"{now.tm_min:02}",
        "second": f"{now.tm_sec:02}",
    }
    return re.sub(r"%(\w+)%", lambda match: values.get(match[1], match[0]), prefix)
