"""Where a node stands among the user's nodes."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A node of a run, and what stands for it in the user's file.

    The names are those of the fields of events.

    Attributes:
        node: Its id, dotted inside expansions.
        display_node: The node that the editor marks in its place.
        parent_node: The node whose expansion brought it; None for one of the file.
        real_node: The node of the file from which the expansions started, or `node` itself.
    """

    node: str
    display_node: str
    parent_node: str | None
    real_node: str
