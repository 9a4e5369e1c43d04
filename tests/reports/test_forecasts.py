"""What mending a cause would give, and whether it did."""

import pytest

from reports.cascades import Cascade, CascadeKind
from reports.forecasts import Forecast, Held, foresee, hold
from reports.stored_cascades import pack, unpack
from tracks.statuses import Outcome

PASSED, FAILED, ERROR, SKIPPED = Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED
CASCADE = Cascade(CascadeKind.FIXTURE, 1, (2, 3, 4, 5), "the fixture db failed")
RUN = dict.fromkeys((1, 2, 3, 4, 5), ERROR) | {6: PASSED, 7: FAILED}
BASE = {1: PASSED, 2: PASSED, 3: FAILED, 4: SKIPPED}


Outcomes = dict[int, Outcome]


def of(cascade: Cascade = CASCADE, run: Outcomes = RUN, base: Outcomes = BASE) -> Forecast:
    (forecast,) = foresee([cascade], run, base)
    return forecast


def figures(forecast: Forecast) -> dict[Outcome, int]:
    return {outcome: count for outcome, count in forecast.figures.items() if count}


def test_followers_go_back_to_the_baseline_and_of_others_it_is_assumed_that_they_pass() -> None:
    forecast = of()
    assert forecast.counts == {PASSED: 2, FAILED: 1, SKIPPED: 1}
    assert forecast.assumed == 1


def test_the_runs_figures_change_by_the_cause_and_its_followers_alone() -> None:
    assert figures(of()) == {PASSED: 4, FAILED: 2, SKIPPED: 1}
    assert sum(of().figures.values()) == len(RUN)


def test_a_module_that_is_collected_again_gives_its_tests_in_the_place_of_its_entry() -> None:
    hidden = Cascade(CascadeKind.COLLECTION, 9, (2, 3), "tests/test_a.py could not be collected")
    assert figures(of(hidden, {9: ERROR, 6: PASSED})) == {PASSED: 2, FAILED: 1}


@pytest.mark.parametrize(("kind", "after"), [(CascadeKind.FIXTURE, FAILED), (CascadeKind.POISONED, PASSED)])
def test_only_a_test_that_broke_by_itself_passes_where_it_failed_at_the_baseline(
    kind: CascadeKind, after: Outcome
) -> None:
    """The first test that needs a fixture is no better than those after it."""
    cascade = Cascade(kind, 1, (2,), "something failed")
    assert figures(of(cascade, {1: ERROR, 2: ERROR}, {1: FAILED, 2: SKIPPED})) == {after: 1, SKIPPED: 1}


def test_a_test_that_broke_by_itself_is_what_it_was_where_the_baseline_skipped_it() -> None:
    cascade = Cascade(CascadeKind.POISONED, 1, (2,), "something failed")
    assert figures(of(cascade, {1: FAILED, 2: ERROR}, {1: SKIPPED, 2: PASSED})) == {PASSED: 1, SKIPPED: 1}


def test_the_next_iteration_is_held_against_each_followers_own_forecast() -> None:
    """As many passed and failed as forecast, but not the same tests."""
    now = {2: FAILED, 3: PASSED, 4: SKIPPED, 5: PASSED}
    assert hold(of(), now, cause_gone=True) == Held(2, {FAILED: (2,), PASSED: (3,)}, cause_gone=True)


def test_a_follower_that_vanished_did_not_do_as_forecast() -> None:
    assert hold(of(), {}, cause_gone=False) == Held(0, {Outcome.ABSENT: (2, 5, 3, 4)}, cause_gone=False)


def test_what_is_kept_is_what_was_found() -> None:
    assert unpack(pack([of()])) == (of(),)
