from __future__ import annotations

from engine.cache.results import ResultsCache
from engine.run.resources import Resources


class Holder:
    def __init__(self) -> None:
        self.shared: list[ResultsCache] = []
        self.asked = 0

    def share_memory(self, results: ResultsCache) -> None:
        self.shared.append(results)

    def release(self) -> None:
        self.asked += 1


def test_who_holds_memory_is_given_the_results_once_and_asked_to_let_go() -> None:
    cache = ResultsCache()
    resources = Resources(cache)
    holder = resources.get("holder", Holder)
    assert resources.get("holder", Holder) is holder
    assert resources.get("text", lambda: "no holder") == "no holder"
    assert holder.shared == [cache]
    assert resources.release() == 1
    assert holder.asked == 1
