"""A job's events, told as ComfyUI tells them, and what its history keeps of them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec

from engine.jobs.estimate import Estimate
from engine.jobs.history import Outcome, how_far
from engine.jobs.job import now_ms, plain_number
from engine.jobs.messages import (
    PREVIEW_FLAG,
    REPORT_FLAG,
    Speaker,
    labelled_preview_frame,
    preview_frame,
    words_frame,
)
from engine.jobs.node_reports import node_report
from engine.jobs.node_states import NodeStates
from engine.jobs.summary import summarize
from engine.run import events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, MutableMapping

    from engine.jobs.job import Job, State
    from engine.jobs.messages import Message, Picture

_PACE = 0.25
"""Seconds between two messages that tell everybody how far a job is."""
DIED = "engine.jobs.WorkerDied"
"""The `exception_type` of a job whose worker died."""


class _Typed(msgspec.Struct):
    class_type: str = ""


class Narrator:
    """Tells one job's events, over all its attempts.

    Args:
        job: The job; its percentage and time left are kept up to date.
        paces: Seconds that nodes of each kind took lately.

    Attributes:
        advanced: This attempt finished a node that no earlier one had finished.
    """

    def __init__(self, job: Job, paces: MutableMapping[str, float]) -> None:
        self._job = job
        self._paces = paces
        self._speaker = Speaker(job.submission.client_id, _told_before(job))
        self._finished_once: set[str] = set()
        self._announced = time.monotonic()
        self._tellers: dict[type[events.Event], Callable[[Any], None]] = {
            events.Started: self._started,
            events.Cached: self._found,
            events.NodeStarted: self._node_started,
            events.Progress: self._progress,
            events.ProgressText: self._words,
            events.NodeFinished: self._node_finished,
            events.Blocked: self._blocked,
            events.Failed: self._failed,
            events.Interrupted: self._interrupted,
            events.Finished: self._finished,
            events.Report: self._report,
            events.Warned: self._warned,
            events.Custom: self._custom,
        }
        self.restart()

    def restart(self) -> None:
        """Begin again: another worker runs the job from its start."""
        self._types = msgspec.json.decode(self._job.submission.prompt, type=dict[str, _Typed])
        kinds = {node: typed.class_type for node, typed in self._types.items()}
        self._estimate = Estimate(kinds, self._paces)
        self._states = NodeStates()
        self._outputs: dict[str, Any] = {}
        self._meta: dict[str, Any] = {}
        self._record: list[tuple[str, dict[str, Any]]] = []
        self._cached: list[str] = []
        self._executed: list[str] = []
        self.advanced = False

    def tell(self, batch: Iterable[events.Event]) -> list[Message]:
        """Return what clients hear of some events, in order."""
        for event in batch:
            self._tellers[type(event)](event)
        if self._states.changed:
            self._say_states()
        self._job.percent = self._estimate.percent()
        self._job.seconds_left = self._estimate.seconds_left()
        self._announce()
        return self._speaker.take()

    def _announce(self) -> None:
        """Tell everybody who shows the queue how far the job is, every now and then."""
        now = time.monotonic()
        if now - self._announced < _PACE:
            return
        self._announced = now
        self._speaker.announce("job_progress", {"prompt_id": self._job.id, **how_far(self._job)})

    def died(self, node: str, reason: str) -> list[Message]:
        """Return what clients hear of a job that failed because its worker died.

        Args:
            node: The node that ran, or empty.
            reason: Why it died, in words.
        """
        self._begin()
        data = self._failure(
            node=node,
            executed=self._executed,
            exception_message=reason,
            exception_type=DIED,
            traceback=[],
            current_inputs={},
            current_outputs=[*self._cached, *self._executed],
            timestamp=now_ms(),
        )
        self._keep("execution_error", data)
        return self._speaker.take()

    def stopped(self, node: str) -> list[Message]:
        """Return what clients hear of an interrupted job whose worker could not tell it."""
        self._begin()
        self._say_interrupted(node, self._executed)
        return self._speaker.take()

    def closing(self) -> list[Message]:
        """Return the end marker, which is the last that clients hear of a job."""
        self._speaker.say("executing", {"node": None, "prompt_id": self._job.id})
        return self._speaker.take()

    def outcome(self, state: State) -> Outcome:
        """Return what the history keeps.

        Args:
            state: How the job ended.
        """
        done = state == "success"
        status = {
            "status_str": "success" if done else "error",
            "completed": done,
            "messages": self._record,
        }
        entry = {"outputs": self._outputs, "status": status, "meta": self._meta}
        summary = summarize(self._outputs)
        if self._job.submission.title is not None:
            summary["title"] = self._job.submission.title
        if self._record and self._record[-1][0] == "execution_error":
            summary["execution_error"] = self._record[-1][1]
        return Outcome(
            state=state,
            entry=msgspec.json.encode(entry),
            summary=msgspec.json.encode(summary),
        )

    def _started(self, event: events.Started) -> None:
        self._estimate.expect(event.nodes)
        self._begin()
        plan = {"prompt_id": event.job, "nodes": event.nodes}
        self._speaker.say("execution_plan", plan, only_with=REPORT_FLAG)

    def _begin(self) -> None:
        """Tell that the job has begun, where its worker had no time to tell it."""
        if not self._record:
            self._keep("execution_start", {"prompt_id": self._job.id, "timestamp": now_ms()})

    def _found(self, event: events.Cached) -> None:
        self._estimate.drop(event.nodes)
        told = any(type_ == "execution_cached" for type_, _ in self._record)
        self._cached += event.nodes
        data = {"nodes": event.nodes, "prompt_id": event.job, "timestamp": now_ms()}
        if told:
            self._speaker.say("execution_cached", data)
        else:
            self._keep("execution_cached", data | {"nodes": self._cached})

    def _node_started(self, event: events.NodeStarted) -> None:
        self._estimate.begin(event.node)
        self._states.begin(event)
        self._say_states_in_full()
        node, shown = event.node, event.display_node
        self._speaker.say(
            "executing", {"node": node, "display_node": shown, "prompt_id": event.job}
        )

    def _progress(self, event: events.Progress) -> None:
        step, total = plain_number(event.step), plain_number(event.total)
        self._states.advance(event, step, total)
        if event.total > 0:
            self._estimate.progress(event.node, event.step / event.total)
        self._say_states_in_full()
        data = {
            "value": step,
            "max": total,
            "prompt_id": event.job,
            "node": event.node,
        }
        picture: Picture | None = event.preview
        if picture is not None:
            frame = labelled_preview_frame(*picture, _label(event))
            self._speaker.say_binary("preview", frame, only_with=PREVIEW_FLAG)
        self._speaker.say("progress", data, broadcast=True)
        if picture is not None:
            frame = preview_frame(*picture)
            self._speaker.say_binary("preview", frame, only_without=PREVIEW_FLAG)

    def _words(self, event: events.ProgressText) -> None:
        self._speaker.say_binary("text", words_frame(event.node, event.text))

    def _node_finished(self, event: events.NodeFinished) -> None:
        node = event.node
        if event.cached:
            self._estimate.drop((node,))
        else:
            self._estimate.end(node, event.seconds)
            self._executed.append(node)
            if node not in self._finished_once:
                self._finished_once.add(node)
                self.advanced = True
        if event.ui:
            self._outputs[node] = event.ui
            self._meta[node] = {
                "node_id": node,
                "display_node": event.display_node,
                "parent_node": event.parent_node,
                "real_node_id": event.real_node or node,
            }
        if event.ui or event.cached:
            data = {
                "node": node,
                "display_node": event.display_node,
                "output": event.ui or None,
                "prompt_id": event.job,
            }
            self._speaker.say("executed", data)
        self._speaker.say("node_report", node_report(event), only_with=REPORT_FLAG)
        self._states.end(event)
        self._say_states_in_full()

    def _blocked(self, event: events.Blocked) -> None:
        data = self._failure(
            node=event.node,
            executed=self._executed,
            exception_message=f"Execution Blocked: {event.message}",
            exception_type="ExecutionBlocked",
            traceback=[],
            current_inputs=[],
            current_outputs=[],
        )
        self._speaker.say("execution_error", data)

    def _failed(self, event: events.Failed) -> None:
        executed = event.executed or self._executed
        data = self._failure(
            node=event.real_node or event.node or "",
            executed=executed,
            exception_message=f"{event.exception_message or ' '.join(event.problems)}\n",
            exception_type=event.exception_type or event.kind,
            traceback=event.traceback,
            current_inputs=event.current_inputs,
            current_outputs=[*self._cached, *executed],
            timestamp=now_ms(),
        )
        self._keep("execution_error", data | _type(event.node_type))

    def _interrupted(self, event: events.Interrupted) -> None:
        self._say_interrupted(event.real_node or event.node or "", event.executed)

    def _finished(self, _: events.Finished) -> None:
        self._say_states()
        data = {"prompt_id": self._job.id, "timestamp": now_ms()}
        self._keep("execution_success", data)

    def _report(self, event: events.Report) -> None:
        data = {
            "node": event.node,
            "kind": event.kind,
            "data": event.data,
            "prompt_id": event.job,
        }
        self._speaker.say("report", data, broadcast=True, only_with=REPORT_FLAG)

    def _warned(self, event: events.Warned) -> None:
        data = {"node": event.node, "message": event.message, "prompt_id": event.job}
        self._speaker.say("warning", data, broadcast=True, only_with=REPORT_FLAG)

    def _custom(self, event: events.Custom) -> None:
        self._speaker.pass_on(event.name, event.data, event.client)

    def _failure(self, *, node: str, executed: Iterable[str], **more: Any) -> dict[str, Any]:
        typed = self._types.get(node)
        kind = "" if typed is None else typed.class_type
        head = {"prompt_id": self._job.id, "node_id": node, "node_type": kind}
        return {**head, "executed": list(executed), **more}

    def _say_interrupted(self, node: str, executed: Iterable[str]) -> None:
        data = self._failure(node=node, executed=executed, timestamp=now_ms())
        self._keep("execution_interrupted", data)

    def _say_states_in_full(self) -> None:
        """Tell a change at once as long as that costs little; otherwise the batch tells them."""
        if self._states.in_full:
            self._say_states()

    def _say_states(self) -> None:
        if self._states.changed:
            data = {"prompt_id": self._job.id, "nodes": self._states.take()}
            self._speaker.say("progress_state", data, broadcast=True)

    def _keep(self, type: str, data: dict[str, Any]) -> None:  # noqa: A002 - the word of the wire
        """Say something that the history keeps."""
        self._record.append((type, data))
        self._speaker.say(type, data, broadcast=type == "execution_interrupted")


def _told_before(job: Job) -> int:
    """Return a number that no message of the job has reached so far.

    What a server that is gone has told is not known any more. It took more than a microsecond each.
    """
    return max(now_ms() - job.submission.created, 1) * 1000 if job.resumed else 0


def _label(event: events.OfNode) -> dict[str, Any]:
    return {
        "node_id": event.node,
        "prompt_id": event.job,
        "display_node_id": event.display_node,
        "parent_node_id": event.parent_node,
        "real_node_id": event.real_node or event.node,
    }


def _type(node_type: str | None) -> dict[str, str]:
    return {} if node_type is None else {"node_type": node_type}
