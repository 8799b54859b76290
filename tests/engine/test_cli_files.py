"""Files that are missing, broken or hostile, met by the real nodes with a tiny model."""

from __future__ import annotations

import json
import pickle
import re
import resource
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Done, Loom

ROOT = Path(__file__).resolve().parents[2]
TEXT_TO_IMAGE = ROOT / "workflows" / "text_to_image.json"
IMAGE_TO_IMAGE = ROOT / "workflows" / "image_to_image.json"
QUICK = ("--set", "KSampler.steps=1")


def fails_kindly(done: Done, base: Path, *words: str) -> None:
    """A clear error, exit code 1, no traceback, nothing left behind."""
    assert done.code == 1, done
    assert "Traceback" not in done.err
    assert "unexpected" not in done.err, done.err
    assert not [word for word in words if word not in done.err], done.err
    assert [path for path in (base / "output").rglob("*") if path.is_file()] == []


def checkpoint(base: Path) -> Path:
    return base / "models" / "checkpoints" / "starter.safetensors"


def test_a_picture_is_drawn_and_drawn_again_from_the_cache(loom: Loom, base: Path) -> None:
    first = loom.inside("run", TEXT_TO_IMAGE, *QUICK)
    assert first.code == 0, first.err
    (path,) = first.out.splitlines()
    assert Path(path).is_relative_to(base / "output")
    second = loom.inside("run", TEXT_TO_IMAGE, *QUICK)
    assert second.out == first.out
    assert "0 nodes ran" in second.err
    # The picture is a workflow itself, with the changed value in both of its chunks.
    again = loom.inside("run", path, "--json")
    assert json.loads(again.out)["runs"][0]["executed"] == []
    api = json.loads(loom.inside("convert", path, "--to", "api").out)
    assert (
        next(node for node in api.values() if node["class_type"] == "KSampler")["inputs"]["steps"]
        == 1
    )
    canvas = json.loads(loom.inside("convert", path, "--to", "ui").out)
    shown = next(node for node in canvas["nodes"] if node["type"] == "KSampler")
    assert 1 in shown["widgets_values"]
    assert shown["pos"] == next(
        node["pos"]
        for node in json.loads(TEXT_TO_IMAGE.read_text())["nodes"]
        if node["type"] == "KSampler"
    )


def test_a_missing_model_is_named_with_the_nearest_and_where_it_was_looked_for(
    loom: Loom, base: Path
) -> None:
    name = "CheckpointLoaderSimple.ckpt_name=startr.safetensors"
    done = loom.inside("run", TEXT_TO_IMAGE, "--set", name)
    fails_kindly(
        done, base, "startr", "did you mean: starter.safetensors", str(checkpoint(base).parent)
    )


class Hostile:
    """Unpickling an object of this kind would write a file."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return (Path.write_text, (self.target, "pickle ran"))


def truncated(content: bytes) -> bytes:
    return content[: len(content) // 2]


def cut_header(content: bytes) -> bytes:
    return content[:100]


def lying_header(content: bytes) -> bytes:
    return struct.pack("<Q", 2**40) + content[8:]


def swapped(content: bytes) -> bytes:
    header = b'{"x":{"dtype":"F32","shape":[1000000],"data_offsets":[0,4000000]}}'
    return struct.pack("<Q", len(header)) + header + b"\0" * 16


def empty(content: bytes) -> bytes:
    return b""


def text(content: bytes) -> bytes:
    return b"this is no model, whatever its name says\n" * 10


@pytest.mark.parametrize("damage", [truncated, cut_header, lying_header, swapped, empty, text])
def test_a_broken_weights_file_is_refused(
    loom: Loom, base: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = checkpoint(base)
    path.write_bytes(damage(path.read_bytes()))
    fails_kindly(
        loom.inside("run", TEXT_TO_IMAGE, *QUICK), base, "CheckpointLoaderSimple", path.name
    )


@pytest.mark.parametrize("suffix", [".safetensors", ".ckpt", ".pt"])
def test_a_pickle_never_runs_whatever_its_name(loom: Loom, base: Path, suffix: str) -> None:
    ran = base / "pickle_ran"
    path = checkpoint(base).with_name(f"hostile{suffix}")
    path.write_bytes(pickle.dumps({"state_dict": Hostile(ran)}))
    name = f"CheckpointLoaderSimple.ckpt_name={path.name}"
    done = loom.inside("run", TEXT_TO_IMAGE, "--set", name)
    fails_kindly(done, base, path.name)
    assert not ran.exists()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(side: int) -> bytes:
    """A small PNG that claims to be `side` pixels wide and high."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1_000_000, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.png", bomb(100_000)),
        ("cut.png", (ROOT / "input" / "sketch.png").read_bytes()[:200]),
        ("text.png", b"no picture"),
        ("empty.png", b""),
        ("bomb.json", b'{"1": {}}'),
    ],
)
def test_a_picture_that_is_none_is_refused(
    loom: Loom, base: Path, name: str, content: bytes
) -> None:
    (base / "input" / name).write_bytes(content)
    done = loom.inside("run", IMAGE_TO_IMAGE, *QUICK, "--set", f"LoadImage.image={name}")
    fails_kindly(done, base, "LoadImage", name)


