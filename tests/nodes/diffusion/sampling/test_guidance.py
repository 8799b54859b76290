from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch

from nodes.diffusion.sampling.conditioning import Entry, Target, prepare
from nodes.diffusion.sampling.denoiser import Network
from nodes.diffusion.sampling.guidance import predict, rescaled
from nodes.diffusion.sampling.region import Area, read_area, read_mask, weights

if TYPE_CHECKING:
    from nodes.diffusion.components import Diffusion

SIGMA = 2.0


def text(seed: int, tokens: int = 7) -> torch.Tensor:
    return torch.randn(1, tokens, 16, generator=torch.Generator().manual_seed(seed))


def noisy(batch: int = 2) -> torch.Tensor:
    return torch.randn(batch, 4, 16, 16, generator=torch.Generator().manual_seed(9))


def target(diffusion: Diffusion) -> Target:
    return Target(diffusion, Network.of(diffusion).sampling, (2, 4, 16, 16))


def guess(diffusion: Diffusion, *entries: list[Any], sigma: float = SIGMA) -> torch.Tensor:
    positive, _ = prepare(list(entries), [], target(diffusion))
    with torch.no_grad():
        return predict(Network.of(diffusion), [positive], noisy(), sigma)[0]


def test_rescaled_guidance_equals_diffusers() -> None:
    from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import rescale_noise_cfg

    x, positive, guided = (noisy() * factor for factor in (3.0, 0.5, 1.7))
    guided = guided.flip(-1)
    variance = SIGMA**2 + 1

    def velocity(denoised: torch.Tensor) -> torch.Tensor:
        return (x / variance - denoised) * variance**0.5 / SIGMA

    ours = rescaled(guided, positive, x, SIGMA, 0.7)
    theirs = rescale_noise_cfg(velocity(guided), velocity(positive), guidance_rescale=0.7)
    assert torch.allclose(velocity(ours), theirs, atol=1e-5)
    assert torch.allclose(rescaled(guided, positive, x, SIGMA, 0.0), guided, atol=1e-5)


def test_area_weights_are_as_recorded(numbers: dict[str, Any]) -> None:
    recorded = numbers["area_mult"]
    middle = recorded["area (H,W,Y,X)=(8,8,4,4) in 16x16 strength 0.5"]["mult_channel0"]
    got = weights(Area(8, 8, 4, 4), 0.5, None, (16, 16))
    assert got is not None
    assert got.flatten().tolist() == pytest.approx(middle)
    clipped = recorded["area (16,16,8,0) clipped in 16x16"]
    area = read_area({"area": (16, 16, 8, 0)}, None, (16, 16))
    assert area == Area(*clipped["area"])
    got = weights(area, 1.0, None, (16, 16))
    assert got is not None
    assert got.flatten().tolist() == pytest.approx(clipped["mult_channel0"])


def test_mask_weights_are_as_recorded(numbers: dict[str, Any]) -> None:
    recorded = numbers["area_mult"]["mask 0.5 strength 0.7 mask_strength 0.6"]
    mask = read_mask(torch.full((32, 32), 0.5), (8, 8)) * 0.6
    got = weights(None, 0.7, mask, (8, 8))
    assert got is not None
    assert got.flatten().tolist() == pytest.approx(recorded["mult_channel0"])


def test_percentages_become_cells() -> None:
    area = read_area({"area": ("percentage", 0.5, 0.25, 0.5, 0.75)}, None, (16, 32))
    assert area == Area(8, 8, 8, 24)


def test_bounds_of_a_mask_become_the_area() -> None:
    mask = torch.zeros(1, 32, 32)
    mask[0, 10:22, 4:6] = 1
    area = read_area({"set_area_to_bounds": True}, mask, (32, 32))
    assert area == Area(12, 8, 10, 4)


def test_bounds_of_an_empty_mask_are_small() -> None:
    area = read_area({"set_area_to_bounds": True}, torch.zeros(1, 32, 32), (32, 32))
    assert area == Area(8, 8, 0, 0)


