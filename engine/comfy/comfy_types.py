"""ComfyUI's `comfy.comfy_types`: names of types and base classes that nodes are written with."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, ClassVar, TypedDict


class IO(StrEnum):
    """Names of the types on wires. Each equals, by `!=`, a set of types that it shares all with."""

    STRING = "STRING"
    IMAGE = "IMAGE"
    MASK = "MASK"
    LATENT = "LATENT"
    BOOLEAN = "BOOLEAN"
    INT = "INT"
    FLOAT = "FLOAT"
    COMBO = "COMBO"
    CONDITIONING = "CONDITIONING"
    SAMPLER = "SAMPLER"
    SIGMAS = "SIGMAS"
    GUIDER = "GUIDER"
    NOISE = "NOISE"
    CLIP = "CLIP"
    CONTROL_NET = "CONTROL_NET"
    VAE = "VAE"
    MODEL = "MODEL"
    LORA_MODEL = "LORA_MODEL"
    LOSS_MAP = "LOSS_MAP"
    CLIP_VISION = "CLIP_VISION"
    CLIP_VISION_OUTPUT = "CLIP_VISION_OUTPUT"
    STYLE_MODEL = "STYLE_MODEL"
    GLIGEN = "GLIGEN"
    UPSCALE_MODEL = "UPSCALE_MODEL"
    AUDIO = "AUDIO"
    WEBCAM = "WEBCAM"
    POINT = "POINT"
    FACE_ANALYSIS = "FACE_ANALYSIS"
    BBOX = "BBOX"
    SEGS = "SEGS"
    VIDEO = "VIDEO"
    ANY = "*"
    NUMBER = "FLOAT,INT"
    PRIMITIVE = "STRING,FLOAT,INT,BOOLEAN"

    def __ne__(self, value: object) -> bool:
        if not isinstance(value, str):
            return True
        mine, other = _parts(self), _parts(value)
        return not ({"*"} in (mine, other) or mine <= other or other <= mine)

    __hash__ = str.__hash__


def _parts(text: str) -> set[str]:
    return {part.strip() for part in str.__str__(text).split(",")}


class InputTypeOptions(TypedDict, total=False):
    """The options of an input."""

    default: Any
    defaultInput: bool
    forceInput: bool
    lazy: bool
    rawLink: bool
    tooltip: str
    dynamicPrompts: bool
    multiline: bool
    placeholder: str
    min: float
    max: float
    step: float
    round: float | bool
    label_on: str
    label_off: str
    control_after_generate: bool
    options: list[Any]
    remote: Mapping[str, Any]
    image_upload: bool
    image_folder: str
    display: str


class RemoteInputOptions(TypedDict, total=False):
    """Where the choices of an input come from."""

    route: str
    refresh_button: bool
    control_after_refresh: str
    timeout: int
    max_retries: int
    refresh: int


class HiddenInputTypeDict(TypedDict, total=False):
    """The hidden inputs by name."""

    node_id: str
    unique_id: str
    prompt: str
    extra_pnginfo: str
    dynprompt: str


class InputTypeDict(TypedDict, total=False):
    """What `INPUT_TYPES` returns."""

    required: dict[str, Any]
    optional: dict[str, Any]
    hidden: HiddenInputTypeDict


class FileLocator(TypedDict):
    """A saved file, as `ui` lists it."""

    filename: str
    subfolder: str
    type: str


class ComfyNodeABC(ABC):
    """The base class of nodes that care for types; see docs/nodes.md for what they declare."""

    DESCRIPTION: ClassVar[str]
    CATEGORY: ClassVar[str]
    EXPERIMENTAL: ClassVar[bool]
    DEPRECATED: ClassVar[bool]
    API_NODE: ClassVar[bool | None]
    OUTPUT_NODE: ClassVar[bool]
    INPUT_IS_LIST: ClassVar[bool]
    OUTPUT_IS_LIST: ClassVar[tuple[bool, ...]]
    RETURN_TYPES: ClassVar[tuple[Any, ...]]
    RETURN_NAMES: ClassVar[tuple[str, ...]]
    OUTPUT_TOOLTIPS: ClassVar[tuple[str, ...]]
    FUNCTION: ClassVar[str]

    @classmethod
    def INPUT_TYPES(cls) -> InputTypeDict:  # noqa: N802 - ComfyUI's name
        """Declare no inputs."""
        return {"required": {}}


class CheckLazyMixin:
    """Asks for every lazy input that is not there."""

    def check_lazy_status(self, **inputs: Any) -> list[str]:
        """Return the names of the inputs that are None."""
        return [name for name, value in inputs.items() if value is None]


class UnetParams(TypedDict):
    """What a wrapper around the diffusion model is given."""

    input: Any
    timestep: Any
    c: Mapping[str, Any]
    cond_or_uncond: Any


UnetApplyFunction = Callable[..., Any]
UnetWrapperFunction = Callable[[UnetApplyFunction, UnetParams], Any]
UnetApplyConds = Mapping[str, Any]

NAMES: tuple[str, ...] = (
    "IO",
    "CheckLazyMixin",
    "ComfyNodeABC",
    "FileLocator",
    "HiddenInputTypeDict",
    "InputTypeDict",
    "InputTypeOptions",
    "RemoteInputOptions",
    "StrEnum",
    "UnetApplyConds",
    "UnetApplyFunction",
    "UnetParams",
    "UnetWrapperFunction",
)
"""What the module holds."""
