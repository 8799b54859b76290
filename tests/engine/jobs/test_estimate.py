from __future__ import annotations

import pytest

from engine.jobs.estimate import Estimate


def test_percent_counts_seconds_rather_than_nodes() -> None:
    estimate = Estimate({"a": "Slow", "b": "Quick"}, {"Slow": 9.0, "Quick": 1.0})
    estimate.expect(["a", "b"])
    assert estimate.percent() == 0
    estimate.begin("b")
    estimate.end("b", 1.0)
    assert estimate.percent() == pytest.approx(10)
    estimate.begin("a")
    estimate.progress("a", 0.5)
    assert estimate.percent() == pytest.approx(55)
    estimate.end("a", 9.0)
    assert estimate.percent() == pytest.approx(100)
    assert estimate.seconds_left() == 0


def test_nodes_from_the_cache_cost_nothing() -> None:
    estimate = Estimate({"a": "A", "b": "A"}, {"A": 2.0})
    estimate.expect(["a", "b"])
    estimate.drop(["a", "unknown"])
    assert estimate.seconds_left() == pytest.approx(2)


def test_paces_follow_what_nodes_took_lately() -> None:
    paces: dict[str, float] = {}
    estimate = Estimate({"a": "A", "b": "A"}, paces)
    estimate.end("a", 10.0)
    assert paces == {"A": 10.0}
    estimate.end("b", 0.0)
    assert paces["A"] == pytest.approx(7)
    estimate.end("nobody", 1.0)
    assert set(paces) == {"A"}


class Clock:
    """A clock that is put forward by hand."""

    time = 0.0

    def __call__(self) -> float:
        return self.time


def test_what_comes_before_the_first_step_says_nothing_about_the_others() -> None:
    clock = Clock()
    estimate = Estimate({"a": "A", "b": "B"}, {"A": 20.0, "B": 3.0}, clock)
    estimate.expect(["a", "b"])
    estimate.begin("a")
    clock.time = 5
    assert estimate.seconds_left() == pytest.approx(18)
    clock.time = 60
    estimate.progress("a", 0.01)
    assert estimate.seconds_left() == pytest.approx(20 * 0.99 + 3)
    clock.time = 61
    estimate.progress("a", 0.11)
    assert estimate.seconds_left() == pytest.approx(8.9 + 3)
    clock.time = 63
    assert estimate.seconds_left() == pytest.approx(6.9 + 3)
    estimate.end("a", 70.0)
    assert estimate.seconds_left() == pytest.approx(3)


def test_a_node_that_counts_anew_has_a_new_pace() -> None:
    clock = Clock()
    estimate = Estimate({"a": "A"}, {"A": 8.0}, clock)
    estimate.expect(["a"])
    estimate.begin("a")
    for time, part in ((1, 0.5), (2, 1.0), (10, 0.25), (12, 0.5)):
        clock.time = time
        estimate.progress("a", part)
    assert estimate.seconds_left() == pytest.approx(4)


def test_nothing_to_do_is_no_percentage() -> None:
    assert Estimate({}, {}).percent() == 0
