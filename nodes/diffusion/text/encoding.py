"""Prompts to conditioning tensors: chunks, weights, layers, textual inversions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import torch

from nodes.diffusion.text.tokenizer import CHUNK, Chunk, ClipTokenizer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from nodes.diffusion.components import TextEncoder
    from nodes.diffusion.text.tokenizer import LoadEmbedding

Embeddings = Callable[["TextEncoder"], "LoadEmbedding"]
"""Gives the textual inversions for one encoder."""


def encode(
    encoders: Mapping[str, TextEncoder],
    text: str,
    layer: int | None = None,
    embeddings: Embeddings | None = None,
) -> tuple[Tensor, Tensor]:
    """Encode a prompt as ComfyUI does.

    Gradients flow where they are enabled.

    Args:
        encoders: By name: `l`, `h`, or `l` and `g` (joined on their features).
        text: With prompt weights and `embedding:name`.
        layer: Hidden state to take, -1 the last, for all encoders; None for each one's own.
        embeddings: Where textual inversions come from.

    Returns:
        Conditioning [1, 77 * chunks, width] and pooled output [1, width], in the models' dtype.
    """
    return encode_batch(encoders, [text], layer, embeddings)


def encode_batch(
    encoders: Mapping[str, TextEncoder],
    texts: Sequence[str],
    layer: int | None = None,
    embeddings: Embeddings | None = None,
) -> tuple[Tensor, Tensor]:
    """Encode many prompts in one pass; shorter ones are filled up with empty chunks.

    Args:
        encoders: By name: `l`, `h`, or `l` and `g`.
        texts: At least one.
        layer: As for `encode`.
        embeddings: As for `encode`.

    Returns:
        Conditioning [texts, 77 * chunks, width] and pooled output [texts, width].
    """
    states: dict[str, Tensor] = {}
    pooled: dict[str, Tensor] = {}
    for name, encoder in encoders.items():
        load = embeddings(encoder) if embeddings else None
        prompts = [encoder.tokenizer.chunks(text, load) for text in texts]
        states[name], pooled[name] = encode_chunks(encoder, prompts, layer)
    return _joined(states, pooled)


def encode_each(
    encoders: Mapping[str, TextEncoder],
    texts: Mapping[str, str],
    layer: int | None = None,
    embeddings: Embeddings | None = None,
) -> tuple[Tensor, Tensor]:
    """Encode a prompt of its own for each encoder; shorter ones are filled up with empty chunks.

    Args:
        encoders: By name, as many as texts.
        texts: By name of the encoder.
        layer: As for `encode`.
        embeddings: As for `encode`.

    Returns:
        As of `encode`.
    """
    chunks = {
        name: encoder.tokenizer.chunks(texts[name], embeddings(encoder) if embeddings else None)
        for name, encoder in encoders.items()
    }
    longest = max(map(len, chunks.values()))
    states: dict[str, Tensor] = {}
    pooled: dict[str, Tensor] = {}
    for name, encoder in encoders.items():
        filling = [encoder.tokenizer.empty()] * (longest - len(chunks[name]))
        states[name], pooled[name] = encode_chunks(encoder, [[*chunks[name], *filling]], layer)
    return _joined(states, pooled)


def encode_chunks(
    encoder: TextEncoder, prompts: Sequence[Sequence[Chunk]], layer: int | None = None
) -> tuple[Tensor, Tensor]:
    """Encode prompts that are tokens already.

    A token of weight w moves from the state of an empty prompt at its place by w:
    z' = (z - empty) * w + empty.

    Args:
        encoder: One encoder.
        prompts: Chunks of each prompt, at least one of each.
        layer: As for `encode`.

    Returns:
        Conditioning [prompts, 77 * chunks, width] and pooled output [prompts, width].
    """
    length = max(len(chunks) for chunks in prompts)
    empty = encoder.tokenizer.empty()
    rows = [chunk for chunks in prompts for chunk in [*chunks, *[empty] * (length - len(chunks))]]
    weights = torch.tensor([[token.weight for token in row] for row in rows])
    weighted = bool((weights != 1.0).any())
    states, pooled = _forward(encoder, [*rows, empty] if weighted else rows, layer)
    if weighted:
        states, base = states[:-1], states[-1:]
        pooled = pooled[:-1]
        factor = weights.to(states)[:, :, None]
        states = torch.where(factor == 1.0, states, (states - base) * factor + base)
    return states.reshape(len(prompts), length * CHUNK, -1), pooled[::length]


def _joined(states: Mapping[str, Tensor], pooled: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Join what encoders say on their features, cut to the shortest."""
    shortest = min(state.shape[1] for state in states.values())
    ordered = [states[name] for name in sorted(states, key="lgh".index)]
    joined = torch.cat([state[:, :shortest] for state in ordered], dim=-1)
    return joined, pooled.get("g", next(iter(pooled.values())))


