from __future__ import annotations

from dataclasses import dataclass

from engine.declare.docstring import read_docstring


def sample() -> None:
    """Sample a latent.

    In several steps: more are better.

    Args:
        steps: How many;
            more take longer.
        cfg (float): Strength: 1 is none.

    Returns:
        nothing: At all.
    """


@dataclass
class Pair:
    """Two.

    Attributes:
        first: One of them.
    """

    first: int = 0


def test_the_text_before_the_sections_is_the_description() -> None:
    words = read_docstring(sample)
    assert words.description == "Sample a latent.\n\nIn several steps: more are better."
    assert words.entries == {"steps": "How many; more take longer.", "cfg": "Strength: 1 is none."}


def test_attributes_of_a_class_are_entries_too() -> None:
    assert read_docstring(Pair).entries == {"first": "One of them."}


def test_what_has_no_docstring_says_nothing() -> None:
    assert read_docstring(lambda: None).description == ""
