"""The form of a run's results, and what it costs."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tracks import vectors
from tracks.statuses import Outcome

outcome_vectors = hnp.arrays(
    np.uint8, st.integers(0, 300), elements=st.integers(0, len(vectors.OUTCOMES) - 1)
)
seconds_vectors = hnp.arrays(
    np.float64, st.integers(0, 300), elements=st.floats(vectors.SHORTEST, vectors.LONGEST)
)


def realistic_run(tests: int) -> tuple[vectors.OutcomeVector, vectors.DurationVector]:
    """Mostly passing, log-normal durations around 10 ms that resemble each other in a module."""
    random = np.random.default_rng(tests)
    shares = [0.0, 0.93, 0.025, 0.025, 0.01, 0.005, 0.005]
    outcomes = random.choice(np.arange(7, dtype=np.uint8), p=shares, size=tests)
    modules = np.repeat(random.normal(np.log(0.01), 1, tests // 20 + 1), 20)[:tests]
    return outcomes, vectors.encode_seconds(np.exp(random.normal(modules, 1.2)))


def test_the_stored_code_of_an_outcome_never_changes() -> None:
    assert {str(outcome): code for outcome, code in vectors.CODES.items()} == {
        "absent": 0,
        "passed": 1,
        "failed": 2,
        "error": 3,
        "skipped": 4,
        "xfailed": 5,
        "xpassed": 6,
    }


def test_every_outcome_has_a_code() -> None:
    assert set(vectors.OUTCOMES) == set(Outcome)


def test_what_version_1_stored_is_still_read() -> None:
    outcomes = bytes.fromhex("016f05000000780163646462660100001e000c")
    durations = bytes.fromhex("016403000000780163d83e8d8189150005fa0155")
    assert vectors.unpack_outcomes(outcomes).tolist() == [1, 1, 2, 3, 4]
    seconds = vectors.decode_seconds(vectors.unpack_durations(durations))
    assert seconds.tolist() == pytest.approx([0.0, 0.001, 1.5], rel=0.005)


@given(outcome_vectors)
def test_outcomes_come_back_as_they_were(outcomes: vectors.OutcomeVector) -> None:
    assert np.array_equal(vectors.unpack_outcomes(vectors.pack_outcomes(outcomes)), outcomes)


@given(seconds_vectors)
def test_durations_come_back_as_they_were(seconds: np.ndarray) -> None:
    durations = vectors.encode_seconds(seconds)
    assert np.array_equal(vectors.unpack_durations(vectors.pack_durations(durations)), durations)


@given(seconds_vectors)
def test_a_duration_is_off_by_half_a_percent_at_most(seconds: np.ndarray) -> None:
    decoded = vectors.decode_seconds(vectors.encode_seconds(seconds))
    assert np.all(np.abs(decoded - seconds) <= 0.005 * seconds)


@pytest.mark.parametrize(
    ("seconds", "decoded"),
    [
        (0.0, 0.0),
        (-1.0, 0.0),
        (float("nan"), 0.0),
        (1e-9, vectors.SHORTEST),
        (float("inf"), vectors.LONGEST),
    ],
)
def test_a_duration_out_of_range_is_cut_to_the_range(seconds: float, decoded: float) -> None:
    assert vectors.decode_seconds(vectors.encode_seconds([seconds]))[0] == pytest.approx(decoded, rel=0.005)


@given(hnp.arrays(np.float64, 50, elements=st.floats(allow_nan=True, allow_infinity=True)))
def test_every_float_has_a_code_that_can_be_stored(seconds: np.ndarray) -> None:
    durations = vectors.encode_seconds(seconds)
    assert np.array_equal(vectors.unpack_durations(vectors.pack_durations(durations)), durations)


@given(outcome_vectors, st.integers(0, 50))
def test_a_vector_is_padded_with_absent_tests(outcomes: vectors.OutcomeVector, more: int) -> None:
    length = outcomes.size + more
    unpacked = vectors.unpack_outcomes(vectors.pack_outcomes(outcomes), length)
    assert unpacked.tolist() == outcomes.tolist() + [0] * more


def test_durations_are_padded_with_zeros() -> None:
    packed = vectors.pack_durations(vectors.encode_seconds([1.0]))
    assert vectors.unpack_durations(packed, 3).tolist()[1:] == [0, 0]


def test_an_unpacked_vector_can_be_written_to() -> None:
    unpacked = vectors.unpack_outcomes(vectors.pack_outcomes(np.array([1, 2], np.uint8)))
    unpacked[0] = 3
    assert unpacked.tolist() == [3, 2]


def test_a_length_that_would_lose_results_is_refused() -> None:
    with pytest.raises(ValueError, match="3 tests does not fit into 2"):
        vectors.unpack_outcomes(vectors.pack_outcomes(np.array([1, 2, 3], np.uint8)), 2)


@pytest.mark.parametrize("tests", [0, 1, 660])
def test_no_cut_vector_is_read(tests: int) -> None:
    outcomes, durations = realistic_run(tests)
    for packed, unpack in (
        (vectors.pack_outcomes(outcomes), vectors.unpack_outcomes),
        (vectors.pack_durations(durations), vectors.unpack_durations),
    ):
        for end in range(len(packed)):
            with pytest.raises(ValueError):
                unpack(packed[:end])


@given(st.binary(max_size=200))
def test_foreign_bytes_are_refused_or_read_but_never_crash(data: bytes) -> None:
    for unpack in (vectors.unpack_outcomes, vectors.unpack_durations):
        try:
            unpack(data)
        except ValueError as error:
            assert str(error)


def test_an_unknown_version_is_named() -> None:
    packed = bytes([9]) + vectors.pack_outcomes(np.array([1], np.uint8))[1:]
    with pytest.raises(ValueError, match="version 9; this code reads version 1"):
        vectors.unpack_outcomes(packed)


def test_durations_are_not_read_as_outcomes() -> None:
    with pytest.raises(ValueError, match="kind"):
        vectors.unpack_outcomes(vectors.pack_durations(vectors.encode_seconds([1.0])))


def test_a_length_that_does_not_fit_the_content_is_refused() -> None:
    packed = bytearray(vectors.pack_outcomes(np.array([1, 1], np.uint8)))
    struct.pack_into("<I", packed, 2, 3)
    with pytest.raises(ValueError, match="2 bytes where 3 belong"):
        vectors.unpack_outcomes(bytes(packed))


def test_a_code_that_no_outcome_has_is_neither_stored_nor_read() -> None:
    with pytest.raises(ValueError, match="no such code: 7"):
        vectors.pack_outcomes(np.array([7], np.uint8))


def test_a_code_that_no_duration_has_is_neither_stored_nor_read() -> None:
    with pytest.raises(ValueError, match="no such code: 65535"):
        vectors.pack_durations(np.array([65535], np.uint16))
    with pytest.raises(ValueError, match="no such code: 65535"):
        vectors.decode_seconds(np.array([65535], np.uint16))


@given(outcome_vectors)
def test_counts_sum_up_to_the_tests_that_are_there(outcomes: vectors.OutcomeVector) -> None:
    counts = vectors.count_outcomes(outcomes)
    assert sum(counts.values()) == np.count_nonzero(outcomes)
    assert Outcome.ABSENT not in counts


def test_counts_name_each_outcome() -> None:
    counts = vectors.count_outcomes(np.array([0, 1, 1, 3], np.uint8))
    assert (counts[Outcome.PASSED], counts[Outcome.ERROR], counts[Outcome.FAILED]) == (2, 1, 0)


def test_numbers_are_found_by_outcome() -> None:
    outcomes = np.array([0, 2, 1, 3, 2], np.uint8)
    assert vectors.numbers_with(outcomes, {Outcome.FAILED, Outcome.ERROR}).tolist() == [1, 3, 4]


@pytest.mark.parametrize("tests", [660, 10_000, 100_000])
def test_a_result_takes_three_bytes_at_most(tests: int) -> None:
    outcomes, durations = realistic_run(tests)
    packed = len(vectors.pack_outcomes(outcomes)) + len(vectors.pack_durations(durations))
    assert packed <= 3 * tests


@given(st.lists(st.integers(0, 2**31 - 1), max_size=50))
def test_numbers_come_back_in_their_order(numbers: list[int]) -> None:
    assert vectors.unpack_numbers(vectors.pack_numbers(numbers)).tolist() == numbers
