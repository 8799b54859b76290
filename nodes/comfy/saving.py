"""ComfyUI's `nodes.SaveImage` and `nodes.PreviewImage`, which packs build their own nodes on."""

from __future__ import annotations

import secrets
import string
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from nodes.picture_write import save_pictures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from engine import Context


@dataclass(frozen=True)
class _Given:
    """What is saved beside the pictures, in place of a run's."""

    prompt: Mapping[str, Any] | None
    extra_pnginfo: Mapping[str, Any] | None
    saves_metadata: bool


class SaveImage:
    """Writes pictures into the output folder; subclasses change where and how."""

    def __init__(self) -> None:
        self.output_dir: str = sys.modules["folder_paths"].get_output_directory()
        self.type = "output"
        self.prefix_append = ""
        self.compress_level = 4

    def save_images(
        self,
        images: Tensor,
        filename_prefix: str = "ComfyUI",
        prompt: Mapping[str, Any] | None = None,
        extra_pnginfo: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Write pictures [batch, height, width, channels] in 0..1 and return what shows them.

        Args:
            images: The pictures.
            filename_prefix: Start of the file names, with folders and tokens.
            prompt: The graph, saved in the files.
            extra_pnginfo: What else is saved in them, by name.

        Raises:
            PathEscapeError: The prefix leads out of the folder.
            FileProblemError: A file cannot be written.
        """
        shown = save_pictures(
            images,
            root=Path(self.output_dir),
            kind=self.type,
            prefix=filename_prefix + self.prefix_append,
            compress_level=self.compress_level,
            context=cast("Context", _Given(prompt, extra_pnginfo, not _is_silent())),
        )
        return {"ui": shown}


class PreviewImage(SaveImage):
    """Writes pictures into the folder for temporary files."""

    def __init__(self) -> None:
        super().__init__()
        letters = "".join(secrets.choice(string.ascii_lowercase) for _ in range(5))
        self.output_dir = sys.modules["folder_paths"].get_temp_directory()
        self.type = "temp"
        self.prefix_append = f"_temp_{letters}"
        self.compress_level = 1


def _is_silent() -> bool:
    """Tell whether the command line asked for files that do not tell how they were made."""
    return bool(sys.modules["comfy.cli_args"].args.disable_metadata)
