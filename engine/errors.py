"""One exception tree: every error knows its node and its input and renders itself once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong, and how to mend it.

    Attributes:
        kind: Machine-readable name, ComfyUI's where it has one (`value_not_in_list`, ...).
        message: What is wrong, in one short sentence without the details.
        node: Id of the node, or None for a problem of the whole workflow.
        node_type: The kind of that node.
        title: The title that the user gave to that node.
        input: Name of the input.
        expected: What would be right.
        got: What came.
        nearest: The valid value most like the one that came.
        hint: How to mend it, where `nearest` does not say it already.
        extra: Further facts for programs (ComfyUI's `extra_info`).
    """

    kind: str
    message: str
    node: str | None = None
    node_type: str | None = None
    title: str | None = None
    input: str | None = None
    expected: str | None = None
    got: str | None = None
    nearest: str | None = None
    hint: str | None = None
    extra: dict[str, Any] = field(default_factory=dict[str, Any])

    def where(self) -> str:
        """Return the place of the problem: `node 3 "Sampler" (KSampler), input "steps"`."""
        parts: list[str] = []
        if self.node is not None:
            named = self.title and self.title != self.node_type
            title = f' "{self.title}"' if named else ""
            kind = f" ({self.node_type})" if self.node_type else ""
            parts.append(f"node {self.node}{title}{kind}")
        if self.input is not None:
            parts.append(f'input "{self.input}"')
        return ", ".join(parts)

    def render(self) -> str:
        """Return the sentences that the user reads."""
        where = self.where()
        lines = [f"{where}: {self.message}" if where else self.message]
        if self.expected is not None:
            lines.append(f"  expected: {self.expected}")
        if self.got is not None:
            lines.append(f"  got: {self.got}")
        if self.nearest is not None:
            lines.append(f"  did you mean: {self.nearest}")
        if self.hint is not None:
            lines.append(f"  how to mend it: {self.hint}")
        return "\n".join(lines)


class LoomError(Exception):
    """The base of every error that Latentloom raises on purpose.

    Args:
        message: What is wrong, in one sentence.
        problem: The same with its place and its mend; made from the message when left out.
    """

    kind = "error"

    def __init__(self, message: str, *, problem: Problem | None = None) -> None:
        super().__init__(message)
        self.problem = problem or Problem(kind=self.kind, message=message)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong; most errors carry one problem."""
        return (self.problem,)

    def at(self, *, node: str, node_type: str, title: str | None = None) -> LoomError:
        """Fill in the node that the error belongs to, where it is not known yet; returns self."""
        if self.problem.node is None:
            self.problem = replace(self.problem, node=node, node_type=node_type, title=title)
        return self

    def render(self) -> str:
        """Return the text that the user reads."""
        return "\n".join(problem.render() for problem in self.problems)


class WorkflowFormatError(LoomError):
    """A file that should hold a workflow does not, or holds a broken one."""

    kind = "invalid_workflow"


class InvalidWorkflowError(LoomError):
    """A workflow that was read well but cannot run; carries every problem at once.

    Args:
        problems: At least one problem.
    """

    kind = "prompt_outputs_failed_validation"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        count = len(problems)
        super().__init__(
            f"the workflow has {count} problem{'s' if count != 1 else ''}",
            problem=problems[0] if count == 1 else None,
        )
        self._problems = problems

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems, in the order of the workflow's nodes."""
        return self._problems


class InputError(LoomError):
    """A value that a node cannot work with.

    Args:
        message: What is wrong, in one sentence.
        input: Name of the input, where one is to blame.
        expected: What would be right.
        got: What came.
        nearest: The valid value most like the one that came.
        hint: How to mend it.
    """

    kind = "invalid_input"

    def __init__(
        self,
        message: str,
        *,
        input: str | None = None,  # noqa: A002 - the term of the field
        expected: str | None = None,
        got: str | None = None,
        nearest: str | None = None,
        hint: str | None = None,
    ) -> None:
        problem = Problem(
            kind=self.kind,
            message=message,
            input=input,
            expected=expected,
            got=got,
            nearest=nearest,
            hint=hint,
        )
        super().__init__(message, problem=problem)


class FileProblemError(InputError):
    """A file that is missing, not readable, not writable, or not what it claims to be."""

    kind = "file"


class PathEscapeError(FileProblemError):
    """A path that would leave the folder it must stay in."""

    kind = "path_escape"


class DeclarationError(LoomError):
    """A node function or class that cannot be read as a kind of node; for the node's author.

    Args:
        message: What is wrong and where, in one sentence.
        expected: What would be right.
    """

    kind = "invalid_declaration"

    def __init__(self, message: str, *, expected: str | None = None) -> None:
        problem = Problem(kind=self.kind, message=message, expected=expected)
        super().__init__(problem.render(), problem=problem)


class NodeFailedError(LoomError):
    """A node raised an exception that is not one of ours; `__cause__` holds it."""

    kind = "execution_error"


class OutOfMemoryError(LoomError):
    """A node ran out of memory even after everything that can be given up was given up."""

    kind = "out_of_memory"


class InterruptedRunError(LoomError):
    """The user stopped the run; what is finished stays cached, training keeps its last state."""

    kind = "interrupted"
