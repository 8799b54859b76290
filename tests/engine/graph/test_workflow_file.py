from __future__ import annotations

import io
import json
import math
import struct
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from safetensors.numpy import save

from engine.errors import FileProblemError, WorkflowFormatError
from engine.graph.flow import Flow
from engine.graph.json_text import MAX_DEPTH
from engine.graph.model import Link
from engine.graph.script import write_script
from engine.graph.ui_format import write_ui
from engine.graph.workflow_file import load_workflow, to_graph
from tests.engine.graph.declared_kinds import Kinds, canonical, canvas

if TYPE_CHECKING:
    from pathlib import Path

API: dict[str, Any] = {
    "1": {"class_type": "EmptyLatentImage", "inputs": {"width": 8, "height": 8, "batch_size": 1}},
    "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}},
}
UI = canvas([{"id": 1, "type": "EmptyLatentImage", "widgets_values": [8, 8, 1]}], [])


def png(**texts: str) -> bytes:
    info = PngInfo()
    for key, text in texts.items():
        info.add_text(key, text)
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PNG", pnginfo=info)
    return file.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def exif_picture(kind: str) -> bytes:
    exif = Image.Exif()
    exif[0x0110] = "prompt:" + json.dumps(API)
    exif[0x010F] = "workflow:" + json.dumps(UI)
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, kind, exif=exif)
    return file.getvalue()


def check_both(content: bytes) -> None:
    file = load_workflow(content)
    assert file.graph is not None
    assert file.graph.nodes["2"].inputs["images"] == Link("1", 0)
    assert file.canvas is not None
    assert canonical(write_ui(file.canvas)) == canonical(UI)
    assert file.extra_pnginfo == {"workflow": UI}
    assert not file.notes


def test_every_form_is_a_workflow(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(API), encoding="utf-8")
    marked = b"\xef\xbb\xbf" + json.dumps(API).encode()
    request = {"prompt": API, "extra_data": {"extra_pnginfo": {"workflow": UI}}}
    forms = [API, json.dumps(API), marked, json.dumps(API).encode("utf-16"), path, str(path)]
    for form in (*forms, request):
        file = load_workflow(form)
        assert file.graph is not None
        assert list(file.graph.nodes) == ["1", "2"]
    assert load_workflow(request).extra_pnginfo == {"workflow": UI}
    assert load_workflow(UI).graph is None


def test_scripts_are_workflows(tmp_path: Path) -> None:
    flow = Flow()
    flow.PreviewImage(images=flow.EmptyImage()[0])
    path = tmp_path / "mine.py"
    path.write_text(write_script(flow.graph()), encoding="utf-8")
    assert load_workflow(path).graph == flow.graph()


def test_canvases_become_graphs_by_the_declared_widgets(comfy: Kinds) -> None:
    graph = to_graph(load_workflow(UI), comfy.get).graph
    assert graph.nodes["1"].inputs["width"] == 8


def test_pngs_keep_what_ran_and_what_was_shown() -> None:
    check_both(png(prompt=json.dumps(API), workflow=json.dumps(UI)))


def test_other_text_chunks_of_pngs_are_read() -> None:
    plain = png()
    international = b"workflow\0\1\0en\0\0" + zlib.compress(json.dumps(UI).encode())
    compressed = b"prompt\0\0" + zlib.compress(json.dumps(API).encode())
    head, rest = plain[:33], plain[33:]
    check_both(head + chunk(b"iTXt", international) + chunk(b"zTXt", compressed) + rest)


def test_animated_pngs_keep_it_behind_the_picture() -> None:
    plain = png()
    extra = b"".join(
        chunk(b"comf", key + b"\0" + json.dumps(value).encode())
        for key, value in ((b"prompt", API), (b"workflow", UI))
    )
    check_both(plain[:-12] + extra + plain[-12:])


@pytest.mark.parametrize("kind", ["WEBP", "JPEG", "AVIF"])
def test_exif_blocks_are_read(kind: str) -> None:
    check_both(exif_picture(kind))


def test_metadata_of_weights_files_are_read() -> None:
    import numpy as np

    metadata = {"prompt": json.dumps(API), "workflow": json.dumps(UI)}
    check_both(save({"latent_tensor": np.zeros(3, np.float32)}, metadata))


def test_one_broken_text_of_a_picture_is_noted_and_the_other_used() -> None:
    file = load_workflow(png(prompt="{", workflow=json.dumps(UI)))
    assert file.graph is None
    assert file.canvas is not None
    assert [note.kind for note in file.notes] == ["ignored_text"]


def test_a_cut_off_picture_still_gives_what_came_before_the_cut() -> None:
    whole = png(prompt=json.dumps(API))
    assert load_workflow(whole[:-20]).graph is not None
    with pytest.raises(WorkflowFormatError, match="cut off"):
        load_workflow(whole[:60])


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG", "AVIF"])
def test_pictures_without_a_workflow_say_so(kind: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, kind)
    with pytest.raises(WorkflowFormatError, match="holds no workflow"):
        load_workflow(file.getvalue())
    with pytest.raises(WorkflowFormatError, match="of another tool"):
        load_workflow(png(parameters="a red apple\nSteps: 20"))


