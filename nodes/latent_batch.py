"""Batches of latents: join, repeat, pick. Each item remembers which noise it gets."""

from typing import Annotated

from engine import Choice, Number, node
from nodes.types import Latent, Tensor

BATCH = "latent/batch"


@node("RepeatLatentBatch", title="Repeat Latent Batch", category=BATCH)
def repeat_latent_batch(*, samples: Latent, amount: Annotated[int, Number(1, 64)] = 1) -> Latent:
    """Repeat latents; each repetition gets noise of its own.

    Args:
        samples: The latents.
        amount: How often.
    """
    latents = samples["samples"]
    repeated = {**samples, "samples": latents.repeat(amount, 1, 1, 1)}
    mask = samples.get("noise_mask")
    if mask is not None and len(mask) > 1:
        repeated["noise_mask"] = _to_length(mask, len(latents)).repeat(amount, 1, 1, 1)
    places = samples.get("batch_index")
    if places is not None:
        offset = max(places) - min(places) + 1
        repeated["batch_index"] = [place + k * offset for k in range(amount) for place in places]
    return repeated


@node("LatentFromBatch", title="Latent From Batch", category=BATCH)
def latent_from_batch(
    *,
    samples: Latent,
    batch_index: Annotated[int, Number(0, 63)] = 0,
    length: Annotated[int, Number(1, 64)] = 1,
) -> Latent:
    """Pick neighbouring latents of a batch; they keep the noise that they have in the batch.

    Args:
        samples: The batch.
        batch_index: The first to pick.
        length: How many to pick.
    """
    latents = samples["samples"]
    start = min(len(latents) - 1, batch_index)
    end = min(len(latents), start + length)
    picked = {**samples, "samples": latents[start:end].clone()}
    mask = samples.get("noise_mask")
    if mask is not None and len(mask) > 1:
        picked["noise_mask"] = _to_length(mask, len(latents))[start:end].clone()
    places = samples.get("batch_index", list(range(len(latents))))
    picked["batch_index"] = places[start:end]
    return picked


@node("LatentBatch", category=BATCH)
def latent_batch(*, samples1: Latent, samples2: Latent) -> Latent:
    """Join two batches of latents; the second takes the size of the first.

    Args:
        samples1: The first batch.
        samples2: The second batch.
    """
    import torch

    from nodes.diffusion.resize import resize

    first, second = samples1["samples"], samples2["samples"]
    if first.shape[-2:] != second.shape[-2:]:
        height, width = first.shape[-2:]
        second = resize(second, width, height, "bilinear", crop=True)
    places = [
        place
        for part in (samples1, samples2)
        for place in part.get("batch_index", range(len(part["samples"])))
    ]
    return {**samples1, "samples": torch.cat([first, second]), "batch_index": places}


@node("LatentBatchSeedBehavior", category="latent/advanced")
def latent_batch_seed_behavior(
    *, samples: Latent, seed_behavior: Annotated[str, Choice(("random", "fixed"))] = "fixed"
) -> Latent:
    """Give each latent of a batch noise of its own, or all the same.

    Args:
        samples: The batch.
        seed_behavior: `random` for noise of its own.
    """
    changed = {key: value for key, value in samples.items() if key != "batch_index"}
    if seed_behavior == "fixed":
        place = samples.get("batch_index", [0])[0]
        changed["batch_index"] = [place] * len(samples["samples"])
    return changed


@node("RebatchLatents", title="Rebatch Latents", category=BATCH)
def rebatch_latents(
    *,
    latents: list[Latent],
    batch_size: Annotated[list[int], Number(1, 4096)] = [1],  # noqa: B006
) -> list[Latent]:
    """Cut batches of latents into a list of batches of another size.

    Latents of different sizes are never put into one batch.

    Args:
        latents: The batches.
        batch_size: Items of each new batch; only the first value counts.
    """
    import torch

    singles = [
        latent_from_batch(samples=batch, batch_index=index)
        for batch in latents
        for index in range(len(batch["samples"]))
    ]
    batches: list[Latent] = []
    for single in singles:
        last = batches[-1] if batches else None
        fits = last is not None and _alike(last, single)
        if last is None or not fits or len(last["samples"]) >= batch_size[0]:
            batches.append(single)
            continue
        joined: Latent = {**last, "batch_index": [*last["batch_index"], *single["batch_index"]]}
        for key in ("samples", "noise_mask"):
            if key in last:
                joined[key] = torch.cat([last[key], single[key]])
        batches[-1] = joined
    return batches


def _alike(one: Latent, other: Latent) -> bool:
    def facts(latent: Latent) -> tuple[object, ...]:
        mask = latent.get("noise_mask")
        return latent["samples"].shape[1:], None if mask is None else mask.shape[1:]

    return facts(one) == facts(other)


def _to_length(mask: Tensor, count: int) -> Tensor:
    return mask.repeat(-(-count // len(mask)), *[1] * (mask.ndim - 1))[:count]
