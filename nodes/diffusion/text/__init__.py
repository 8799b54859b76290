"""Prompts: weights, tokens, textual inversions, conditioning.

Names are loaded at first use: telling which files a prompt needs must not cost loading torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nodes.diffusion.text.encoding import (
        Embeddings,
        encode,
        encode_batch,
        encode_chunks,
        encode_each,
    )
    from nodes.diffusion.text.tokenizer import ClipTokenizer, reduced_vocabulary

_HOMES = {
    "ClipTokenizer": "tokenizer",
    "Embeddings": "encoding",
    "encode": "encoding",
    "encode_batch": "encoding",
    "encode_chunks": "encoding",
    "encode_each": "encoding",
    "reduced_vocabulary": "tokenizer",
}

__all__ = [
    "ClipTokenizer",
    "Embeddings",
    "encode",
    "encode_batch",
    "encode_chunks",
    "encode_each",
    "reduced_vocabulary",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
