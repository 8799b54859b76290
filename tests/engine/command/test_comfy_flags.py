from __future__ import annotations

import pytest
import typer

from engine.command.comfy_flags import FLAGS, read_flags, without_effect


def test_flags_take_as_many_values_as_they_take_in_comfyui() -> None:
    given = read_flags(
        ["--listen", "--cache-lru", "3", "--cache-ram", "2", "8.5", "--multi-user", "--fast"]
    )
    assert given == {
        "--listen": (),
        "--cache-lru": ("3",),
        "--cache-ram": ("2", "8.5"),
        "--multi-user": (),
        "--fast": (),
    }


def test_a_flag_with_an_optional_value_takes_it_where_it_is_there() -> None:
    assert read_flags(["--listen", "0.0.0.0,::"]) == {"--listen": ("0.0.0.0,::",)}
    assert read_flags(["--listen=::1"]) == {"--listen": ("::1",)}
    assert read_flags(["--listen", "--log-stdout"]) == {"--listen": (), "--log-stdout": ()}


def test_several_uses_of_a_flag_add_up() -> None:
    given = read_flags(["--extra-model-paths-config", "a", "b", "--extra-model-paths-config", "c"])
    assert given == {"--extra-model-paths-config": ("a", "b", "c")}


def test_negative_numbers_are_values() -> None:
    assert read_flags(["--directml", "-1"]) == {"--directml": ("-1",)}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--lisen"], "did you mean --listen"),
        (["--prot", "1"], "did you mean --port"),
        (["stray"], "there is no option stray"),
        (["--cache-lru"], "--cache-lru takes one value"),
        (["--multi-user=yes"], "--multi-user takes no value"),
        (["--multi-user", "yes"], "there is no option yes"),
    ],
)
def test_what_makes_no_sense_is_named(arguments: list[str], words: str) -> None:
    with pytest.raises(typer.BadParameter, match=words):
        read_flags(arguments, known=("--port",))


def test_flags_that_change_nothing_are_known_to_change_nothing() -> None:
    given = read_flags(["--lowvram", "--cuda-device", "1", "--cache-none"])
    assert without_effect(given) == ["--lowvram", "--cuda-device"]


def test_no_flag_is_read_twice() -> None:
    from engine.command.serve_options import OWN

    assert not set(OWN) & set(FLAGS)
