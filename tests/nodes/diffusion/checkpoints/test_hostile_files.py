"""Files that are broken, mislabelled or malicious."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import struct
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.diffusion.checkpoints import describe, save_tensors
from nodes.diffusion.checkpoints.header import read_header
from nodes.diffusion.checkpoints.read import open_tensors
from nodes.diffusion.errors import DiffusionError, MissingComponentError, WeightsFormatError

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {"a": torch.arange(6.0).reshape(2, 3), "b": torch.ones(4, dtype=torch.float16)}


class Evil:
    """Runs a command where a careless reader unpickles it."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, (f"touch {self.mark}",)


def header_file(path: Path, header: Any, data: bytes = b"", length: int | None = None) -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text) if length is None else length) + text + data)
    return path


def entry(start: int, end: int, shape: list[Any], dtype: str = "F32") -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


@pytest.mark.parametrize(
    ("header", "data"),
    [
        (b"not json", b""),
        ([], b""),
        ({"a": 1}, b""),
        ({"a": {"dtype": "F32"}}, b""),
        ({"a": entry(0, 8, [1])}, bytes(8)),
        ({"a": entry(0, 4, [1])}, b""),
        ({"a": entry(0, 4, [1])}, bytes(8)),
        ({"a": entry(0, 4, [1]), "b": entry(2, 6, [1])}, bytes(6)),
        ({"a": entry(0, 4, [1]), "b": entry(8, 12, [1])}, bytes(12)),
        ({"a": entry(-4, 0, [1])}, bytes(4)),
        ({"a": entry(4, 0, [-1])}, bytes(4)),
        ({"a": entry(0, 4, [True])}, bytes(4)),
        ({"a": entry(0, 4, [1.0])}, bytes(4)),
        ({"a": entry(0, 0, [1 << 62, 1 << 62, 4])}, b""),
        ({"a": entry(0, 4, [1] * 99)}, bytes(4)),
        ({"a": entry(0, 4, [1], dtype="F99")}, bytes(4)),
        ({"a": entry(0, 4, [1]), "__metadata__": {"a": 1}}, bytes(4)),
        (b'{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{}}', b""),
        (b"[" * 50_000, b""),
    ],
)
def test_a_header_that_does_not_fit_its_file_is_refused(
    tmp_path: Path, header: Any, data: bytes
) -> None:
    path = header_file(tmp_path / "bad.safetensors", header, data)
    with pytest.raises(WeightsFormatError, match=r"bad\.safetensors is no whole safetensors file"):
        open_tensors(path)


@pytest.mark.parametrize("length", [0, 1, 10**6, 1 << 40, (1 << 64) - 1])
def test_an_impossible_header_length_is_refused_at_once(tmp_path: Path, length: int) -> None:
    path = header_file(tmp_path / "bad.safetensors", {}, length=length)
    with pytest.raises(WeightsFormatError):
        open_tensors(path)


