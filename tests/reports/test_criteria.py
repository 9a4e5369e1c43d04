"""What a run shows of criteria about its tests."""

import numpy as np
import pytest

from reports.criteria import Against, TestFacts, evaluate
from tracks.criteria import Rule, TestsDefinition
from tracks.selections import Selection
from tracks.statuses import Outcome, RunState, Standing
from tracks.vectors import CODES

HOLDS, FAILS, UNKNOWN = Standing.HOLDS, Standing.FAILS, Standing.UNKNOWN
NAMES = ["a.py::one", "a.py::two", "b.py::one", "b.py", "gone.py::one"]
PLAIN = ["passed", "passed", "failed", "error", "absent"]


def facts(outcomes: list[str], *, state: RunState = RunState.FINISHED, **given: object) -> TestFacts:
    return TestFacts(
        state=state,
        outcomes=np.array([CODES[Outcome(each)] for each in outcomes], np.uint8),
        names={number: NAMES[number] for number, each in enumerate(outcomes) if each != "absent"},
        markers={"slow": {0}},
        modules={3},
        **given,  # type: ignore[arg-type]
    )


def against(worse: dict[int, str], *, slow: tuple[int, ...] = ()) -> Against:
    """A baseline that had all tests that are worse."""
    return Against(worse, {number: NAMES[number] for number in worse}, {"slow": slow})


def of(rule: Rule, *places: str, **fields: object) -> TestsDefinition:
    return TestsDefinition(rule, Selection(places), **fields)  # type: ignore[arg-type]


AT_MOST, EACH, LEAST, WORSE = (
    Rule.AT_MOST_BROKEN,
    Rule.EACH_PASSES,
    Rule.AT_LEAST,
    Rule.NOTHING_WORSE,
)


@pytest.mark.parametrize(
    ("definition", "finished", "incomplete", "tests"),
    [
        (of(AT_MOST, "a.py"), HOLDS, UNKNOWN, ()),
        (of(AT_MOST), FAILS, FAILS, (2, 3)),
        (of(AT_MOST, failed=1, errors=1), HOLDS, UNKNOWN, ()),
        (of(AT_MOST, "nowhere.py"), FAILS, UNKNOWN, ()),
        (of(EACH, "a.py"), HOLDS, UNKNOWN, ()),
        (of(EACH, "a.py", "gone.py::one"), FAILS, UNKNOWN, ()),
        (of(EACH, "b.py"), FAILS, FAILS, (2, 3)),
        (of(LEAST, least=3), HOLDS, HOLDS, ()),
        (of(LEAST, least=4), FAILS, UNKNOWN, ()),
        (of(LEAST, "gone.py", least=1), FAILS, UNKNOWN, ()),
        (of(WORSE), UNKNOWN, UNKNOWN, ()),
    ],
    ids=lambda each: each.in_words() if isinstance(each, TestsDefinition) else "",
)
def test_what_is_missing_can_fail_a_criterion_and_never_hold_it(definition, finished, incomplete, tests):
    found = evaluate(definition, facts(PLAIN))
    assert (found.standing, found.tests) == (finished, tests)
    for state in (RunState.INCOMPLETE, RunState.BROKEN):
        assert evaluate(definition, facts(PLAIN, state=state)).standing is incomplete


@pytest.mark.parametrize("outcome", ["skipped", "xfailed", "xpassed"])
def test_a_test_that_is_switched_off_does_not_pass(outcome):
    found = evaluate(of(EACH, "a.py"), facts(["passed", outcome, *PLAIN[2:]]))
    assert (found.standing, found.tests) == (FAILS, (1,))


@pytest.mark.parametrize(
    ("worse", "state", "standing"),
    [
        ({}, RunState.FINISHED, HOLDS),
        ({}, RunState.INCOMPLETE, UNKNOWN),
        ({2: "newly failing"}, RunState.INCOMPLETE, FAILS),
        ({4: "vanished"}, RunState.FINISHED, FAILS),
        ({4: "vanished"}, RunState.INCOMPLETE, UNKNOWN),
    ],
)
def test_nothing_worse_is_held_against_the_baseline(worse, state, standing):
    found = evaluate(of(WORSE), facts(PLAIN, state=state, against=against(worse)))
    assert found.standing is standing
    if standing is FAILS:
        assert found.tests == tuple(worse) and next(iter(worse.values())) in found.sentence


def test_what_is_worse_elsewhere_does_not_matter():
    asked = TestsDefinition(WORSE, Selection(("b.py",), outside=True))
    assert evaluate(asked, facts(PLAIN, against=against({2: "newly failing"}))).standing is HOLDS


@pytest.mark.parametrize(
    ("marker", "slow", "standing"),
    [("slow", (4,), FAILS), ("slow", (), HOLDS), ("not slow", (4,), HOLDS), ("not slow", (), FAILS)],
)
def test_a_test_that_vanished_is_meant_by_the_markers_that_it_bore(marker, slow, standing):
    asked = TestsDefinition(WORSE, Selection(marker=marker))
    assert evaluate(asked, facts(PLAIN, against=against({4: "vanished"}, slow=slow))).standing is standing


@pytest.mark.parametrize(("state", "standing"), [(RunState.FINISHED, FAILS), (RunState.INCOMPLETE, UNKNOWN)])
def test_where_no_test_is_meant_nothing_is_shown_to_be_no_worse(state, standing):
    assert (
        evaluate(of(WORSE, "nowhere.py"), facts(PLAIN, state=state, against=against({}))).standing is standing
    )


@pytest.mark.parametrize("rule", sorted(Rule))
def test_a_run_of_checks_alone_says_nothing_of_tests(rule):
    found = evaluate(of(rule), facts([], checks_only=True, against=against({4: "vanished"})))
    assert (found.standing, found.tests) == (UNKNOWN, ())
    assert "No test is run here" in found.sentence
