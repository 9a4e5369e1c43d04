"""Durations of two runs: what the machine did, what is noise, and which tests are slower."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.pace import Timed, compare_pace
from tracks.statuses import Outcome
from tracks.vectors import CODES, encode_seconds

ROOMY = 0.03
"""Durations come back within 0.5 % of what went in, ratios of two of them within 1 %."""


def timed(seconds: list[float], outcomes: dict[int, Outcome] | None = None) -> Timed:
    """A run in which all tests passed but those of ``outcomes``."""
    codes = np.full(len(seconds), CODES[Outcome.PASSED], dtype=np.uint8)
    for test, outcome in (outcomes or {}).items():
        codes[test] = CODES[outcome]
    return Timed(codes, encode_seconds(seconds))


def noisy(count: int, *, shift: float = 1.0, noise: float = 0.0, seed: int = 1) -> tuple[Timed, Timed]:
    """A base of tests of a second each and a head that took ``shift`` times as long, with noise."""
    factors = shift * np.exp(np.random.default_rng(seed).normal(0.0, noise, count))
    return timed([1.0] * count), timed(factors.tolist())


def with_seconds(run: Timed, test: int, seconds: float) -> Timed:
    durations = run.durations.copy()
    durations[test] = encode_seconds([seconds])[0]
    return replace(run, durations=durations)


def slower_tests(base: Timed, head: Timed) -> list[int]:
    return [each.test for each in compare_pace(base, head).slower]


def test_a_slower_machine_makes_no_test_slower() -> None:
    pace = compare_pace(*noisy(200, shift=3.0))
    assert pace.shift == pytest.approx(3.0, rel=ROOMY)
    assert (pace.compared, pace.slower) == (200, ())


def test_a_test_that_lost_more_than_the_machine_is_slower() -> None:
    base, head = noisy(200, shift=2.0)
    (slower,) = compare_pace(base, with_seconds(head, 7, 8.0)).slower
    assert slower.test == 7
    assert (slower.base, slower.head, slower.ratio) == pytest.approx((1.0, 8.0, 4.0), rel=ROOMY)


def test_what_the_noise_explains_is_not_slower() -> None:
    quiet, loud = noisy(400, noise=0.02), noisy(400, noise=0.5)
    assert compare_pace(*quiet).spread == pytest.approx(np.exp(0.02), rel=ROOMY)
    assert slower_tests(quiet[0], with_seconds(quiet[1], 7, 2.0)) == [7]
    assert 7 not in slower_tests(loud[0], with_seconds(loud[1], 7, 2.0))


def test_a_few_milliseconds_are_not_worth_a_word() -> None:
    base, head = noisy(200)
    assert slower_tests(with_seconds(base, 7, 0.01), with_seconds(head, 7, 0.05)) == []


def test_a_test_that_took_as_long_in_an_earlier_run_is_not_slower_than_ever() -> None:
    base, head = noisy(200)
    head = with_seconds(head, 7, 4.0)
    calm, busy = base.durations[:100], with_seconds(base, 7, 5.0).durations
    assert [each.test for each in compare_pace(base, head, [calm]).slower] == [7]
    assert compare_pace(base, head, [calm, busy]).slower == ()


def test_of_too_few_tests_no_noise_is_told() -> None:
    pace = compare_pace(timed([1.0, 1.0]), timed([1.1, 3.0]))
    assert (pace.shift, pace.spread, [each.test for each in pace.slower]) == (1.0, 1.0, [1])


def test_tests_too_short_to_measure_do_not_drown_the_noise_of_the_others() -> None:
    base, head = noisy(100)
    short, shorter = timed([0.001] * 900), timed([0.0001, 0.004, 0.002] * 300)
    base = Timed(
        np.concatenate([base.outcomes, short.outcomes]), np.concatenate([base.durations, short.durations])
    )
    head = Timed(
        np.concatenate([head.outcomes, shorter.outcomes]), np.concatenate([head.durations, shorter.durations])
    )
    pace = compare_pace(base, head)
    assert (pace.shift, pace.spread) == pytest.approx((1.0, 1.0), rel=ROOMY)


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED, Outcome.XFAILED])
def test_only_tests_that_passed_in_both_are_compared(outcome: Outcome) -> None:
    base, head = timed([1.0, 1.0]), timed([1.0, 9.0], {1: outcome})
    assert compare_pace(base, head).compared == 1
    assert slower_tests(base, head) == []
    assert slower_tests(head, base) == []


def test_the_one_that_lost_most_seconds_comes_first() -> None:
    base, head = noisy(200)
    base = with_seconds(base, 3, 10.0)
    assert slower_tests(base, with_seconds(with_seconds(head, 3, 30.0), 7, 9.0)) == [3, 7]


def test_runs_without_a_test_in_common_have_nothing_to_compare() -> None:
    pace = compare_pace(timed([]), timed([1.0]))
    assert (pace.compared, pace.shift, pace.slower) == (0, 1.0, ())


durations = st.lists(st.floats(0.0, 1e4), max_size=60)


@given(durations, durations)
def test_whatever_the_durations_no_test_is_slower_both_ways(one: list[float], other: list[float]) -> None:
    first, second = timed(one), timed(other)
    assert not set(slower_tests(first, second)) & set(slower_tests(second, first))


@given(durations, st.lists(durations, max_size=3))
def test_no_test_is_slower_than_itself(seconds: list[float], earlier: list[list[float]]) -> None:
    run = timed(seconds)
    assert compare_pace(run, run, [encode_seconds(each) for each in earlier]).slower == ()
