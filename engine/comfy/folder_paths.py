"""ComfyUI's `folder_paths`, answered from `Folders`."""

from __future__ import annotations

import mimetypes
import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import PathEscapeError
from engine.files import FORMER_KINDS, WEIGHT_SUFFIXES, beneath, suffixes_of
from engine.listing import Listings

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from engine.files import Folders

_MODEL_MIMES = ("model/", "application/x-model")
_MODEL_SUFFIXES = (".fbx", ".glb", ".gltf", ".obj", ".stl", ".usdz")


class FolderPaths:
    """The functions and names of the module; see `namespace`.

    Args:
        folders: What is answered from.

    Attributes:
        folder_names_and_paths: Folders and suffixes by kind of model; packs add their own.
    """

    def __init__(self, folders: Folders) -> None:
        self._base = folders.base
        self._listings = Listings()
        self._directories = {
            "input": str(folders.input),
            "output": str(folders.output),
            "temp": str(folders.temp),
            "user": str(folders.user),
        }
        self.folder_names_and_paths: dict[str, tuple[list[str], set[str]]] = {
            kind: ([str(root) for root in roots], set(suffixes_of(kind)))
            for kind, roots in folders.models.items()
        }
        packs = ([str(folders.base / "custom_nodes")], set[str]())
        self.folder_names_and_paths.setdefault("custom_nodes", packs)

    def namespace(self) -> dict[str, Any]:
        """Return what the module holds."""
        functions = {
            name: getattr(self, name)
            for name, value in vars(FolderPaths).items()
            if callable(value) and not name.startswith("_") and name != "namespace"
        }
        return {
            **functions,
            "base_path": str(self._base),
            "models_dir": str(self._base / "models"),
            "folder_names_and_paths": self.folder_names_and_paths,
            "supported_pt_extensions": set(WEIGHT_SUFFIXES),
            "filename_list_cache": {},
            "cache_helper": _CacheHelper(),
            "extension_mimetypes_cache": {"webp": "image", "fbx": "model"},
            "output_directory": self._directories["output"],
            "temp_directory": self._directories["temp"],
            "input_directory": self._directories["input"],
            "user_directory": self._directories["user"],
        }

    def map_legacy(self, folder_name: str) -> str:
        """Return the present name of a kind of model."""
        return FORMER_KINDS.get(folder_name, folder_name)

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
            if not is_default:
                return
            paths.remove(full_folder_path)
        paths.insert(0 if is_default else len(paths), full_folder_path)

    def get_filename_list(self, folder_name: str) -> list[str]:
        """Return the files of a kind of model, sorted; an empty set of suffixes takes all.

        Raises:
            KeyError: There is no such kind.
        """
        paths, suffixes = self.folder_names_and_paths[self.map_legacy(folder_name)]
        wanted = frozenset(suffixes)
        return sorted({name for path in paths for name in self._listings.of(Path(path), wanted)})

    def get_full_path(self, folder_name: str, filename: str) -> str | None:
        """Return where a file of a kind of model is, or None."""
        kind = self.map_legacy(folder_name)
        for path in self.folder_names_and_paths.get(kind, ((), ()))[0]:
            # Names that would lead out of the folder lead nowhere; links inside it are followed.
            inside = os.path.relpath(os.path.join("/", filename), "/")  # noqa: PTH118
            file = Path(path, inside)
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
        return self._directories["input"]

    def get_output_directory(self) -> str:
        """Return the folder of results."""
        return self._directories["output"]

    def get_temp_directory(self) -> str:
        """Return the folder of previews."""
        return self._directories["temp"]

    def get_user_directory(self) -> str:
        """Return the folder of users' settings."""
        return self._directories["user"]

    def set_input_directory(self, input_dir: str) -> None:
        """Change the folder of pictures, for what asks here."""
        self._directories["input"] = input_dir

    def set_output_directory(self, output_dir: str) -> None:
        """Change the folder of results, for what asks here."""
        self._directories["output"] = output_dir

    def set_temp_directory(self, temp_dir: str) -> None:
        """Change the folder of previews, for what asks here."""
        self._directories["temp"] = temp_dir

    def set_user_directory(self, user_dir: str) -> None:
        """Change the folder of users' settings, for what asks here."""
        self._directories["user"] = user_dir

    def get_directory_by_type(self, type_name: str) -> str | None:
        """Return the folder called `input`, `output` or `temp`."""
        return None if type_name == "user" else self._directories.get(type_name)

    def get_input_subfolders(self) -> list[str]:
        """Return the folders beneath the input folder, sorted."""
        root = Path(self.get_input_directory())
        found = (path for path in root.rglob("*") if path.is_dir())
        return sorted(path.relative_to(root).as_posix() for path in found)

    def annotated_filepath(self, name: str) -> tuple[str, str | None]:
        """Return a name without its annotation, and the folder that the annotation means."""
        match = re.fullmatch(r"(.*) \[(input|output|temp)\]", name)
        return (match[1], self.get_directory_by_type(match[2])) if match else (name, None)

    def get_annotated_filepath(self, name: str, default_dir: str | None = None) -> str:
        """Return the path that an annotated name means; the input folder without annotation."""
        plain, folder = self.annotated_filepath(name)
        return str(beneath(Path(folder or default_dir or self.get_input_directory()), plain))

    def exists_annotated_filepath(self, name: str) -> bool:
        """Tell whether the file of an annotated name is there."""
        try:
            return Path(self.get_annotated_filepath(name)).exists()
        except PathEscapeError:
            return False

    def filter_files_extensions(
        self, files: Collection[str], extensions: Collection[str]
    ) -> list[str]:
        """Return the names with one of some suffixes, sorted; no suffixes at all take all."""
        return sorted(
            name for name in files if not extensions or Path(name).suffix.lower() in extensions
        )

    def filter_files_content_types(
        self, files: Sequence[str], content_types: Collection[str]
    ) -> list[str]:
        """Return the names whose suffix says that they are `image`, `video`, `audio` or `model`."""
        return [name for name in files if _content_type(name) in content_types]

    def recursive_search(
        self, directory: str, excluded_dir_names: Collection[str] | None = None
    ) -> tuple[list[str], dict[str, float]]:
        """Return the files beneath a folder, and its folders with the times of their changes."""
        skipped = set(excluded_dir_names or ())
        files: list[str] = []
        changed: dict[str, float] = {}
        for folder, folders, names in os.walk(directory, followlinks=True):
            folders[:] = [name for name in folders if name not in skipped]
            changed[folder] = Path(folder).stat().st_mtime
            files += [Path(folder, name).relative_to(directory).as_posix() for name in names]
        return files, changed

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


class _CacheHelper:
    """ComfyUI's `cache_helper`: lists are remembered here anyway, so that it has nothing to do."""

    active = True

    def __enter__(self) -> _CacheHelper:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def clear(self) -> None:
        """Do nothing."""


def _content_type(name: str) -> str | None:
    """Return `image`, `video`, `audio` or `model`, or another first part of a MIME type."""
    if name.lower().endswith(_MODEL_SUFFIXES):
        return "model"
    if name.lower().endswith(".webp"):  # unknown to some systems
        return "image"
    mime = mimetypes.guess_type(name, strict=False)[0]
    return "model" if mime and mime.startswith(_MODEL_MIMES) else mime and mime.split("/")[0]


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
