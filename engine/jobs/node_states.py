"""How far each node of a run is, as ComfyUI's `progress_state` tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

if TYPE_CHECKING:
    from engine.run.events import OfNode

MOST_IN_FULL = 32
"""Up to so many nodes every message tells of all; beyond, of what changed and what runs."""


class NodeState(msgspec.Struct, kw_only=True):
    """How far one node is.

    Attributes:
        value: Steps done.
        max: Steps in all.
        state: Whether it is done.
        node_id: Its id.
        prompt_id: The job's id.
        display_node_id: The node that the editor marks in its place.
        parent_node_id: The node whose expansion brought it, or None.
        real_node_id: The node of the user's file that it belongs to.
    """

    value: float = 0
    max: float = 1
    state: Literal["running", "finished"] = "running"
    node_id: str
    prompt_id: str
    display_node_id: str
    parent_node_id: str | None
    real_node_id: str


class NodeStates:
    """The states of the nodes that a run has touched, in the order of touching."""

    def __init__(self) -> None:
        self._states: dict[str, NodeState] = {}
        self._running: dict[str, NodeState] = {}
        self._changed: dict[str, NodeState] = {}

    @property
    def in_full(self) -> bool:
        """Every change is told at once, together with all other nodes, as ComfyUI does."""
        return len(self._states) <= MOST_IN_FULL

    @property
    def changed(self) -> bool:
        """There is something to tell."""
        return bool(self._changed)

    def begin(self, event: OfNode) -> None:
        """A node begins to run, perhaps once more."""
        state = self._of(event)
        state.state = "running"
        self._running[event.node] = state

    def advance(self, event: OfNode, value: float, maximum: float) -> None:
        """A node tells how far it is."""
        state = self._of(event)
        state.value, state.max = value, maximum
        self._running[event.node] = state

    def end(self, event: OfNode) -> None:
        """A node is done."""
        state = self._of(event)
        state.value, state.state = state.max, "finished"
        self._running.pop(event.node, None)

    def take(self) -> dict[str, Any]:
        """Return what has to be told now, by node id."""
        told = self._states if self.in_full else self._changed | self._running
        self._changed = {}
        return dict(told)

    def _of(self, event: OfNode) -> NodeState:
        state = self._states.get(event.node)
        if state is None:
            state = self._states[event.node] = NodeState(
                node_id=event.node,
                prompt_id=event.job,
                display_node_id=event.display_node,
                parent_node_id=event.parent_node,
                real_node_id=event.real_node or event.node,
            )
        self._changed[event.node] = state
        return state
