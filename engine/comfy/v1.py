"""ComfyUI's V1 classes (`NODE_CLASS_MAPPINGS`) as kinds of nodes."""

from __future__ import annotations

import contextlib
import inspect
import logging
import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from engine.comfy.executing import ExecutionContext, call_of, executing
from engine.comfy.hidden import degraded_values, hidden_values
from engine.comfy.returned import read_returned
from engine.declare.spec import (
    MISSING,
    Blocker,
    InputSpec,
    NodeSpec,
    OutputSpec,
    Section,
    type_name,
)
from engine.declare.types import Lazy
from engine.errors import InputError
from engine.graph.model import Link

if TYPE_CHECKING:
    from collections.abc import Awaitable, Generator, Iterator, Mapping

    from engine.declare.context import Context
    from engine.declare.spec import Returned, SocketType

_log = logging.getLogger(__name__)

SECTIONS: tuple[Section, ...] = ("required", "optional", "hidden")
MOST_INSTANCES = 256
"""Instances are kept for so many node ids of a class; expansions make ids without end."""


@dataclass(kw_only=True)
class ClassNode:
    """A V1 class as a kind of node: see the protocol `NodeType`.

    Attributes:
        id: The name in `NODE_CLASS_MAPPINGS`.
        made: The class.
        title: What the editor writes on the node.
        pack: Where it comes from.
        code: Fingerprint of the pack's sources.
    """

    id: str
    made: Any
    title: str
    pack: str
    code: str
    _instances: OrderedDict[str, Any] = field(default_factory=OrderedDict[str, Any], repr=False)

    @property
    def spec(self) -> NodeSpec:
        """The declaration, asked of the class anew."""
        sections = self.made.INPUT_TYPES()
        markers = _markers(sections)
        return NodeSpec(
            id=self.id,
            title=self.title,
            category=getattr(self.made, "CATEGORY", "sd"),
            description=getattr(self.made, "DESCRIPTION", ""),
            inputs=tuple(_inputs(sections)),
            outputs=self._outputs,
            is_output=getattr(self.made, "OUTPUT_NODE", False) is True,
            lane="async" if inspect.iscoroutinefunction(self._function) else "device",
            keeps_identity=bool(getattr(self.made, "NOT_IDEMPOTENT", False))
            or "UNIQUE_ID" in markers.values(),
            takes_lists=self._takes_lists,
            pack=self.pack,
            deprecated=bool(getattr(self.made, "DEPRECATED", False)),
            experimental=bool(getattr(self.made, "EXPERIMENTAL", False)),
            search_aliases=tuple(getattr(self.made, "SEARCH_ALIASES", ())),
        )

    def input(self, name: str) -> InputSpec | None:
        """Return the declaration of one input; classes may answer for any name they like."""
        sections = self.made.INPUT_TYPES()
        for section in SECTIONS:
            declared = sections.get(section, {})
            if name in declared:
                return _input(name, declared[name], section)
        return None

    def fingerprint(self, constants: Mapping[str, Any], context: Context) -> Any:
        """Return what IS_CHANGED says; NaN where it fails."""
        asked = getattr(self.made, "IS_CHANGED", None)
        if asked is None:
            return None
        hidden = degraded_values(_markers(self.made.INPUT_TYPES()), context.node_id)
        try:
            return [_finished(asked(**self._as_lists({**constants, **hidden})))]
        except (Exception, SystemExit) as error:
            _log.warning("%s.IS_CHANGED failed, so the node runs each time: %r", self.id, error)
            return float("nan")

    @property
    def fingerprints(self) -> bool:
        """Whether the class has IS_CHANGED."""
        return getattr(self.made, "IS_CHANGED", None) is not None

    def validate(
        self,
        constants: Mapping[str, Any],
        received_types: Mapping[str, SocketType],
        node_id: str,
    ) -> Mapping[str, str]:
        """Return what VALIDATE_INPUTS says, for each of the inputs that it takes.

        Raises:
            Exception: Whatever the method raises.
        """
        asked = self._validator
        if asked is None or not (asked.args or asked.varkw):
            return {}
        hidden = degraded_values(_markers(self.made.INPUT_TYPES()), node_id)
        given = {**dict.fromkeys(received_types), **constants, **hidden}
        arguments = self._as_lists(
            {name: value for name, value in given.items() if self.checks_input(name)}
        )
        if self.checks_types:
            types = dict(received_types)
            arguments["input_types"] = [types] if self._takes_lists else types
        verdict = _finished(self.made.VALIDATE_INPUTS(**arguments))
        if verdict is True or isinstance(verdict, Blocker):
            return {}
        passed = [name for name in given if name in arguments and name not in hidden]
        return dict.fromkeys(passed or [""], "" if verdict is False else str(verdict))

    @property
    def checks_types(self) -> bool:
        """VALIDATE_INPUTS has a parameter `input_types`."""
        return self._validator is not None and "input_types" in self._validator.args

    def checks_input(self, name: str) -> bool:
        """VALIDATE_INPUTS has a parameter of this name, or takes any."""
        asked = self._validator
        return asked is not None and (name in asked.args or asked.varkw is not None)

    def missing(
        self, inputs: Mapping[str, Any], absent: tuple[str, ...], context: Context
    ) -> tuple[str, ...] | Awaitable[tuple[str, ...]]:
        """Return what `check_lazy_status` asks for; nothing where the class has none.

        Raises:
            InputError: It asks for what is not linked.
        """
        asked = getattr(self._instance(context), "check_lazy_status", None)
        if asked is None:
            return ()
        nothing = (None,) if self._takes_lists else None
        arguments = {**self._arguments(inputs, context), **dict.fromkeys(absent, nothing)}
        with executing(call_of(context)), _without_gradients():
            answer = asked(**arguments)
        if inspect.isawaitable(answer):
            return self._wanted_later(answer, inputs, absent)
        return self._wanted(answer, inputs, absent)

    def call(self, inputs: Mapping[str, Any], context: Context) -> Returned | Awaitable[Returned]:
        """Call the class's FUNCTION on the instance of this node id."""
        method = getattr(self._instance(context), self.made.FUNCTION)
        arguments = self._arguments(inputs, context)
        call = call_of(context)
        if inspect.iscoroutinefunction(method):
            return self._call_later(method, arguments, call)
        with executing(call), _without_gradients():
            value = method(**arguments)
        return read_returned(value, self._most)

    async def _call_later(
        self, method: Any, arguments: Mapping[str, Any], call: ExecutionContext
    ) -> Returned:
        with executing(call), _TURNS.without_gradients():
            return read_returned(await method(**arguments), self._most)

    async def _wanted_later(
        self, answer: Awaitable[Any], inputs: Mapping[str, Any], absent: tuple[str, ...]
    ) -> tuple[str, ...]:
        return self._wanted(await answer, inputs, absent)

    def _wanted(
        self, answer: Any, inputs: Mapping[str, Any], absent: tuple[str, ...]
    ) -> tuple[str, ...]:
        if not isinstance(answer, list):
            return ()
        names = [name for name in cast("list[Any]", answer) if name is not None]
        for name in names:
            if name not in inputs and name not in absent:
                raise InputError(
                    f"{self.id} asks for the lazy input {name!r}, which is not linked", input=name
                )
        return tuple(name for name in names if name in absent)

    def _arguments(self, inputs: Mapping[str, Any], context: Context) -> dict[str, Any]:
        hidden = hidden_values(_markers(self.made.INPUT_TYPES()), context)
        values = {name: self._plain(value) for name, value in inputs.items()}
        return {**values, **self._as_lists(hidden)}

    def _plain(self, value: Any) -> Any:
        if isinstance(value, Link):
            return [value.node, value.slot]
        if isinstance(value, Lazy):
            return (None,) if self._takes_lists else None
        return value

    def _as_lists(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: [value] if self._takes_lists else value for name, value in values.items()}

    def _instance(self, context: Context) -> Any:
        kept = self._instances
        if context.node_id not in kept:
            kept[context.node_id] = self.made()
        kept.move_to_end(context.node_id)
        while len(kept) > MOST_INSTANCES:
            kept.popitem(last=False)
        return kept[context.node_id]

    @property
    def _function(self) -> Any:
        return getattr(self.made, self.made.FUNCTION, None)

    @property
    def _takes_lists(self) -> bool:
        return bool(getattr(self.made, "INPUT_IS_LIST", False))

    @property
    def _most(self) -> int | None:
        lists = getattr(self.made, "OUTPUT_IS_LIST", None)
        return None if lists is None else len(lists)

    @cached_property
    def _validator(self) -> inspect.FullArgSpec | None:
        asked = getattr(self.made, "VALIDATE_INPUTS", None)
        return None if asked is None else inspect.getfullargspec(asked)

    @property
    def _outputs(self) -> tuple[OutputSpec, ...]:
        kinds = tuple(_kind(kind) for kind in getattr(self.made, "RETURN_TYPES", ()))
        names = tuple(getattr(self.made, "RETURN_NAMES", None) or ())
        lists = tuple(getattr(self.made, "OUTPUT_IS_LIST", None) or ())
        tooltips = tuple(getattr(self.made, "OUTPUT_TOOLTIPS", None) or ())
        return tuple(
            OutputSpec(
                name=str(_nth(names, slot) or type_name(kind)),
                type=kind,
                is_list=bool(_nth(lists, slot)),
                tooltip=_nth(tooltips, slot),
            )
            for slot, kind in enumerate(kinds)
        )


