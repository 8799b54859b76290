from __future__ import annotations

import itertools

import pytest

from engine.likeness import nearest

FEW = ("Euler", "euler_ancestral", "dpmpp_2m", "scale")
MANY = tuple(
    f"{style}_{subject}_{number:04d}.safetensors"
    for style, subject, number in itertools.product(
        ("anime", "film", "neon", "ink"), ("cat", "city", "portrait"), range(400)
    )
)


@pytest.mark.parametrize(
    ("name", "found"),
    [("eulr", "Euler"), ("EULER_ANCESTRL", "euler_ancestral"), ("zzzz", None), ("", None)],
)
def test_the_most_alike_of_few_is_found_whatever_its_case(name: str, found: str | None) -> None:
    assert nearest(name, FEW, cutoff=0.4) == found
    assert nearest(name, (), cutoff=0.4) is None


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("anime_cat_0017.safetensor", "anime_cat_0017.safetensors"),
        ("Neon_Portrait_0399.ckpt", "neon_portrait_0399.safetensors"),
        ("ink_city0200.safetensors", "ink_city_0200.safetensors"),
        ("x", None),
        ("", None),
        ("qqqqqqqq", None),
    ],
)
def test_the_most_alike_of_thousands_is_found(name: str, found: str | None) -> None:
    assert nearest(name, MANY, cutoff=0.5) == found


def test_a_name_without_end_is_compared_by_its_beginning() -> None:
    assert nearest("anime_cat_0001.safetensors" + "x" * 1_000_000, MANY, cutoff=0.2) is not None
    assert nearest("scale", ["s" * 10_000, "scale"], cutoff=0.4) == "scale"


def test_the_letters_of_a_name_are_compared_with_few_of_thousands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import difflib

    compared: list[int] = []
    original = difflib.get_close_matches

    def count(word: str, names: list[str], **more: float) -> list[str]:
        compared.append(len(names))
        return original(word, names, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(difflib, "get_close_matches", count)
    assert nearest("film_cat_0100.safetensor", MANY, cutoff=0.5) == "film_cat_0100.safetensors"
    assert compared[0] < 64
