"""Prompts: weights, tokens, textual inversions, conditioning."""

from nodes.diffusion.text.encode import Embeddings, encode, encode_batch, encode_chunks
from nodes.diffusion.text.tokenizer import ClipTokenizer, reduced_vocabulary

__all__ = [
    "ClipTokenizer",
    "Embeddings",
    "encode",
    "encode_batch",
    "encode_chunks",
    "reduced_vocabulary",
]
