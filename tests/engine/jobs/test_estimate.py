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


def test_nothing_to_do_is_no_percentage() -> None:
    assert Estimate({}, {}).percent() == 0
