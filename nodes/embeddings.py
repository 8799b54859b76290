"""Textual inversions: which a prompt names, where they are, what is in them."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine import Context, Folders, PathEscapeError, beneath

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.components import TextEncoder

FOLDER = "embeddings"
SUFFIXES = ("", ".safetensors", ".pt", ".bin")
log = logging.getLogger(__name__)


def embedding_stamps(context: Context, text: str | None) -> list[str]:
    """Tell which textual inversions a prompt loads, by the hashes of their files.

    Args:
        context: Of the node.
        text: The prompt; None where another node gives it, so that it may name any of the files.
    """
    from nodes.diffusion.text.embedding_syntax import embedding_names

    folders = context.folders
    if text is None:
        names = folders.list(FOLDER)
    else:
        found = (_found(folders, name) for name in embedding_names(text))
        names = [one[1] for one in found if one is not None]
    return [context.file(FOLDER, name).sha256 for name in names]


def find_embedding(folders: Folders, name: str) -> Path | None:
    """Return the file of a textual inversion, or None.

    Args:
        folders: Where `embeddings` are; their sub-folders are searched too.
        name: As the prompt has it; the suffix may be left out.
    """
    found = _found(folders, name)
    return None if found is None else found[0]


def embedding_loader(
    folders: Folders,
) -> Callable[["TextEncoder"], Callable[[str], "Tensor | None"]]:
    """Return what gives the vectors of textual inversions by name, for each encoder."""
    from nodes.diffusion.text.embedding_files import read_embedding

    def for_encoder(encoder: "TextEncoder") -> Callable[[str], "Tensor | None"]:
        width = encoder.model.config.hidden_size

        def load(name: str) -> "Tensor | None":
            path = find_embedding(folders, name)
            if path is None:
                log.warning("there is no embedding %r; the word is left out of the prompt", name)
                return None
            return read_embedding(path, encoder.name, width)

        return load

    return for_encoder


def _found(folders: Folders, name: str) -> tuple[Path, str] | None:
    """Return where a textual inversion is, and its name as the folder lists it."""
    for root in folders.roots(FOLDER):
        for directory in _directories(root):
            for suffix in SUFFIXES:
                try:
                    path = beneath(directory, name + suffix)
                except PathEscapeError:
                    return None
                if path.is_file():
                    return path, (directory / (name + suffix)).relative_to(root).as_posix()
    return None


def _directories(root: Path) -> Iterator[Path]:
    if root.is_dir():
        yield root
        yield from sorted(path for path in root.rglob("*") if path.is_dir())