def test_a_single_entry_is_what_the_network_says(diffusion: Diffusion) -> None:
    network = Network.of(diffusion)
    with torch.no_grad():
        alone = network.denoise(noisy(), SIGMA, text(1).expand(2, -1, -1))
    assert torch.equal(guess(diffusion, [text(1), {}]), alone)


def test_strength_of_a_single_entry_does_not_matter(diffusion: Diffusion) -> None:
    weak = guess(diffusion, [text(1), {"strength": 0.3}])
    assert torch.allclose(weak, guess(diffusion, [text(1), {}]), atol=1e-5)


def test_two_entries_are_averaged_by_strength(diffusion: Diffusion) -> None:
    first, second = guess(diffusion, [text(1), {}]), guess(diffusion, [text(2), {}])
    both = guess(diffusion, [text(1), {"strength": 3.0}], [text(2), {}])
    assert torch.allclose(both, (3 * first + second) / 4, atol=1e-5)


def test_masks_decide_where_an_entry_counts(diffusion: Diffusion) -> None:
    left = torch.zeros(1, 128, 128)
    left[..., :64] = 1
    first, second = guess(diffusion, [text(1), {}]), guess(diffusion, [text(2), {}])
    both = guess(diffusion, [text(1), {"mask": left}], [text(2), {"mask": 1 - left}])
    assert torch.allclose(both[..., :7], first[..., :7], atol=1e-5)
    assert torch.allclose(both[..., 9:], second[..., 9:], atol=1e-5)


def test_areas_are_computed_on_their_own(diffusion: Diffusion) -> None:
    whole = guess(diffusion, [text(1), {}])
    part = guess(diffusion, [text(1), {}], [text(2), {"area": (8, 8, 0, 8)}])
    assert torch.allclose(part[:, :, 8:], whole[:, :, 8:], atol=1e-5)
    assert not torch.allclose(part[:, :, :4, 12:], whole[:, :, :4, 12:], atol=1e-3)


def test_entries_count_only_within_their_range(diffusion: Diffusion) -> None:
    late = [text(2), {"start_percent": 0.5}]
    early = [text(1), {"end_percent": 0.5}]
    sampling = Network.of(diffusion).sampling
    high, low = sampling.levels.percent_to_sigma(0.2), sampling.levels.percent_to_sigma(0.9)
    first = guess(diffusion, [text(1), {}], sigma=high)
    second = guess(diffusion, [text(2), {}], sigma=low)
    assert torch.equal(guess(diffusion, early, late, sigma=high), first)
    assert torch.equal(guess(diffusion, early, late, sigma=low), second)


def test_texts_of_other_lengths_share_a_call_when_repeated(diffusion: Diffusion) -> None:
    short, long = guess(diffusion, [text(1), {}]), guess(diffusion, [text(2, 14), {}])
    both = guess(diffusion, [text(1), {}], [text(2, 14), {}])
    assert torch.allclose(both, (short + long) / 2, atol=1e-4)
    odd = guess(diffusion, [text(1), {}], [text(2, 15), {}])
    assert torch.allclose(odd, (short + guess(diffusion, [text(2, 15), {}])) / 2, atol=1e-4)


def test_each_area_exists_on_both_sides(diffusion: Diffusion) -> None:
    outer, inner = {"area": (12, 12, 0, 0)}, {"area": (8, 8, 2, 2), "strength": 0.5}
    positive, negative = prepare(
        [[text(1), {}], [text(2), inner]],
        [[text(3), {}], [text(4), outer]],
        target(diffusion),
    )
    assert [entry.area for entry in positive] == [None, Area(8, 8, 2, 2), Area(12, 12, 0, 0)]
    assert [entry.area for entry in negative] == [None, Area(12, 12, 0, 0), Area(8, 8, 2, 2)]
    assert torch.equal(negative[2].context, text(4))
    assert torch.equal(positive[2].context, text(1))


def test_activity_includes_both_ends() -> None:
    entry = Entry(context=text(1), starts=4.0, ends=2.0)
    assert [entry.is_active(sigma) for sigma in (5.0, 4.0, 2.0, 1.0)] == [False, True, True, False]
