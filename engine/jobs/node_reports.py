"""What each node of a run cost, as clients that show it are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.jobs.messages import Message
    from engine.run.events import NodeFinished

_TYPE = "node_report"
_DIGITS = 6


class _Told(msgspec.Struct):
    data: dict[str, Any]


_decode = msgspec.json.Decoder(_Told).decode


def node_report(event: NodeFinished) -> dict[str, Any]:
    """Return the data of the `node_report` of a node that is done."""
    return {
        "prompt_id": event.job,
        "node": event.node,
        "display_node": event.display_node,
        "real_node_id": event.real_node or event.node,
        "seconds": round(event.seconds, _DIGITS),
        "peak_bytes": event.peak_bytes,
        "cached": event.cached,
        "blocked": event.blocked,
    }


def reports_of(messages: Iterable[Message]) -> bytes:
    """Return what the nodes of a job cost as a JSON object by node id; the newest report counts."""
    told = (_decode(message.frame).data for message in messages if message.type == _TYPE)
    reports = {data.pop("node"): data for data in told}
    return msgspec.json.encode(reports)
