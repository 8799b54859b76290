"""Texts joined, cut, changed and compared."""

from typing import Annotated, NamedTuple

from engine import Choice, Output, Text, node

CATEGORY = "utils/string"
LINES = Text(multiline=True)
CASES = ("UPPERCASE", "lowercase", "Capitalize", "Title Case")
SIDES = ("Both", "Left", "Right")
COMPARISONS = ("Starts With", "Ends With", "Equal")


class Length(NamedTuple):
    """How long a text is."""

    length: Annotated[int, Output("length")]


class Contains(NamedTuple):
    """Whether a text is part of another."""

    contains: Annotated[bool, Output("contains")]


@node("StringConcatenate", title="Concatenate", category=CATEGORY)
def concatenate(
    *,
    string_a: Annotated[str, LINES],
    string_b: Annotated[str, LINES],
    delimiter: Annotated[str, Text()] = "",
) -> str:
    """Join two texts.

    Args:
        string_a: The first one.
        string_b: The second one.
        delimiter: What stands between them.
    """
    return delimiter.join((string_a, string_b))


@node("StringSubstring", title="Substring", category=CATEGORY)
def substring(*, string: Annotated[str, LINES], start: int, end: int) -> str:
    """Return the characters of a text from one place up to, but not including, another.

    Args:
        string: The text.
        start: Counted from 0; below 0 from the end.
        end: Counted in the same way.
    """
    return string[start:end]


@node("StringLength", title="Length", category=CATEGORY)
def length(*, string: Annotated[str, LINES]) -> Length:
    """Count the characters of a text.

    Args:
        string: The text.
    """
    return Length(len(string))


@node("CaseConverter", title="Case Converter", category=CATEGORY)
def convert_case(*, string: Annotated[str, LINES], mode: Annotated[str, Choice(CASES)]) -> str:
    """Write a text in capital or small letters.

    Args:
        string: The text.
        mode: Which letters are capitals.
    """
    changes = (str.upper, str.lower, str.capitalize, str.title)
    return changes[CASES.index(mode)](string)


@node("StringTrim", title="Trim", category=CATEGORY)
def trim(*, string: Annotated[str, LINES], mode: Annotated[str, Choice(SIDES)]) -> str:
    """Take the white space off the ends of a text.

    Args:
        string: The text.
        mode: At which ends.
    """
    changes = (str.strip, str.lstrip, str.rstrip)
    return changes[SIDES.index(mode)](string)


@node("StringReplace", title="Replace", category=CATEGORY)
def replace(
    *,
    string: Annotated[str, LINES],
    find: Annotated[str, LINES],
    replace: Annotated[str, LINES],
) -> str:
    """Replace a part of a text wherever it stands.

    Args:
        string: The text.
        find: What is looked for.
        replace: What is put in its place.
    """
    return string.replace(find, replace)


@node("StringContains", title="Contains", category=CATEGORY)
def contains(
    *,
    string: Annotated[str, LINES],
    substring: Annotated[str, LINES],
    case_sensitive: bool = True,
) -> Contains:
    """Tell whether a text is part of another.

    Args:
        string: The text that is looked through.
        substring: What is looked for.
        case_sensitive: Capital and small letters differ.
    """
    if not case_sensitive:
        string, substring = string.lower(), substring.lower()
    return Contains(substring in string)


@node("StringCompare", title="Compare", category=CATEGORY)
def compare(
    *,
    string_a: Annotated[str, LINES],
    string_b: Annotated[str, LINES],
    mode: Annotated[str, Choice(COMPARISONS)],
    case_sensitive: bool = True,
) -> bool:
    """Compare two texts.

    Args:
        string_a: The text.
        string_b: What it is compared with.
        mode: Whether it begins with that, ends with that, or is that.
        case_sensitive: Capital and small letters differ.
    """
    if not case_sensitive:
        string_a, string_b = string_a.lower(), string_b.lower()
    tests = (str.startswith, str.endswith, str.__eq__)
    return tests[COMPARISONS.index(mode)](string_a, string_b)
