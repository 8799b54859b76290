"""How the editor lets people set an input that is not linked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SEED_MAX = 2**64 - 1


@dataclass(frozen=True)
class Number:
    """A number field.

    Attributes:
        min: Smallest value that validation lets pass.
        max: Largest value that validation lets pass.
        step: What one press of an arrow adds; the editor only.
        round: The editor rounds to multiples of this.
        display: Shape of the field.
        control_after_generate: The editor changes the value after each run, as for a seed.
    """

    min: float | None = None
    max: float | None = None
    step: float | None = None
    round: float | None = None
    display: Literal["number", "slider", "knob", "color"] | None = None
    control_after_generate: bool = False

    def options(self) -> Mapping[str, Any]:
        """Return the options of the catalogue."""
        return _given(
            min=self.min,
            max=self.max,
            step=self.step,
            round=self.round,
            display=self.display,
            control_after_generate=self.control_after_generate or None,
        )


@dataclass(frozen=True)
class Seed:
    """A seed: a number that the editor changes after each run unless told to keep it.

    In workflow files its value is followed by one more, the choice what to do after each run.

    Attributes:
        min: Smallest seed.
        max: Largest seed.
    """

    min: int = 0
    max: int = SEED_MAX

    def options(self) -> Mapping[str, Any]:
        """Return the options of the catalogue."""
        return {"min": self.min, "max": self.max, "control_after_generate": True}


@dataclass(frozen=True)
class Text:
    """A text field.

    Attributes:
        multiline: The field has several lines.
        dynamic_prompts: The editor replaces `{a|b}` by one of the two before each run.
        placeholder: Shown while the field is empty.
    """

    multiline: bool = False
    dynamic_prompts: bool = False
    placeholder: str | None = None

    def options(self) -> Mapping[str, Any]:
        """Return the options of the catalogue."""
        dynamic = self.dynamic_prompts or None
        given = _given(dynamicPrompts=dynamic, placeholder=self.placeholder)
        return {"multiline": self.multiline, **given}


@dataclass(frozen=True)
class Toggle:
    """A switch.

    Attributes:
        on: What the editor writes where it is on.
        off: What the editor writes where it is off.
    """

    on: str | None = None
    off: str | None = None

    def options(self) -> Mapping[str, Any]:
        """Return the options of the catalogue."""
        return _given(label_on=self.on, label_off=self.off)


@dataclass(frozen=True)
class Choice:
    """One of a set of texts: fixed, asked for anew each time, or the files of a folder.

    Attributes:
        values: The texts, or a function that gives them. Of a folder: texts allowed besides its
            files.
        folder: The model folder whose files are the values: `"checkpoints"`. The content of the
            chosen file enters the node's key.
    """

    values: Sequence[str] | Callable[[], Sequence[str]] = ()
    folder: str | None = None

    def __post_init__(self) -> None:
        if not self.folder and not self.values:
            raise ValueError("a Choice needs values or folder=")

    @property
    def dynamic(self) -> bool:
        """The values are asked for anew each time."""
        return callable(self.values)

    def listed(self) -> tuple[str, ...]:
        """Return the values that are known without looking into a folder."""
        return tuple(self.values() if callable(self.values) else self.values)

    def options(self) -> Mapping[str, Any]:
        """Return the options of the catalogue."""
        return {}


@dataclass(frozen=True)
class InputFile:
    """A file of the input folder; its content, not its name, decides the node's key.

    Attributes:
        folder: `input`, `output` or `temp`.
        upload: The editor offers to upload a picture.
    """

    folder: Literal["input", "output", "temp"] = "input"
    upload: bool = True

    def options(self) -> Mapping[str, Any]:
        """Return the options of the catalogue."""
        folder = None if self.folder == "input" else self.folder
        return _given(image_upload=self.upload or None, image_folder=folder)


@dataclass(frozen=True)
class SavedName:
    """The start of the names of files that the node saves beneath the output folder.

    A name that would leave the folder is refused before anything runs. Tokens between percent
    signs (`%width%`) are the node's to fill in.
    """

    def options(self) -> Mapping[str, Any]:
        """Return the options of the catalogue."""
        return {}


Widget = Number | Seed | Text | Toggle | Choice | InputFile | SavedName


@dataclass(frozen=True, kw_only=True)
class Input:
    """What an input is besides its type and its widget.

    `Annotated[int, Number(0, 9), Input(optional=True)] = 3` may be left out in a workflow file;
    without the marker only parameters `T | None = None` may.

    Attributes:
        optional: A workflow may leave the input out; the function's default then applies.
        force_input: The editor shows a socket and no widget.
        tooltip: Used in place of the docstring's words.
        advanced: The editor hides it until asked.
    """

    optional: bool = False
    force_input: bool = False
    tooltip: str | None = None
    advanced: bool = False

    def options(self) -> Mapping[str, Any]:
        """Return the options of the catalogue."""
        return _given(
            forceInput=self.force_input or None,
            tooltip=self.tooltip,
            advanced=self.advanced or None,
        )


@dataclass(frozen=True)
class Hidden:
    """An input that the editor never shows.

    Attributes:
        marker: What the engine supplies. `Context` gives the same facts; this one is for
            declarations that must read as ComfyUI's. None for an input that only nodes of an
            expansion set.
    """

    marker: Literal["PROMPT", "EXTRA_PNGINFO", "UNIQUE_ID"] | None = None


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}
