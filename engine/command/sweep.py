"""Many runs of one workflow: sweeps over inputs, rows of a table, and their product."""

from __future__ import annotations

import csv
import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.errors import FileProblemError, InputError
from engine.jobs.settings import find_place, is_numeric, parse_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from engine.jobs.local import Workflow

MAX_RUNS = 1_000_000
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_RANGE = re.compile(rf"({_NUMBER}?)\.\.({_NUMBER})(?:\.\.({_NUMBER}))?")

Settings = dict[str, Any]
"""Values by `NODE.input`, as the user wrote it."""


def split_setting(text: str) -> tuple[str, str]:
    """Return target and value of `NODE.input=VALUE`.

    Raises:
        InputError: There is no `=`.
    """
    target, equals, value = text.partition("=")
    if not equals or not target.strip():
        raise InputError("not a setting", expected="NODE.input=VALUE", got=text)
    return target.strip(), value


def fixed(workflow: Workflow, settings: Sequence[str]) -> Settings:
    """Return the values of `--set` options, typed as the inputs want them."""
    values: Settings = {}
    for target, text in map(split_setting, settings):
        values[target] = parse_value(find_place(workflow.graph, workflow.registry, target), text)
    return values


def axis(workflow: Workflow, text: str) -> tuple[str, list[Any]]:
    """Return target and values of one `--sweep` option.

    `1..8` counts from 1 to 8, both included; `0..1..0.25` goes in steps of 0.25; `a,b,c` is a
    list, in which quotes keep a comma together.

    Raises:
        InputError: A range without end, or values that the input does not take.
    """
    target, value = split_setting(text)
    place = find_place(workflow.graph, workflow.registry, target)
    span = _RANGE.fullmatch(value.strip()) if is_numeric(place) else None
    if span is not None:
        texts = list(_span(text, *span.groups()))
    else:
        texts = next(csv.reader([value], skipinitialspace=True), list[str]())
    if not texts:
        raise InputError("an empty sweep", expected="NODE.input=1..8 or NODE.input=a,b,c", got=text)
    return target, [parse_value(place, entry) for entry in texts]


def rows(workflow: Workflow, path: Path) -> list[Settings]:
    """Return the settings of each row of a CSV file whose columns are `NODE.input`.

    An empty cell leaves what the workflow says.

    Raises:
        FileProblemError: The file cannot be read or has no rows.
        InputError: A column names no input, or a cell holds a wrong value; names the row.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            table = list(csv.DictReader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileProblemError(f"the table cannot be read: {error}", got=str(path)) from error
    if not table:
        raise FileProblemError("the table has no rows", got=str(path))
    return [_row(workflow, number, row) for number, row in enumerate(table, start=2)]


def combinations(
    base: Settings, table: Sequence[Settings], axes: Mapping[str, Sequence[Any]]
) -> list[Settings]:
    """Return the settings of every run: each row with each combination of the axes.

    The last axis turns fastest.

    Raises:
        InputError: More runs than anybody can mean.
    """
    count = len(table) or 1
    for values in axes.values():
        count *= len(values)
    if count > MAX_RUNS:
        raise InputError("too many runs", expected=f"at most {MAX_RUNS}", got=str(count))
    product = itertools.product(table or [{}], itertools.product(*axes.values()))
    return [base | row | dict(zip(axes, point, strict=True)) for row, point in product]


def _span(text: str, low: str, high: str, step: str | None) -> Iterator[str]:
    whole = not any(set(part or "") & set(".eE") for part in (low, high, step))
    if not low or (step is None and not whole):
        raise InputError(
            "a range needs both ends, and a step where they are not whole numbers",
            expected="1..8 or 0..1..0.25",
            got=text,
        )
    start, end, stride = float(low), float(high), float(step or 1)
    if stride <= 0 or (end - start) / stride >= MAX_RUNS:
        raise InputError("a range with a step that does not lead to its end", got=text)
    if end < start:
        raise InputError("a range that runs backwards", got=text, nearest=f"{high}..{low}")
    if whole:
        yield from (str(value) for value in range(int(low), int(high) + 1, int(step or 1)))
        return
    for index in range(int((end - start) / stride + 1e-9) + 1):
        yield format(start + index * stride, ".12g")


def _row(workflow: Workflow, number: int, row: Mapping[str | None, Any]) -> Settings:
    if None in row:
        raise InputError(f"line {number} of the table has more cells than the heading")
    cells = {str(target): text for target, text in row.items() if text}
    try:
        return fixed(workflow, [f"{target}={text}" for target, text in cells.items()])
    except InputError as error:
        message = f"line {number} of the table: {error.problem.message}"
        error.problem = replace(error.problem, message=message)
        raise
