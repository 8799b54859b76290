"""What the library raises, as what the user is told: with the node's input to blame."""

from collections.abc import Generator
from contextlib import contextmanager

from engine import InputError
from nodes.diffusion.errors import DiffusionError


@contextmanager
def blaming(input_name: str | None = None) -> Generator[None, None, None]:
    """Turn the library's errors into errors of one of the node's inputs.

    Args:
        input_name: The input that is to blame, where one is.

    Raises:
        InputError: The library raised one of its own errors.
    """
    try:
        yield
    except DiffusionError as error:
        raise InputError(
            error.message,
            input=input_name,
            expected=error.expected,
            got=error.got,
            hint=error.hint,
        ) from error
