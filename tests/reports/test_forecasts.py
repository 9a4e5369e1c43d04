"""What mending a cause would give, and whether it did."""

from reports.cascades import Cascade, CascadeKind
from reports.forecasts import Held, expect, forecast, held
from tracks.statuses import Outcome

CASCADE = Cascade(CascadeKind.FIXTURE, 1, (2, 3, 4, 5), "the fixture db failed")
BASE = {2: Outcome.PASSED, 3: Outcome.FAILED, 4: Outcome.SKIPPED}


def test_followers_go_back_to_the_baseline_and_new_ones_pass() -> None:
    assert forecast(CASCADE, BASE) == {Outcome.PASSED: 2, Outcome.FAILED: 1, Outcome.SKIPPED: 1}


def test_the_next_iteration_is_held_against_each_followers_own_forecast() -> None:
    """As many passed and failed as forecast, but not the same tests."""
    now = {2: Outcome.FAILED, 3: Outcome.PASSED, 4: Outcome.SKIPPED, 5: Outcome.PASSED}
    assert held(expect(CASCADE, BASE), now, cause_gone=True) == Held(2, 2, cause_gone=True)


def test_a_follower_that_vanished_did_not_do_as_forecast() -> None:
    assert held(expect(CASCADE, BASE), {}, cause_gone=False) == Held(0, 4, cause_gone=False)