def _nth(values: tuple[Any, ...], index: int) -> Any:
    return values[index] if index < len(values) else None


def _kind(declared: Any) -> SocketType:
    return tuple(cast("list[Any]", declared)) if isinstance(declared, list) else declared


def _markers(sections: Mapping[str, Any]) -> dict[str, str]:
    hidden = cast("Mapping[str, Any]", sections.get("hidden") or {})
    return {name: marker for name, marker in hidden.items() if isinstance(marker, str)}


def _inputs(sections: Mapping[str, Any]) -> Iterator[InputSpec]:
    for section in SECTIONS:
        declared = cast("Mapping[str, Any]", sections.get(section) or {})
        for name, info in declared.items():
            yield _input(name, info, section)


def _input(name: str, info: Any, section: Section) -> InputSpec:
    if not isinstance(info, tuple | list):
        return InputSpec(name=name, type=info, section=section)
    parts = list(cast("list[Any]", info))
    options: dict[str, Any] = dict(parts[1]) if len(parts) > 1 and parts[1] else {}
    return InputSpec(
        name=name,
        type=_kind(parts[0]),
        section=section,
        default=options.pop("default", MISSING),
        lazy=bool(options.pop("lazy", False)),
        raw_link=bool(options.pop("rawLink", False)),
        options=options,
    )


