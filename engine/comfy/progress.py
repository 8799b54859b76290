"""How packs tell how far they are: `comfy.utils.ProgressBar`, `get_progress_state`, `comfy_api`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Protocol

from engine.comfy.executing import latest_call
from engine.comfy.interruption import throw_exception_if_processing_interrupted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.declare.context import Context

Preview = tuple[str, Any, int | None]
"""What packs call a preview: format, PIL picture, longest side or None for the picture as it is."""


class Hook(Protocol):
    """Takes how far a node is."""

    def __call__(
        self,
        value: float,
        total: float,
        preview: Preview | None,
        prompt_id: str | None = None,
        node_id: str | None = None,
    ) -> None:
        """Take the news."""
        ...


def tell_progress(
    value: float,
    total: float,
    preview: Preview | None = None,
    prompt_id: str | None = None,  # noqa: ARG001 - there is one run at a time
    node_id: str | None = None,
) -> None:
    """Tell the user how far a node is.

    Args:
        value: Steps done.
        total: Steps in all.
        preview: A picture to look at.
        prompt_id: The job.
        node_id: The node; the one that runs when left out.

    Raises:
        InterruptProcessingException: The run must stop.
    """
    throw_exception_if_processing_interrupted()
    run = _run_of(node_id)
    if run is None:
        return
    picture = preview[1] if preview else None
    exact = preview is not None and preview[2] is None
    run.progress(value, total, preview=picture, exact=exact)


def _run_of(node_id: str | None) -> Context | None:
    call = latest_call()
    if call is None or call.run is None:
        return None
    return call.run if node_id in {None, call.node_id} else call.run.at(str(node_id))


class ProgressBar:
    """Counts steps and tells `comfy.utils.PROGRESS_BAR_HOOK`, which packs may replace, of each.

    Args:
        total: Steps in all.
        node_id: The node whose steps these are; the one that runs when left out.
    """

    def __init__(self, total: float, node_id: str | None = None) -> None:
        self.total = total
        self.current: float = 0
        self.node_id = node_id
        self.hook: Hook | None = _utils().PROGRESS_BAR_HOOK

    def update_absolute(
        self, value: float, total: float | None = None, preview: Preview | None = None
    ) -> None:
        """Set how many steps are done."""
        if total is not None:
            self.total = total
        self.current = min(value, self.total)
        if self.hook is not None and _utils().PROGRESS_BAR_ENABLED:
            self.hook(self.current, self.total, preview, node_id=self.node_id)

    def update(self, value: float) -> None:
        """Add steps to those that are done."""
        self.update_absolute(self.current + value)


def set_progress_bar_enabled(enabled: bool) -> None:
    """Switch all bars off or on."""
    _utils().PROGRESS_BAR_ENABLED = enabled


def set_progress_bar_global_hook(function: Hook | None) -> None:
    """Have another function told in place of the user."""
    _utils().PROGRESS_BAR_HOOK = function


def _utils() -> Any:
    """Return `comfy.utils`: its names are what packs see and change."""
    return sys.modules["comfy.utils"]


UTILS: Mapping[str, Any] = {
    "PROGRESS_BAR_ENABLED": True,
    "PROGRESS_BAR_HOOK": tell_progress,
    "ProgressBar": ProgressBar,
    "set_progress_bar_enabled": set_progress_bar_enabled,
    "set_progress_bar_global_hook": set_progress_bar_global_hook,
}
"""What `comfy.utils` holds about progress."""


class ProgressRegistry:
    """The steps of the nodes of the run, as far as packs tell them here."""

    @property
    def prompt_id(self) -> str | None:
        """The job that runs, or ran last."""
        call = latest_call()
        return None if call is None else call.prompt_id

    def update_progress(
        self,
        node_id: str,
        value: float,
        max_value: float | None = None,
        image: Preview | None = None,
    ) -> None:
        """Tell how far a node is.

        Raises:
            InterruptProcessingException: The run must stop.
        """
        tell_progress(value, 1.0 if max_value is None else max_value, image, node_id=node_id)


class Execution:
    """`ComfyAPI().execution`."""

    async def set_progress(
        self,
        value: float,
        max_value: float,
        node_id: str | None = None,
        preview_image: Any = None,
        ignore_size_limit: bool = False,
    ) -> None:
        """Tell how far a node is.

        Args:
            value: Steps done.
            max_value: Steps in all.
            node_id: The node; the one that runs when left out.
            preview_image: A PIL picture, a tensor `[1, height, width, 3]` in 0..1, or None.
            ignore_size_limit: The picture is passed on in its own size.

        Raises:
            InterruptProcessingException: The run must stop.
        """
        tell_step(value, max_value, node_id, preview_image, ignore_size_limit)


class ComfyAPI:
    """What V1 nodes use of ComfyUI's versioned interface, from coroutines."""

    def __init__(self) -> None:
        self.execution = Execution()


class ExecutionSync:
    """`ComfyAPISync().execution`."""

    def set_progress(
        self,
        value: float,
        max_value: float,
        node_id: str | None = None,
        preview_image: Any = None,
        ignore_size_limit: bool = False,
    ) -> None:
        """Tell how far a node is; see `Execution.set_progress`.

        Raises:
            InterruptProcessingException: The run must stop.
        """
        tell_step(value, max_value, node_id, preview_image, ignore_size_limit)


class ComfyAPISync:
    """What V1 nodes use of ComfyUI's versioned interface, from functions."""

    def __init__(self) -> None:
        self.execution = ExecutionSync()


def tell_step(
    value: float, total: float, node_id: str | None, picture: Any, own_size: bool
) -> None:
    """Tell how far a node is, as `comfy_api` does.

    Raises:
        InterruptProcessingException: The run must stop.
    """
    preview = None if picture is None else ("JPEG", _pil(picture), None if own_size else 512)
    tell_progress(value, total, preview, node_id=node_id)


def _pil(picture: Any) -> Any:
    if not hasattr(picture, "detach"):
        return picture
    import numpy as np
    from PIL import Image

    pixels = picture.detach().cpu().float().numpy()
    while pixels.ndim > 3:  # noqa: PLR2004 - height, width, channels
        pixels = pixels[0]
    return Image.fromarray((np.clip(pixels, 0.0, 1.0) * 255).astype(np.uint8))
