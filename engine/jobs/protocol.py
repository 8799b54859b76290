"""What server and worker say to each other: msgpack frames over a pair of sockets."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import msgspec

from engine.cache.budgets import Budgets
from engine.cache.policy import CachePolicy
from engine.files import Folders
from engine.jobs.job import State
from engine.run import events

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Question = Literal["check", "control", "describe", "devices", "cache", "rewrite"]

_LENGTH = struct.Struct(">I")
_LARGE = 2**63
_HUGE = 2**1023
_DEEP = 64

AnyEvent = (
    events.Started
    | events.Cached
    | events.NodeStarted
    | events.Progress
    | events.ProgressText
    | events.Custom
    | events.Report
    | events.NodeFinished
    | events.Warned
    | events.Blocked
    | events.Failed
    | events.Interrupted
    | events.Finished
)


class WorkerOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How workers work.

    Attributes:
        count: How many there are, one for each device.
        cpu: They use no accelerator.
        custom_nodes: Folders of packs that they load.
        packs: Names of the packs in these folders that are wanted; all of them for None.
        cache: What results are kept for: `auto` keeps them over restarts, `none` for one job,
            all others as long as the server runs.
        cache_entries: How many nodes' results `lru` keeps.
        budgets: Bytes for results; the usual ones for None.
        previews: How jobs that do not say so make previews: `none`, or the name of a method.
        preview_size: Longer side of previews in pixels; None sends them as they are.
        saves_metadata: Saved files tell how they were made.
        obey_seconds: A worker that ran on for so long after an interrupt is killed.
        silent_seconds: A worker that was busy and gave no sign of life for so long is killed.
    """

    count: int = 1
    cpu: bool = False
    custom_nodes: tuple[Path, ...] = ()
    packs: tuple[str, ...] | None = None
    cache: CachePolicy = "auto"
    cache_entries: int = 0
    budgets: Budgets | None = None
    previews: str = "none"
    preview_size: int | None = 512
    saves_metadata: bool = True
    obey_seconds: float = 10.0
    silent_seconds: float = 60.0


class Order(msgspec.Struct, frozen=True, kw_only=True, tag_field="order"):
    """The base of what the server says."""


class SetUp(Order, frozen=True, kw_only=True, tag="set_up"):
    """The first order: load everything.

    Attributes:
        index: Which worker this is, from 0.
        folders: Where files are.
        options: How it works.
        results: Folder of the results cache's disk tier; None keeps results in memory only.
    """

    index: int
    folders: Folders
    options: WorkerOptions
    results: Path | None


class RunJob(Order, frozen=True, kw_only=True, tag="run"):
    """Run a job; never sent while another one runs.

    Attributes:
        job: Its id.
        graph: Checked API JSON.
        targets: Ids of the wanted output nodes.
        extra_data: JSON object of what the client sent along.
        client: Id of the client, or None.
        secrets: Tokens for nodes.
        previews: How previews are made, or None.
    """

    job: str
    graph: bytes
    targets: tuple[str, ...]
    extra_data: bytes
    client: str | None
    secrets: dict[str, str]
    previews: str | None


class StopJob(Order, frozen=True, kw_only=True, tag="stop"):
    """Interrupt a job at its next step, if it still runs."""

    job: str


class Free(Order, frozen=True, kw_only=True, tag="free"):
    """Give back memory, when no job runs.

    Attributes:
        results: Kept results.
        models: Weights on devices.
    """

    results: bool
    models: bool


class Ask(Order, frozen=True, kw_only=True, tag="ask"):
    """A question that is answered while a job runs, too.

    Attributes:
        number: Comes back with the answer.
        what: `check` a workflow, `control` a node that runs, `describe` the kinds of packs, tell
            the `devices` or what the results `cache` holds, or `rewrite` a workflow in another
            form.
        content: JSON: the workflow and its targets, or its form; the job, the node and what it
            is asked for; the name of a kind or null; nothing.
    """

    number: int
    what: Question
    content: bytes = b"null"


class Word(msgspec.Struct, frozen=True, kw_only=True, tag_field="word"):
    """The base of what a worker says."""


