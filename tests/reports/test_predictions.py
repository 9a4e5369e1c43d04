"""What single tracks predict of all together, as tables and for any runs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.predictions import Held, predict
from tracks.statuses import Outcome
from tracks.vectors import OUTCOMES

CODE = {"-": 0, "P": 1, "F": 2, "E": 3, "S": 4, "X": OUTCOMES.index(Outcome.XFAILED)}


def vector(letters: str) -> np.ndarray:
    return np.array([CODE[letter] for letter in letters], np.uint8)


@pytest.mark.parametrize(
    ("base", "a", "b", "merged", "predicted", "held", "together"),
    [
        ("P", "P", "P", "P", "P", Held.AS_PREDICTED, False),
        ("P", "P", "P", "F", "P", Held.WORSE, True),
        ("F", "P", "F", "F", "P", Held.WORSE, True),
        ("F", "P", "P", "P", "P", Held.AS_PREDICTED, False),
        ("P", "F", "P", "F", "F", Held.AS_PREDICTED, False),
        ("P", "F", "P", "E", "F", Held.AS_PREDICTED, False),
        ("P", "F", "P", "P", "F", Held.BETTER, False),
        ("P", "F", "S", "F", "F", Held.CONTESTED, False),
        ("F", "P", "E", "E", "P", Held.WORSE, True),
        ("F", "P", "S", "F", "S", Held.CONTESTED, True),
        ("F", "P", "S", "P", "S", Held.CONTESTED, False),
        ("S", "P", "F", "F", "F", Held.CONTESTED, True),
        ("-", "P", "-", "-", "P", Held.WORSE, False),
        ("-", "-", "-", "E", "-", Held.WORSE, True),
    ],
)
def test_what_the_tracks_predict(base, a, b, merged, predicted, held, together):
    found = predict(vector(base), {"A": vector(a), "B": vector(b)}, vector(merged))
    assert found.predicted.tolist() == vector(predicted).tolist()
    assert (found.held[0], found.broken_together[0]) == (held, together)


def test_who_mends_a_test_is_told():
    found = predict(vector("FFP"), {"A": vector("PFP"), "B": vector("FF-")}, vector("FFF"))
    assert [found.fixers(test) for test in range(3)] == [("A",), (), ()]


def test_a_test_that_is_switched_off_is_not_mended():
    found = predict(vector("FF"), {"A": vector("SX")}, vector("FF"))
    assert [found.fixers(test) for test in range(2)] == [(), ()]


runs = st.lists(st.sampled_from(range(len(OUTCOMES))), min_size=6, max_size=6).map(
    lambda codes: np.array(codes, np.uint8)
)


@given(runs, runs)
def test_a_track_alone_on_the_baseline_predicts_itself(base, track):
    found = predict(base, {"A": track}, track)
    assert not found.held.any(), "failed and error, passed and xpassed are the same here"
    assert not found.broken_together.any()


@given(runs, st.lists(runs, min_size=1, max_size=4), runs)
def test_the_order_of_the_tracks_does_not_matter(base, tracks, merged):
    named = {str(place): track for place, track in enumerate(tracks)}
    one, other = predict(base, named, merged), predict(base, dict(reversed(named.items())), merged)
    assert one.predicted.tolist() == other.predicted.tolist()
    assert one.held.tolist() == other.held.tolist()
