"""Parameters of a node function: what each declares, and how it gets its value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, cast

from engine.declare.spec import MISSING, InputSpec
from engine.declare.types import Lazy
from engine.declare.wire import wire_section
from engine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.declare.widgets import Choice

COMBO = "COMFY_DYNAMICCOMBO_V3"
AUTOGROW = "COMFY_AUTOGROW_V3"


class Parameter(Protocol):
    """One parameter of a node function, or one field of a dataclass that it takes."""

    @property
    def name(self) -> str:
        """The Python name."""
        ...

    def declare(self) -> InputSpec:
        """Return what the catalogue shows."""
        ...

    def find(self, name: str) -> InputSpec | None:
        """Return the declaration of one of the inputs that this parameter takes."""
        ...

    def value(self, inputs: Mapping[str, Any]) -> Any:
        """Return the argument, or `MISSING` where the function's default applies."""
        ...


@dataclass(frozen=True, kw_only=True)
class Plain:
    """A parameter that is one input.

    Attributes:
        name: The Python name.
        spec: The input.
        choice: Where the values of a choice are asked for anew each time.
        has_default: The function has a default.
    """

    name: str
    spec: InputSpec
    choice: Choice | None = None
    has_default: bool = False

    def declare(self) -> InputSpec:
        """Return the input, with the choice's values of now."""
        if self.choice is None:
            return self.spec
        return replace(self.spec, type=self.choice.listed())

    def find(self, name: str) -> InputSpec | None:
        """Return the input if this is its name."""
        return self.declare() if name == self.spec.name else None

    def value(self, inputs: Mapping[str, Any]) -> Any:
        """Return the input's value.

        Raises:
            InputError: There is none, and the function has no default.
        """
        value = inputs.get(self.spec.name, MISSING)
        if value is MISSING and not self.has_default:
            raise InputError("the input is missing", input=self.spec.name)
        if self.spec.lazy and not self.spec.raw_link and value is not MISSING:
            return cast("Any", value) if isinstance(value, Lazy) else Lazy[Any].of(value)
        return value


@dataclass(frozen=True, kw_only=True)
class Option:
    """One of the dataclasses of a dependent input.

    Attributes:
        key: The value that chooses it on the wire.
        make: The dataclass.
        fields: Its fields.
    """

    key: str
    make: type
    fields: tuple[Parameter, ...]


@dataclass(frozen=True, kw_only=True)
class Dependent:
    """A parameter that is a union of dataclasses: a choice, and the inputs that depend on it.

    On the wire `how` is the key of the choice and `how.factor` a field of the chosen dataclass.
    """

    name: str
    spec: InputSpec
    options: tuple[Option, ...]
    has_default: bool = False

    def declare(self) -> InputSpec:
        """Return the choice, with the inputs of each option."""
        options = [{"key": one.key, "inputs": _sections(one.fields)} for one in self.options]
        return replace(self.spec, options={"options": options, **self.spec.options})

    def find(self, name: str) -> InputSpec | None:
        """Return the choice itself or the first field of this name."""
        if name == self.spec.name:
            return self.declare()
        if not name.startswith(f"{self.spec.name}."):
            return None
        fields = (field.find(name) for option in self.options for field in option.fields)
        return next((found for found in fields if found is not None), None)

    def value(self, inputs: Mapping[str, Any]) -> Any:
        """Return an instance of the chosen dataclass.

        Raises:
            InputError: Nothing is chosen, or what does not exist, or a field is missing.
        """
        key = inputs.get(self.spec.name, MISSING)
        if key is MISSING and self.has_default:
            return MISSING
        option = self._chosen(key)
        if option is None:
            raise InputError(
                "there is no such choice",
                input=self.spec.name,
                expected=self._keys(),
                got=repr(key),
            )
        values = {field.name: field.value(inputs) for field in option.fields}
        given = {name: value for name, value in values.items() if value is not MISSING}
        return option.make(**given)

    def _chosen(self, key: Any) -> Option | None:
        return next((option for option in self.options if option.key == key), None)

    def _keys(self) -> str:
        return "one of " + ", ".join(repr(option.key) for option in self.options)


@dataclass(frozen=True, kw_only=True)
class Growing:
    """A parameter with a variable number of inputs: `images.image0`, `images.image1`, ...

    Attributes:
        name: The Python name.
        spec: The input that stands for all of them.
        template: What each slot is; its name is that of a slot without the number.
        least: The first so many must be given.
        most: At most so many can be.
        by_name: The function takes a mapping and no tuple.
    """

    name: str
    spec: InputSpec
    template: InputSpec
    least: int
    most: int
    by_name: bool = False

    def declare(self) -> InputSpec:
        """Return the input that stands for all slots."""
        section = "optional" if self.least == 0 else "required"
        slot = replace(self.template, section=section)
        inputs: dict[str, Any] = {"required": {}}
        inputs[section] = wire_section([slot])
        form = {
            "input": inputs,
            "prefix": self.template.name,
            "min": self.least,
            "max": self.most,
        }
        return replace(self.spec, options={"template": form, **self.spec.options})

    def find(self, name: str) -> InputSpec | None:
        """Return the declaration of one slot."""
        if name == self.spec.name:
            return self.declare()
        index = self._index(name)
        if index is None or not 0 <= index < self.most:
            return None
        section = "required" if index < self.least else "optional"
        return replace(self.template, name=name, section=section)

    def value(self, inputs: Mapping[str, Any]) -> Any:
        """Return the values of the slots that are there, in the order of their numbers."""
        indexed = ((self._index(name), value) for name, value in inputs.items())
        numbered = [(index, value) for index, value in indexed if index is not None]
        found = sorted(numbered, key=lambda pair: pair[0])
        if self.by_name:
            return {f"{self.template.name}{index}": value for index, value in found}
        return tuple(value for _, value in found)

    def _index(self, name: str) -> int | None:
        prefix = f"{self.spec.name}.{self.template.name}"
        number = name[len(prefix) :] if name.startswith(prefix) else ""
        return int(number) if number.isascii() and number.isdigit() else None


def _sections(fields: Iterable[Parameter]) -> dict[str, Any]:
    specs = [field.declare() for field in fields]
    sections: dict[str, Any] = {
        "required": wire_section(spec for spec in specs if spec.section == "required")
    }
    optional = wire_section(spec for spec in specs if spec.section == "optional")
    return sections | ({"optional": optional} if optional else {})
