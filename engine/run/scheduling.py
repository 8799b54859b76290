"""What has to run for the targets, decided as it runs: nothing runs that nobody needs."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from engine.cache.results import GONE
from engine.errors import LoomError
from engine.graph.keys import NOTHING
from engine.graph.model import Link
from engine.run.collector import collector_paused
from engine.run.expansion import added_nodes, apart, is_expanded, output_links
from engine.run.grip import Grip
from engine.run.lookup import Lookup
from engine.run.publishing import Publisher
from engine.run.ready import ReadyQueue
from engine.run.standstill import standstill
from engine.run.step import Ask, Stage, Step
from engine.run.steps import Steps
from engine.run.survey import Survey
from engine.run.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.cache.index import Record
    from engine.cache.results import ResultsCache
    from engine.declare.spec import Returned
    from engine.run.addresses import Addresses
    from engine.run.context import Surroundings
    from engine.run.facts import Catalogue


class Scheduler:
    """Finds out, from the targets backwards, which steps are known already and which must run.

    A step's key is made when the value ids of its inputs are known. A key that the cache knows
    gives the step's own value ids, no value loaded; otherwise the step must run, and only then
    are its inputs' values needed. Used from the thread of the run only.

    Args:
        around: What all nodes share; the nodes of expansions are added to it.
        catalogue: The facts of their kinds.
        cache: Keeps the results.
        addresses: Makes the keys.

    Attributes:
        nodes: The nodes as they stand.
        known: What nodes give, by node id, as far as it is known.
        steps: The nodes of the run so far that were not known at once, by node id.
        ready: The steps that could run.
        places: Where the nodes stand.
        hits: Ids of the nodes that were known already, in the order of finding out.
        unfolded: The steps that returned nodes and have their own result now.
    """

    def __init__(
        self,
        around: Surroundings,
        catalogue: Catalogue,
        cache: ResultsCache,
        addresses: Addresses,
    ) -> None:
        nodes = around.nodes
        self.known: dict[str, Record] = {}
        self.steps = Steps(nodes, catalogue)
        self.ready = ReadyQueue()
        self.places = around.places
        self.unfolded: list[Step] = []
        self.nodes = nodes
        self._catalogue = catalogue
        self._cache = cache
        self._grip = Grip(cache)
        self._lookup = Lookup(cache, addresses, around.folders, self.known)
        self._value_id = self._lookup.value_id
        self._survey = Survey(nodes, catalogue, addresses, self._lookup, self.known)
        self.hits = self._survey.hits
        self._publisher = Publisher(cache, self._lookup, self._grip.hold)
        self._pending: deque[Step | Ask] = deque()
        self._waiting = Waiting(
            self.steps, self._pending, cache, self._grip, self._lookup, self._publisher
        )
        self._leaders: dict[bytes, Step] = {}
        self._targets: set[str] = set()
        self._open: set[str] = set()

    def want(self, targets: Iterable[str]) -> None:
        """Add targets. The values of those that save or show nothing are wanted too."""
        ids = list(targets)
        self._targets.update(ids)
        with collector_paused():
            self._add(ids)
            for node_id in ids:
                if not self._catalogue.of(self.nodes[node_id]).is_output:
                    self._waiting.want_values(self.steps.of(node_id))
                if node_id in self.steps:
                    self._open.add(node_id)
            self.settle()

    def settle(self) -> None:
        """Bring every step as far as it gets without running anything."""
        pending = self._pending
        while pending:
            waiter = pending.popleft()
            if waiter.waits:
                continue
            if isinstance(waiter, Ask):
                self._answer(waiter)
            elif waiter.stage is Stage.OPEN:
                self._advance(waiter)
            elif waiter.stage is Stage.EXPANDED:
                self._complete(waiter)

    def done(self) -> bool:
        """Tell whether all targets are there."""
        return not self._open

    def unsettled(self) -> bool:
        """Tell whether `settle` has something to do."""
        return bool(self._pending)

    def take(self, step: Step) -> dict[str, list[Any]] | None:
        """Return the inputs of a step that is about to run, or None where one has been lost.

        They stay in memory until the step is finished.
        """
        ids = {name: self._value_id(link) for name, link in step.needed().items()}
        self._grip.use(step, ids.values())
        lists: dict[str, list[Any]] = {}
        for name, value in step.node.inputs.items():
            entry = step.facts.entries[name]
            if name in ids and not entry.raw:
                lists[name] = [None] if ids[name] == NOTHING else self._cache.get(ids[name])
            elif entry.raw or (entry.declared is not None and type(value) is not Link):
                lists[name] = [value]
        if any(items is GONE for items in lists.values()):
            self.reopen(step)
            return None
        step.stage = Stage.RUNNING
        return lists

    def reopen(self, step: Step) -> None:
        """Look at a step again that was about to run."""
        self._grip.unuse(step)
        step.stage = Stage.OPEN
        self._pending.append(step)

    def ask(self, step: Step, names: tuple[str, ...]) -> None:
        """Note that a step needs lazy inputs before it can run; it comes back to the queue."""
        step.asked = (*step.asked, names)
        self._add(step.lazy[name].node for name in names)
        self.reopen(step)

    def demand(self, ask: Ask) -> None:
        """Note that a running step waits for a lazy input."""
        if ask.name in ask.step.not_asked():
            ask.step.asked = (*ask.step.asked, (ask.name,))
        self._add([ask.link.node])
        self._pending.append(ask)

    def finish(self, step: Step, returned: Sequence[Returned], seconds: float) -> None:
        """Take what the calls of a step returned."""
        self._grip.unuse(step)
        if is_expanded(returned):
            self._expand(step, returned)
            return
        ids = self._publisher.publish(step, returned, seconds, keep=step.id in self._targets)
        self._finish(step, ids)

    def values(self, node_id: str) -> tuple[list[Any], ...]:
        """Return what a node gave.

        Raises:
            KeyError: The run did not need the node, or its values are no longer kept.
        """
        return self._publisher.values(node_id, self.known[node_id].values)

    def is_twin(self, node_id: str) -> bool:
        """Tell whether a node has its result from another node of the run with the same key."""
        step = self.steps.get(node_id)
        leader = None if step is None else self._leaders.get(step.key)
        return leader is not None and leader is not step

    def stuck(self) -> LoomError:
        """Return the error for a run in which nothing can go on."""
        return standstill(self.steps[next(iter(self._open))], self.steps, self._leaders)

    def close(self) -> None:
        """Let go of everything that the cache keeps for this run."""
        if self._cache.policy.counts_runs:
            self._look_at_all()
        for step in self.steps.values():
            self._grip.drop(step)

    def _add(self, ids: Iterable[str]) -> None:
        """Add nodes, and all that they depend on, where they are not there yet."""
        for node_id, unknown in self._survey.look(ids):
            self._pending.append(self.steps.make(node_id, unknown))

    def _look_at_all(self) -> None:
        """Look up what the run did not need: it counts as used, since the graph has it."""
        for node_id in list(self.nodes):
            with suppress(LoomError):
                self._survey.look([node_id])

    def _advance(self, step: Step) -> None:
        record = self.known.get(step.id)
        if record is None:
            if not self._resolve(step):
                return
            record = self.known.get(step.id)
        ids = () if record is None else record.values
        lost = step.wanted and any(one != NOTHING and not self._cache.holds(one) for one in ids)
        if record is not None and not lost:
            self._finish(step, ids)
        elif not self._waiting.for_values(step, step.needed().values()):
            step.stage = Stage.READY
            self.ready.push(step)

    def _resolve(self, step: Step) -> bool:
        """Find out what is known about a step; False where others have to come further first."""
        while True:
            if self._waiting.for_records(step, step.needed().values()):
                return False
            try:
                if step.facts.names_files and self._waiting.for_values(
                    step, [step.links[name] for name in self._lookup.linked_files(step)]
                ):
                    return False
                record = self._lookup.find(step)
            except LoomError as error:
                raise step.located(error) from error
            if record is None:
                return not self._follows(step)
            if not record.asks:
                self.known[step.id] = record
                self.hits.append(step.id)
                return True
            step.asked = (*step.asked, record.asks)
            self._add(step.lazy[name].node for name in record.asks)

    def _follows(self, step: Step) -> bool:
        """Tell whether another step with the same key is under way; then it is waited for.

        As long as lazy inputs may still be asked for, an equal key does not mean equal work.
        """
        if step.not_asked():
            return False
        leader = self._leaders.setdefault(step.key, step)
        if leader is step or leader.id in self.known:
            return False
        self._waiting.for_twin(step, leader)
        return True

    def _expand(self, step: Step, returned: Sequence[Returned]) -> None:
        returned = apart(returned)
        added = added_nodes(returned, self.nodes)
        self.nodes.update(added)
        self.places.bring(step.id, added.values())
        step.expansion = returned
        step.stage = Stage.EXPANDED
        shown = [node.id for node in added.values() if self._catalogue.of(node).is_output]
        self._add([*shown, *(link.node for link in output_links(returned))])
        self._open.update(node_id for node_id in shown if node_id not in self.known)
        self._pending.append(step)

    def _complete(self, step: Step) -> None:
        """Give an expanded step its result, as soon as what it refers to is known."""
        links = list(output_links(step.expansion))
        copied = links if step.wanted else self._publisher.copied_links(step)
        if self._waiting.for_records(step, links) or self._waiting.for_values(step, copied):
            return
        ids = self._publisher.publish_expansion(step, self._value_id)
        if ids is None:
            self._pending.append(step)
            return
        self.unfolded.append(step)
        self._finish(step, ids)

    def _answer(self, ask: Ask) -> None:
        if self._waiting.for_records(ask, [ask.link]) or self._waiting.for_values(ask, [ask.link]):
            return
        value_id = self._value_id(ask.link)
        items = [None] if value_id == NOTHING else self._cache.get(value_id)
        if items is GONE:
            self._pending.append(ask)
            return
        self._grip.use(ask.step, [value_id])
        self._grip.let_go(ask)
        ask.deliver(items)

    def _finish(self, step: Step, ids: Sequence[bytes]) -> None:
        step.stage = Stage.DONE
        step.wanted = False
        self._open.discard(step.id)
        self._waiting.wake(step, ids)
        if step.held is not None:
            self._grip.let_go(step)
