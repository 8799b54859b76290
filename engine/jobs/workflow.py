"""A workflow in the user's hands: loaded, changed, checked, ready to run."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from engine.graph.model import Graph, Link
from engine.graph.validate import validate
from engine.graph.workflow_file import WorkflowFile, to_graph
from engine.jobs.canvas_settings import with_settings
from engine.jobs.settings import find_node, find_place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.declare.registry import Registry
    from engine.errors import Problem
    from engine.files import Folders
    from engine.jobs.canvas_settings import Settings


class Workflow:
    """A workflow that can be changed and run.

    Args:
        file: What was read.
        registry: Knows the kinds of nodes.
        folders: Where the files are that it names.
    """

    def __init__(self, file: WorkflowFile, registry: Registry, folders: Folders) -> None:
        converted = to_graph(file, registry.get)
        self.file = file
        self.registry = registry
        self.folders = folders
        self.graph = converted.graph
        self.notes = converted.notes
        self._settings: Settings = {}

    def set(self, target: str, value: Any) -> None:
        """Give an input a constant value; a link to it is cut.

        Args:
            target: `NODE.input`, where NODE is the node's id, its title, or its type where only
                one node has it: `KSampler.seed`.
            value: Of the type of the input; it is checked with the rest of the workflow.

        Raises:
            InputError: There is no such node or input.
        """
        place = find_place(self.graph, self.registry, target)
        node = self.graph.nodes[place.node]
        changed = replace(node, inputs={**node.inputs, place.input: value})
        self.graph = Graph({**self.graph.nodes, node.id: changed})
        self._settings = {**self._settings, (node.id, place.input): value}

    def get(self, target: str) -> Any:
        """Return the constant of an input, or the `Link` that it takes its value from.

        Raises:
            InputError: There is no such node or input.
        """
        place = find_place(self.graph, self.registry, target)
        return self.graph.nodes[place.node].inputs.get(place.input)

    def source(self, target: str) -> str:
        """Return the id of the node that an input takes its value from.

        Raises:
            InputError: There is no such node or input, or it is not linked.
        """
        link = self.get(target)
        if not isinstance(link, Link):
            raise InputError("the input is not linked", expected="a link", got=target)
        return link.node

    def changed(self, settings: Mapping[str, Any]) -> Workflow:
        """Return a copy with other values; this workflow stays as it is.

        Args:
            settings: Values by `NODE.input`.

        Raises:
            InputError: There is no such node or input.
        """
        variant = copy.copy(self)
        for target, value in settings.items():
            variant.set(target, value)
        return variant

    def node(self, name: str) -> str:
        """Return the id of the node that has this id, this title, or alone this type.

        Raises:
            InputError: There is no such node, or several.
        """
        return find_node(self.graph, name).id

    @property
    def titles(self) -> Mapping[str, str]:
        """What the user calls each node, by id."""
        return {node.id: node.title or node.type for node in self.graph.nodes.values()}

    @property
    def extra_pnginfo(self) -> Mapping[str, Any] | None:
        """What is saved beside results, so that they can be opened as workflows again."""
        saved = self.file.extra_pnginfo
        if saved is None or self.file.canvas is None or not self._settings:
            return saved
        canvas = self.file.canvas.raw
        changed = with_settings(canvas, self._settings, self.graph, self.registry.get)
        return {**saved, "workflow": changed}

    def problems(self) -> tuple[Problem, ...]:
        """Return everything that is wrong, in the order of the workflow's nodes."""
        return validate(self.graph, self.registry, folders=self.folders).problems
