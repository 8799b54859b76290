from __future__ import annotations

import pytest

from engine import DeclarationError, Lazy, node


def test_wrong_declarations_say_what_is_wrong() -> None:
    def positional(value: int) -> int:
        return value

    def untyped(*, value: int) -> int:
        return value

    def no_return(*, value: int) -> int:
        return value

    def strange(*, value: complex) -> int:
        return int(value.real)

    def none_without_default(*, value: int | None) -> int:
        return value or 0

    def lazy_but_sync(*, value: Lazy[int]) -> int:
        return id(value)

    del untyped.__annotations__["value"], no_return.__annotations__["return"]
    wrong = {
        "keyword-only": positional,
        "no type": untyped,
        "what it returns": no_return,
        "no wire type": strange,
        "no default": none_without_default,
        "async def": lazy_but_sync,
    }
    for words, function in wrong.items():
        with pytest.raises(DeclarationError, match=words):
            node("Wrong")(function)


def test_a_type_that_only_the_checker_sees_is_an_error() -> None:
    def hidden(*, value: NotThere) -> int:  # type: ignore[name-defined] # noqa: F821
        return value

    with pytest.raises(DeclarationError, match="NotThere"):
        node("Hidden")(hidden)
