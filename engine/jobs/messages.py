"""What clients hear, in ComfyUI's words: each message encoded once, however many listen."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

PREVIEW_FLAG = "supports_preview_metadata"
"""Clients with this feature flag get previews together with whose they are."""
REPORT_FLAG = "supports_reports"
"""Clients with this feature flag get `report`, `warning`, `execution_plan`, `node_report` and
`job_progress`, which ComfyUI does not know."""
_PREVIEW, _TEXT, _PREVIEW_WITH_METADATA = 1, 3, 4
_FORMATS = {"jpeg": 1, "png": 2}
_number = struct.Struct(">I").pack

PictureFormat = Literal["jpeg", "png"]
Picture = tuple[PictureFormat, bytes]
"""A picture as a file in memory."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message about a job.

    Attributes:
        sequence: Counts from 1 within the job, with a gap where another server went on with it; 0
            for what is not repeated to those who missed it: previews, progress in words and that of
            whole jobs.
        type: ComfyUI's `type`; `preview` and `text` for binary messages.
        frame: The payload of a WebSocket frame.
        binary: The frame is a binary one; otherwise it is JSON.
        client: Whom it is for; None is everybody where `broadcast` says so, and nobody otherwise.
        broadcast: Whom a message without a client is for.
        only_with: Only for clients with this feature flag.
        only_without: Only for clients that do not have this feature flag.
    """

    sequence: int
    type: str
    frame: bytes
    binary: bool = False
    client: str | None = None
    broadcast: bool = False
    only_with: str | None = None
    only_without: str | None = None


def text_frame(type: str, data: Mapping[str, Any]) -> bytes:  # noqa: A002 - the word of the wire
    """Return the payload of a JSON message."""
    return msgspec.json.encode({"type": type, "data": data})


def preview_frame(format: PictureFormat, picture: bytes) -> bytes:  # noqa: A002
    """Return the payload of a preview: the picture's file after eight bytes."""
    return _number(_PREVIEW) + _number(_FORMATS[format]) + picture


def labelled_preview_frame(
    format: PictureFormat,  # noqa: A002
    picture: bytes,
    label: Mapping[str, Any],
) -> bytes:
    """Return the payload of a preview that says whose it is.

    Args:
        format: The format of the picture.
        picture: The picture's file.
        label: Ids of the node and its job.
    """
    text = msgspec.json.encode({**label, "image_type": f"image/{format}"})
    return _number(_PREVIEW_WITH_METADATA) + _number(len(text)) + text + picture


def words_frame(node: str, text: str) -> bytes:
    """Return the payload of what a node says about its progress."""
    name = node.encode()
    return _number(_TEXT) + _number(len(name)) + name + text.encode()


def custom_binary_frame(kind: int, data: bytes) -> bytes:
    """Return the payload of a binary message of a pack.

    Args:
        kind: Number of the kind of message.
        data: What follows it.
    """
    return _number(kind) + data


class Speaker:
    """Makes the messages about one job and numbers them.

    Args:
        client: Whom they are for, or None.
        after: The number after which they are numbered.
    """

    def __init__(self, client: str | None, after: int = 0) -> None:
        self._client = client
        self._sequence = after
        self._said: list[Message] = []

    def say(
        self,
        type: str,  # noqa: A002 - the word of the wire
        data: Mapping[str, Any],
        *,
        broadcast: bool = False,
        only_with: str | None = None,
    ) -> None:
        """Say something to the job's client; `broadcast` says it to all where it has none."""
        self._sequence += 1
        message = Message(
            sequence=self._sequence,
            type=type,
            frame=text_frame(type, data),
            client=self._client,
            broadcast=broadcast,
            only_with=only_with,
        )
        self._said.append(message)

    def announce(self, type: str, data: Mapping[str, Any]) -> None:  # noqa: A002
        """Say something to all clients that take reports, and not again to those who miss it."""
        message = Message(
            sequence=0,
            type=type,
            frame=text_frame(type, data),
            broadcast=True,
            only_with=REPORT_FLAG,
        )
        self._said.append(message)

    def say_binary(
        self,
        type: str,  # noqa: A002
        frame: bytes,
        *,
        only_with: str | None = None,
        only_without: str | None = None,
    ) -> None:
        """Say something that is not JSON to the job's client, or to all where it has none."""
        message = Message(
            sequence=0,
            type=type,
            frame=frame,
            binary=True,
            client=self._client,
            broadcast=True,
            only_with=only_with,
            only_without=only_without,
        )
        self._said.append(message)

    def pass_on(self, name: str | int, data: Any, client: str | None) -> None:
        """Say what a pack says, to whom the pack says: one client, or all for None."""
        binary = isinstance(name, int)
        if not binary:
            self._sequence += 1
        message = Message(
            sequence=0 if binary else self._sequence,
            type=str(name),
            frame=custom_binary_frame(name, data) if binary else text_frame(name, data),
            binary=binary,
            client=client,
            broadcast=True,
        )
        self._said.append(message)

    def take(self) -> list[Message]:
        """Return what was said since the last call."""
        said, self._said = self._said, []
        return said