@pytest.mark.parametrize("name", ["bomb.png", "cut.png"])
def test_a_picture_that_is_none_is_no_workflow_either(loom: Loom, base: Path, name: str) -> None:
    path = base / name
    path.write_bytes(bomb(100_000) if name == "bomb.png" else b"\x89PNG\r\n\x1a\n\0\0")
    fails_kindly(loom.inside("validate", path), base, name)


@pytest.mark.parametrize(
    "name",
    ["../secret.png", "/etc/passwd", "a/../../secret.png", "..\\secret.png", "C:\\secret.png",
     "link.png", "secret.png [output]", "../secret.png [temp]", "~/secret.png"],
)  # fmt: skip
def test_a_picture_outside_of_the_input_folder_is_not_read(
    loom: Loom, base: Path, name: str
) -> None:
    secret = base / "secret.png"
    secret.write_bytes((ROOT / "input" / "sketch.png").read_bytes())
    (base / "input" / "link.png").symlink_to(secret)
    done = loom.inside("run", IMAGE_TO_IMAGE, *QUICK, "--set", f"LoadImage.image={name}")
    fails_kindly(done, base, "LoadImage", "image")


@pytest.mark.parametrize(
    "prefix", ["../escaped", "/tmp/escaped", "a/../../escaped", "..\\escaped", "sub\0escaped"]
)
def test_a_picture_is_not_saved_outside_of_the_output_folder(
    loom: Loom, base: Path, prefix: str
) -> None:
    done = loom.inside("run", TEXT_TO_IMAGE, *QUICK, "--set", f"SaveImage.filename_prefix={prefix}")
    fails_kindly(done, base, "SaveImage", "filename_prefix")
    assert "done in" not in done.err  # it is refused before anything runs
    assert not list(base.rglob("*escaped*"))


def test_dates_are_filled_in_whatever_the_form_of_the_workflow(loom: Loom, base: Path) -> None:
    graph = {
        "1": {
            "class_type": "EmptyImage",
            "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 0},
        },
        "2": {
            "class_type": "SaveImage",
            "inputs": {"images": ["1", 0], "filename_prefix": "%date:yyyy%/%date:MM-dd%_%width%"},
        },
    }
    done = loom("run", "-", stdin=json.dumps(graph))
    assert done.code == 0, done.err
    name = Path(done.out.strip()).relative_to(base / "output").as_posix()
    assert re.fullmatch(r"2\d\d\d/[01]\d-[0-3]\d_8_00001_\.png", name)


def test_a_full_disk_leaves_nothing_half_written(loom: Loom, base: Path) -> None:
    """A limit on the size of files stands for the full disk: writing fails in the middle."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    done = loom("run", TEXT_TO_IMAGE, *QUICK, preexec_fn=limit)
    fails_kindly(done, base, "SaveImage")
    assert not list(base.rglob("*.tmp"))
    again = loom.inside("run", TEXT_TO_IMAGE, *QUICK)
    assert again.code == 0, again.err


def test_results_can_be_read_back_in_python(base: Path) -> None:
    from engine import Engine

    with Engine(base=base) as engine:
        workflow = engine.load(TEXT_TO_IMAGE)
        workflow.set("KSampler.steps", 2)
        workflow.set("Prompt.text", "a blue bird")
        seen: list[str] = []
        result = engine.run(workflow, listener=lambda event: seen.append(type(event).__name__))
        assert [picture.size for picture in result.images] == [(64, 64)]
        decoded = engine.run(workflow, targets=["VAEDecode"])
        assert decoded.value("VAEDecode").shape == (1, 64, 64, 3)
        assert decoded.executed == ()
    assert seen[0] == "Started"
    assert seen[-1] == "Finished"
    assert seen.count("Progress") >= 2


def pixels_of(path: str | Path) -> bytes:
    with Image.open(path) as picture:
        return picture.tobytes()


def test_dreams_are_the_same_twice_and_different_four_times(loom: Loom, base: Path) -> None:
    words = ("dream", "a red apple", "-n", "4", "-S", "7", "-s", "2")
    first = loom.inside(*words, "-i")
    assert first.code == 0, first.err
    paths = [Path(line) for line in first.out.splitlines()]
    pixels = [pixels_of(path) for path in paths]
    assert len(set(pixels)) == 4
    assert loom.inside("cache", "--clear").code == 0
    second = [Path(line) for line in loom.inside(*words, "-i").out.splitlines()]
    assert [pixels_of(path) for path in second] == pixels
    grid = loom.inside(*words)
    (path,) = grid.out.splitlines()
    assert len(pixels_of(path)) == 4 * len(pixels[0])
    assert len(list((base / "output").iterdir())) == 9
    lines = '!dream “a red apple” -n 1 -S 8 -s 2\n# a comment\n!dream "x" -n none\n'
    spoken = loom("dream", stdin=lines)
    assert spoken.code == 1
    assert pixels_of(spoken.out.strip()) == pixels[1]
    assert "whole number" in spoken.err
