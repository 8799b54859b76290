from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

from engine import Choice, Folders, Number, Output, Registry, Seed, Shown, node
from engine.declare.catalogue import catalogue, object_info
from engine.declare.function import node_type_of

if TYPE_CHECKING:
    from pathlib import Path


@node("Sample", category="sampling", experimental=True)
def sample(
    *,
    weights: Annotated[str, Choice(["none"], folder="vae")],
    seed: Annotated[int, Seed()] = 0,
    cfg: Annotated[float, Number(0, 100, step=0.1, round=0.01)] = 8.0,
    anything: Any | None = None,
) -> Annotated[list[int], Output("numbers", "What comes out.")]:
    """Sample."""
    del weights, cfg, anything
    return [seed]


def test_a_declaration_reads_as_comfyui_writes_it(tmp_path: Path) -> None:
    (tmp_path / "models" / "vae").mkdir(parents=True)
    (tmp_path / "models" / "vae" / "a.safetensors").touch()
    kind = node_type_of(sample)
    assert kind is not None
    info = object_info(kind.spec, Folders.beneath(tmp_path))
    assert info == {
        "input": {
            "required": {
                "weights": [["none", "a.safetensors"]],
                "seed": [
                    "INT",
                    {"default": 0, "min": 0, "max": 2**64 - 1, "control_after_generate": True},
                ],
                "cfg": [
                    "FLOAT",
                    {"default": 8.0, "min": 0, "max": 100, "step": 0.1, "round": 0.01},
                ],
            },
            "optional": {"anything": ["*"]},
        },
        "input_order": {"required": ["weights", "seed", "cfg"], "optional": ["anything"]},
        "is_input_list": False,
        "output": ["INT"],
        "output_is_list": [True],
        "output_name": ["numbers"],
        "output_tooltips": ["What comes out."],
        "name": "Sample",
        "display_name": "Sample",
        "description": "Sample.",
        "python_module": __name__.partition(".")[0],
        "category": "sampling",
        "output_node": False,
        "has_intermediate_output": False,
        "search_aliases": [],
        "experimental": True,
    }


def test_the_whole_built_in_pack_can_be_written_as_json() -> None:
    written = catalogue(Registry.load().specs())
    read = json.loads(json.dumps(written))
    assert read["PreviewAny"]["input"]["required"]["source"] == ["*"]
    assert read["PreviewAny"]["output_node"] is True


def test_a_node_without_outputs_has_empty_lists() -> None:
    @node("Nothing", output=True)
    def nothing(*, value: int) -> Shown[None]:
        return Shown(ui={"text": [str(value)]})

    kind = node_type_of(nothing)
    assert kind is not None
    info = object_info(kind.spec)
    assert (info["output"], info["output_name"], info["output_is_list"]) == ([], [], [])
