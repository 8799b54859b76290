from __future__ import annotations

import os

from engine.jobs.recorder import Recorder, new_page


def test_what_one_process_notes_another_reads_after_its_death() -> None:
    page = new_page()
    ours = Recorder(page)
    assert ours.read() == ""
    child = os.fork()
    if child == 0:
        Recorder(page).write("12.0.0.é")
        os._exit(9)
    os.waitpid(child, 0)
    assert ours.read() == "12.0.0.é"
    ours.write("")
    assert ours.read() == ""
    ours.close()
    os.close(page)


def test_a_very_long_id_is_cut() -> None:
    page = new_page()
    recorder = Recorder(page)
    recorder.write("x" * 10_000)
    assert set(recorder.read()) == {"x"}
    recorder.close()
    os.close(page)