def test_compressed_texts_that_are_bombs_are_refused() -> None:
    bomb = zlib.compress(b" " * (80 * 2**20), 9)
    plain = png()
    content = plain[:33] + chunk(b"zTXt", b"prompt\0\0" + bomb) + plain[33:]
    with pytest.raises(WorkflowFormatError, match="longer than"):
        load_workflow(content)


HOSTILE: dict[str, Any] = {
    "empty": "",
    "blank": "   ",
    "no JSON": "hello",
    "cut off": json.dumps(API)[:40],
    "deep lists": '{"1": ' + "[" * 10_000 + "]" * 10_000 + "}",
    "deep objects": '{"a":' * 10_000 + "1" + "}" * 10_000,
    "a little too deep": '{"1": ' + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1) + "}",
    "NaN": '{"1": {"class_type": "X", "inputs": {"a": NaN}}}',
    "Infinity": '{"1": {"class_type": "X", "inputs": {"a": -Infinity}}}',
    "too large a float": '{"1": {"class_type": "X", "inputs": {"a": 1e999}}}',
    "too long a number": '{"1": {"class_type": "X", "inputs": {"a": ' + "9" * 5000 + "}}}",
    "doubled keys": '{"1": {"class_type": "X", "class_type": "Y"}}',
    "half a character": '{"1": {"class_type": "X", "inputs": {"a": "\\ud800"}}}',
    "a list": "[]",
    "a number": "5",
    "null": "null",
    "an empty object": "{}",
    "not text": b"\xff\xfe\xff",
    "binary": bytes(range(256)),
    "half a node": '{"1": {"class_type": "X"}, "2": {}}',
    "nodes of the wrong type": '{"nodes": [1], "links": []}',
    "no id": '{"nodes": [{"type": "X"}], "links": []}',
    "no type": '{"nodes": [{"id": 1}], "links": []}',
    "an id of the wrong type": '{"nodes": [{"id": [], "type": "X"}], "links": []}',
    "doubled ids": '{"nodes": [{"id": 1, "type": "X"}, {"id": "1", "type": "X"}], "links": []}',
    "values of the wrong type": '{"nodes": [{"id": 1, "type": "X", "widgets_values": 5}]}',
    "links of the wrong type": '{"nodes": [], "links": [5]}',
    "short links": '{"nodes": [], "links": [[1, 2]]}',
    "slots of the wrong type": '{"nodes": [], "links": [[1, 2, "x", 3, 0, "A"]]}',
    "definitions of the wrong type": '{"nodes": [], "links": [], "definitions": []}',
    "a subgraph without id": '{"nodes": [], "links": [], "definitions": {"subgraphs": [{}]}}',
    "groups of the wrong type": '{"nodes": [], "links": [], "extra": {"groupNodes": 5}}',
    "a false PNG": b"\x89PNG\r\n\x1a\n" + b"\xff" * 40,
    "a false WebP": b"RIFF\xff\xff\xff\xffWEBPEXIF\xff\xff\xff\xff",
    "a false JPEG": b"\xff\xd8\xff\xe1\xff\xffExif",
    "a false AVIF": b"\0\0\0\x20ftypavif" + b"\0" * 20 + b"\0\0\0\x10meta\0\0\0\0\0\0\0\0",
    "false weights": b"\xff\xff\xff\xff\0\0\0\0{",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_refused_with_a_sentence(name: str) -> None:
    content = HOSTILE[name]
    with pytest.raises(WorkflowFormatError) as caught:
        load_workflow(content.encode() if isinstance(content, str) else content)
    assert str(caught.value)
    assert "\n" not in str(caught.value)


def test_objects_that_contain_themselves_are_refused() -> None:
    endless: dict[str, Any] = {"class_type": "X"}
    endless["inputs"] = endless
    with pytest.raises(WorkflowFormatError, match="nested deeper"):
        load_workflow({"1": endless})
    with pytest.raises(WorkflowFormatError, match="type object"):
        load_workflow({"1": {"class_type": "X", "inputs": {"a": object()}}})
    with pytest.raises(WorkflowFormatError, match="not text"):
        load_workflow({1: {"class_type": "X"}})  # type: ignore[dict-item]


def test_fingerprints_may_be_no_number_because_comfyui_writes_them_so() -> None:
    file = load_workflow('{"1": {"class_type": "X", "inputs": {}, "is_changed": [NaN]}}')
    assert file.graph is not None
    assert math.isnan(file.graph.nodes["1"].is_changed[0])


def test_numbers_of_64_bits_are_exact() -> None:
    file = load_workflow('{"1": {"class_type": "X", "inputs": {"seed": 18446744073709551615}}}')
    assert file.graph is not None
    assert file.graph.nodes["1"].inputs["seed"] == 2**64 - 1


def test_files_that_cannot_be_read_are_a_problem_of_files(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path, "a\0b"):
        with pytest.raises(FileProblemError):
            load_workflow(path)
    (tmp_path / "picture.json").touch()
    with pytest.raises(FileProblemError) as caught:
        load_workflow(tmp_path / "pictur.json")
    assert caught.value.problem.nearest == str(tmp_path / "picture.json")


def test_the_one_wrong_node_of_many_is_named() -> None:
    with pytest.raises(WorkflowFormatError, match="node 3 has no class_type"):
        load_workflow({**API, "3": {"inputs": {}}})
