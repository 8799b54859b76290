"""Workflows in this process: no server, no global state.

from engine import Engine

with Engine() as loom:
    workflow = loom.load("workflows/text_to_image.json")
    workflow.set("KSampler.seed", 3)
    loom.run(workflow).images[0].show()
"""

from __future__ import annotations

import os
import uuid
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from engine.cache.budgets import Budgets
from engine.content import ContentHashes
from engine.declare.registry import Registry
from engine.files import Folders
from engine.graph.validate import validate
from engine.graph.workflow_file import WorkflowFile, load_workflow
from engine.jobs.result import Result
from engine.jobs.workflow import Workflow
from engine.run.client import Client

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    from engine.cache.results import ResultsCache
    from engine.graph.model import Graph
    from engine.graph.workflow_file import Source
    from engine.run.events import Listener
    from engine.run.executor import Executor

__all__ = ["Engine", "Result", "Workflow", "default_base"]

CHECKOUT = Path(__file__).resolve().parents[2]


def default_base() -> Path:
    """Return the folder that holds `models/`: `$LOOM_BASE`, else the checkout, else this one."""
    named = os.environ.get("LOOM_BASE")
    if named:
        return Path(named)
    return CHECKOUT if (CHECKOUT / "pyproject.toml").is_file() else Path.cwd()


class Engine:
    """Loads and runs workflows in this process. Objects share nothing but the disk tier.

    Args:
        base: Folder with `models/`, `input/` and `output/`; `default_base()` when left out.
        output: Where results go instead of `output/`.
        models: More folders laid out like `models/`, searched after it.
        budgets: Bytes for each tier of the results cache; those of the environment
            (`LOOM_CACHE_RAM` and others) when left out.
    """

    def __init__(
        self,
        *,
        base: Path | str | None = None,
        output: Path | str | None = None,
        models: Sequence[Path | str] = (),
        budgets: Budgets | None = None,
    ) -> None:
        saved = Path(output) if output is not None else None
        self.folders = with_named_models(
            Folders.beneath(Path(base) if base is not None else default_base(), output=saved),
            [Path(folder) for folder in models],
        )
        self._budgets = budgets

    def __enter__(self) -> Self:
        """Return the engine; its threads end with the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the engine's threads."""
        self.close()

    @cached_property
    def registry(self) -> Registry:
        """The kinds of nodes there are; packs are looked for in `custom_nodes/` too."""
        return Registry.load(self.folders)

    @cached_property
    def cache(self) -> ResultsCache:
        """Results of earlier runs, those of earlier processes included."""
        from engine.cache.results import ResultsCache

        budgets = self._budgets or Budgets.of_environment(os.environ)
        return ResultsCache(budgets, folder=self.folders.cache / "results")

    @cached_property
    def executor(self) -> Executor:
        """Runs the graphs."""
        from engine.run.executor import Executor

        content = ContentHashes(self.folders.cache / "content.json")
        return Executor(self.registry, self.cache, self.folders, content)

    def load(self, source: Source) -> Workflow:
        """Read a workflow in whichever form it comes.

        Args:
            source: A path, JSON text, the bytes of a file, or a JSON object: ComfyUI's API or UI
                format, a picture that holds one, or a script made by `loom convert --to python`.

        Raises:
            FileProblemError: The file cannot be read.
            WorkflowFormatError: It holds no workflow, or a broken one.
        """
        return Workflow(load_workflow(source), self.registry, self.folders)

    def workflow(self, graph: Graph) -> Workflow:
        """Return a graph that was built in Python as a workflow."""
        return Workflow(WorkflowFile(name="the graph", graph=graph), self.registry, self.folders)

    def run(
        self,
        workflow: Workflow,
        *,
        targets: Sequence[str] | None = None,
        listener: Listener | None = None,
        interrupt: threading.Event | None = None,
    ) -> Result:
        """Check a workflow and run it.

        Args:
            workflow: From `load` or `workflow`.
            targets: The nodes that are wanted, by id, title or type; all that save or show
                something when left out.
            listener: Gets the events of the run, from whichever thread they arise in.
            interrupt: Stops the run within one sampling step when set.

        Raises:
            InvalidWorkflowError: The workflow cannot run; carries every problem.
            LoomError: A node failed, ran out of memory or was interrupted; carries its node.
        """
        wanted = None if targets is None else [workflow.node(name) for name in targets]
        checked = validate(workflow.graph, self.registry, wanted, folders=self.folders)
        checked.raise_problems()
        run = self.executor.run(
            checked.graph,
            checked.targets,
            job_id=str(uuid.uuid4()),
            listener=listener,
            interrupt=interrupt,
            client=Client(extra_pnginfo=workflow.extra_pnginfo),
        )
        return Result(checked.graph, run, self.folders)

    def close(self) -> None:
        """End the engine's threads; it can still be used and then starts new ones."""
        executor = self.__dict__.pop("executor", None)
        if executor is not None:
            executor.close()


def with_named_models(folders: Folders, extra: Sequence[Path] = ()) -> Folders:
    """Return folders that also know the model folders of `$LOOM_MODELS` and of a caller."""
    named = os.environ.get("LOOM_MODELS", "")
    more = [*extra, *(Path(part) for part in named.split(os.pathsep) if part)]
    kinds = {
        kind: (*roots, *(folder.resolve() / kind for folder in more))
        for kind, roots in folders.models.items()
    }
    return replace(folders, models=kinds)
