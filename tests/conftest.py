"""What many tests stand on: a tiny model made once, and folders to run in."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# How long an example takes says nothing on a machine that does other things meanwhile.
settings.register_profile("usual", deadline=None, max_examples=40)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile("usual")

ROOT = Path(__file__).resolve().parents[1]
LOOM = Path(sys.executable).with_name("loom")

os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    """Sums must not depend on how many cores the machine happens to have."""
    if "torch" in sys.modules:
        import torch

        torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint of less than 2 MB with random weights, in the layout of SD1.x."""
    import torch

    from nodes.diffusion.checkpoints import create, presets, save_checkpoint

    torch.set_num_threads(1)
    path = tmp_path_factory.mktemp("checkpoint") / "tiny.safetensors"
    made = create(presets.tiny(), seed=0)
    save_checkpoint(
        path,
        diffusion=made.diffusion,
        text_encoders=made.text_encoders,
        autoencoder=made.autoencoder,
    )
    return path


@pytest.fixture
def base(tmp_path: Path, tiny_checkpoint: Path) -> Path:
    """A base folder of its own: a tiny checkpoint in the starter's place, the input pictures."""
    folder = tmp_path / "base"
    checkpoints = folder / "models" / "checkpoints"
    checkpoints.mkdir(parents=True)
    shutil.copy(tiny_checkpoint, checkpoints / "starter.safetensors")
    (folder / "output").mkdir()
    shutil.copytree(ROOT / "input", folder / "input")
    return folder


@pytest.fixture
def toy_base(tmp_path: Path) -> Path:
    """A base folder with a pack of nodes that need no model."""
    folder = tmp_path / "base"
    (folder / "custom_nodes").mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "data" / "toy_pack.py", folder / "custom_nodes" / "toy.py")
    return folder


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


class Loom:
    """Runs the command line as users do: as a process of its own, beneath a base folder."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.environment = {**os.environ, "LOOM_BASE": str(base), "OMP_NUM_THREADS": "1"}

    def __call__(self, *arguments: str | Path, stdin: str | bytes = b"", **options: Any) -> Done:
        done = subprocess.run(
            self.command(*arguments),
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            env=self.environment,
            check=False,
            **{"timeout": 120, "cwd": self.base, **options},
        )
        out, err = done.stdout.decode(), done.stderr.decode()
        return Done(code=done.returncode, out=out, err=err)

    def inside(self, *arguments: str | Path) -> Done:
        """Run the command in this process: quicker, for cases that differ in little."""
        from engine.cli import app
        from engine.command.failure import exit_code

        out, err = io.StringIO(), io.StringIO()
        options = ["--base-directory", str(self.base)]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            words = [*map(str, arguments), *options]
            code = exit_code(lambda: app(words, standalone_mode=False), debug=False)
        return Done(code=code, out=out.getvalue(), err=err.getvalue())

    def command(self, *arguments: str | Path) -> list[str]:
        return [str(LOOM), *map(str, arguments)]


@pytest.fixture
def loom(base: Path) -> Loom:
    """The command line beneath a base folder of its own."""
    return Loom(base)


@pytest.fixture
def toy_loom(toy_base: Path) -> Loom:
    """The command line beneath a base folder whose nodes need no model."""
    return Loom(toy_base)
