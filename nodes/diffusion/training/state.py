"""The state of a run on disk: complete, atomic, verified, and never a pickle.

run.json        what the run is
state-<step>/   one safetensors file per group of tensors, and state.json with their hashes
losses.jsonl    a line per step
LATEST          name of the newest state, replaced last
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file
from torch import Tensor

from nodes.diffusion.training.errors import RunStateError

_FORMAT = 1
_SPARE = 1.1


@dataclass(frozen=True, kw_only=True)
class State:
    """All that a run needs to go on as if it had never stopped.

    Attributes:
        step: Optimizer steps done.
        tensors: Groups of tensors by name: `weights`, `optimizer`, `ema`.
        numbers: JSON values, such as the base's share in the average.
    """

    step: int
    tensors: Mapping[str, Mapping[str, Tensor]]
    numbers: Mapping[str, Any]


class RunFolder:
    """The folder of one run.

    Args:
        path: Made where it is missing.
        described: What makes the run what it is; see `identity`.

    Raises:
        RunStateError: The folder holds another run.
    """

    def __init__(self, path: Path, described: Mapping[str, Any]) -> None:
        self.path = path
        self._held = False
        path.mkdir(parents=True, exist_ok=True)
        about = path / "run.json"
        text = json.dumps({"format": _FORMAT, **described}, indent=1, sort_keys=True)
        if not about.is_file():
            _replace(about, text)
        elif json.loads(about.read_text()) != json.loads(text):
            raise RunStateError("the folder holds the state of another run", got=str(path))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes out of the folder; a block within the block changes nothing.

        Raises:
            RunStateError: Another process trains in it.
        """
        if self._held:
            yield
            return
        with (self.path / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise RunStateError(
                    "this very run is going on in another process",
                    got=str(self.path),
                    hint="wait for it, or stop it; its state is kept",
                ) from error
            self._sweep()
            self._held = True
            try:
                yield
            finally:
                self._held = False

    def latest(self, at_most: int | None = None) -> State | None:
        """Return the newest state that is whole, or None.

        A state whose files do not have the hashes that were written with them is passed over.

        Args:
            at_most: Steps that the state may have.
        """
        for name in self._candidates(at_most):
            state = _read(self.path / name)
            if state is not None:
                return state
        return None

    def save(self, state: State, *, keep: int = 2, keep_every: int = 0) -> None:
        """Write a state beside the older ones, then point to it, then drop what is too old.

        Args:
            state: To be written.
            keep: So many of the newest stay, 2 at least.
            keep_every: States at multiples of this stay for ever.

        Raises:
            RunStateError: The disk has no room; the older states are as they were.
        """
        final = self.path / f"state-{state.step}"
        temporary = self.path / f"{final.name}.tmp"
        self._make_room(state)
        try:
            _write(temporary, state)
            if final.exists():
                shutil.rmtree(final)
            temporary.rename(final)
        except OSError as error:
            shutil.rmtree(temporary, ignore_errors=True)
            raise RunStateError(f"cannot write the state of the run: {error}") from error
        _sync(self.path)
        _replace(self.path / "LATEST", final.name)
        self._drop_old(max(keep, 2), keep_every)

    def steps(self) -> list[int]:
        """Return the steps of the states on disk, ascending."""
        names = (entry.name for entry in self.path.glob("state-*"))
        return sorted(int(name[6:]) for name in names if name[6:].isdigit())

    def _candidates(self, at_most: int | None) -> list[str]:
        steps = [step for step in reversed(self.steps()) if at_most is None or step <= at_most]
        names = [f"state-{step}" for step in steps]
        pointer = self.path / "LATEST"
        newest = pointer.read_text().strip() if pointer.is_file() else ""
        return sorted(names, key=lambda name: name != newest)

    def _make_room(self, state: State) -> None:
        needed = sum(t.nbytes for group in state.tensors.values() for t in group.values())
        free = shutil.disk_usage(self.path).free
        if free < needed * _SPARE:
            raise RunStateError(
                "the disk has no room for the state of the run",
                expected=f"{needed / 1e6:.0f} MB",
                got=f"{free / 1e6:.0f} MB free in {self.path}",
            )

    def _drop_old(self, keep: int, keep_every: int) -> None:
        # by time and not by step: a run that was asked to be shorter goes back
        states = [self.path / f"state-{step}" for step in self.steps()]
        states.sort(key=lambda path: path.stat().st_mtime_ns)
        for path in states[:-keep]:
            if not keep_every or int(path.name[6:]) % keep_every:
                shutil.rmtree(path, ignore_errors=True)

    def _sweep(self) -> None:
        for left in self.path.glob("state-*.tmp"):
            shutil.rmtree(left, ignore_errors=True)


def _write(folder: Path, state: State) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    files: dict[str, dict[str, Any]] = {}
    for group, tensors in state.tensors.items():
        path = folder / f"{group}.safetensors"
        save_file({name: t.detach().contiguous() for name, t in tensors.items()}, path)
        _sync(path)
        files[path.name] = {"bytes": path.stat().st_size, "sha256": _hash(path)}
    about = {
        "format": _FORMAT,
        "step": state.step,
        "numbers": dict(state.numbers),
        "files": files,
    }
    _replace(folder / "state.json", json.dumps(about, indent=1))
    _sync(folder)


def _read(folder: Path) -> State | None:
    try:
        about = json.loads((folder / "state.json").read_text())
        if about["format"] != _FORMAT or not _whole(folder, about["files"]):
            return None
        tensors = {
            name.removesuffix(".safetensors"): load_file(folder / name) for name in about["files"]
        }
        return State(step=about["step"], tensors=tensors, numbers=about["numbers"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _whole(folder: Path, files: Mapping[str, Mapping[str, Any]]) -> bool:
    return all(
        (folder / name).is_file()
        and (folder / name).stat().st_size == facts["bytes"]
        and _hash(folder / name) == facts["sha256"]
        for name, facts in files.items()
    )


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f"{path.name}.tmp")
    temporary.write_text(text)
    _sync(temporary)
    temporary.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
