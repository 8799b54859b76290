"""ComfyUI's `comfy.utils`: weight files and tensors; `ProgressBar` is the engine's."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from nodes.diffusion.checkpoints.header import read_header
from nodes.diffusion.checkpoints.read import open_tensors
from nodes.diffusion.checkpoints.write import save_tensors
from nodes.diffusion.resize import bislerp as _bislerp
from nodes.diffusion.resize import resize

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import Tensor


def load_torch_file(
    ckpt: str | Path,
    safe_load: bool = False,  # noqa: ARG001 - loading is always safe
    device: torch.device | None = None,
    return_metadata: bool = False,
) -> Any:
    """Return the tensors of a weights file by name, and its metadata where asked for.

    Raises:
        WeightsFormatError: The file holds something else than tensors; pickled code never runs.
    """
    file = open_tensors(Path(ckpt))
    tensors = {name: file.get(name).clone() for name in file.shapes}
    if device is not None:
        tensors = {name: tensor.to(device) for name, tensor in tensors.items()}
    return (tensors, dict(file.metadata)) if return_metadata else tensors


def save_torch_file(
    sd: Mapping[str, Tensor], ckpt: str | Path, metadata: Mapping[str, str] | None = None
) -> None:
    """Write a safetensors file."""
    save_tensors(Path(ckpt), sd, dict(metadata or {}))


def safetensors_header(safetensors_path: str | Path, max_size: int = 100 * 2**20) -> bytes | None:
    """Return the JSON header of a safetensors file; None where it is longer than allowed."""
    path = Path(safetensors_path)
    read_header(path)
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        return None if length > max_size else file.read(length)


def calculate_parameters(sd: Mapping[str, Tensor], prefix: str = "") -> int:
    """Return how many numbers the tensors under a prefix hold."""
    return sum(tensor.nelement() for name, tensor in sd.items() if name.startswith(prefix))


def weight_dtype(sd: Mapping[str, Tensor], prefix: str = "") -> torch.dtype | None:
    """Return the number format of most numbers under a prefix; None where there are none."""
    counts: dict[torch.dtype, int] = {}
    for name, tensor in sd.items():
        if name.startswith(prefix):
            counts[tensor.dtype] = counts.get(tensor.dtype, 0) + tensor.numel()
    return max(counts, key=counts.__getitem__, default=None)


def state_dict_prefix_replace(
    state_dict: dict[str, Any], replace_prefix: Mapping[str, str], filter_keys: bool = False
) -> dict[str, Any]:
    """Rename all keys under some prefixes; others are left out where asked for.

    The given dictionary loses what is renamed.
    """
    out: dict[str, Any] = {} if filter_keys else state_dict
    for old, new in replace_prefix.items():
        for key in [key for key in state_dict if key.startswith(old)]:
            out[new + key[len(old) :]] = state_dict.pop(key)
    return out


def set_attr(obj: Any, attr: str, value: Any) -> Any:
    """Set an attribute by its dotted path and return what was there."""
    *path, name = attr.split(".")
    for part in path:
        obj = getattr(obj, part)
    before = getattr(obj, name)
    setattr(obj, name, value)
    return before


def set_attr_param(obj: Any, attr: str, value: Tensor) -> Any:
    """Set a parameter without gradients by its dotted path and return what was there."""
    return set_attr(obj, attr, torch.nn.Parameter(value, requires_grad=False))


def get_attr(obj: Any, attr: str) -> Any:
    """Return an attribute by its dotted path."""
    for part in attr.split("."):
        obj = getattr(obj, part)
    return obj


def copy_to_param(obj: Any, attr: str, value: Tensor) -> None:
    """Copy numbers into a parameter by its dotted path."""
    get_attr(obj, attr).data.copy_(value)


def repeat_to_batch_size(tensor: Tensor, batch_size: int, dim: int = 0) -> Tensor:
    """Return so many items along a dimension: cut, or repeated from the start."""
    count = tensor.shape[dim]
    if count < batch_size:
        times = [1] * tensor.ndim
        times[dim] = math.ceil(batch_size / count)
        tensor = tensor.repeat(times)
    return tensor.narrow(dim, 0, batch_size)


def common_upscale(samples: Tensor, width: int, height: int, upscale_method: str, crop: str) -> Any:
    """Return planes `[batch, channels, height, width]` at another size.

    Args:
        samples: The planes; a dimension of frames behind the channels is kept.
        width: New width.
        height: New height.
        upscale_method: `nearest-exact`, `bilinear`, `area`, `bicubic`, `bislerp` or `lanczos`.
        crop: `center` cuts to the new aspect ratio first; everything else stretches.
    """
    frames: tuple[int, int] | None = None
    if samples.ndim > 4:  # noqa: PLR2004 - batch, channels, frames, height, width
        frames = (samples.shape[0], samples.shape[2])
        samples = samples.movedim(2, 1).flatten(0, 1)
    out = resize(samples, width, height, upscale_method, crop=crop == "center")
    return out if frames is None else out.unflatten(0, frames).movedim(2, 1)


def lanczos(samples: Tensor, width: int, height: int) -> Tensor:
    """Return planes at another size, filtered as Lanczos does."""
    return resize(samples, width, height, "lanczos")


def bislerp(samples: Tensor, width: int, height: int) -> Tensor:
    """Return latents at another size, directions and lengths interpolated apart."""
    return _bislerp(samples, width, height)


def reshape_mask(input_mask: Tensor, output_shape: torch.Size) -> Tensor:
    """Return a mask that fits planes `[batch, channels, height, width]`."""
    height, width = output_shape[-2:]
    mask = input_mask.reshape(-1, 1, *input_mask.shape[-2:])
    mask = torch.nn.functional.interpolate(mask, size=(height, width), mode="bilinear")
    mask = mask.expand(-1, output_shape[1], -1, -1)
    return repeat_to_batch_size(mask, output_shape[0])


def get_tiled_scale_steps(width: int, height: int, tile_x: int, tile_y: int, overlap: int) -> int:
    """Return how many tiles cover a picture."""
    rows = 1 if height <= tile_y else math.ceil((height - overlap) / (tile_y - overlap))
    columns = 1 if width <= tile_x else math.ceil((width - overlap) / (tile_x - overlap))
    return rows * columns


def tiled_scale(  # noqa: PLR0917 - ComfyUI's order
    samples: Tensor,
    function: Callable[[Tensor], Tensor],
    tile_x: int = 64,
    tile_y: int = 64,
    overlap: int = 8,
    upscale_amount: float = 4,
    out_channels: int = 3,
    output_device: str | torch.device = "cpu",
    pbar: Any = None,
) -> Tensor:
    """Return what a function makes of a picture, tile by tile, with the seams faded.

    Args:
        samples: `[batch, channels, height, width]`.
        function: Makes of a tile one that is `upscale_amount` times as large.
        tile_x: Width of tiles.
        tile_y: Height of tiles.
        overlap: How far tiles reach into each other.
        upscale_amount: How much larger the result is.
        out_channels: Channels of the result.
        output_device: Where the result is.
        pbar: Is told of each tile.
    """
    height, width = samples.shape[2:]
    size = (
        samples.shape[0],
        out_channels,
        round(height * upscale_amount),
        round(width * upscale_amount),
    )
    out = torch.zeros(size, device=output_device)
    for index in range(samples.shape[0]):
        total = torch.zeros((1, *size[1:]), device=output_device)
        weight = torch.zeros((1, 1, *size[2:]), device=output_device)
        for top in _starts(height, tile_y, overlap):
            for left in _starts(width, tile_x, overlap):
                tile = samples[index : index + 1, :, top : top + tile_y, left : left + tile_x]
                made = function(tile).to(output_device)
                fade = _faded(made, round(overlap * upscale_amount))
                y, x = round(top * upscale_amount), round(left * upscale_amount)
                total[:, :, y : y + made.shape[2], x : x + made.shape[3]] += made * fade
                weight[:, :, y : y + made.shape[2], x : x + made.shape[3]] += fade
                if pbar is not None:
                    pbar.update(1)
        out[index : index + 1] = total / weight
    return out


def _starts(length: int, tile: int, overlap: int) -> list[int]:
    """Return where tiles begin so that they cover a length, each as large as it can be."""
    if length <= tile:
        return [0]
    last = length - tile
    return [*range(0, last, max(1, tile - overlap)), last]


def _faded(tile: Tensor, width: int) -> Tensor:
    """Return weights that rise from near 0 at each edge to 1 within some pixels."""
    fade = torch.ones_like(tile[:, :1])
    for step in range(min(width, tile.shape[2], tile.shape[3])):
        value = (step + 1) / width
        for edge in (
            fade[:, :, step, :],
            fade[:, :, -1 - step, :],
            fade[..., step],
            fade[..., -1 - step],
        ):
            edge.mul_(value)
    return fade
