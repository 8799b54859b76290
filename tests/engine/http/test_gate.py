from __future__ import annotations

import pytest

from engine.http.gate import Gate


@pytest.fixture
def sent() -> list[str]:
    return []


@pytest.fixture
def gate(sent: list[str]) -> Gate:
    return Gate(lambda frame, type_: sent.append(f"{frame.decode()} {type_}"))


def test_an_open_gate_holds_nothing(gate: Gate, sent: list[str]) -> None:
    gate.put(b"1", "status")
    gate.put(b"2", "executing", "a")
    assert sent == ["1 status", "2 executing"]


def test_what_is_about_a_job_waits_for_its_gate_and_leaves_in_its_order(
    gate: Gate, sent: list[str]
) -> None:
    gate.close("a")
    gate.put(b"0", "status")
    gate.put(b"1", "execution_start", "a")
    gate.put(b"2", "status")
    gate.put(b"3", "executing", "a")
    assert sent == ["0 status"]
    gate.open("a")
    assert sent == ["0 status", "1 execution_start", "2 status", "3 executing"]


def test_a_later_job_does_not_overtake_an_earlier_one(gate: Gate, sent: list[str]) -> None:
    gate.close("a")
    gate.close("b")
    for name in ("a", "b"):
        gate.put(name.encode(), "executing", name)
    gate.open("b")
    assert sent == []
    gate.open("a")
    assert sent == ["a executing", "b executing"]


def test_new_jobs_do_not_hold_back_what_was_let_go_before_them(gate: Gate, sent: list[str]) -> None:
    gate.close("a")
    gate.put(b"a", "executing", "a")
    gate.close("b")
    gate.put(b"b", "executing", "b")
    gate.open("a")
    assert sent == ["a executing"]
    gate.put(b"c", "status")
    gate.open("b")
    assert sent == ["a executing", "b executing", "c status"]
