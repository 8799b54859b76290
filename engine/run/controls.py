"""What users ask of nodes that run: to pause, to save, to stop early, or what a node offers."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


_MOST_WAITING = 100


class Controls:
    """What the nodes of a run offer, and what they are asked for. Used from any thread.

    A node that offers something is asked by its id, as events tell it.
    """

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._offers: dict[str, tuple[str, ...]] = {}
        self._asked: dict[str, deque[str]] = {}

    def offer(self, node: str, actions: Sequence[str]) -> None:
        """Note what a node may be asked for from now on; nothing where there are no actions.

        What it was asked for before and has not taken is forgotten.
        """
        with self._news:
            self._asked.pop(node, None)
            self._offers.pop(node, None)
            if actions:
                self._offers[node] = tuple(actions)

    def ask(self, node: str, action: str) -> str | None:
        """Ask a node for something; returns why it cannot be asked, or None."""
        with self._news:
            offered = self._offers.get(node, ())
            if action not in offered:
                return _refusal(node, action, offered)
            waiting = self._asked.setdefault(node, deque())
            if len(waiting) >= _MOST_WAITING:
                return f"node {node} has {_MOST_WAITING} requests that it has not come to"
            waiting.append(action)
            self._news.notify_all()
        return None

    def take(self, node: str, seconds: float = 0.0) -> str | None:
        """Return what a node is asked for next, or None; each request is returned once.

        Args:
            node: Its id.
            seconds: How long to wait for a request.
        """
        with self._news:
            self._news.wait_for(lambda: self._asked.get(node), seconds)
            waiting = self._asked.get(node)
            return waiting.popleft() if waiting else None


def _refusal(node: str, action: str, offered: Sequence[str]) -> str:
    if not offered:
        return f"node {node} takes no requests now: it does not run, or it offers nothing"
    return f"node {node} cannot be asked to {action!r}; it offers {', '.join(offered)}"
