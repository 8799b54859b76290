from __future__ import annotations

import pytest

from engine import InputError
from engine.command.dream_line import DreamLine, parse_dream_line


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ('!dream "a red apple"', DreamLine(prompt="a red apple")),
        (
            '!dream "a red apple" -n 4 -i -S 7',
            DreamLine(prompt="a red apple", count=4, individual=True, seed=7),
        ),
        ("!dream “a red apple” -n4 -S7", DreamLine(prompt="a red apple", count=4, seed=7)),
        ("a red apple -s 30", DreamLine(prompt="a red apple", steps=30)),
        ('-C 4.5 -W 64 -H128 "it\'s"', DreamLine(prompt="it's", cfg=4.5, width=64, height=128)),
        ('"a cat" -N "a dog" -i -g', DreamLine(prompt="a cat", negative="a dog")),
        (r'"say \"hi\""', DreamLine(prompt='say "hi"')),
        ('“say "hi"”', DreamLine(prompt='say "hi"')),
        ('"-n 4" - cat', DreamLine(prompt="-n 4 - cat")),
        (f'"x" -S {2**64 - 1}', DreamLine(prompt="x", seed=2**64 - 1)),
        ('  !dream   "x"  ', DreamLine(prompt="x")),
    ],
)
def test_a_line_says_what_to_draw(line: str, asked: DreamLine) -> None:
    assert parse_dream_line(line) == asked


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("!dream", "no prompt"),
        ('!dream "" -n 4', "no prompt"),
        ('!dream "a red apple', "never closed"),
        ("!dream “a red apple -n 4", "never closed"),
        ('"x" -n 0', "whole number from 1"),
        ('"x" -n four', "whole number from 1"),
        ('"x" -n', "needs a value"),
        ('"x" -S -1', "whole number from 0"),
        (f'"x" -S {2**64}', "whole number from 0"),
        ('"x" -C nan', "a number from 0"),
        ('"x" -q 3', "unknown option"),
        ('"x" --steps=3', "unknown option"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused_with_a_sentence(line: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_dream_line(line)
    assert says in caught.value.render()
