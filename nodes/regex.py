"""Texts looked through with regular expressions, in Python's notation."""

import re
from typing import Annotated, NamedTuple

from engine import Choice, Input, InputError, Number, Output, Text, node

CATEGORY = "utils/string"
LINES = Text(multiline=True)
WANTED = ("First Match", "All Matches", "First Group", "All Groups")


class Matches(NamedTuple):
    """Whether an expression fits."""

    matches: Annotated[bool, Output("matches")]


@node("RegexMatch", title="Regex Match", category=CATEGORY)
def match(
    *,
    string: Annotated[str, LINES],
    regex_pattern: Annotated[str, LINES],
    case_insensitive: bool = True,
    multiline: bool = False,
    dotall: bool = False,
) -> Matches:
    """Tell whether an expression fits somewhere in a text.

    Args:
        string: The text.
        regex_pattern: The expression.
        case_insensitive: Capital and small letters are the same.
        multiline: `^` and `$` fit at the ends of lines too.
        dotall: `.` fits the end of a line too.
    """
    pattern = _compiled(regex_pattern, case_insensitive, multiline, dotall)
    return Matches(pattern.search(string) is not None)


@node("RegexExtract", title="Regex Extract", category=CATEGORY)
def extract(
    *,
    string: Annotated[str, LINES],
    regex_pattern: Annotated[str, LINES],
    mode: Annotated[str, Choice(WANTED)],
    case_insensitive: bool = True,
    multiline: bool = False,
    dotall: bool = False,
    group_index: Annotated[int, Number(0, 100)] = 1,
) -> str:
    """Return what an expression fits in a text, a line for each; nothing where it fits nowhere.

    Args:
        string: The text.
        regex_pattern: The expression.
        mode: The first fit or all; the whole of it, or one group. Of all whole fits of an
            expression with several groups, the first group stands for each.
        case_insensitive: Capital and small letters are the same.
        multiline: `^` and `$` fit at the ends of lines too.
        dotall: `.` fits the end of a line too.
        group_index: Which group; 0 is the whole fit.
    """
    pattern = _compiled(regex_pattern, case_insensitive, multiline, dotall)
    group = {"First Match": 0, "All Matches": min(1, pattern.groups)}.get(mode, group_index)
    if group > pattern.groups or (mode == "All Groups" and not pattern.groups):
        return ""
    fits = list(pattern.finditer(string))
    wanted = fits if mode.startswith("All") else fits[:1]
    return "\n".join(one.group(group) or "" for one in wanted)


@node("RegexReplace", title="Regex Replace", category=CATEGORY)
def replace(
    *,
    string: Annotated[str, LINES],
    regex_pattern: Annotated[str, LINES],
    replace: Annotated[str, LINES],
    case_insensitive: Annotated[bool, Input(optional=True)] = True,
    multiline: Annotated[bool, Input(optional=True)] = False,
    dotall: Annotated[bool, Input(optional=True)] = False,
    count: Annotated[int, Number(0, 100), Input(optional=True)] = 0,
) -> str:
    r"""Replace what an expression fits in a text.

    Args:
        string: The text.
        regex_pattern: The expression.
        replace: What is put in its place; `\1` is the first group.
        case_insensitive: Capital and small letters are the same.
        multiline: `^` and `$` fit at the ends of lines too.
        dotall: `.` fits the end of a line too.
        count: At most so many; 0 replaces all.
    """
    pattern = _compiled(regex_pattern, case_insensitive, multiline, dotall)
    try:
        return pattern.sub(replace, string, count=count)
    except (re.error, IndexError) as error:
        raise InputError(
            f"what is put in the place of the fits is wrong: {error}", input="replace", got=replace
        ) from error


def _compiled(text: str, *flags: bool) -> re.Pattern[str]:
    """Return an expression.

    Args:
        text: The expression.
        flags: Ignore case, lines have ends, the dot fits all.

    Raises:
        InputError: The text is no regular expression.
    """
    meanings = (re.IGNORECASE, re.MULTILINE, re.DOTALL)
    chosen = re.NOFLAG
    for flag, meaning in zip(flags, meanings, strict=True):
        chosen |= meaning if flag else re.NOFLAG
    try:
        return re.compile(text, chosen)
    except re.error as error:
        raise InputError(
            f"the text is no regular expression: {error}", input="regex_pattern", got=text
        ) from error
