"""Two small workflows in API format that every client runs."""

from __future__ import annotations

from typing import Any

Api = dict[str, dict[str, Any]]

SIZE = (48, 32)
COLOUR = (51, 102, 204)
STEPS = 3


def plain(prefix: str) -> Api:
    """Return a picture of one colour: no model, exact pixels."""
    red, green, blue = COLOUR
    width, height = SIZE
    return {
        "1": {
            "class_type": "EmptyImage",
            "inputs": {
                "width": width,
                "height": height,
                "batch_size": 1,
                "color": red << 16 | green << 8 | blue,
            },
            "_meta": {"title": "Colour"},
        },
        "2": _save("1", prefix),
    }


def painted(prefix: str, seed: int) -> Api:
    """Return text to image with the starter checkpoint in a few steps."""
    return {
        "4": {
            "class_type": "CheckpointLoaderSimple",
            "inputs": {"ckpt_name": "starter.safetensors"},
            "_meta": {"title": "Load Checkpoint"},
        },
        "5": {
            "class_type": "EmptyLatentImage",
            "inputs": {"width": 64, "height": 64, "batch_size": 1},
            "_meta": {"title": "Empty Latent"},
        },
        "6": _text("a red apple", "Prompt"),
        "7": _text("", "Negative"),
        "3": {
            "class_type": "KSampler",
            "inputs": {
                "seed": seed,
                "steps": STEPS,
                "cfg": 4.0,
                "sampler_name": "euler",
                "scheduler": "normal",
                "denoise": 1.0,
                "model": ["4", 0],
                "positive": ["6", 0],
                "negative": ["7", 0],
                "latent_image": ["5", 0],
            },
            "_meta": {"title": "Sampler"},
        },
        "8": {
            "class_type": "VAEDecode",
            "inputs": {"samples": ["3", 0], "vae": ["4", 2]},
            "_meta": {"title": "Decode"},
        },
        "2": _save("8", prefix),
    }


def _text(words: str, title: str) -> dict[str, Any]:
    return {
        "class_type": "CLIPTextEncode",
        "inputs": {"text": words, "clip": ["4", 1]},
        "_meta": {"title": title},
    }


def _save(source: str, prefix: str) -> dict[str, Any]:
    return {
        "class_type": "SaveImage",
        "inputs": {"filename_prefix": prefix, "images": [source, 0]},
        "_meta": {"title": "Save"},
    }
