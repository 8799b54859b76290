"""Sizes of models that can be made with random weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nodes.diffusion.checkpoints.config import ModelConfig, TextConfig
from nodes.diffusion.components import LatentFormat
from nodes.diffusion.text.tokenizer import reduced_vocabulary

SD_TEXT: dict[str, Any] = {
    "vocab_size": 49_408,
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "projection_dim": 768,
    "hidden_act": "quick_gelu",
}
SD_VAE: dict[str, Any] = {
    "block_out_channels": [128, 256, 512, 512],
    "down_block_types": ["DownEncoderBlock2D"] * 4,
    "up_block_types": ["UpDecoderBlock2D"] * 4,
    "layers_per_block": 2,
    "latent_channels": 4,
}


def sd1() -> ModelConfig:
    """Return the sizes of Stable Diffusion 1.x: 860 M, 123 M and 84 M parameters."""
    return ModelConfig(
        family="sd1",
        unet={
            "sample_size": 64,
            "block_out_channels": [320, 640, 1280, 1280],
            "cross_attention_dim": 768,
            "attention_head_dim": 8,
        },
        text_encoders={"l": TextConfig(config=SD_TEXT)},
        vae=SD_VAE,
    )


def tiny(words: Sequence[str] = ("a red apple", "a blue bird")) -> ModelConfig:
    """Return sizes for tests: the shape of Stable Diffusion 1.x in less than 2 MB.

    Args:
        words: Texts whose words the vocabulary holds as few tokens; any other text works too.
    """
    return ModelConfig(
        family="sd1",
        unet={
            "sample_size": 8,
            "block_out_channels": [16, 32],
            "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"],
            "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"],
            "layers_per_block": 1,
            "cross_attention_dim": 32,
            "attention_head_dim": 4,
            "norm_num_groups": 8,
        },
        text_encoders={"l": small_text(32, layers=2, heads=2, words=words)},
        vae=small_vae([8, 8, 8, 8], channels=4, groups=4),
    )


def tiny_sd2() -> ModelConfig:
    """Return sizes for tests: the shape of Stable Diffusion 2.x, with its own text layout."""
    base = tiny()
    encoder = small_text(32, layers=3, heads=2, words=(), activation="gelu")
    return ModelConfig(
        family="sd2",
        unet={**(base.unet or {}), "use_linear_projection": True, "attention_head_dim": [2, 4]},
        text_encoders={
            "h": TextConfig(
                config=encoder.config,
                projection=True,
                default_layer=-2,
                token_ids=encoder.token_ids,
            )
        },
        vae=base.vae,
        prediction="v_prediction",
    )


def tiny_sdxl() -> ModelConfig:
    """Return sizes for tests: the shape of SDXL, with two text encoders and size conditioning."""
    base = tiny()
    encoders = {
        name: TextConfig(
            config=small_text(32, layers=3, heads=2, words=(), activation=activation).config,
            projection=name == "g",
            default_layer=-2,
            final_norm=False,
            token_ids=reduced_vocabulary(()),
        )
        for name, activation in (("l", "quick_gelu"), ("g", "gelu"))
    }
    return ModelConfig(
        family="sdxl",
        unet={
            **(base.unet or {}),
            "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D"],
            "up_block_types": ["CrossAttnUpBlock2D", "UpBlock2D"],
            "cross_attention_dim": 64,
            "transformer_layers_per_block": [1, 2],
            "use_linear_projection": True,
            "attention_head_dim": [2, 4],
            "addition_embed_type": "text_time",
            "addition_time_embed_dim": 8,
            "projection_class_embeddings_input_dim": 32 + 6 * 8,
        },
        text_encoders=encoders,
        vae=base.vae,
        latents=LatentFormat(scale=0.13025),
    )


def starter(words: Sequence[str], *, latent_channels: int = 16, scale: float = 1.0) -> ModelConfig:
    """Return the sizes of the starter model: 64 px pictures on 8x8 latents, v-prediction.

    Args:
        words: Texts whose words the vocabulary holds as few tokens.
        latent_channels: Of the autoencoder.
        scale: Network input = scale * autoencoder output.
    """
    return ModelConfig(
        family="sd1",
        unet={
            "sample_size": 8,
            "in_channels": latent_channels,
            "out_channels": latent_channels,
            "block_out_channels": [96, 192],
            "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
            "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D"],
            "layers_per_block": 1,
            "cross_attention_dim": 192,
            "attention_head_dim": 4,
        },
        text_encoders={"l": small_text(192, layers=3, heads=4, words=words)},
        vae=small_vae([32, 64, 96, 128], channels=latent_channels, groups=16),
        prediction="v_prediction",
        latents=LatentFormat(channels=latent_channels, scale=scale),
    )


def small_text(
    width: int,
    *,
    layers: int,
    heads: int,
    words: Sequence[str],
    activation: str = "quick_gelu",
) -> TextConfig:
    """Return a small text encoder over the part of CLIP's vocabulary that some texts need.

    Args:
        width: Of its states; a multiple of `heads`.
        layers: Of its network.
        heads: Of its attention.
        words: Texts whose words the vocabulary holds as few tokens.
        activation: CLIP-L's by default.
    """
    kept = reduced_vocabulary(words)
    return TextConfig(
        config={
            "vocab_size": len(kept),
            "hidden_size": width,
            "intermediate_size": 4 * width,
            "num_hidden_layers": layers,
            "num_attention_heads": heads,
            "projection_dim": width,
            "hidden_act": activation,
        },
        token_ids=kept,
    )


def small_vae(widths: Sequence[int], *, channels: int, groups: int) -> dict[str, Any]:
    """Return the configuration of a small autoencoder.

    Args:
        widths: Channels of each level; each level after the first halves the size.
        channels: Of the latents.
        groups: Of its normalisation; divides all widths.
    """
    return {
        "block_out_channels": list(widths),
        "down_block_types": ["DownEncoderBlock2D"] * len(widths),
        "up_block_types": ["UpDecoderBlock2D"] * len(widths),
        "layers_per_block": 1,
        "latent_channels": channels,
        "norm_num_groups": groups,
    }