def _forward(
    encoder: TextEncoder, rows: Sequence[Chunk], layer: int | None
) -> tuple[Tensor, Tensor]:
    model = encoder.model
    table = cast("torch.nn.Embedding", model.get_input_embeddings())
    ids, vectors = _ids_and_vectors(encoder.tokenizer, rows, table.embedding_dim)
    ids = ids.to(table.weight.device)
    body = getattr(model, "text_model", model)
    with _vectors_in_place(table, vectors):
        output = body(input_ids=ids, output_hidden_states=True)
    normed = output.last_hidden_state
    ends = (ids == encoder.tokenizer.end).int().argmax(dim=1)
    pooled = normed[torch.arange(len(rows), device=ids.device), ends]
    projection = getattr(model, "text_projection", None)
    if projection is not None:
        pooled = projection(pooled)
    return _chosen(encoder, body, output.hidden_states, normed, layer), pooled


def _chosen(
    encoder: TextEncoder,
    body: torch.nn.Module,
    states: Sequence[Tensor],
    normed: Tensor,
    layer: int | None,
) -> Tensor:
    """Return the hidden state of a layer; one deeper than the network gives its last output."""
    index = encoder.default_layer if layer is None else layer
    layers = len(states) - 1
    if -index > layers or (index == -1 and (encoder.final_norm or layer is None)):
        return normed
    state = states[index]
    return body.get_submodule("final_layer_norm")(state) if encoder.final_norm else state


def _ids_and_vectors(
    tokenizer: ClipTokenizer, rows: Sequence[Chunk], width: int
) -> tuple[Tensor, dict[tuple[int, int], Tensor]]:
    """Return ids [rows, 77], and the vectors that stand in for ids by (row, place).

    Vectors of another width than the encoder's are left out; padding at the end takes their room.
    """
    ids: list[list[int]] = []
    vectors: dict[tuple[int, int], Tensor] = {}
    for number, row in enumerate(rows):
        line: list[int] = []
        for token in row:
            if isinstance(token.value, int):
                line.append(token.value)
            elif token.value.shape[-1] == width:
                vectors[number, len(line)] = token.value
                line.append(tokenizer.pad if tokenizer.pad != tokenizer.end else tokenizer.start)
        ids.append(line + [tokenizer.pad] * (CHUNK - len(line)))
    return torch.tensor(ids), vectors


@contextmanager
def _vectors_in_place(
    table: torch.nn.Module, vectors: Mapping[tuple[int, int], Tensor]
) -> Iterator[None]:
    """Let the embedding table answer with some vectors of ours, to this thread only."""
    if not vectors:
        yield
        return
    owner = threading.get_ident()
    rows, places = torch.tensor(list(vectors)).T

    def replace(_module: torch.nn.Module, _inputs: object, output: Tensor) -> Tensor | None:
        if threading.get_ident() != owner:
            return None
        inserted = torch.stack(list(vectors.values())).to(output)
        return output.index_put((rows.to(output.device), places.to(output.device)), inserted)

    hook = table.register_forward_hook(replace)
    try:
        yield
    finally:
        hook.remove()
