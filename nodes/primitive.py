"""Values that people type in, and a look at any value."""

import json
from typing import Annotated, Any

from engine import Number, Shown, Text, node

LARGEST = 2**63 - 1
CATEGORY = "utils/primitive"


@node("PrimitiveInt", category=CATEGORY, title="Int")
def integer(
    *, value: Annotated[int, Number(-LARGEST, LARGEST, control_after_generate=True)]
) -> int:
    """Give a whole number."""
    return value


@node("PrimitiveFloat", category=CATEGORY, title="Float")
def floating(*, value: Annotated[float, Number(-LARGEST, LARGEST)]) -> float:
    """Give a number."""
    return value


@node("PrimitiveString", category=CATEGORY, title="String")
def string(*, value: Annotated[str, Text()]) -> str:
    """Give a line of text."""
    return value


@node("PrimitiveStringMultiline", category=CATEGORY, title="String (Multiline)")
def multiline_string(*, value: Annotated[str, Text(multiline=True)]) -> str:
    """Give a text of several lines."""
    return value


@node("PrimitiveBoolean", category=CATEGORY, title="Boolean")
def boolean(*, value: bool) -> bool:
    """Give yes or no."""
    return value


@node("PreviewAny", category="utils", title="Preview Any", output=True, lane="io")
def preview_any(*, source: Any) -> Shown[None]:
    """Show any value as text: JSON where it can be written so, Python's words otherwise."""
    if isinstance(source, str):
        text = source
    else:
        try:
            text = json.dumps(source, indent=4, ensure_ascii=False)
        except (TypeError, ValueError):
            text = str(source)
    return Shown(ui={"text": [text]})
