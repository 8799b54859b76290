"""Declarations as ComfyUI's `/object_info` shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.declare.spec import MISSING
from engine.declare.wire import plain_type, wire_input
from engine.errors import FileProblemError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.declare.spec import InputSpec, NodeSpec, Section
    from engine.files import Folders


def object_info(spec: NodeSpec, folders: Folders | None = None) -> dict[str, Any]:
    """Return one kind of node as JSON.

    Args:
        spec: The declaration.
        folders: Lists the files of choices that are a folder's; these are empty without it.
    """
    sections = _sections(spec, folders)
    info: dict[str, Any] = {
        "input": sections,
        "input_order": {section: list(inputs) for section, inputs in sections.items()},
        "is_input_list": spec.takes_lists,
        "output": [plain_type(output.type) for output in spec.outputs],
        "output_is_list": [output.is_list for output in spec.outputs],
        "output_name": [output.name for output in spec.outputs],
        "name": spec.id,
        "display_name": spec.title,
        "description": spec.description,
        "python_module": spec.pack,
        "category": spec.category,
        "output_node": spec.is_output,
        "has_intermediate_output": False,
        "search_aliases": list(spec.search_aliases),
    }
    if any(output.tooltip for output in spec.outputs):
        info["output_tooltips"] = [output.tooltip or "" for output in spec.outputs]
    return info | _flags(deprecated=spec.deprecated, experimental=spec.experimental)


def catalogue(specs: Iterable[NodeSpec], folders: Folders | None = None) -> dict[str, Any]:
    """Return all kinds of nodes as JSON, by id."""
    return {spec.id: object_info(spec, folders) for spec in specs}


def _flags(**flags: bool) -> dict[str, bool]:
    return {name: True for name, is_set in flags.items() if is_set}


def _sections(spec: NodeSpec, folders: Folders | None) -> dict[str, dict[str, Any]]:
    sections: dict[str, dict[str, Any]] = {"required": {}}
    for one in spec.inputs:
        written: Any = plain_type(one.type) if one.section == "hidden" else _input(one, folders)
        sections.setdefault(one.section, {})[one.name] = written
    order: tuple[Section, ...] = ("required", "optional", "hidden")
    return {section: sections[section] for section in order if section in sections}


def _input(spec: InputSpec, folders: Folders | None) -> list[Any]:
    if spec.folder is None:
        return wire_input(spec)
    return wire_input(spec, choices_of(spec, folders))


def choices_of(spec: InputSpec, folders: Folders | None) -> list[str]:
    """Return the values of a choice: those declared, then the files of its folder."""
    listed: list[str] = []
    if isinstance(spec.type, tuple):
        listed = list(spec.type)
    if spec.folder is not None and folders is not None:
        try:
            listed += folders.list(spec.folder)
        except FileProblemError:  # a folder that only some installations have
            return listed
    if not listed and spec.default is not MISSING:
        listed.append(spec.default)
    return listed
