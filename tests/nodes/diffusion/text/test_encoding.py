"""Prompts to tensors."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import torch
from torch import Tensor

from nodes.diffusion.components import TextEncoder
from nodes.diffusion.text import encode, encode_batch
from nodes.diffusion.text.tokenizer import CHUNK, LoadEmbedding

Encoders = Mapping[str, TextEncoder]


def plain(encoders: Encoders, text: str, name: str = "l") -> dict[str, Tensor]:
    """Ask the network itself."""
    encoder = encoders[name]
    ids = torch.tensor([[token.value for token in encoder.tokenizer.chunks(text)[0]]])
    body = getattr(encoder.model, "text_model", encoder.model)
    output = body(input_ids=ids, output_hidden_states=True)
    return {
        "normed": output.last_hidden_state,
        "states": torch.stack(output.hidden_states),
        "pooled": output.pooler_output,
    }


def near(one: Tensor, other: Tensor) -> bool:
    return torch.allclose(one, other, atol=1e-6)


def test_a_plain_prompt_is_what_the_network_says(encoders: Encoders) -> None:
    states, pooled = encode(encoders, "a red apple")
    expected = plain(encoders, "a red apple")
    assert states.shape == (1, CHUNK, 32)
    assert near(states, expected["normed"])
    assert near(pooled, expected["pooled"])


def test_a_weight_moves_a_token_away_from_the_empty_prompt(encoders: Encoders) -> None:
    weighed, pooled = encode(encoders, "a (red:1.5) apple")
    plainly, plain_pooled = encode(encoders, "a red apple")
    empty, _ = encode(encoders, "")
    assert near(weighed[:, 2], (plainly[:, 2] - empty[:, 2]) * 1.5 + empty[:, 2])
    assert torch.equal(weighed[:, [0, 1, 3, 4]], plainly[:, [0, 1, 3, 4]])
    assert torch.equal(pooled, plain_pooled)


def test_a_long_prompt_has_a_state_for_each_of_its_chunks(encoders: Encoders) -> None:
    states, _ = encode(encoders, "apple " * 100)
    assert states.shape == (1, 2 * CHUNK, 32)
    assert near(states[:, :CHUNK], encode(encoders, "apple " * 75)[0])


def test_layers_are_counted_from_the_end_and_normed_as_the_model_does(
    encoders: Encoders, pair: Encoders
) -> None:
    expected = plain(encoders, "apple")
    body = getattr(encoders["l"].model, "text_model", encoders["l"].model)
    skipped, _ = encode(encoders, "apple", layer=-2)
    assert near(skipped, body.final_layer_norm(expected["states"][-2]))
    too_deep, _ = encode(encoders, "apple", layer=-24)
    assert near(too_deep, expected["normed"])
    joined, _ = encode(pair, "apple")
    assert near(joined[..., :32], plain(pair, "apple", "l")["states"][-2])
    assert near(joined[..., 32:], plain(pair, "apple", "g")["states"][-2])
    last, _ = encode(pair, "apple", layer=-1)
    assert near(last[..., :32], plain(pair, "apple", "l")["states"][-1])


def test_the_pooled_output_of_a_pair_is_the_projected_one_of_g(pair: Encoders) -> None:
    _, pooled = encode(pair, "apple")
    projection = pair["g"].model.get_submodule("text_projection")
    assert near(pooled, projection(plain(pair, "apple", "g")["pooled"]))


def test_an_embedding_of_a_words_own_vector_reads_like_the_word(encoders: Encoders) -> None:
    encoder = encoders["l"]
    [row] = encoder.tokenizer.encode("apple")
    vector = encoder.model.get_input_embeddings().weight[row : row + 1]

    def embeddings(_encoder: TextEncoder) -> LoadEmbedding:
        return {"fruit": vector.detach()}.get

    inserted, pooled = encode(encoders, "a red embedding:fruit", None, embeddings)
    written, written_pooled = encode(encoders, "a red apple")
    assert near(inserted, written)
    assert near(pooled, written_pooled)


def test_an_embedding_of_another_width_is_left_out(encoders: Encoders) -> None:
    def embeddings(_encoder: TextEncoder) -> LoadEmbedding:
        return {"wide": torch.ones(2, 99)}.get

    ignored, _ = encode(encoders, "a embedding:wide apple", None, embeddings)
    assert near(ignored, encode(encoders, "a apple")[0])


def test_many_prompts_at_once_are_each_what_they_are_alone(encoders: Encoders) -> None:
    texts = ["a red apple", "", "a (blue:1.2) bird", "apple " * 80]
    states, pooled = encode_batch(encoders, texts)
    assert states.shape == (4, 2 * CHUNK, 32)
    for number, text in enumerate(texts):
        alone, alone_pooled = encode(encoders, text)
        assert near(states[number : number + 1, : alone.shape[1]], alone)
        assert near(pooled[number : number + 1], alone_pooled)


def test_gradients_reach_the_table_of_tokens(encoders: Encoders) -> None:
    table = encoders["l"].model.get_input_embeddings().weight
    states, _ = encode(encoders, "a (red:1.3) apple")
    [gradient] = torch.autograd.grad(states.sum(), [table])
    assert bool(gradient.any())


@pytest.mark.parametrize("layer", [None, -1, -2])
def test_an_empty_prompt_has_a_conditioning_too(encoders: Encoders, layer: int | None) -> None:
    states, _ = encode(encoders, "", layer)
    assert bool(states.isfinite().all())
