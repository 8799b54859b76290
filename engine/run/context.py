"""The context that nodes get."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from engine.content import NamedFile
from engine.errors import InterruptedRunError
from engine.run.events import Progress, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.content import ContentHashes
    from engine.files import Folders
    from engine.run.events import Event

T = TypeVar("T")


class Resources:
    """Objects that live as long as the worker, by name."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._objects: dict[str, Any] = {}

    def get(self, name: str, make: Callable[[], T]) -> T:
        """Return the object of this name, made at the first call."""
        with self._lock:
            if name not in self._objects:
                self._objects[name] = make()
            return cast("T", self._objects[name])


@dataclass(kw_only=True)
class RunContext:
    """The run, as one node sees it."""

    job_id: str
    node_id: str
    folders: Folders
    content: ContentHashes
    prompt: Mapping[str, Any]
    extra_pnginfo: Mapping[str, Any] | None
    resources: Resources
    interrupt: threading.Event
    emit: Callable[[Event], None] | None = field(default=None)

    def file(self, folder: str, name: str, *, input_name: str | None = None) -> NamedFile:
        """Return a file that a workflow names, with the hash of its content."""
        path = self.folders.find(folder, name, input_name=input_name)
        return NamedFile(path=path, sha256=self.content.of(path))

    def progress(self, step: float, total: float, *, preview: Any = None) -> None:
        """Tell the user how far the node is."""
        self.check_interrupt()
        if self.emit is not None:
            picture = preview() if callable(preview) else preview
            self.emit(
                Progress(
                    job=self.job_id,
                    node=self.node_id,
                    display_node=self.node_id,
                    step=step,
                    total=total,
                    preview=picture,
                )
            )

    def report(self, kind: str, data: Mapping[str, Any]) -> None:
        """Send facts of the node's own to whoever watches."""
        if self.emit is not None:
            self.emit(Report(job=self.job_id, node=self.node_id, kind=kind, data=data))

    def check_interrupt(self) -> None:
        """Raise `InterruptedRunError` when the run must stop."""
        if self.interrupt.is_set():
            raise InterruptedRunError("the run was interrupted")

    def resource(self, name: str, make: Callable[[], T]) -> T:
        """Return an object that lives as long as the worker."""
        return self.resources.get(name, make)
