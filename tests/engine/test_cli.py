"""The command line as users meet it: real processes on nodes without models."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Done, Loom

Graph = dict[str, Any]


def toy_graph(**changed: Any) -> Graph:
    graph: Graph = {
        "1": {
            "class_type": "ToyNumber",
            "inputs": {"value": 3, "seed": 0},
            "_meta": {"title": "First v1.5"},
        },
        "2": {"class_type": "ToyAdd", "inputs": {"a": ["1", 0], "b": 4, "factor": 1.0}},
        "3": {"class_type": "ToyShow", "inputs": {"value": ["2", 0]}},
        "4": {"class_type": "ToySave", "inputs": {"value": ["2", 0], "name": "result"}},
    }
    return graph | changed


def write(folder: Path, graph: Any, name: str = "graph.json") -> Path:
    path = folder / name
    path.write_text(graph if isinstance(graph, str) else json.dumps(graph))
    return path


def fails_kindly(done: Done, *words: str) -> bool:
    """A clear error, exit code 1, no traceback, nothing on stdout."""
    assert done.code == 1, done
    assert "Traceback" not in done.err
    assert "unexpected" not in done.err, done.err
    assert done.out == ""
    missing = [word for word in words if word not in done.err]
    assert not missing, f"{missing} not in:\n{done.err}"
    return True


def test_a_run_prints_texts_and_paths_and_nothing_else_to_stdout(
    toy_loom: Loom, toy_base: Path
) -> None:
    done = toy_loom("run", write(toy_base, toy_graph()))
    assert done.code == 0, done.err
    saved = toy_base / "output" / "result.txt"
    assert done.out.splitlines() == ["ToyShow: 7", str(saved)]
    assert saved.read_text() == "7"
    assert "4 nodes ran" in done.err


def test_json_tells_outputs_executed_and_cached_nodes_and_timings(
    toy_loom: Loom, toy_base: Path
) -> None:
    graph = json.dumps(toy_graph())
    first, second = (json.loads(toy_loom("run", "-", "--json", stdin=graph).out) for _ in range(2))
    assert first["problems"] == []
    (run,) = first["runs"]
    assert run["outputs"] == [str(toy_base / "output" / "result.txt")]
    assert sorted(run["executed"]) == ["1", "2", "3", "4"]
    assert run["cached"] == []
    assert set(run["timings"]["1"]) == {"seconds", "peak_bytes"}
    assert second["runs"][0]["outputs"] == run["outputs"]
    assert {"1", "2"}.isdisjoint(second["runs"][0]["executed"])


def test_settings_sweeps_and_tables_multiply(toy_loom: Loom, toy_base: Path) -> None:
    table = write(toy_base, "ToyAdd.b,1.seed\n10,\n20,1\n", "rows.csv")
    done = toy_loom(
        "run", write(toy_base, toy_graph()), "--json", "--csv", table,
        "--set", "First v1.5.value=5", "--sweep", "2.factor=1..2..0.5", "--sweep", "3.value=1,2",
    )  # fmt: skip
    assert done.code == 0, done.err
    runs = json.loads(done.out)["runs"]
    assert len(runs) == 12
    assert runs[0]["settings"] == {
        "First v1.5.value": 5, "ToyAdd.b": 10, "2.factor": 1.0, "3.value": 1,
    }  # fmt: skip
    assert runs[-1]["settings"] == {
        "First v1.5.value": 5, "ToyAdd.b": 20, "1.seed": 1, "2.factor": 2.0, "3.value": 2,
    }  # fmt: skip
    assert [run["texts"][0]["text"] for run in runs[:3]] == ["1", "2", "1"]


def test_results_go_where_out_says(toy_loom: Loom, toy_base: Path, tmp_path: Path) -> None:
    done = toy_loom("run", write(toy_base, toy_graph()), "--out", tmp_path / "elsewhere")
    assert done.code == 0, done.err
    assert (tmp_path / "elsewhere" / "result.txt").read_text() == "7"
    assert not (toy_base / "output" / "result.txt").exists()


def test_a_folder_that_takes_nothing_is_told_before_anything_runs(
    toy_loom: Loom, toy_base: Path
) -> None:
    path = write(toy_base, toy_graph())
    done = toy_loom("run", path, "--out", path / "below a file")
    assert fails_kindly(done, "--out", "below a file")
    assert "done in" not in done.err


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("Frist v1.5.value=1", ["no node", "did you mean: First v1.5"]),
        ("1.valeu=1", ["no input", "did you mean: 1.value"]),
        ("1.value=x", ["a whole number", "'x'"]),
        ("1.value", ["NODE.input=VALUE"]),
        ("value=1", ["NODE.input"]),
        ("1.value=5000", ["node 1", "value"]),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(
    toy_loom: Loom, toy_base: Path, setting: str, words: list[str]
) -> None:
    path = write(toy_base, toy_graph())
    assert fails_kindly(toy_loom.inside("run", path, "--set", setting), *words)


def deep_chain(length: int) -> Graph:
    chain: Graph = {"0": {"class_type": "ToyNumber", "inputs": {"value": 1, "seed": 0}}}
    for index in range(1, length):
        inputs = {"a": [str(index - 1), 0], "b": 0, "factor": 1.0}
        chain[str(index)] = {"class_type": "ToyAdd", "inputs": inputs}
    chain["end"] = {"class_type": "ToyShow", "inputs": {"value": [str(length - 1), 0]}}
    return chain


def test_a_chain_of_ten_thousand_nodes_runs(toy_loom: Loom, toy_base: Path) -> None:
    done = toy_loom("run", write(toy_base, deep_chain(10_000)))
    assert done.code == 0, done.err
    assert done.out == "ToyShow: 1\n"


CYCLE = {
    "1": {"class_type": "ToyAdd", "inputs": {"a": ["2", 0], "b": 1, "factor": 1.0}},
    "2": {"class_type": "ToyAdd", "inputs": {"a": ["1", 0], "b": 1, "factor": 1.0}},
    "3": {"class_type": "ToyShow", "inputs": {"value": ["2", 0]}},
}


@pytest.mark.parametrize(
    ("graph", "words"),
    [
        (toy_graph(**{"2": {"class_type": "ToyAd", "inputs": {}}}), ["node 2", "ToyAd", "ToyAdd"]),
        (toy_graph(**{"3": {"class_type": "ToyShow", "inputs": {}}}), ["node 3", "value"]),
        (CYCLE, ["depends on itself", "1 (ToyAdd) -> 2 (ToyAdd)"]),
        (
            toy_graph(**{"2": {"class_type": "ToyAdd", "inputs": {"a": "many", "b": 1}}}),
            ["node 2", '"a"', "many"],
        ),
        (
            toy_graph(
                t={"class_type": "ToyText", "inputs": {"text": "x"}},
                **{"3": {"class_type": "ToyShow", "inputs": {"value": ["t", 0]}}},
            ),
            ["node 3", '"value"', "INT", "STRING"],
        ),
        (toy_graph(**{"3": {"class_type": "ToyShow", "inputs": {"value": ["9", 0]}}}), ["node 3"]),
        (toy_graph(**{"3": {"class_type": "ToyShow", "inputs": {"value": ["1", 7]}}}), ["node 3"]),
    ],
    ids=["unknown node", "missing input", "cycle", "wrong constant", "wrong type", "no such node",
         "no such output"],
)  # fmt: skip
def test_a_workflow_that_cannot_run_is_explained(
    toy_loom: Loom, toy_base: Path, graph: Graph, words: list[str]
) -> None:
    path = write(toy_base, graph)
    assert fails_kindly(toy_loom.inside("validate", path), *words)
    assert fails_kindly(toy_loom("run", path), *words)
    assert not (toy_base / "output").exists() or not any((toy_base / "output").iterdir())


def test_all_problems_are_told_at_once_and_as_json(toy_loom: Loom, toy_base: Path) -> None:
    graph = toy_graph(
        **{"1": {"class_type": "ToyNumbr", "inputs": {}}},
        five={"class_type": "ToyShow", "inputs": {}},
    )
    done = toy_loom("validate", write(toy_base, graph), "--json")
    assert done.code == 1
    told = json.loads(done.out)
    assert told["valid"] is False
    assert {problem["node"] for problem in told["problems"]} >= {"1", "five"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"1": {"class_type": "ToyNumber", "inp', ["not valid JSON"]),
        ("", ["graph.json"]),
        ("[1, 2]", ["graph.json"]),
        ('{"a": 1}', ["graph.json"]),
        ("[" * 100_000, ["nested"]),
        ('{"1": {"class_type": "ToyNumber", "inputs": {"value": NaN}}}', ["nan"]),
        ('{"1": {"class_type": 5, "inputs": {}}}', ["node 1"]),
        ('{"1": {"class_type": "ToyNumber", "inputs": []}}', ["node 1"]),
        ('{"1": {"class_type": "\\ud800", "inputs": {}}}', ["character"]),
        ('{"nodes": [{"id": 1}], "links": []}', ["node 1"]),
        ('{"nodes": 7, "links": 8, "version": 0.4}', ["graph.json"]),
    ],
)  # fmt: skip
def test_a_file_that_holds_no_workflow_is_refused(
    toy_loom: Loom, toy_base: Path, text: str, words: list[str]
) -> None:
    assert fails_kindly(toy_loom.inside("validate", write(toy_base, text)), *words)


def test_json_stays_json_where_something_is_wrong(toy_loom: Loom, toy_base: Path) -> None:
    fail = {"class_type": "ToyFail", "inputs": {"value": ["1", 0], "kindly": True}}
    show = {"class_type": "ToyShow", "inputs": {"value": ["f", 0]}}
    path = write(toy_base, toy_graph(f=fail, s=show))
    done = toy_loom("run", path, "--json")
    assert done.code == 1
    (problem,) = json.loads(done.out)["problems"]
    assert problem["node"] == "f"
    assert problem["input"] == "value"
    assert problem["got"] == "3"
    assert json.loads(toy_loom.inside("run", "nowhere.json", "--json").out)["problems"]


def test_a_file_that_is_not_there_is_named(toy_loom: Loom) -> None:
    assert fails_kindly(toy_loom("run", "nowhere.json"), "nowhere.json")


def test_a_node_that_fails_tells_why_and_where(toy_loom: Loom, toy_base: Path) -> None:
    kind = {"class_type": "ToyFail", "inputs": {"value": 1, "kindly": True}}
    show = {"class_type": "ToyShow", "inputs": {"value": ["f", 0]}}
    done = toy_loom("run", write(toy_base, {"f": kind, "s": show}))
    assert fails_kindly(done, "node f (ToyFail)", "the value is not liked")
    rough = {"class_type": "ToyFail", "inputs": {"value": 1, "kindly": False}}
    path = write(toy_base, {"f": rough, "s": show})
    assert fails_kindly(toy_loom("run", path), "node f (ToyFail)", "ZeroDivisionError")
    assert "Traceback" in toy_loom("run", path, "--debug").err


@pytest.mark.parametrize("arguments", [["run"], ["fly"], ["convert", "x.json", "--to", "xml"]])
def test_a_command_line_that_makes_no_sense_has_its_own_exit_code(
    toy_loom: Loom, arguments: list[str]
) -> None:
    done = toy_loom(*arguments)
    assert done.code == 2
    assert "--help" in done.err
    assert "Traceback" not in done.err


def test_control_c_stops_within_one_step_and_keeps_what_is_finished(
    toy_loom: Loom, toy_base: Path
) -> None:
    early = {"class_type": "ToySlow", "inputs": {"value": ["2", 0], "steps": 3, "seconds": 0.1}}
    slow = {
        "class_type": "ToySlow",
        "inputs": {"value": ["early", 0], "steps": 600, "seconds": 0.1},
    }
    show = {"class_type": "ToyShow", "inputs": {"value": ["slow", 0]}}
    path = write(toy_base, toy_graph(early=early, slow=slow, last=show))
    running = subprocess.Popen(
        toy_loom.command("run", path),
        env=toy_loom.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    for line in running.stderr:
        if line.startswith("ToySlow: done"):
            break
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=20)
    assert running.returncode == 130
    assert "interrupted" in err
    assert "Traceback" not in err
    again = json.loads(toy_loom("run", path, "--json", "--set", "slow.steps=1").out)
    assert "early" not in again["runs"][0]["executed"]
    assert "slow" in again["runs"][0]["executed"]


def test_every_form_converts_into_every_other(toy_loom: Loom, toy_base: Path) -> None:
    path = write(toy_base, toy_graph())
    for form, suffix in (("ui", "json"), ("python", "py"), ("api", "json")):
        done = toy_loom("convert", path, "--to", form)
        assert done.code == 0, done.err
        path = write(toy_base, done.out, f"{form}.{suffix}")
    back = json.loads(path.read_text())
    for node, told in toy_graph().items():
        assert back[node]["class_type"] == told["class_type"]
        assert back[node]["inputs"] == told["inputs"]


def test_nodes_are_listed_and_explained(toy_loom: Loom) -> None:
    listed = toy_loom("nodes")
    assert listed.code == 0
    assert "ToyNumber" in listed.out
    one = toy_loom("nodes", "ToyNumber").out
    assert "Return a number." in one
    assert "0 to 1000" in one
    assert fails_kindly(toy_loom("nodes", "ToyNumbr"), "did you mean: ToyNumber")
    data = json.loads(toy_loom("nodes", "ToyNumber", "--json").out)
    assert data["inputs"][0] == {
        "name": "value", "type": "INT", "required": True, "default": 1,
        "options": {"min": 0, "max": 1000, **data["inputs"][0]["options"]},
    }  # fmt: skip
    stubs = toy_loom("nodes", "--stubs").out
    compile(stubs, "nodes.pyi", "exec")
    assert "ToyNumber" in stubs


def test_the_cache_is_measured_and_cleared(toy_loom: Loom, toy_base: Path) -> None:
    path = write(toy_base, toy_graph())
    toy_loom("run", path)
    assert str(toy_base / ".cache") in toy_loom("cache").out
    assert "deleted" in toy_loom("cache", "--clear").out
    again = json.loads(toy_loom("run", path, "--json").out)
    assert again["runs"][0]["cached"] == []


def test_the_doctor_says_what_is_missing(toy_loom: Loom) -> None:
    done = toy_loom("doctor", "--json")
    findings = {finding["about"]: finding for finding in json.loads(done.out)}
    assert done.code == 1
    assert findings["checkpoints"]["state"] == "bad"
    assert "checkpoints" in findings["checkpoints"]["mend"]
    assert findings["torch"]["state"] == "good"


def test_a_pack_that_does_not_load_stops_nothing(toy_loom: Loom, toy_base: Path) -> None:
    (toy_base / "custom_nodes" / "broken.py").write_text("import nothing_of_this_name")
    assert toy_loom("run", write(toy_base, toy_graph())).code == 0
    assert "nothing_of_this_name" in toy_loom("nodes").err
