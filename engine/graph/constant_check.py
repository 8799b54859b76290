"""Constants brought into the type of their input, and checked against its range and choices."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from engine.declare.spec import type_name
from engine.errors import LoomError, PathEscapeError
from engine.files import beneath
from engine.graph.json_text import items, mapping
from engine.likeness import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from engine.declare.spec import InputSpec
    from engine.files import Folders

_CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "INT": int,
    "FLOAT": float,
    "STRING": str,
    "BOOLEAN": bool,
}
_MOST_SHOWN = 20
_WRAPPER = "__value__"
_TOKEN = re.compile(r"%[^%/\\]+%")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with a constant; see `engine.errors.Problem` for the fields."""

    kind: str
    message: str
    expected: str | None = None
    got: str | None = None
    nearest: str | None = None
    hint: str | None = None
    details: str | None = None
    error: str | None = None


def converted(spec: InputSpec, value: Any) -> Any | Fault:
    """Return a constant in the type of its input, as ComfyUI converts it.

    Args:
        spec: The input.
        value: The constant: 2.7 for an `INT` becomes 2, `"3"` becomes 3.
    """
    kind = type_name(spec.type)
    conversion = _CONVERSIONS.get(kind)
    if type(value) is conversion:
        return value
    value = mapping(value).get(_WRAPPER, value)
    if conversion is None or cast("type[Any]", type(value)) is conversion:
        return value
    try:
        return conversion(value)
    except (TypeError, ValueError, OverflowError) as error:
        return Fault(
            kind="invalid_input_type",
            message=f"the value cannot be made a value of type {kind}",
            expected=f"a value of type {kind}",
            got=shown(value),
            details=f"{spec.name}, {shown(value)}, {error}",
            error=str(error),
        )


def fault_of(spec: InputSpec, value: Any, folders: Folders | None) -> Fault | None:
    """Return what is wrong with a converted constant, or None.

    Args:
        spec: The input.
        value: The constant.
        folders: Where the files are that choices name; None checks no files.
    """
    fault = _out_of_range(spec, value)
    if fault is not None:
        return fault
    options = _options(spec)
    if spec.saved_name:
        return None if folders is None else _unsavable(spec, value, folders)
    if spec.folder is not None:
        if folders is None or (options and value in options):
            return None
        return _missing_file(spec, value, folders)
    return None if options is None else _not_in_list(spec, value, options)


def nearest_of(value: Any, options: Iterable[Any]) -> str | None:
    """Return the option most like a value, as text, or None where none is like it."""
    return nearest(str(value), map(str, options), cutoff=0.4)


def shown(value: Any) -> str:
    """Return a value as messages write it, cut where it is long."""
    text = repr(value) if not isinstance(value, int) else str(value)[:100]
    return text if len(text) <= 100 else f"{text[:97]}..."  # noqa: PLR2004


def _out_of_range(spec: InputSpec, value: Any) -> Fault | None:
    least, most = spec.options.get("min"), spec.options.get("max")
    try:
        if least is not None and value < least:
            return Fault(
                kind="value_smaller_than_min",
                message="the value is too small",
                expected=f"at least {least}",
                got=shown(value),
                nearest=str(least),
            )
        if most is not None and value > most:
            return Fault(
                kind="value_bigger_than_max",
                message="the value is too large",
                expected=f"at most {most}",
                got=shown(value),
                nearest=str(most),
            )
    except TypeError:
        # A pack may declare a range for a type that has none.
        return None
    return None


def _options(spec: InputSpec) -> Sequence[Any] | None:
    """Return the values that an input may have, or None where anything goes."""
    if not isinstance(spec.type, str):
        return spec.type
    listed: Any = spec.options.get("options")
    if (
        type_name(spec.type) != "COMBO"
        or "remote_combo" in spec.options
        or not isinstance(listed, list | tuple)
    ):
        return None
    return cast("Sequence[Any]", listed)


def _not_in_list(spec: InputSpec, value: Any, options: Sequence[Any]) -> Fault | None:
    several = isinstance(value, list) and bool(spec.options.get("multiselect"))
    given: list[Any] = items(value) if several else [value]
    wrong = [one for one in given if one not in options]
    if not wrong:
        return None
    listed = ", ".join(map(shown, options[:_MOST_SHOWN]))
    many = f", ... ({len(options)} in all)" if len(options) > _MOST_SHOWN else ""
    names = ", ".join(map(shown, wrong))
    choices = f"(list of length {len(options)})" if many else str(list(options))
    return Fault(
        kind="value_not_in_list",
        message="there is no such choice" if options else "there is nothing to choose from",
        expected=f"one of {listed}{many}" if options else None,
        got=names,
        nearest=nearest_of(wrong[0], options),
        details=f"{spec.name}: {names} not in {choices}",
    )


def _unsavable(spec: InputSpec, value: Any, folders: Folders) -> Fault | None:
    """Return what is wrong with the start of a file name, whatever its tokens will become."""
    try:
        beneath(folders.output, _TOKEN.sub("0", str(value)))
    except PathEscapeError as error:
        problem = error.problem
        return Fault(
            kind="custom_validation_failed",
            message=problem.message,
            expected=problem.expected,
            got=shown(value),
            details=f"{spec.name}: {problem.message}",
        )
    return None


def _missing_file(spec: InputSpec, value: Any, folders: Folders) -> Fault | None:
    if not isinstance(value, str):
        return Fault(
            kind="value_not_in_list",
            message="the value is no file name",
            expected=f"the name of a file in {spec.folder}",
            got=shown(value),
        )
    try:
        folders.find(spec.folder or "", value, input_name=spec.name)
    except LoomError as error:
        problem = error.problem
        return Fault(
            kind="value_not_in_list",
            message=problem.message,
            expected=problem.expected,
            got=problem.got,
            nearest=problem.nearest,
            hint=problem.hint,
            details=f"{spec.name}: {shown(value)} not in {spec.folder}",
        )
    return None
