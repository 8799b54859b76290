"""Batches of pictures: join, repeat, pick, cut up."""

from typing import Annotated

from engine import Number, node
from nodes.image_transform import with_channels
from nodes.types import Image

BATCH = "image/batch"


@node("ImageBatch", title="Batch Images", category="image")
def image_batch(*, image1: Image, image2: Image) -> Image:
    """Join two batches of pictures.

    Args:
        image1: The first batch.
        image2: The second; takes the size of the first.
    """
    import torch

    from nodes.diffusion.resize import resize_image

    height, width = image1.shape[1:3]
    channels = max(image1.shape[-1], image2.shape[-1])
    first, second = with_channels(image1, channels), with_channels(image2, channels)
    if second.shape[1:3] != (height, width):
        second = resize_image(second, width, height, "bilinear", crop=True)
    return torch.cat([first, second])


@node("RepeatImageBatch", category=BATCH)
def repeat_image_batch(*, image: Image, amount: Annotated[int, Number(1, 4096)] = 1) -> Image:
    """Repeat pictures.

    Args:
        image: The pictures.
        amount: How often.
    """
    return image.repeat(amount, 1, 1, 1)


@node("ImageFromBatch", category=BATCH)
def image_from_batch(
    *,
    image: Image,
    batch_index: Annotated[int, Number(0, 4095)] = 0,
    length: Annotated[int, Number(1, 4096)] = 1,
) -> Image:
    """Pick neighbouring pictures of a batch.

    Args:
        image: The batch.
        batch_index: The first to pick.
        length: How many to pick.
    """
    start = min(len(image) - 1, batch_index)
    return image[start : start + length].clone()


@node("RebatchImages", title="Rebatch Images", category=BATCH)
def rebatch_images(
    *,
    images: list[Image],
    batch_size: Annotated[list[int], Number(1, 4096)] = [1],  # noqa: B006
) -> list[Image]:
    """Cut batches of pictures into a list of batches of another size.

    Pictures of different sizes are never put into one batch.

    Args:
        images: The batches.
        batch_size: Items of each new batch; only the first value counts.
    """
    import torch

    batches: list[Image] = []
    for single in (image.unsqueeze(0) for batch in images for image in batch):
        last = batches[-1] if batches else None
        fits = last is not None and last.shape[1:] == single.shape[1:]
        if last is None or not fits or len(last) >= batch_size[0]:
            batches.append(single)
        else:
            batches[-1] = torch.cat([last, single])
    return batches
