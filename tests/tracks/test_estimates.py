"""How long a run will still take."""

import numpy as np
import pytest

from tracks.estimates import seconds_left
from tracks.vectors import NO_DURATIONS, encode_seconds


def test_what_is_left_is_what_the_tests_that_have_not_reported_took_before():
    known = encode_seconds([0, 1.0, 2.0, 3.0])
    assert seconds_left(known, 6.0, np.array([0, 1, 0, 0], np.uint8)) == pytest.approx(5.0, rel=0.01)


def test_a_run_that_tested_side_by_side_is_expected_to_do_so_again():
    known = encode_seconds([4.0, 4.0])
    assert seconds_left(known, 4.0, np.zeros(2, np.uint8)) == pytest.approx(4.0, rel=0.01)


def test_new_tests_are_not_guessed_at():
    known = encode_seconds([1.0])
    assert seconds_left(known, 1.0, np.array([1, 0, 0], np.uint8)) == 0.0


def test_nothing_known_means_no_estimate():
    assert seconds_left(NO_DURATIONS, 0.0, np.zeros(3, np.uint8)) is None