def test_a_truncated_file_says_that_it_is_cut_off(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.safetensors", tmp_path / "cut.safetensors"
    save_tensors(whole, GOOD, {})
    content = whole.read_bytes()
    for size in (0, 4, 20, len(content) - 1):
        cut.write_bytes(content[:size])
        with pytest.raises(WeightsFormatError):
            open_tensors(cut)
    with pytest.raises(WeightsFormatError) as raised:
        open_tensors(cut)
    assert "cut off" in str(raised.value.got)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_file_with_changed_bytes_reads_or_is_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "mutated.safetensors"
    save_tensors(path, GOOD, {"note": "x"})
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        file = open_tensors(path)
        for key in file.shapes:
            file.get(key)
    except DiffusionError:
        pass


@pytest.mark.parametrize("protocol", [2, 4])
def test_a_pickle_that_pretends_to_be_safetensors_is_refused(tmp_path: Path, protocol: int) -> None:
    path, mark = tmp_path / "evil.safetensors", tmp_path / "mark"
    path.write_bytes(pickle.dumps(Evil(mark), protocol=protocol))
    with pytest.raises(WeightsFormatError, match="a pickle that pretends to be safetensors"):
        describe(path)
    torch.save({"a": torch.ones(2)}, path)
    with pytest.raises(WeightsFormatError, match="a pickle that pretends to be safetensors"):
        describe(path)
    assert not mark.exists()


@pytest.mark.parametrize("legacy", [False, True])
def test_code_in_a_checkpoint_is_refused_and_never_runs(tmp_path: Path, *, legacy: bool) -> None:
    path, mark = tmp_path / "evil.ckpt", tmp_path / "mark"
    content = {"state_dict": {"a": torch.ones(2)}, "evil": Evil(mark)}
    torch.save(content, path, _use_new_zipfile_serialization=not legacy)
    with pytest.raises(WeightsFormatError) as raised:
        open_tensors(path)
    assert "system" in str(raised.value.got)
    assert not mark.exists()


@pytest.mark.parametrize("legacy", [False, True])
def test_pytorch_files_of_tensors_are_read_whatever_their_name(
    tmp_path: Path, *, legacy: bool
) -> None:
    path = tmp_path / "weights.bin"
    content = {"state_dict": GOOD, "epoch": 3, "name": "x"}
    torch.save(content, path, _use_new_zipfile_serialization=not legacy)
    file = open_tensors(path)
    assert dict(file.shapes) == {"a": (2, 3), "b": (4,)}
    assert torch.equal(file.get("a"), GOOD["a"])


def test_safetensors_are_read_whatever_their_name(tmp_path: Path) -> None:
    path = tmp_path / "weights.ckpt"
    save_tensors(path, GOOD, {"note": "x"})
    file = open_tensors(path)
    assert file.metadata == {"note": "x"}
    assert torch.equal(file.get("b"), GOOD["b"])
    with pytest.raises(MissingComponentError, match="has no tensor c"):
        file.get("c")


def test_what_training_software_leaves_in_a_checkpoint_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "trained.ckpt"
    torch.save({"state_dict": GOOD, "seen": 0}, path)
    foreign = tmp_path / "foreign.ckpt"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(foreign, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename.endswith("data.pkl"):
                # the number becomes an instance of a class of a library that is not there
                made = b"cpytorch_lightning.callbacks\nModelCheckpoint\n)R"
                content = content.replace(b"K\x00u.", made + b"u.")
                assert made in content
            new.writestr(item.filename, content)
    assert dict(open_tensors(foreign).shapes) == {"a": (2, 3), "b": (4,)}


@pytest.mark.parametrize(
    ("content", "got"),
    [
        (b"GGUF" + bytes(60), "GGUF weights"),
        (b"<!DOCTYPE html><html>login</html>", "a web page; the download failed"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "a Git LFS pointer"),
        (b"\x89HDF\r\n" + bytes(60), "HDF5 weights"),
    ],
)
def test_files_of_other_kinds_are_called_by_their_names(
    tmp_path: Path, content: bytes, got: str
) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(WeightsFormatError) as raised:
        open_tensors(path)
    assert str(raised.value.got).startswith(got)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_changed_pickle_reads_or_is_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "mutated.ckpt"
    legacy = data.draw(st.booleans())
    torch.save(GOOD, path, _use_new_zipfile_serialization=not legacy)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, min(len(content), 600) - 1))] = data.draw(
            st.integers(0, 255)
        )
    path.write_bytes(content)
    with contextlib.suppress(DiffusionError):
        open_tensors(path)


def test_an_archive_of_packed_entries_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.ckpt"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb/data.pkl", bytes(1 << 20))
    with pytest.raises(WeightsFormatError, match="no archive of weights"):
        open_tensors(path)


def test_a_file_that_is_overwritten_while_in_use_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    save_tensors(path, GOOD, {})
    file = open_tensors(path)
    with path.open("r+b") as raw:
        raw.seek(-1, os.SEEK_END)
        raw.write(b"\x01")
    os.utime(path, ns=(0, 0))
    with pytest.raises(WeightsFormatError, match="overwritten while in use"):
        file.get("a")


def test_a_file_that_is_replaced_while_in_use_is_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    save_tensors(path, GOOD, {})
    file = open_tensors(path)
    save_tensors(path, {"a": torch.zeros(2, 3)}, {})
    assert torch.equal(file.get("a"), GOOD["a"])


def test_a_failed_save_leaves_nothing_behind(tmp_path: Path) -> None:
    strange = torch.ones(2, dtype=torch.complex64)
    with pytest.raises(KeyError):
        save_tensors(tmp_path / "sub" / "bad.safetensors", {"a": strange}, {})
    assert list((tmp_path / "sub").iterdir()) == []


def test_a_written_header_passes_the_formats_own_reader(tmp_path: Path) -> None:
    from safetensors.torch import load_file

    path = tmp_path / "odd.safetensors"
    odd = {
        "transposed": torch.arange(6.0).reshape(2, 3).T,
        "scalar": torch.tensor(3, dtype=torch.int64),
        "empty": torch.empty(0),
        "é": torch.ones(3, dtype=torch.bfloat16),
    }
    save_tensors(path, odd, {"ü": "ß"})
    read = load_file(path)
    assert read.keys() == odd.keys()
    assert all(torch.equal(read[key], odd[key]) for key in odd)
    assert read_header(path).metadata == {"ü": "ß"}