def _finished(answer: Any) -> Any:
    """Wait for an answer that a pack computes asynchronously, off the running event loop."""
    if not inspect.isawaitable(answer):
        return answer
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    async def wait() -> Any:
        return await answer

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, wait()).result()


class _Turns(threading.local):
    """Coroutines that take turns in a thread, whose switch must stay off until all have ended."""

    def __init__(self) -> None:
        self._running = 0
        self._before = True

    @contextlib.contextmanager
    def without_gradients(self) -> Generator[None]:
        """Record no gradients in this thread until the last of its coroutines has ended."""
        torch = sys.modules.get("torch")
        if torch is None:
            yield
            return
        if not self._running:
            self._before = torch.is_grad_enabled()
        self._running += 1
        torch.set_grad_enabled(False)
        try:
            yield
        finally:
            self._running -= 1
            if not self._running:
                torch.set_grad_enabled(self._before)


_TURNS = _Turns()


def _without_gradients() -> contextlib.AbstractContextManager[Any]:
    """Return torch's `no_grad` if anything loaded torch; packs rely on not recording gradients.

    ComfyUI uses inference mode, whose tensors could not be trained on by a later node.
    """
    torch = sys.modules.get("torch")
    return torch.no_grad() if torch is not None else contextlib.nullcontext()
