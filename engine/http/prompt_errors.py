"""What is wrong with a prompt, in the JSON that ComfyUI's clients read.

Clients read `type`, `details` and the names in `extra_info`; the messages are our own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from engine.graph.json_text import items, mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.errors import Problem
    from engine.jobs.checking import Checked

_OF_THE_WHOLE = {
    "missing_node_type": "missing_node_type",
    "prompt_no_outputs": "prompt_no_outputs",
    "invalid_workflow": "invalid_prompt",
    "invalid_prompt": "invalid_prompt",
}
_LINK_LENGTH = 2
_NO_OUTPUT_LEFT = "prompt_outputs_failed_validation"

Json = dict[str, Any]


def prompt_error(kind: str, message: str, details: str = "") -> Json:
    """Return the answer to a request that cannot be read as a prompt."""
    error = {"type": kind, "message": message, "details": details}
    return {"error": {**error, "extra_info": {}}, "node_errors": {}}


def refusal(checked: Checked) -> Json | None:
    """Return the answer to a prompt that cannot run at all, or None where some of it can."""
    for problem in checked.problems:
        if problem.kind in _OF_THE_WHOLE:
            error = _error(problem) | {"type": _OF_THE_WHOLE[problem.kind]}
            if problem.node is None:
                error["extra_info"] = {}
            return {"error": error, "node_errors": {}}
    if checked.targets:
        return None
    errors = node_errors(checked)
    own = [
        f"{error['message']}: {error['details']}"
        for id_ in checked.failed
        for error in errors.get(id_, {}).get("errors", ())
    ]
    message = "no node that saves or shows a result can run"
    return {**prompt_error(_NO_OUTPUT_LEFT, message, "\n".join(own)), "node_errors": errors}


def node_errors(checked: Checked) -> Json:
    """Return what is wrong with each node."""
    found: Json = {}
    prompt: Json | None = None
    for problem in checked.problems:
        if problem.node is None or problem.kind in _OF_THE_WHOLE:
            continue
        error = _error(problem)
        if _leads_nowhere(problem):
            prompt = mapping(msgspec.json.decode(checked.prompt)) if prompt is None else prompt
            error |= _as_exception(problem, prompt, is_output=problem.node in checked.failed)
        elif problem.kind == "exception_during_inner_validation":
            prompt = mapping(msgspec.json.decode(checked.prompt)) if prompt is None else prompt
            error["extra_info"] |= _user_of(problem.node, prompt)
        entry = found.setdefault(
            problem.node,
            {
                "errors": [],
                "dependent_outputs": list(checked.failed),
                "class_type": checked.types.get(problem.node, problem.node_type),
            },
        )
        entry["errors"].append(error)
    return found


def _error(problem: Problem) -> Json:
    extra = dict(problem.extra)
    details = extra.pop("details", None)
    return {
        "type": problem.kind,
        "message": _sentence(problem),
        "details": str(details) if details is not None else problem.input or "",
        "extra_info": extra,
    }


def _sentence(problem: Problem) -> str:
    """Return message, expectation, value and mend in one line."""
    parts = [problem.message]
    if problem.expected is not None:
        parts.append(f"expected {problem.expected}")
    if problem.got is not None:
        parts.append(f"got {problem.got}")
    if problem.nearest is not None:
        parts.append(f"did you mean {problem.nearest}?")
    elif problem.hint is not None:
        parts.append(problem.hint)
    return "; ".join(parts)


def _leads_nowhere(problem: Problem) -> bool:
    """Tell a link to something that is not there from a list that is no link at all."""
    given = items(problem.extra.get("received_value"))
    return problem.kind == "bad_linked_input" and len(given) == _LINK_LENGTH


def _as_exception(problem: Problem, prompt: Mapping[str, Any], *, is_output: bool) -> Json:
    """Return how ComfyUI reports such a link: as what looking it up raises."""
    node, _ = items(problem.extra.get("received_value"))
    missing = not isinstance(node, str) or node not in prompt
    raised: Json = {"exception_type": "KeyError" if missing else "IndexError", "traceback": []}
    details = repr(node) if missing else "tuple index out of range"
    if is_output:
        return {
            "type": "exception_during_validation",
            "details": details,
            "extra_info": raised,
        }
    return {
        "type": "exception_during_inner_validation",
        "details": details,
        "extra_info": {
            **_user_of(problem.node or "", prompt),
            **raised,
            "exception_message": details,
        },
    }


def _user_of(id_: str, prompt: Mapping[str, Any]) -> Json:
    """Return the first link from a node; its input is the one whose check went wrong."""
    for name, value in _links(prompt):
        if value[0] == id_:
            return {"input_name": name, "input_config": None, "linked_node": value}
    return {"input_name": None, "input_config": None, "linked_node": None}


def _links(prompt: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    for node in prompt.values():
        for name, value in mapping(mapping(node).get("inputs")).items():
            if _is_link(value):
                yield name, value


def _is_link(value: Any) -> bool:
    parts = items(value)
    return len(parts) == _LINK_LENGTH and isinstance(parts[0], str)
