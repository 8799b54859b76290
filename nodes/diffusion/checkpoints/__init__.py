"""Weight files: detect, read, write, and the names that their tensors have."""

from nodes.diffusion.checkpoints.config import ModelConfig, TextConfig
from nodes.diffusion.checkpoints.create import Components, create
from nodes.diffusion.checkpoints.detect import Description, describe
from nodes.diffusion.checkpoints.load import (
    load_autoencoder,
    load_diffusion,
    load_text_encoders,
)
from nodes.diffusion.checkpoints.save import checkpoint_content, save_checkpoint
from nodes.diffusion.checkpoints.write import save_tensors, write_tensors

__all__ = [
    "Components",
    "Description",
    "ModelConfig",
    "TextConfig",
    "checkpoint_content",
    "create",
    "describe",
    "load_autoencoder",
    "load_diffusion",
    "load_text_encoders",
    "save_checkpoint",
    "save_tensors",
    "write_tensors",
]
