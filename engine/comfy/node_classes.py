"""Kinds of nodes as V1 classes, for packs that use ComfyUI's own nodes as a library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.comfy.executing import current_run
from engine.declare.spec import Blocker
from engine.declare.wire import plain_type, wire_input
from engine.errors import LoomError
from engine.graph.api_format import write_node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.declare.spec import InputSpec, NodeSpec, NodeType, Returned

METHODS: Mapping[str, str] = {
    "CheckpointLoaderSimple": "load_checkpoint",
    "CLIPLoader": "load_clip",
    "CLIPSetLastLayer": "set_last_layer",
    "CLIPTextEncode": "encode",
    "ConditioningAverage": "addWeighted",
    "ConditioningCombine": "combine",
    "ConditioningConcat": "concat",
    "ConditioningSetArea": "append",
    "ConditioningSetMask": "append",
    "ConditioningSetTimestepRange": "set_range",
    "ConditioningZeroOut": "zero_out",
    "ControlNetApply": "apply_controlnet",
    "ControlNetApplyAdvanced": "apply_controlnet",
    "ControlNetLoader": "load_controlnet",
    "DualCLIPLoader": "load_clip",
    "EmptyImage": "generate",
    "EmptyLatentImage": "generate",
    "ImageBatch": "batch",
    "ImageInvert": "invert",
    "ImagePadForOutpaint": "expand_image",
    "ImageScale": "upscale",
    "ImageScaleBy": "upscale",
    "KSampler": "sample",
    "KSamplerAdvanced": "sample",
    "LatentBlend": "blend",
    "LatentComposite": "composite",
    "LatentCrop": "crop",
    "LatentFlip": "flip",
    "LatentFromBatch": "frombatch",
    "LatentRotate": "rotate",
    "LatentUpscale": "upscale",
    "LatentUpscaleBy": "upscale",
    "LoadImage": "load_image",
    "LoadImageMask": "load_image",
    "LoadLatent": "load",
    "LoraLoader": "load_lora",
    "LoraLoaderModelOnly": "load_lora_model_only",
    "PreviewImage": "save_images",
    "RepeatLatentBatch": "repeat",
    "SaveImage": "save_images",
    "SaveLatent": "save",
    "SetLatentNoiseMask": "set_mask",
    "UNETLoader": "load_unet",
    "VAEDecode": "decode",
    "VAEDecodeTiled": "decode",
    "VAEEncode": "encode",
    "VAEEncodeForInpaint": "encode",
    "VAEEncodeTiled": "encode",
    "VAELoader": "load_vae",
}
"""What the methods of ComfyUI's classes are called; `execute` where packs have no use for it."""


def class_of(kind: NodeType) -> type:
    """Return a class that declares what a kind of node declares and runs it when it is called."""
    spec = kind.spec
    method = METHODS.get(spec.id, "execute")

    def run(self: Any, *values: Any, **named: Any) -> Any:
        del self
        names = [one.name for one in spec.inputs if one.section != "hidden"]
        return _called(kind, {**dict(zip(names, values, strict=False)), **named})

    def input_types(cls: type) -> dict[str, dict[str, Any]]:
        del cls
        return _sections(kind.spec)

    return type(
        spec.id,
        (),
        {
            "__doc__": spec.description,
            "INPUT_TYPES": classmethod(input_types),
            "RETURN_TYPES": tuple(plain_type(one.type) for one in spec.outputs),
            "RETURN_NAMES": tuple(one.name for one in spec.outputs),
            "OUTPUT_IS_LIST": tuple(one.is_list for one in spec.outputs),
            "OUTPUT_NODE": spec.is_output,
            "INPUT_IS_LIST": spec.takes_lists,
            "CATEGORY": spec.category,
            "DESCRIPTION": spec.description,
            "RELATIVE_PYTHON_MODULE": spec.pack,
            "FUNCTION": method,
            method: run,
        },
    )


def _called(kind: NodeType, given: Mapping[str, Any]) -> Any:
    """Run a kind of node within the call of another, and return what a V1 class would.

    Raises:
        LoomError: No node is running, or the kind is a coroutine or asks for lazy inputs.
    """
    run = current_run()
    if run is None:
        raise LoomError(f"{kind.spec.id} can only be called while a node runs")
    inputs = {
        name: value
        for name, value in given.items()
        if (declared := kind.input(name)) is not None and declared.section != "hidden"
    }
    returned: Any = kind.call(inputs, run)
    if hasattr(returned, "__await__"):
        returned.close()
        raise LoomError(f"{kind.spec.id} is a coroutine and cannot be called from another node")
    return _as_returned(returned)


def _as_returned(returned: Returned) -> Any:
    outputs = returned.outputs
    if not returned.ui and returned.expand is None:
        return outputs
    result: dict[str, Any] = {"result": outputs}
    if returned.ui:
        result["ui"] = dict(returned.ui)
    if returned.expand is not None and not isinstance(outputs, Blocker):
        result["expand"] = {
            node_id: write_node(node) for node_id, node in returned.expand.nodes.items()
        }
    return result


def _sections(spec: NodeSpec) -> dict[str, dict[str, Any]]:
    sections: dict[str, dict[str, Any]] = {"required": {}}
    for one in spec.inputs:
        sections.setdefault(one.section, {})[one.name] = _declared(one)
    return sections


def _declared(spec: InputSpec) -> Any:
    return plain_type(spec.type) if spec.section == "hidden" else tuple(wire_input(spec))
