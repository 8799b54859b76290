from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.cache.kinds import UnsavableValueError
from engine.cache.values import fingerprint, handle, measure, move, put_together, take_apart
from engine.declare.spec import Blocker


@handle
@dataclass(frozen=True)
class Weights:
    sha256: str
    path: str = field(compare=False)


@handle
@dataclass(frozen=True)
class Loaded:
    weights: Weights
    patches: tuple[Weights | float, ...] = ()
    kind: str | None = None


@dataclass(frozen=True)
class Stranger:
    x: int


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.binary(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
    ),
    max_leaves=10,
)


def there_and_back(value: Any) -> Any:
    return put_together(*take_apart(value))


@given(VALUES)
def test_plain_values_are_saved_and_hashed_faithfully(value: Any) -> None:
    back = there_and_back(value)
    assert repr(back) == repr(value)
    assert fingerprint(back) == fingerprint(value)


@given(VALUES, VALUES)
def test_equal_hashes_mean_equal_values(one: Any, other: Any) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (repr(one) == repr(other))


TENSORS = [
    torch.arange(6).reshape(2, 3),
    torch.arange(6).reshape(2, 3).T,
    torch.randn(2, 3).bfloat16(),
    torch.zeros(0, 4),
    torch.tensor(1.5),
    torch.tensor([True, False]),
    torch.randn(3, dtype=torch.complex64).conj(),
]


@pytest.mark.parametrize("tensor", TENSORS, ids=lambda t: f"{t.dtype}{tuple(t.shape)}")
def test_tensors_are_saved_and_hashed_faithfully(tensor: torch.Tensor) -> None:
    back = there_and_back([tensor, {"pooled": tensor}])[1]["pooled"]
    assert back.dtype == tensor.dtype
    assert torch.equal(back, tensor.resolve_conj())
    assert fingerprint(back) == fingerprint(tensor)


def test_shape_and_type_of_a_tensor_count() -> None:
    flat = torch.zeros(4)
    others = [flat.reshape(2, 2), flat.to(torch.int32), flat.numpy(), [0.0] * 4]
    assert len({fingerprint(value) for value in [flat, *others]}) == 5


def test_conditioning_and_latents_are_saved_faithfully() -> None:
    conditioning = [[torch.randn(1, 77, 8), {"pooled_output": None, "strength": 1.0}]]
    latent = {"samples": torch.randn(1, 4, 8, 8), "batch_index": [0]}
    for value in (conditioning, latent):
        assert fingerprint(there_and_back(value)) == fingerprint(value)


def test_arrays_and_pictures_are_saved_faithfully() -> None:
    picture = Image.new("RGB", (3, 2), "red")
    palette = picture.convert("P")
    for value in (np.arange(6, dtype=">i2").reshape(2, 3), picture, palette):
        assert fingerprint(there_and_back(value)) == fingerprint(value)


def test_handles_are_equal_by_their_identity_and_saved_whole() -> None:
    one = Loaded(Weights("abc", "/here"), (Weights("x", "/p"), 0.5))
    moved = Loaded(Weights("abc", "/there"), (Weights("x", "/p"), 0.5))
    assert fingerprint(one) == fingerprint(moved)
    assert fingerprint(one) != fingerprint(Loaded(Weights("abd", "/here")))
    back = there_and_back(one)
    assert back == one
    assert back.weights.path == "/here"


def test_a_handle_whose_class_changed_is_not_read() -> None:
    tree, buffers = take_apart(Weights("abc", "/here"))
    next(iter(tree.values())).pop("path")
    with pytest.raises(UnsavableValueError):
        put_together(tree, buffers)


def test_only_frozen_dataclasses_are_handles() -> None:
    with pytest.raises(TypeError, match="frozen"):
        handle(dict)


def test_what_nobody_taught_is_neither_hashed_nor_saved() -> None:
    for value in (Stranger(1), object(), torch.nn.Parameter(torch.zeros(1)), {1}, print):
        assert fingerprint([value]) is None
        with pytest.raises(UnsavableValueError):
            take_apart([value])


def test_a_list_that_holds_itself_is_neither_hashed_nor_saved() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert fingerprint(loop) is None
    with pytest.raises(UnsavableValueError):
        take_apart(loop)
    assert measure(loop).total > 0


def test_blockers_are_values_like_others() -> None:
    assert there_and_back([Blocker("no")]) == [Blocker("no")]


def test_shared_storages_are_counted_once() -> None:
    whole = torch.zeros(1_000)
    size = measure([whole, whole[:10], whole.reshape(10, 100)])
    assert sum(size.storages.values()) == 4_000
    array = np.zeros(1_000)
    assert sum(measure([array, array[5:], array.T]).storages.values()) == 8_000


def test_the_weights_of_a_module_are_counted() -> None:
    assert 40_000 < measure(torch.nn.Linear(100, 100)).total < 60_000


def test_moving_keeps_what_is_not_on_a_device() -> None:
    value = {"a": (torch.zeros(2), "text"), "b": [1]}
    moved = move(value, "cpu")
    assert fingerprint(moved) == fingerprint(value)
