"""Why a run cannot go on: a cycle that grew as it ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.graph.plan import cycle_error
from engine.run.expansion import output_links
from engine.run.step import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.errors import LoomError
    from engine.run.step import Step


def standstill(step: Step, steps: Mapping[str, Step], leaders: Mapping[bytes, Step]) -> LoomError:
    """Return the error that names the nodes which wait for each other.

    Args:
        step: One that waits.
        steps: All steps by node id.
        leaders: By key the step for which others with the same key wait.
    """
    path: dict[str, None] = {}
    while step.id not in path:
        path[step.id] = None
        links = [*step.needed().values(), *output_links(step.expansion)]
        sources = [steps[link.node] for link in links if link.node in steps]
        open_ = [source for source in sources if source.stage is not Stage.DONE]
        step = open_[0] if open_ else leaders.get(step.key, step)
    ids = list(path)
    return cycle_error(ids[ids.index(step.id) :])
