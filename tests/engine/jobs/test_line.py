from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.jobs.job import Job, Submission
from engine.jobs.line import Line


def job(name: str, number: float, client: str | None = "me", *, fair: bool = True) -> Job:
    return Job.of(Submission(id=name, prompt=b"{}", client_id=client, number=number, fair=fair))


def line(*jobs: Job) -> Line:
    waiting = Line()
    for one in jobs:
        waiting.add(one)
    return waiting


def taken(waiting: Line) -> list[str]:
    found: list[str] = []
    while (one := waiting.take()) is not None:
        found.append(one.id)
    return found


def test_one_clients_jobs_run_in_the_order_of_their_numbers() -> None:
    jobs = [job("a", 0), job("b", 1), job("first", -2, fair=False), job("late", 9, fair=False)]
    assert taken(line(*jobs, job("c", 3))) == ["first", "a", "b", "c", "late"]


def test_clients_take_turns() -> None:
    many = [job(f"a{index}", index, "anna") for index in range(4)]
    few = [job("b0", 4, "bert"), job("b1", 5, "bert"), job("c0", 6, None)]
    assert taken(line(*many, *few)) == ["a0", "b0", "c0", "a1", "b1", "a2", "a3"]


def test_a_client_that_comes_later_does_not_wait_for_all_of_anothers_jobs() -> None:
    waiting = line(*(job(f"a{index}", index, "anna") for index in range(100)))
    assert [waiting.take() for _ in range(10)]
    waiting.add(job("b", 100, "bert"))
    assert taken(waiting)[0] == "b"


def test_chosen_numbers_keep_their_place_among_those_that_take_turns() -> None:
    jobs = [
        job("a0", 0, "anna"),
        job("a1", 1, "anna"),
        job("b2", 2, "bert"),
        job("exactly", 1.5, "anna", fair=False),
    ]
    assert taken(line(*jobs)) == ["a0", "b2", "exactly", "a1"]


def test_what_was_under_way_goes_first() -> None:
    waiting = line(job("front", -5, fair=False), job("a", 0))
    waiting.add(job("again", 7), again=True)
    assert taken(waiting) == ["again", "front", "a"]


def test_moved_jobs_stay_where_they_were_put() -> None:
    jobs = {
        name: job(name, index, client)
        for index, (name, client) in enumerate(
            [("a0", "anna"), ("a1", "anna"), ("b0", "bert"), ("b1", "bert"), ("a2", "anna")]
        )
    }
    waiting = line(*jobs.values())
    before = [one.id for one in waiting.jobs()]
    assert before == ["a0", "b0", "a1", "b1", "a2"]
    waiting.move(jobs["a2"], jobs["b0"])
    assert [one.id for one in waiting.jobs()] == ["a0", "a2", "b0", "a1", "b1"]
    waiting.move(jobs["a0"], None)
    waiting.add(job("c", 5, "carl"))
    numbers = [one.number for one in waiting.jobs()]
    assert numbers == sorted(numbers)
    assert taken(waiting) == ["a2", "b0", "a1", "b1", "a0", "c"]


entries = st.lists(
    st.tuples(st.sampled_from(["anna", "bert", None]), st.sampled_from([None, -1.0, 2.5, 4.0])),
    max_size=12,
)


@given(entries, st.integers(0, 12), st.data())
def test_the_order_that_is_shown_is_the_order_in_which_jobs_run(
    given_: list[tuple[str | None, float | None]], gone: int, data: st.DataObject
) -> None:
    jobs = [
        job(str(index), index if chosen is None else chosen, client, fair=chosen is None)
        for index, (client, chosen) in enumerate(given_)
    ]
    waiting = line(*jobs)
    for _ in range(min(gone, len(jobs) // 2)):
        waiting.take()
    if waiting.jobs() and data.draw(st.booleans()):
        waiting.remove(data.draw(st.sampled_from(waiting.jobs())))
    shown = [one.id for one in waiting.jobs()]
    assert len(waiting) == len(shown)
    assert taken(waiting) == shown
