"""ComfyUI's `comfy.cli_args`: what packs ask about the command line."""

from __future__ import annotations

from enum import Enum
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.files import Folders


class LatentPreviewMethod(Enum):
    """How previews are made."""

    NoPreviews = "none"
    Auto = "auto"
    Latent2RGB = "latent2rgb"
    TAESD = "taesd"


_OFF = (
    "async_offload",
    "auto_launch",
    "bf16_text_enc",
    "bf16_unet",
    "bf16_vae",
    "cpu_vae",
    "deterministic",
    "disable_all_custom_nodes",
    "disable_api_nodes",
    "disable_cuda_malloc",
    "disable_ipex_optimize",
    "disable_metadata",
    "disable_smart_memory",
    "disable_xformers",
    "dont_print_server",
    "dont_upcast_attention",
    "enable_compress_response_body",
    "force_channels_last",
    "force_fp16",
    "force_fp32",
    "force_non_blocking",
    "force_upcast_attention",
    "fp16_text_enc",
    "fp16_unet",
    "fp16_vae",
    "fp32_text_enc",
    "fp32_unet",
    "fp32_vae",
    "fp64_unet",
    "fp8_e4m3fn_text_enc",
    "fp8_e4m3fn_unet",
    "fp8_e5m2_text_enc",
    "fp8_e5m2_unet",
    "gpu_only",
    "highvram",
    "log_stdout",
    "lowvram",
    "mmap_torch_files",
    "multi_user",
    "normalvram",
    "novram",
    "quick_test_for_ci",
    "supports_fp8_compute",
    "use_flash_attention",
    "use_pytorch_cross_attention",
    "use_quad_cross_attention",
    "use_sage_attention",
    "use_split_cross_attention",
    "windows_standalone_build",
)


def arguments(folders: Folders, *, cpu: bool = False) -> Any:
    """Return `args`: the options that packs look at, as they stand where nobody gave any.

    Args:
        folders: Where files are.
        cpu: No accelerator is used.
    """
    return SimpleNamespace(
        **dict.fromkeys(_OFF, False),
        cpu=cpu,
        listen="127.0.0.1",
        port=8188,
        base_directory=str(folders.base),
        input_directory=str(folders.input),
        output_directory=str(folders.output),
        temp_directory=str(folders.temp),
        user_directory=str(folders.user),
        extra_model_paths_config=None,
        preview_method=LatentPreviewMethod.NoPreviews,
        preview_size=512,
        cache_classic=False,
        cache_lru=0,
        cache_none=False,
        cuda_device=None,
        default_device=None,
        directml=None,
        reserve_vram=None,
        default_hashing_function="sha256",
        enable_cors_header=None,
        tls_keyfile=None,
        tls_certfile=None,
        front_end_version="comfyanonymous/ComfyUI@latest",
        front_end_root=None,
        max_upload_size=100,
        verbose="INFO",
        fast=set[str](),
        whitelist_custom_nodes=list[str](),
        database_url=None,
    )
