"""A client's workflow, checked: what runs, what the client sees of it, and what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import msgspec

from engine.errors import Problem, WorkflowFormatError
from engine.graph.api_format import read_api, write_api, write_value
from engine.graph.json_text import items, mapping
from engine.graph.ui_format import is_ui_format, read_ui
from engine.graph.validate import validate
from engine.graph.workflow_file import WorkflowFile, to_graph

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.declare.registry import Registry
    from engine.files import Folders
    from engine.graph.model import Graph, Node


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What checking a workflow gave.

    Attributes:
        prompt: API JSON with constants converted to the types of their inputs, keys in the order
            of the client, as `/queue` and `/history` show it.
        graph: The same as the worker reads it, where lists that are constants stay wrapped; None
            where it is no different.
        targets: Ids of the output nodes that can run and are wanted.
        problems: Everything that is wrong, those of the whole workflow (without a node) first.
        failed: Ids of the wanted output nodes that cannot run. In ComfyUI's words they are the
            `dependent_outputs` of every node that has a problem.
        types: The kind of each node that has a problem.
        extra_pnginfo: What is saved beside results, from a workflow that came as a canvas.
    """

    prompt: bytes
    graph: bytes | None = None
    targets: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    failed: tuple[str, ...] = ()
    types: dict[str, str] = {}
    extra_pnginfo: dict[str, Any] | None = None


def check_prompt(
    raw: Any, registry: Registry, folders: Folders, targets: Sequence[str] | None = None
) -> Checked:
    """Check a workflow as a client sent it.

    Args:
        raw: API JSON, or a canvas (UI JSON 0.4 or 1), as Python values.
        registry: The kinds of nodes there are.
        folders: Where the files are that choices name.
        targets: Ids of the nodes that are wanted; those that are no output nodes are left out.
            All output nodes for None.
    """
    try:
        if is_ui_format(raw):
            return _check_canvas(raw, registry, folders, targets)
        given = _api_object(raw)
        nameless = [_nameless(id_, node) for id_, node in given.items() if not _kind(node)]
        if nameless:
            return Checked(prompt=b"{}", problems=tuple(nameless))
        return _check_graph(read_api(given), given, registry, folders, targets)
    except WorkflowFormatError as error:
        return Checked(prompt=b"{}", problems=error.problems)


def kinds_in(raw: Any) -> set[str]:
    """Return the kinds of nodes that a workflow names, whichever form it has."""
    if is_ui_format(raw):
        canvas = mapping(raw)
        inner = items(mapping(canvas.get("definitions")).get("subgraphs"))
        every = [canvas, *(mapping(one) for one in inner)]
        named = {mapping(node).get("type") for one in every for node in items(one.get("nodes"))}
    else:
        named = {mapping(node).get("class_type") for node in mapping(raw).values()}
    return {kind for kind in named if isinstance(kind, str)}


def _check_canvas(
    raw: Any, registry: Registry, folders: Folders, targets: Sequence[str] | None
) -> Checked:
    pnginfo = {"workflow": raw}
    file = WorkflowFile(name="the workflow", canvas=read_ui(raw), extra_pnginfo=pnginfo)
    graph = to_graph(file, registry.get).graph
    checked = _check_graph(graph, write_api(graph), registry, folders, targets)
    return msgspec.structs.replace(checked, extra_pnginfo=pnginfo)


def _check_graph(
    graph: Graph,
    given: Mapping[str, Any],
    registry: Registry,
    folders: Folders,
    targets: Sequence[str] | None,
) -> Checked:
    wanted = None if targets is None else _outputs(graph, registry, targets)
    if wanted is not None and not wanted and all(registry.get(kind) for kind in kinds_in(given)):
        return Checked(prompt=b"{}", problems=(_nothing_wanted(),))
    found = validate(graph, registry, wanted, folders=folders)
    shown, wrapped = _converted(graph, found.graph, given)
    faulty = {problem.node for problem in found.problems}
    return Checked(
        prompt=msgspec.json.encode(shown),
        graph=None if wrapped is None else msgspec.json.encode(wrapped),
        targets=found.targets,
        problems=found.problems,
        failed=found.failed,
        types={id_: node.type for id_, node in graph.nodes.items() if id_ in faulty},
    )


def _converted(
    before: Graph, after: Graph, given: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
    """Return the client's JSON with constants as they were converted, unwrapped and wrapped.

    Nodes in which nothing changed are the client's own objects.
    """
    shown = dict(given)
    wrapped = dict(given)
    lists = False
    for id_, node in after.nodes.items():
        has_lists = any(type(value) is list for value in node.inputs.values())
        lists = lists or has_lists
        changed = _changed(before.nodes[id_], node)
        if not changed and not has_lists:
            continue
        inputs = cast("dict[str, Any]", given[id_].get("inputs") or {})
        kept = inputs | {name: write_value(value) for name, value in changed.items()}
        wrapped[id_] = {**given[id_], "inputs": kept}
        bare = {name: node.inputs[name] for name in kept if type(node.inputs.get(name)) is list}
        shown[id_] = {**given[id_], "inputs": kept | bare}
    return shown, wrapped if lists else None


def _changed(before: Node, after: Node) -> Mapping[str, Any]:
    if before is after:
        return {}
    return {
        name: value for name, value in after.inputs.items() if value is not before.inputs.get(name)
    }


def _outputs(graph: Graph, registry: Registry, targets: Iterable[str]) -> list[str]:
    found: list[str] = []
    for id_ in targets:
        node = graph.nodes.get(id_)
        kind = None if node is None else registry.get(node.type)
        if kind is not None and kind.spec.is_output:
            found.append(id_)
    return found


def _api_object(raw: Any) -> dict[str, Any]:
    if isinstance(raw, dict):
        return cast("dict[str, Any]", raw)
    message = "the workflow is not an object"
    expected = "nodes by id, each with a class_type (API format), or a canvas (UI format)"
    got = type(raw).__name__
    problem = Problem(kind="invalid_prompt", message=message, expected=expected, got=got)
    raise WorkflowFormatError(message, problem=problem)


def _kind(node: Any) -> str | None:
    kind = mapping(node).get("class_type")
    return kind if isinstance(kind, str) else None


def _nameless(id_: str, node: Any) -> Problem:
    title = mapping(mapping(node).get("_meta")).get("title")
    return Problem(
        kind="missing_node_type",
        message="the node has no class_type, so nobody knows what kind of node it is",
        node=id_,
        hint="export the workflow once more in the API format",
        extra={
            "details": f"Node ID '#{id_}'",
            "node_id": id_,
            "class_type": None,
            "node_title": title if isinstance(title, str) else None,
        },
    )


def _nothing_wanted() -> Problem:
    return Problem(
        kind="prompt_no_outputs",
        message="none of the nodes that were asked for saves or shows a result",
        hint="name output nodes in partial_execution_targets",
        extra={"details": ""},
    )
