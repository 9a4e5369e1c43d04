"""What single tracks predict of all together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.predictions import CONTESTED, Held, Together, TogetherKind, hold, predict
from tracks.statuses import Outcome
from tracks.vectors import CODES, OUTCOMES, OutcomeVector

LETTERS = {
    ".": Outcome.PASSED,
    "F": Outcome.FAILED,
    "E": Outcome.ERROR,
    "s": Outcome.SKIPPED,
    "x": Outcome.XFAILED,
    "X": Outcome.XPASSED,
    " ": Outcome.ABSENT,
}


def run(letters: str) -> OutcomeVector:
    """Number 0 belongs to no test."""
    return np.array([0, *(CODES[LETTERS[letter]] for letter in letters)], np.uint8)


def letters(outcomes: OutcomeVector) -> str:
    of = {CODES[outcome]: letter for letter, outcome in LETTERS.items()} | {CONTESTED: "?"}
    return "".join(of[code] for code in outcomes.tolist()[1:])


@pytest.mark.parametrize(
    ("baseline", "tracks", "predicted"),
    [
        pytest.param("..F", {}, "..F", id="no track: the baseline"),
        pytest.param("..F", {"A": "..."}, "...", id="one track: itself"),
        pytest.param(".F.", {"A": "..F", "B": ".F."}, "..F", id="what one changed, the other left alone"),
        pytest.param("F", {"A": ".", "B": "."}, ".", id="both changed it alike"),
        pytest.param("F", {"A": ".", "B": "E"}, "?", id="they do not agree"),
        pytest.param("F", {"A": ".", "B": "E", "C": "."}, "?", id="a third one settles nothing"),
        pytest.param(".", {"A": ". F", "B": ".."}, "..F", id="each adds tests of its own"),
        pytest.param("..", {"A": ". "}, ". ", id="a track deletes one"),
    ],
)
def test_a_prediction_takes_each_change_over(baseline: str, tracks: dict[str, str], predicted: str) -> None:
    assert letters(predict(run(baseline), {key: run(each) for key, each in tracks.items()})) == predicted


def held(merged: str, baseline: str, **tracks: str) -> Held:
    return hold(run(merged), run(baseline), {key: run(each) for key, each in tracks.items()})


@pytest.mark.parametrize(
    ("merged", "baseline", "track", "place"),
    [
        pytest.param(".", ".", ".", "as predicted", id="still passes"),
        pytest.param("F", "F", "F", "as predicted", id="still fails"),
        pytest.param(".", "F", "F", "better", id="passes though no track fixed it"),
        pytest.param("F", ".", ".", "worse", id="breaks though no track broke it"),
        pytest.param(" ", ".", ".", "worse", id="is missing"),
        pytest.param("s", ".", ".", "worse", id="is switched off"),
        pytest.param("E", " ", " ", "worse", id="an entry that there is together only, broken"),
        pytest.param("E", "s", "s", "worse", id="breaks where it was skipped"),
        pytest.param("E", "F", "F", "other", id="breaks otherwise"),
        pytest.param("s", "F", "F", "other", id="is switched off where it was broken"),
        pytest.param(".", " ", " ", "other", id="passes though nobody knew it"),
    ],
)
def test_each_test_is_held_against_its_prediction(merged: str, baseline: str, track: str, place: str) -> None:
    found = held(merged, baseline, A=track)
    told = {"better": found.better, "worse": found.worse, "other": found.other}
    places = [name for name, numbers in told.items() if numbers.tolist() == [1]]
    assert (places or ["as predicted"]) == [place]
    assert found.as_predicted == (place == "as predicted")


def test_what_fails_together_only_says_which_tracks_had_changed_it() -> None:
    found = held("FEF.", ".FF.", A=".F..", B="..F.")
    assert found.together == (
        Together(1, TogetherKind.BROKEN, ()),
        Together(2, TogetherKind.FIX_LOST, ("B",)),
        Together(3, TogetherKind.FIX_LOST, ("A",)),
    )


def test_a_test_that_a_track_breaks_alone_is_no_interaction() -> None:
    assert held("F", ".", A="F", B=".").together == ()


def test_what_tracks_do_not_agree_on_is_held_against_nothing() -> None:
    found = held("F", "s", A=".", B="F")
    assert found.contested.tolist() == [1]
    assert (found.as_predicted, found.worse.size, found.together) == (0, 0, ())


vectors = st.lists(st.integers(0, len(OUTCOMES) - 1), max_size=8).map(
    lambda codes: np.array([0, *codes], np.uint8)
)


@given(baseline=vectors, track=vectors)
def test_one_track_alone_predicts_itself(baseline: OutcomeVector, track: OutcomeVector) -> None:
    found = hold(track, baseline, {"A": track})
    assert not (found.better.size or found.worse.size or found.other.size or found.contested.size)
    assert found.together == ()


@given(baseline=vectors, tracks=st.lists(vectors, min_size=1, max_size=4), merged=vectors)
def test_the_order_of_the_tracks_does_not_matter_and_every_test_has_one_place(
    baseline: OutcomeVector, tracks: list[OutcomeVector], merged: OutcomeVector
) -> None:
    named = {f"T{number}": each for number, each in enumerate(tracks)}
    turned = dict(reversed(named.items()))
    assert predict(baseline, named).tolist() == predict(baseline, turned).tolist()
    found = hold(merged, baseline, named)
    lists = [found.better, found.worse, found.other, found.contested]
    placed = [number for numbers in lists for number in numbers.tolist()]
    assert len(placed) == len(set(placed))
    sizes = [merged, baseline, *tracks]
    known = {number for vector in sizes for number in np.flatnonzero(vector).tolist()}
    assert found.as_predicted + len(placed) == len(known)
    assert {each.test for each in found.together} <= set(found.worse.tolist())
