# ruff: noqa: N802 - names and parameters are those of ComfyUI
"""What V1 classes are asked before a run: IS_CHANGED and VALIDATE_INPUTS."""

from __future__ import annotations

import asyncio
import math
from typing import Any

from engine.comfy.v1 import ClassNode
from tests.engine.comfy.contexts import context


def adapted(made: type) -> ClassNode:
    return ClassNode(id=made.__name__, made=made, title="T", pack="custom_nodes.x", code="c")


class Base:
    RETURN_TYPES: tuple[Any, ...] = ("INT",)
    FUNCTION = "run"
    CATEGORY = "probe"

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"value": ("INT", {"default": 3, "min": 0, "max": 9})}}

    def run(self, value: Any = 1, **others: Any) -> Any:
        return (value, others)


class Changed(Base):
    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"value": ("INT",)}, "hidden": {"p": "PROMPT"}}

    @classmethod
    def IS_CHANGED(cls, value: Any, p: Any) -> Any:
        return (value + 1, p)


class Broken(Base):
    @classmethod
    def IS_CHANGED(cls, value: Any) -> Any:
        raise OSError(value)


class Slow(Base):
    @classmethod
    async def IS_CHANGED(cls, value: Any) -> Any:
        await asyncio.sleep(0)
        return value


def test_is_changed_enters_the_key() -> None:
    assert adapted(Base).fingerprint({"value": 1}, context()) is None
    assert adapted(Changed).fingerprint({"value": 1}, context()) == [(2, {})]
    assert math.isnan(adapted(Broken).fingerprint({"value": 1}, context()))
    assert adapted(Slow).fingerprint({"value": 1}, context()) == [1]

    async def inside_a_loop() -> Any:
        return adapted(Slow).fingerprint({"value": 2}, context())

    assert asyncio.run(inside_a_loop()) == [2]


class Checked(Base):
    @classmethod
    def VALIDATE_INPUTS(cls, value: Any, input_types: Any) -> Any:
        if input_types:
            return value is None and input_types == {"other": "INT"}
        return True if value == 1 else f"{value} is bad"


class ChecksAll(Base):
    @classmethod
    def VALIDATE_INPUTS(cls, **inputs: Any) -> Any:
        return sorted(inputs) == ["other", "value"]


def test_validate_inputs_decides_about_the_inputs_that_it_takes() -> None:
    kind = adapted(Checked)
    assert kind.checks_types
    assert kind.checks_input("value")
    assert not kind.checks_input("other")
    assert kind.validate({"value": 1}, {}, "1") == {}
    assert kind.validate({"value": 2, "other": 1}, {}, "1") == {"value": "2 is bad"}
    assert kind.validate({"value": None}, {"other": "INT"}, "1") == {}
    assert kind.validate({"value": 1}, {"other": "INT"}, "1") == {"value": ""}
    assert adapted(ChecksAll).validate({"value": 1}, {"other": "INT"}, "1") == {}
    assert set(adapted(ChecksAll).validate({"value": 1}, {"more": "INT"}, "1")) == {"value", "more"}
    assert adapted(Base).validate({"value": 99}, {}, "1") == {}
    assert not adapted(Base).checks_types
