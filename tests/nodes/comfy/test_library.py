from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from engine import Engine

PACK = """
from comfy.samplers import KSampler
from nodes import common_ksampler


class Sample:
    @classmethod
    def INPUT_TYPES(cls):
        names = {"s": (KSampler.SAMPLERS,), "c": (KSampler.SCHEDULERS,)}
        wires = {"m": ("MODEL",), "p": ("CONDITIONING",), "n": ("CONDITIONING",), "l": ("LATENT",)}
        return {"required": {**names, **wires, "parts": ("BOOLEAN",)}}

    RETURN_TYPES = ("LATENT",)
    FUNCTION = "run"

    def run(self, m, s, c, p, n, l, parts):
        if not parts:
            return common_ksampler(m, 5, 4, 2.0, s, c, p, n, l)
        (half,) = common_ksampler(m, 5, 4, 2.0, s, c, p, n, l, last_step=2)
        return common_ksampler(
            m, 5, 4, 2.0, s, c, p, n, half,
            disable_noise=True, start_step=2, force_full_denoise=True,
        )


NODE_CLASS_MAPPINGS = {"PackSample": Sample}
"""


def graph(kind: str, **inputs: Any) -> dict[str, Any]:
    return {
        "1": {
            "class_type": "CheckpointLoaderSimple",
            "inputs": {"ckpt_name": "starter.safetensors"},
        },
        "2": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["1", 1], "text": "a red apple"}},
        "3": {
            "class_type": "EmptyLatentImage",
            "inputs": {"width": 64, "height": 64, "batch_size": 1},
        },
        "4": {"class_type": kind, "inputs": inputs},
    }


@pytest.fixture
def loom(base: Path) -> Engine:
    (base / "custom_nodes").mkdir()
    (base / "custom_nodes" / "sample.py").write_text(PACK)
    return Engine(base=base)


def test_packs_sample_with_the_numbers_of_our_nodes(loom: Engine) -> None:
    ours = graph(
        "KSampler",
        model=["1", 0],
        seed=5,
        steps=4,
        cfg=2.0,
        sampler_name="euler",
        scheduler="normal",
        positive=["2", 0],
        negative=["2", 0],
        latent_image=["3", 0],
        denoise=1.0,
    )
    wires = {"m": ["1", 0], "p": ["2", 0], "n": ["2", 0], "l": ["3", 0]}
    with loom:
        expected = loom.run(loom.load(ours), targets=["4"]).value("4")["samples"]
        for parts in (False, True):
            theirs = graph("PackSample", s="euler", c="normal", parts=parts, **wires)
            found = loom.run(loom.load(theirs), targets=["4"]).value("4")["samples"]
            assert torch.allclose(found, expected, atol=1e-4), f"parts={parts}"
