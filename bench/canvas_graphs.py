"""Workflows of any size, as people draw them: chains from checkpoint to picture, side by side.

A chain has ten nodes and fourteen links, and one of its nodes shows a picture. None of them has a
reroute, a group or a subgraph, so that both editors draw the same things.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

from engine.declare.registry import Registry
from engine.graph.api_format import read_api
from engine.graph.canvas_writer import draw

if TYPE_CHECKING:
    from pathlib import Path

CHAIN = 10
PICTURES = 20
PICTURE_SIDE = 512
_WIDTH, _HEIGHT = 2_900, 640
_RATIO = 1.6
_PLACES = [(0, 0), (400, 0), (800, 0), (800, 260), (0, 170), (800, 420), (1240, 0)]
_PLACES += [(1640, 0), (2040, 0), (400, 300)]
_SUBJECTS = ("a red apple", "an owl in the snow", "a lighthouse at dusk", "a brass diving helmet")
_LORA = "style.safetensors"
_STYLE = "soft light, shallow depth of field, 35 mm, highly detailed, (film grain:1.1)"

Canvas = dict[str, Any]


def graph(nodes: int) -> Canvas:
    """Return a canvas (UI format 0.4) with this many nodes, every tenth of them with a picture."""
    api: dict[str, dict[str, Any]] = {}
    for number in range(math.ceil(nodes / CHAIN)):
        api |= _chain(number)
    kept = dict(list(api.items())[:nodes])
    registry = Registry.built_in()
    canvas = draw(read_api(kept), registry.get)
    columns = max(1, round(math.sqrt(nodes / CHAIN * _RATIO * _HEIGHT / _WIDTH)))
    for drawn in canvas["nodes"]:
        chain, place = divmod(drawn["id"] - 1, CHAIN)
        row, column = divmod(chain, columns)
        x, y = _PLACES[place]
        drawn["pos"] = [column * _WIDTH + x, row * _HEIGHT + y]
        if drawn["type"] == "LoadImage":
            drawn["size"] = [320, 380]
    return canvas


def named_files(base: Path) -> None:
    """Write the files that the graphs name beneath a server's base folder: pictures, a LoRA."""
    import numpy as np
    from PIL import Image

    loras, folder = base / "models" / "loras", base / "input"
    loras.mkdir(parents=True, exist_ok=True)
    (loras / _LORA).touch()
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(0)
    for number in range(PICTURES):
        coarse = random.integers(0, 256, (16, 16, 3), dtype=np.uint8)
        file = io.BytesIO()
        Image.fromarray(coarse).resize((PICTURE_SIDE, PICTURE_SIDE)).save(file, "PNG")
        (folder / _picture(number)).write_bytes(file.getvalue())


def _picture(number: int) -> str:
    return f"bench_{number % PICTURES:02}.png"


def _chain(number: int) -> dict[str, dict[str, Any]]:
    first = number * CHAIN + 1
    names = [str(first + place) for place in range(CHAIN)]
    checkpoint, lora, positive, negative, load, encode, sampler, decode, save, size = names
    subject = _SUBJECTS[number % len(_SUBJECTS)]
    sampling = {
        "seed": 1_000 + number,
        "steps": 20,
        "cfg": 7.0,
        "sampler_name": "dpmpp_2m",
        "scheduler": "karras",
        "denoise": 0.6,
    }
    links = {
        "model": [lora, 0],
        "positive": [positive, 0],
        "negative": [negative, 0],
        "latent_image": [encode, 0],
    }
    strengths = {"strength_model": 0.8, "strength_clip": 0.8}
    style = {"lora_name": _LORA, **strengths}
    scale = {"upscale_method": "lanczos", "width": 512, "height": 512, "crop": "center"}
    return {
        checkpoint: _node("CheckpointLoaderSimple", ckpt_name="starter.safetensors"),
        lora: _node("LoraLoader", model=[checkpoint, 0], clip=[checkpoint, 1], **style),
        positive: _node("CLIPTextEncode", clip=[lora, 1], text=f"{subject}, {_STYLE}"),
        negative: _node("CLIPTextEncode", clip=[lora, 1], text="blurry, watermark"),
        load: _node("LoadImage", image=_picture(number)),
        encode: _node("VAEEncode", pixels=[size, 0], vae=[checkpoint, 2]),
        sampler: _node("KSampler", **sampling, **links),
        decode: _node("VAEDecode", samples=[sampler, 0], vae=[checkpoint, 2]),
        save: _node("SaveImage", images=[decode, 0], filename_prefix=f"bench/{number}"),
        size: _node("ImageScale", image=[load, 0], **scale),
    }


def _node(kind: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs}
