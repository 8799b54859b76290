"""What the cache knows about tensors, arrays and pictures; their libraries are never imported."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from engine.cache.kinds import UnhashableValueError, UnsavableValueError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PIL.Image import Image
    from torch import Tensor

    from engine.cache.kinds import Kind, Size

_OBJECT_BYTES = 128


def learn(register: Callable[[Kind, type[Any]], None]) -> bool:
    """Register the kinds of libraries that are loaded by now; True where there was a new one."""
    new = False
    for (library, name), kind in _CLASSES.items():
        cls = getattr(sys.modules.get(library), name, None)
        if cls is not None and cls not in _LEARNT:
            register(kind, cls)
            _LEARNT.add(cls)
            new = True
    return new


class TensorKind:
    """Dense `torch` tensors. Subclasses (parameters, quantised weights) stay in memory."""

    tag = "tensor"

    def measure(self, value: Tensor, size: Size) -> None:
        """Add the storage, which views of one tensor share."""
        size.own += _OBJECT_BYTES
        device = str(value.device)
        if device != "cpu":
            size.device = device
        try:
            storage = value.untyped_storage()
            size.storages[(device, storage.data_ptr() or id(value))] = storage.nbytes()
        except (NotImplementedError, RuntimeError):
            size.own += value.numel() * value.element_size()

    def hash(self, value: Tensor, update: Callable[[bytes], object]) -> None:
        """Feed type, shape, kind of device and content."""
        import torch

        if type(value) is not torch.Tensor:
            raise UnhashableValueError(value)
        try:
            content = _content(value)
        except UnsavableValueError as error:
            raise UnhashableValueError(value) from error
        form = f"T{value.dtype}{tuple(value.shape)}{value.device.type}"
        update(form.encode())
        update(content.data)  # pyright: ignore[reportArgumentType] - any buffer will do

    def move(self, value: Tensor, device: str) -> Tensor:
        """Return the tensor on a device."""
        return value.to(device)

    def encode(self, value: Tensor, buffers: list[Any]) -> Any:
        """Return type and shape; the content becomes a buffer."""
        import torch

        if type(value) is not torch.Tensor or value.requires_grad:
            raise UnsavableValueError("only plain tensors are saved")
        buffers.append(_content(value))
        form = {
            "buffer": len(buffers) - 1,
            "dtype": str(value.dtype).removeprefix("torch."),
            "shape": list(value.shape),
            "device": str(value.device),
        }
        return {self.tag: form}

    def decode(self, tree: Any, buffers: list[Any]) -> Tensor:
        """Return the tensor, on its device where that exists here."""
        import torch

        dtype = getattr(torch, tree["dtype"], None)
        if not isinstance(dtype, torch.dtype):
            raise UnsavableValueError(f"torch has no type {tree['dtype']}")
        flat: Tensor = torch.from_numpy(buffers[tree["buffer"]])  # pyright: ignore[reportUnknownMemberType]
        whole = torch.empty(tree["shape"], dtype=dtype) if not flat.numel() else flat.view(dtype)
        device = torch.device(tree["device"])
        there = device.type == "cpu" or (device.type == "cuda" and torch.cuda.is_available())
        tensor = whole.reshape(tree["shape"])
        return tensor.to(device) if there else tensor


class ArrayKind:
    """`numpy` arrays without objects in them."""

    tag = "array"

    def measure(self, value: NDArray[Any], size: Size) -> None:
        """Add the buffer, which views of one array share."""
        size.own += _OBJECT_BYTES
        owner: Any = value
        while hasattr(owner.base, "__array_interface__"):
            owner = owner.base
        size.storages[("cpu", int(owner.__array_interface__["data"][0]))] = int(owner.nbytes)

    def hash(self, value: NDArray[Any], update: Callable[[bytes], object]) -> None:
        """Feed type, shape and content."""
        import numpy as np

        if type(value) is not np.ndarray or value.dtype.hasobject:
            raise UnhashableValueError(value)
        update(f"A{value.dtype.str}{value.shape}".encode())
        update(_flat(value).data)  # pyright: ignore[reportArgumentType] - any buffer will do

    def move(self, value: NDArray[Any], device: str) -> NDArray[Any]:
        """Return the array itself: arrays live in host memory."""
        del device
        return value

    def encode(self, value: NDArray[Any], buffers: list[Any]) -> Any:
        """Return type and shape; the content becomes a buffer."""
        import numpy as np

        if type(value) is not np.ndarray or value.dtype.hasobject or value.dtype.names:
            raise UnsavableValueError("only plain arrays are saved")
        buffers.append(_flat(value))
        form = {"buffer": len(buffers) - 1, "dtype": value.dtype.str, "shape": list(value.shape)}
        return {self.tag: form}

    def decode(self, tree: Any, buffers: list[Any]) -> NDArray[Any]:
        """Return the array."""
        import numpy as np

        return buffers[tree["buffer"]].view(np.dtype(tree["dtype"])).reshape(tree["shape"])


class PictureKind:
    """`PIL` pictures; what is saved are the pixels, with the palette where there is one."""

    tag = "picture"

    def measure(self, value: Image, size: Size) -> None:
        """Add the pixels."""
        size.own += _OBJECT_BYTES + value.width * value.height * len(value.getbands())

    def hash(self, value: Image, update: Callable[[bytes], object]) -> None:
        """Feed mode, size, palette and pixels."""
        update(f"P{value.mode}{value.size}".encode())
        update(repr(value.getpalette()).encode() if value.mode == "P" else b"")
        update(value.tobytes())

    def move(self, value: Image, device: str) -> Image:
        """Return the picture itself: pictures live in host memory."""
        del device
        return value

    def encode(self, value: Image, buffers: list[Any]) -> Any:
        """Return mode, size and palette; the pixels become a buffer."""
        import numpy as np

        buffers.append(np.frombuffer(value.tobytes(), dtype=np.uint8))
        palette = value.getpalette() if value.mode == "P" else None
        form = {"mode": value.mode, "size": list(value.size), "palette": palette}
        return {self.tag: form | {"buffer": len(buffers) - 1}}

    def decode(self, tree: Any, buffers: list[Any]) -> Image:
        """Return the picture."""
        from PIL.Image import frombytes

        pixels = buffers[tree["buffer"]].tobytes()
        picture = frombytes(tree["mode"], tuple(tree["size"]), pixels)
        if tree["palette"] is not None:
            picture.putpalette(tree["palette"])
        return picture


def _content(value: Tensor) -> NDArray[Any]:
    """Return the bytes of a dense tensor, in host memory, in the order of its elements."""
    import torch

    if value.layout is not torch.strided or value.is_quantized or value.is_meta:
        raise UnsavableValueError("only dense tensors are saved")
    plain = value.detach().resolve_conj().resolve_neg().to("cpu").contiguous()
    flat = plain.reshape(-1)
    return (
        (torch.view_as_real(flat).reshape(-1) if flat.is_complex() else flat)
        .view(torch.uint8)
        .numpy()
    )


def _flat(value: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    return np.ascontiguousarray(value).reshape(-1).view(np.uint8)


_CLASSES: dict[tuple[str, str], Kind] = {
    ("torch", "Tensor"): TensorKind(),
    ("numpy", "ndarray"): ArrayKind(),
    ("PIL.Image", "Image"): PictureKind(),
}
KINDS = {"tensor": TensorKind(), "array": ArrayKind(), "picture": PictureKind()}
"""By the tag of the saved form: what was saved can be read before its library is loaded."""
_LEARNT: set[type[Any]] = set()