class Loaded(Word, frozen=True, kw_only=True, tag="loaded"):
    """Everything is loaded; jobs can come.

    Attributes:
        kinds: Ids of the kinds of nodes that packs brought.
        extensions: Folders of the packs' scripts for the editor, by pack.
        failures: Packs that could not be loaded, each with the reason.
    """

    kinds: tuple[str, ...]
    extensions: dict[str, str]
    failures: tuple[tuple[str, str], ...]


class Told(Word, frozen=True, kw_only=True, tag="told"):
    """Events of the job that runs, in order."""

    job: str
    events: list[AnyEvent]


class Said(Word, frozen=True, kw_only=True, tag="said"):
    """What a pack says outside of its nodes, to its own part of the editor.

    Attributes:
        name: The message's name; a number where `data` is the bytes of a binary message.
        data: What the pack says.
        client: The one client that gets it; None for all.
    """

    name: str | int
    data: Any
    client: str | None


class Ended(Word, frozen=True, kw_only=True, tag="ended"):
    """The job is over; its last event was told before."""

    job: str
    state: State


class Answer(Word, frozen=True, kw_only=True, tag="answer"):
    """The answer to an `Ask`.

    Attributes:
        number: Of the question.
        content: JSON.
        error: Why there is no answer, or None.
    """

    number: int
    content: bytes = b"null"
    error: str | None = None


class Alive(Word, frozen=True, kw_only=True, tag="alive"):
    """A sign of life while a job runs."""


AnyOrder = SetUp | RunJob | StopJob | Free | Ask
AnyWord = Loaded | Told | Said | Ended | Answer | Alive


def _foreign(value: Any) -> Any:
    """Return what packs and Python put into messages as plain values."""
    if isinstance(value, Path):
        return str(value)
    for method in ("item", "tolist"):  # numbers and arrays of numpy and torch
        if callable(getattr(value, method, None)):
            try:
                return getattr(value, method)()
            except (TypeError, ValueError, RuntimeError):
                continue
    return str(value)


def _path(kind: type[Any], value: Any) -> Any:
    if kind is Path:
        return Path(value)
    raise TypeError(f"nothing makes a {kind.__name__} of a {type(value).__name__}")


_encode = msgspec.msgpack.Encoder(enc_hook=_foreign).encode
decode_order = msgspec.msgpack.Decoder(AnyOrder, dec_hook=_path).decode
"""Reads one frame of the server's."""
decode_word = msgspec.msgpack.Decoder(AnyWord).decode
"""Reads one frame of a worker's."""


def frame(message: Order | Word) -> bytes:
    """Return a message with its length in front."""
    content = _encode(message)
    return _LENGTH.pack(len(content)) + content


def plain(value: Any, depth: int = 0) -> Any:
    """Return a value of a pack's as JSON can hold it, whatever it is."""
    if depth >= _DEEP:
        return "..."
    if isinstance(value, Mapping):
        pairs = cast("Mapping[Any, Any]", value).items()
        return {_plain_scalar(str(key)): plain(item, depth + 1) for key, item in pairs}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item, depth + 1) for item in cast("Iterable[Any]", value)]
    if isinstance(value, str | int | float | bytes) or value is None:
        return _plain_scalar(value)
    return plain(_foreign(value), depth + 1)


def _plain_scalar(value: Any) -> Any:
    if isinstance(value, int) and not -_LARGE <= value < 2 * _LARGE:
        return float(value) if abs(value) < _HUGE else str(value)[:_DEEP]
    if isinstance(value, str):
        return str(value).encode("utf-8", "replace").decode()
    return value


class Frames:
    """Cuts a stream of bytes into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, content: bytes) -> Iterator[bytes]:
        """Yield the frames that are complete with these bytes."""
        buffer = self._buffer
        buffer += content
        start = 0
        while len(buffer) - start >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(buffer, start)
            end = start + _LENGTH.size + length
            if len(buffer) < end:
                break
            yield bytes(buffer[start + _LENGTH.size : end])
            start = end
        if start:
            del buffer[:start]
