"""What happened during each job, for those who missed it."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

import msgspec

from engine.jobs.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.jobs.history import History

    Subscriber = Callable[[str, Sequence[Message]], None]

_MOST_LIVE = 20_000
"""When a job has so many messages, progress in the older half of them is forgotten; when it has
twice as many all the same, so is whatever tells neither of its nodes nor of its end."""
_LASTING = frozenset({"executing", "executed", "node_report"})
_KEEP_ENDED = 5_000
"""So many messages of the last jobs stay in memory, for clients that come back at once."""


class EventLog:
    """The messages of jobs: of those that run in memory, of those that are over in the history.

    Numbered messages are all kept, but for old progress of very long jobs, and of still longer ones
    old reports and what packs said. Of previews only the newest of each job that runs is.

    Args:
        history: Keeps the messages of jobs that are over.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._live: dict[str, list[Message]] = {}
        self._ended: dict[str, list[Message]] = {}
        self._ended_messages = 0
        self._previews: dict[str, dict[str | None, Message]] = {}
        self._subscribers: list[Subscriber] = []

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call a function with each job's messages from now on.

        Args:
            subscriber: Gets the job's id and messages that belong together, in order.

        Returns:
            A function that ends it.
        """
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)

    def add(self, job: str, messages: Sequence[Message]) -> None:
        """Keep messages of a job that runs, and tell the subscribers."""
        if not messages:
            return
        kept = self._live.setdefault(job, [])
        if len(kept) > _MOST_LIVE:
            stays = _lasts if len(kept) > 2 * _MOST_LIVE else _does_not_pass
            kept[: -_MOST_LIVE // 2] = filter(stays, kept[: -_MOST_LIVE // 2])
        for message in messages:
            if message.sequence:
                kept.append(message)
            elif message.type == "preview":
                self._previews.setdefault(job, {})[message.only_with] = message
        self._tell(job, messages)

    def pass_on(self, messages: Sequence[Message]) -> None:
        """Tell the subscribers messages that belong to no job; their job is an empty text."""
        self._tell("", messages)

    def encoded(self, job: str, more: Sequence[Message] = ()) -> bytes:
        """Return the messages of a job as the history keeps them.

        Args:
            job: Its id.
            more: Messages that are not told yet and belong to it.
        """
        kept = [message for message in more if message.sequence]
        return msgspec.msgpack.encode([*self._live.get(job, ()), *kept])

    def end(self, job: str) -> None:
        """Note that a job is over and the history has its messages."""
        self._previews.pop(job, None)
        ended = self._live.pop(job, [])
        if ended:
            self._ended[job] = ended
        self._ended_messages += len(ended)
        while self._ended_messages > _KEEP_ENDED:
            self._ended_messages -= len(self._ended.pop(next(iter(self._ended))))

    def preview(self, job: str) -> list[Message]:
        """Return the newest preview of a job that runs, in each form that it has."""
        return list(self._previews.get(job, {}).values())

    async def after(self, job: str, sequence: int) -> list[Message]:
        """Return the messages of a job after one that is known already.

        Args:
            job: Its id.
            sequence: The number of the last message that is known; 0 for all.

        Returns:
            The messages in order; none where nothing is known of the job any more.
        """
        messages = self._live.get(job) or self._ended.get(job)
        if messages is None:
            content = await self._history.events(job)
            messages = [] if content is None else _decode(content)
        return messages[bisect_right(messages, sequence, key=lambda one: one.sequence) :]

    def _tell(self, job: str, messages: Sequence[Message]) -> None:
        for subscriber in tuple(self._subscribers):
            subscriber(job, messages)


def _does_not_pass(message: Message) -> bool:
    """Tell whether no later message says the same anew."""
    return message.type not in {"progress", "progress_state"}


def _lasts(message: Message) -> bool:
    """Tell whether a job cannot be told without a message."""
    return message.type in _LASTING or message.type.startswith("execution_")


_decode = msgspec.msgpack.Decoder(list[Message]).decode
