"""ComfyUI's `comfy.model_management`: devices, number formats and free memory.

Weights are kept by `nodes.diffusion.residency`, which loads and moves them by itself.
"""

from __future__ import annotations

import os
from enum import Enum
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from torch import Tensor

OOM_EXCEPTION = torch.OutOfMemoryError
XFORMERS_IS_AVAILABLE = False
XFORMERS_ENABLED_VAE = False
ENABLE_PYTORCH_ATTENTION = True
directml_enabled = False
lowvram_available = True


class VRAMState(Enum):
    """How device memory is shared out."""

    DISABLED = 0
    NO_VRAM = 1
    LOW_VRAM = 2
    NORMAL_VRAM = 3
    HIGH_VRAM = 4
    SHARED = 5


class CPUState(Enum):
    """Which kind of device computes."""

    GPU = 0
    CPU = 1
    MPS = 2


def __getattr__(name: str) -> Any:
    """Return what is found out only when it is asked for."""
    gpu = torch.cuda.is_available()
    if name == "vram_state":
        return VRAMState.NORMAL_VRAM if gpu else VRAMState.DISABLED
    if name == "cpu_state":
        return CPUState.GPU if gpu else CPUState.CPU
    if name in {"total_vram", "total_ram"}:
        device = get_torch_device() if name == "total_vram" else torch.device("cpu")
        return get_total_memory(device) / 2**20
    raise AttributeError(name)


def get_torch_device() -> torch.device:
    """Return the device that computes."""
    return torch.device("cuda", 0) if torch.cuda.is_available() else torch.device("cpu")


def get_torch_device_name(device: torch.device) -> str:
    """Return what people call a device."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type


def intermediate_device() -> torch.device:
    """Return the device of what links carry."""
    return torch.device("cpu")


def unet_offload_device() -> torch.device:
    """Return where weights of denoising networks wait."""
    return torch.device("cpu")


def unet_inital_load_device(*_: Any, **__: Any) -> torch.device:
    """Return where weights are read to (ComfyUI's spelling)."""
    return torch.device("cpu")


def text_encoder_device() -> torch.device:
    """Return the device of text encoders."""
    return get_torch_device()


def text_encoder_offload_device() -> torch.device:
    """Return where weights of text encoders wait."""
    return torch.device("cpu")


def vae_device() -> torch.device:
    """Return the device of autoencoders."""
    return get_torch_device()


def vae_offload_device() -> torch.device:
    """Return where weights of autoencoders wait."""
    return torch.device("cpu")


def unet_dtype(*_: Any, **__: Any) -> torch.dtype:
    """Return the number format of denoising networks."""
    return torch.float16 if should_use_fp16() else torch.float32


def vae_dtype(*_: Any, **__: Any) -> torch.dtype:
    """Return the number format of autoencoders."""
    return torch.float32


def text_encoder_dtype(*_: Any, **__: Any) -> torch.dtype:
    """Return the number format of text encoders."""
    return torch.float32


def get_total_memory(dev: torch.device | None = None, torch_total_too: bool = False) -> Any:
    """Return the bytes of a device, twice where the allocator's are asked for too."""
    device = get_torch_device() if dev is None else dev
    if device.type == "cuda":
        total = torch.cuda.mem_get_info(device)[1]
    else:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return (total, total) if torch_total_too else total


def get_free_memory(dev: torch.device | None = None, torch_free_too: bool = False) -> Any:
    """Return the free bytes of a device, and those within the allocator where asked for."""
    device = get_torch_device() if dev is None else dev
    kept = 0
    if device.type == "cuda":
        kept = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        free = torch.cuda.mem_get_info(device)[0] + kept
    else:
        free = kept = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES")
    return (free, kept) if torch_free_too else free


def maximum_vram_for_weights(device: torch.device | None = None) -> float:
    """Return how many bytes weights may take."""
    return get_total_memory(device) * 0.88


def should_use_fp16(*_: Any, **__: Any) -> bool:
    """Tell whether large networks compute in half precision."""
    return torch.cuda.is_available()


def should_use_bf16(*_: Any, **__: Any) -> bool:
    """Tell whether networks compute in bfloat16: never by themselves."""
    return False


def supports_dtype(device: torch.device, dtype: torch.dtype | None) -> bool:
    """Tell whether a device computes in a number format."""
    return dtype in {None, torch.float32} or not is_device_cpu(device)


def supports_cast(device: torch.device, dtype: torch.dtype) -> bool:  # noqa: ARG001 - ComfyUI's
    """Tell whether tensors can be cast to a number format."""
    return True


def is_nvidia() -> bool:
    """Tell whether an NVIDIA GPU computes."""
    return torch.cuda.is_available() and torch.version.cuda is not None


def is_amd() -> bool:
    """Tell whether an AMD GPU computes."""
    return torch.cuda.is_available() and torch.version.hip is not None


def is_intel_xpu() -> bool:
    """False: not used here."""
    return False


def is_device_type(device: Any, kind: str) -> bool:
    """Tell whether a device is of a kind."""
    return getattr(device, "type", None) == kind


def is_device_cpu(device: Any) -> bool:
    """Tell whether a device is the CPU."""
    return is_device_type(device, "cpu")


def is_device_cuda(device: Any) -> bool:
    """Tell whether a device is a GPU."""
    return is_device_type(device, "cuda")


def is_device_mps(device: Any) -> bool:
    """Tell whether a device is Apple's."""
    return is_device_type(device, "mps")


def cpu_mode() -> bool:
    """Tell whether the CPU computes."""
    return not torch.cuda.is_available()


def mps_mode() -> bool:
    """False: not used here."""
    return False


def xformers_enabled() -> bool:
    """False: torch's own attention is used."""
    return False


def pytorch_attention_enabled() -> bool:
    """True: torch's own attention is used."""
    return True


def dtype_size(dtype: torch.dtype) -> int:
    """Return the bytes of one number."""
    return dtype.itemsize


def module_size(module: torch.nn.Module) -> int:
    """Return the bytes of a network's weights."""
    return sum(tensor.nbytes for tensor in module.state_dict().values())


def cast_to(
    weight: Tensor,
    dtype: torch.dtype | None = None,
    device: torch.device | None = None,
    non_blocking: bool = False,
    copy: bool = False,
    stream: Any = None,  # noqa: ARG001 - ComfyUI's
) -> Tensor:
    """Return a tensor on a device and in a number format."""
    return weight.to(device=device, dtype=dtype, non_blocking=non_blocking, copy=copy)


def cast_to_device(
    tensor: Tensor, device: torch.device, dtype: torch.dtype | None, copy: bool = False
) -> Tensor:
    """Return a tensor on a device and in a number format."""
    return cast_to(tensor, dtype, device, copy=copy)


def device_supports_non_blocking(device: Any) -> bool:
    """Tell whether copies to a device may run beside the CPU."""
    return is_device_cuda(device)


def soft_empty_cache(force: bool = False) -> None:  # noqa: ARG001 - ComfyUI's
    """Give memory that nothing uses back to the driver."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
