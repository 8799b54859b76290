"""A run as the terminal shows it: bars where somebody looks, plain lines where nobody does."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, Self, cast

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.progress import TimeRemainingColumn as RemainingColumn
from rich.text import Text

from engine.command.amount import in_bytes
from engine.run import events

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from rich.console import Console
    from rich.progress import TaskID

PREVIEW_INTERVAL = 0.5
LINE_INTERVAL = 5.0
MOST_NAMES = 3


class View(Protocol):
    """Shows a run while the `with` block lasts; takes its events."""

    def __enter__(self) -> Self:
        """Begin to show."""
        ...

    def __exit__(self, *_: object) -> None:
        """Stop showing."""
        ...

    def __call__(self, event: events.Event) -> None:
        """Show one event."""
        ...


@dataclass
class Pace:
    """How fast a node goes, and what is known about it besides.

    Attributes:
        title: What the user calls the node.
        total: Steps in all.
        step: Steps done.
        notes: What is shown behind the numbers, by kind: a loss, a path.
        shown: When the node was last shown, as lines are.
    """

    title: str
    total: float = 0
    step: float = 0
    notes: dict[str, str] = field(default_factory=dict[str, str])
    shown: float = 0
    _since: tuple[float, float] | None = None
    _now: float = 0

    def advance(self, step: float, total: float) -> None:
        """Take the news; the pace counts from the first of them, which includes the set-up."""
        self.step, self.total, self._now = step, total, time.monotonic()
        self._since = self._since or (self._now, step)

    @property
    def pace(self) -> str:
        """Seconds a step, such as `0.12 s/it`; empty until two steps are known."""
        if self._since is None or self.step <= self._since[1]:
            return ""
        return f"{(self._now - self._since[0]) / (self.step - self._since[1]):.3g} s/it"

    @property
    def note(self) -> str:
        """The notes in one line."""
        return ", ".join(self.notes.values())


class Previews:
    """Keeps the newest preview of each node as a file.

    Args:
        folder: Where; made when the first preview comes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: dict[str, float] = {}

    def keep(self, node: str, preview: Any) -> str | None:
        """Write a picture unless the last one was just now; return its path as notes show it."""
        now = time.monotonic()
        if preview is None or now - self._written.get(node, -PREVIEW_INTERVAL) < PREVIEW_INTERVAL:
            return None
        self._written[node] = now
        name = "".join(character if character.isalnum() else "_" for character in node)
        path = self._folder / f"preview_{name}.png"
        picture: Any = cast("Callable[[], Any]", preview)() if callable(preview) else preview
        draft = path.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            picture.save(draft, format="PNG")
            draft.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            return "no preview: the disk takes no more"
        return f"preview {path}"


class Titles:
    """What the user calls the nodes, those of loops and other expansions included.

    Args:
        titles: Of the user's own nodes, by id.
    """

    def __init__(self, titles: Mapping[str, str]) -> None:
        self._titles = dict(titles)

    def learn(self, event: events.NodeStarted) -> None:
        """A node of an expansion goes by the name of the node that stands for it."""
        shown = self._titles.get(event.display_node, event.display_node)
        self._titles.setdefault(event.node, shown)

    def of(self, node: str) -> str:
        """Return a node's title, or its id where it has none."""
        return self._titles.get(node, node)


def loss_note(data: Mapping[str, Any]) -> str | None:
    """Return what a training report says in a few words: `loss 0.0213, lr 1e-4`."""
    parts = [
        f"{name} {data[name]:.4g}"
        for name in ("loss", "validation_loss", "lr")
        if isinstance(data.get(name), (int, float))
    ]
    return ", ".join(parts) or None


def lora_note(data: Mapping[str, Any]) -> str | None:
    """Return which parts of a LoRA file fit nothing, where there are any."""
    unmatched: list[str] = data.get("unmatched") or []
    if not unmatched:
        return None
    named = ", ".join(unmatched[:MOST_NAMES]) + (", ..." if len(unmatched) > MOST_NAMES else "")
    return f"{len(unmatched)} parts of {data.get('file')} fit nothing in the model: {named}"


