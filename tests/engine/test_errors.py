from engine.errors import InputError, InvalidWorkflowError, Problem


def test_a_problem_renders_its_place_what_was_expected_and_the_mend() -> None:
    problem = Problem(
        kind="value_not_in_list",
        message="the value is not one of the choices",
        node="3",
        node_type="KSampler",
        title="Sampler",
        input="sampler_name",
        expected="one of 42 samplers",
        got="'eulr'",
        nearest="euler",
    )
    assert problem.render() == (
        'node 3 "Sampler" (KSampler), input "sampler_name": the value is not one of the choices\n'
        "  expected: one of 42 samplers\n"
        "  got: 'eulr'\n"
        "  did you mean: euler"
    )


def test_a_title_that_repeats_the_kind_is_left_out() -> None:
    problem = Problem(kind="x", message="m", node="3", node_type="KSampler", title="KSampler")
    assert problem.where() == "node 3 (KSampler)"


def test_an_error_learns_its_node_once() -> None:
    error = InputError("too small", input="steps", hint="use 1 or more")
    error.at(node="3", node_type="KSampler").at(node="9", node_type="Other")
    assert error.render().startswith('node 3 (KSampler), input "steps": too small')


def test_an_invalid_workflow_carries_every_problem() -> None:
    problems = (Problem(kind="a", message="one"), Problem(kind="b", message="two"))
    error = InvalidWorkflowError(problems)
    assert error.problems == problems
    assert str(error) == "the workflow has 2 problems"
    assert error.render() == "one\ntwo"
