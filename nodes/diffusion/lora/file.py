"""LoRA files of every dialect: which change is for which module."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from nodes.diffusion.errors import PatchError
from nodes.diffusion.lora.adapters import (
    Adapter,
    Difference,
    Hadamard,
    Kronecker,
    LowRank,
    Replacement,
)

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.checkpoints.read import TensorFile

_ROLES = {
    ".lora_up.weight": "up",
    ".lora_down.weight": "down",
    ".lora_mid.weight": "mid",
    "_lora.up.weight": "up",
    "_lora.down.weight": "down",
    ".lora_B.default.weight": "up",
    ".lora_A.default.weight": "down",
    ".lora_B.weight": "up",
    ".lora_A.weight": "down",
    ".lora_B": "up",
    ".lora_A": "down",
    ".lora.up.weight": "up",
    ".lora.down.weight": "down",
    ".lora_linear_layer.up.weight": "up",
    ".lora_linear_layer.down.weight": "down",
    ".alpha": "alpha",
    ".dora_scale": "magnitude",
    ".lora_magnitude_vector.weight": "magnitude",
    ".lora_magnitude_vector": "magnitude",
    **{f".{name}": name for name in ("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b")},
    **{f".{name}": name for name in ("hada_t1", "hada_t2", "lokr_t2")},
    **{f".lokr_w{n}{part}": f"lokr_w{n}{part}" for n in (1, 2) for part in ("", "_a", "_b")},
    ".diff": "diff",
    ".diff_b": "diff_b",
    ".set_weight": "set",
    ".w_norm": "diff",
    ".b_norm": "diff_b",
}
_IGNORED = ("bundle_emb.", "emb_params", "clip_l", "clip_g")
_DIALECTS = (
    ("lora_transformer_", "a LoRA of a transformer model (kohya's names)"),
    ("transformer.", "a LoRA of a transformer model (diffusers' names)"),
    ("lora_unet_double_blocks", "a LoRA of Flux (kohya's names)"),
    ("lora_unet_input_blocks", "kohya's names of the original layout (SDXL)"),
    ("lora_unet_", "kohya's names"),
    ("lora_te", "kohya's names of text encoders"),
    ("lycoris_", "LyCORIS names"),
    ("base_model.model.", "peft's names"),
    ("unet.", "diffusers' names"),
    ("text_encoder", "diffusers' names of text encoders"),
    ("diffusion_model.", "ComfyUI's names"),
)


@dataclass(frozen=True, kw_only=True)
class Match:
    """What a LoRA file does to one network.

    Attributes:
        adapters: By parameter of the network, in the order of the file.
        modules: Names of the file's modules that were found in the network.
    """

    adapters: Mapping[str, tuple[Adapter, ...]]
    modules: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class LoraFile:
    """A LoRA file, sorted by module.

    Attributes:
        file: Its tensors.
        modules: Key by role, by module, as the file calls them.
        strange: Keys that are no part of any known kind of patch.
    """

    file: TensorFile
    modules: Mapping[str, Mapping[str, str]]
    strange: tuple[str, ...]
    _peft: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def dialect(self) -> str:
        """Whose names the file has, in words."""
        for prefix, words in _DIALECTS:
            if any(module.startswith(prefix) for module in self.modules):
                return words
        return "names of no known dialect: " + ", ".join(sorted(self.modules)[:2])

    def match(self, names: Mapping[str, str]) -> Match:
        """Return what the file does to a network.

        Args:
            names: Parameter of the network by each name that files call its module.

        Raises:
            PatchError: A module lacks one of its tensors.
        """
        adapters: dict[str, tuple[Adapter, ...]] = {}
        matched = self.matched(names)
        for module in matched:
            roles, parameter = self.modules[module], names[module]
            change = self._adapter(module, roles)
            if change is not None:
                adapters[parameter] = (*adapters.get(parameter, ()), change)
            if "diff_b" in roles:
                bias = parameter.removesuffix("weight") + "bias"
                difference = Difference(difference=self.file.get(roles["diff_b"]))
                adapters[bias] = (*adapters.get(bias, ()), difference)
        return Match(adapters=adapters, modules=frozenset(matched))

    def matched(self, names: Mapping[str, str]) -> list[str]:
        """Return the modules of the file that a network has; reads no tensor."""
        return [module for module in self.modules if module in names]

    def _adapter(self, module: str, roles: Mapping[str, str]) -> Adapter | None:
        get = self._getter(module, roles)
        for mark, make in _MAKERS.items():
            if mark in roles:
                return make(get, self._alpha(module, roles))
        return None

    def _getter(self, module: str, roles: Mapping[str, str]) -> _Get:
        def get(role: str) -> Tensor:
            if role not in roles:
                raise PatchError(f"the module {module} of {self.file.path.name} lacks {role}")
            return self.file.get(roles[role])

        def optional(role: str) -> Tensor | None:
            return get(role) if role in roles else None

        return _Get(need=get, maybe=optional)

    def _alpha(self, module: str, roles: Mapping[str, str]) -> Callable[[int], float]:
        """Return the scale of a module for its rank."""
        if "alpha" in roles:
            alpha = float(self.file.get(roles["alpha"]))
            return lambda rank: alpha / rank
        for component, values in self._peft.items():
            if module.startswith(f"{component}."):
                return lambda rank: _peft_scale(values, module, rank)
        return lambda _rank: 1.0


@dataclass(frozen=True, kw_only=True)
class _Get:
    need: Callable[[str], Tensor]
    maybe: Callable[[str], Tensor | None]


_Scale = Callable[[int], float]


def read_lora(file: TensorFile) -> LoraFile:
    """Sort the tensors of a LoRA file by module.

    Raises:
        PatchError: Nothing in the file is a patch.
    """
    modules: dict[str, dict[str, str]] = {}
    strange: list[str] = []
    for key in file.shapes:
        for suffix, role in _ROLES.items():
            if key.endswith(suffix):
                modules.setdefault(key.removesuffix(suffix), {})[role] = key
                break
        else:
            if not key.startswith(_IGNORED):
                strange.append(key)
    if not modules:
        raise PatchError(
            f"{file.path.name} is no LoRA",
            expected="tensors like *.lora_up.weight and *.lora_down.weight",
            got=", ".join(sorted(file.shapes)[:2]),
        )
    peft = _peft_config(file.metadata.get("lora_adapter_metadata", "{}"))
    return LoraFile(file=file, modules=modules, strange=tuple(strange), _peft=peft)


def _low_rank(get: _Get, scale: _Scale) -> Adapter:
    down = get.need("down")
    return LowRank(
        up=get.need("up"),
        down=down,
        mid=get.maybe("mid"),
        scale=scale(down.shape[0]),
        magnitude=get.maybe("magnitude"),
    )


def _hadamard(get: _Get, scale: _Scale) -> Adapter:
    factor = get.need("hada_w1_b")
    first, second = get.maybe("hada_t1"), get.maybe("hada_t2")
    return Hadamard(
        left=(get.need("hada_w1_a"), factor),
        right=(get.need("hada_w2_a"), get.need("hada_w2_b")),
        cores=None if first is None or second is None else (first, second),
        scale=scale(factor.shape[0]),
        magnitude=get.maybe("magnitude"),
    )


def _kronecker(get: _Get, scale: _Scale) -> Adapter:
    halves: list[tuple[Tensor, ...]] = []
    rank: int | None = None
    for number in (1, 2):
        whole = get.maybe(f"lokr_w{number}")
        if whole is not None:
            halves.append((whole,))
            continue
        factor = get.need(f"lokr_w{number}_b")
        rank = factor.shape[0]
        halves.append((get.need(f"lokr_w{number}_a"), factor))
    return Kronecker(
        first=halves[0],
        second=halves[1],
        core=get.maybe("lokr_t2"),
        scale=1.0 if rank is None else scale(rank),
        magnitude=get.maybe("magnitude"),
    )


_MAKERS: Mapping[str, Callable[[_Get, _Scale], Adapter]] = {
    "up": _low_rank,
    "down": _low_rank,
    "hada_w1_a": _hadamard,
    "lokr_w1": _kronecker,
    "lokr_w1_a": _kronecker,
    "set": lambda get, _scale: Replacement(value=get.need("set")),
    "diff": lambda get, _scale: Difference(difference=get.need("diff")),
}


def _peft_config(text: str) -> dict[str, dict[str, Any]]:
    """Return diffusers' record of peft's settings by component: `{"unet": {"r": 4, ...}}`."""
    try:
        flat = json.loads(text)
    except ValueError:
        return {}
    components: dict[str, dict[str, Any]] = {}
    for key, value in cast("dict[str, Any]", flat).items() if isinstance(flat, dict) else ():
        component, _, name = key.partition(".")
        components.setdefault(component, {})[name] = value
    return components


def _peft_scale(values: Mapping[str, Any], module: str, rank: int) -> float:
    alpha = values.get("lora_alpha", rank)
    for pattern, special in (values.get("alpha_pattern") or {}).items():
        if module.endswith(pattern):
            alpha = special
    return float(alpha) / (rank**0.5 if values.get("use_rslora") else rank)