class LiveView:
    """Bars in a terminal: node, step, pace, time left, loss, path of the preview.

    Args:
        console: Where to draw.
        titles: What the user calls each node.
        temp: Folder for previews.
    """

    def __init__(self, console: Console, titles: Mapping[str, str], temp: Path) -> None:
        self._titles = Titles(titles)
        self._previews = Previews(temp)
        self._nodes: dict[str, tuple[TaskID, Pace]] = {}
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
            RemainingColumn(compact=True),
            TextColumn("{task.fields[note]}", style="dim", markup=False),
            console=console,
        )

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop drawing; finished bars stay to be read."""
        self._bars.stop()

    def __call__(self, event: events.Event) -> None:
        """Draw one event."""
        match event:
            case events.NodeStarted():
                self._titles.learn(event)
                self._start(event.node)
            case events.Progress():
                task, pace = self._start(event.node)
                pace.advance(event.step, event.total)
                preview = self._previews.keep(event.node, event.preview)
                self._draw(task, pace, "preview", preview)
            case events.Report(kind="lora"):
                if note := lora_note(event.data):
                    self._warn(note)
            case events.Report():
                task, pace = self._start(event.node)
                self._draw(task, pace, event.kind, loss_note(event.data))
            case events.NodeFinished() if event.node in self._nodes:
                self._end(*self._nodes.pop(event.node))
            case events.Warned() | events.Blocked():
                self._warn(event.message)
            case _:
                pass

    def _warn(self, message: str) -> None:
        self._bars.console.print(Text(f"warning: {message}", style="yellow"))

    def _start(self, node: str) -> tuple[TaskID, Pace]:
        if node not in self._nodes:
            title = self._titles.of(node)
            task = self._bars.add_task(title, total=None, pace="", note="")
            self._nodes[node] = (task, Pace(title=title))
        return self._nodes[node]

    def _draw(self, task: TaskID, pace: Pace, kind: str, note: str | None) -> None:
        if note is not None:
            pace.notes[kind] = note
        total = pace.total or None
        self._bars.update(task, completed=pace.step, total=total, pace=pace.pace, note=pace.note)

    def _end(self, task: TaskID, pace: Pace) -> None:
        """A node that told no steps leaves no bar behind."""
        if pace.total:
            self._bars.update(task, completed=pace.total, total=pace.total)
        self._bars.stop_task(task)
        self._bars.update(task, visible=bool(pace.total))


class LineView:
    """Plain lines, at most one every few seconds for each node, for logs and pipes.

    Args:
        console: Where to write.
        titles: What the user calls each node.
        temp: Folder for previews.
    """

    def __init__(self, console: Console, titles: Mapping[str, str], temp: Path) -> None:
        self._console = console
        self._titles = Titles(titles)
        self._previews = Previews(temp)
        self._nodes: dict[str, Pace] = {}
        self._lock = Lock()

    def __enter__(self) -> Self:
        """Nothing is held."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is held."""

    def __call__(self, event: events.Event) -> None:
        """Write one event, where it is worth a line."""
        with self._lock:
            match event:
                case events.NodeStarted():
                    self._titles.learn(event)
                case events.Progress():
                    pace = self._pace(event.node)
                    pace.advance(event.step, event.total)
                    preview = self._previews.keep(event.node, event.preview)
                    self._write(pace, "preview", preview, last=event.step >= event.total)
                case events.Report(kind="lora"):
                    if note := lora_note(event.data):
                        self._print(f"warning: {note}")
                case events.Report():
                    self._write(self._pace(event.node), event.kind, loss_note(event.data))
                case events.NodeFinished() if not (event.cached or event.blocked):
                    title = self._titles.of(event.node)
                    peak = f", peak memory {in_bytes(event.peak_bytes)}" if event.peak_bytes else ""
                    self._print(f"{title}: done in {event.seconds:.2f} s{peak}")
                case events.Warned() | events.Blocked():
                    self._print(f"warning: {event.message}")
                case _:
                    pass

    def _pace(self, node: str) -> Pace:
        title = self._titles.of(node)
        return self._nodes.setdefault(node, Pace(title=title, shown=time.monotonic()))

    def _write(self, pace: Pace, kind: str, note: str | None, *, last: bool = False) -> None:
        if note is not None:
            pace.notes[kind] = note
        now = time.monotonic()
        if not last and now - pace.shown < LINE_INTERVAL:
            return
        pace.shown = now
        steps = f"{pace.step:g}/{pace.total:g}" if pace.total else ""
        told = ", ".join(part for part in (steps, pace.pace, pace.note) if part)
        if told:
            self._print(f"{pace.title}: {told}")

    def _print(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


def view(console: Console, titles: Mapping[str, str], temp: Path) -> View:
    """Return bars for a terminal and lines for everything else."""
    kind = LiveView if console.is_terminal else LineView
    return kind(console, titles, temp)
