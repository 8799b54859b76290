"""The jobs that wait, in the order in which they will run."""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections import deque
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.jobs.job import Job


class Line:
    """Jobs that wait.

    Smaller numbers come first. The jobs whose numbers their clients did not choose share the
    places of these numbers by turns: the client that waited longest since its last turn comes
    first, and the jobs of one client stay in their order. With one client that is the order of
    the numbers. Jobs that were under way before come before all others.
    """

    def __init__(self) -> None:
        self._again: list[Job] = []
        self._chosen: list[tuple[float, float, int, Job]] = []
        self._fair: dict[str | None, deque[tuple[float, Job]]] = {}
        self._places: list[float] = []
        self._served: dict[str | None, int] = {}
        self._turn = count()
        self._arrival = count()

    def __len__(self) -> int:
        """Return how many jobs wait."""
        waiting = sum(len(jobs) for jobs in self._fair.values())
        return len(self._again) + len(self._chosen) + waiting

    def add(self, job: Job, *, again: bool = False) -> None:
        """Let a job wait.

        Args:
            job: The job.
            again: It was under way before and goes first.
        """
        if again:
            self._again.append(job)
        elif job.fair:
            jobs = self._fair.setdefault(job.submission.client_id, deque())
            jobs.append((job.number, job))
            insort(self._places, job.number)
        else:
            insort(self._chosen, (job.number, job.rank, next(self._arrival), job))

    def take(self) -> Job | None:
        """Return the job that is next, which waits no more, or None where nobody waits."""
        job = self.first()
        if job is None:
            return None
        fair = self._fair.get(job.submission.client_id)
        if fair and fair[0][1] is job:
            self._served[job.submission.client_id] = next(self._turn)
            self._remove_fair(job, self._places[0])
        else:
            self.remove(job)
        if not self._fair:
            self._served.clear()
        return job

    def first(self) -> Job | None:
        """Return the job that is next."""
        if self._again:
            return self._again[0]
        if not self._fair:
            return self._chosen[0][-1] if self._chosen else None
        if self._chosen and self._chosen[0][0] <= self._places[0]:
            return self._chosen[0][-1]
        client = min(self._fair, key=self._rank)
        return self._fair[client][0][1]

    def jobs(self) -> list[Job]:
        """Return all jobs in the order in which they will run if no others come."""
        ordered = list(self._again)
        chosen = deque(self._chosen)
        for number, job in self._by_turns():
            while chosen and chosen[0][0] <= number:
                ordered.append(chosen.popleft()[-1])
            ordered.append(job)
        return [*ordered, *(entry[-1] for entry in chosen)]

    def remove(self, job: Job) -> None:
        """Let a job wait no more; one that does not wait stays where it is."""
        if any(waiting is job for waiting in self._again):
            self._again.remove(job)
        elif job.fair:
            self._remove_fair(job, job.number)
        elif self._chosen and self._chosen[0][-1] is job:
            del self._chosen[0]
        else:
            self._chosen = [entry for entry in self._chosen if entry[-1] is not job]

    def move(self, job: Job, before: Job | None) -> list[Job]:
        """Put a job before another one, or at the end for None.

        From then on the jobs that wait now keep the order that they have, whoever's they are:
        their numbers and ranks are set so that it stays.

        Returns:
            All jobs in their new order.
        """
        ordered = self.jobs()
        numbers = sorted(one.number for one in ordered)
        ordered.remove(job)
        ordered.insert(len(ordered) if before is None else ordered.index(before), job)
        self._again.clear()
        self._fair.clear()
        self._places.clear()
        self._served.clear()
        self._chosen.clear()
        for rank, (one, number) in enumerate(zip(ordered, numbers, strict=True)):
            one.number, one.rank, one.fair = number, float(rank), False
            self.add(one)
        return ordered

    def _remove_fair(self, job: Job, place: float) -> None:
        client = job.submission.client_id
        jobs = self._fair.get(client)
        if jobs is None:
            return
        before = len(jobs)
        if jobs[0][1] is job:
            jobs.popleft()
        else:
            self._fair[client] = jobs = deque(entry for entry in jobs if entry[1] is not job)
        if len(jobs) < before:
            del self._places[min(bisect_left(self._places, place), len(self._places) - 1)]
        if not jobs:
            del self._fair[client]

    def _rank(self, client: str | None) -> tuple[int, float]:
        return self._served.get(client, -1), self._fair[client][0][0]

    def _by_turns(self) -> list[tuple[float, Job]]:
        """Return the jobs that take turns, each with the number of the place that it gets."""
        heads = [(*self._rank(client), client or "") for client in self._fair]
        heapq.heapify(heads)
        rest = {client or "": deque(jobs) for client, jobs in self._fair.items()}
        turn = count(max((head[0] for head in heads), default=0) + 1)
        ordered: list[tuple[float, Job]] = []
        for number in self._places:
            *_, client = heapq.heappop(heads)
            _, job = rest[client].popleft()
            ordered.append((number, job))
            if rest[client]:
                heapq.heappush(heads, (next(turn), rest[client][0][0], client))
        return ordered
