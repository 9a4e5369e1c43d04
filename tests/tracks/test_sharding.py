"""Dividing tests among shards: pure, by tables and properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracks import sharding
from tracks.statuses import RunState, ShardBy, state_of_run

SECONDS = st.dictionaries(st.text(min_size=1, max_size=8), st.floats(0, 1000, allow_nan=False), max_size=60)


def test_a_file_weighs_what_its_tests_took_and_a_test_what_it_took():
    durations = {"a.py::one": 1.0, "a.py::T::two": 2.0, "b.py::one": 4.0}
    assert sharding.weights(durations, ShardBy.FILE) == {"a.py": 3.0, "b.py": 4.0}
    assert sharding.weights(durations, ShardBy.TEST) == durations


def test_the_longest_is_placed_first_each_where_the_least_is_to_do():
    seconds = {"a": 7.0, "b": 6.0, "c": 3.0, "d": 2.0, "e": 2.0}
    placed = sharding.places(seconds, 2)
    assert placed == {"a": 0, "b": 1, "c": 1, "d": 0, "e": 0}
    assert sharding.makespan(seconds, placed) == 11.0


@given(seconds=SECONDS, shards=st.integers(1, 64))
def test_every_name_has_one_shard_whatever_the_order_of_the_figures(seconds, shards):
    placed = sharding.places(seconds, shards)
    assert placed.keys() == seconds.keys()
    assert set(placed.values()) <= set(range(shards))
    assert sharding.places(dict(reversed(seconds.items())), shards) == placed


@given(seconds=SECONDS, shards=st.integers(1, 64))
def test_no_placing_is_longer_than_a_third_over_the_shortest_that_there_can_be(seconds, shards):
    """Graham's bound holds against the best placing; the even share is no more than that."""
    took = sharding.makespan(seconds, sharding.places(seconds, shards))
    even = sharding.shortest(seconds.values(), shards)
    longest = sorted(seconds.values(), reverse=True)
    # Of shards + 1 things two meet in one shard: that, too, nobody can do better.
    pair = sum(longest[shards - 1 : shards + 1]) if len(longest) > shards else 0.0
    assert took <= 4 / 3 * max(even, pair) + even / 3 + 1e-6
    assert took >= even - 1e-6


Q, P, R, F, L = RunState.QUEUED, RunState.PREPARING, RunState.RUNNING, RunState.FINISHED, RunState.LOST


@pytest.mark.parametrize(
    ("shards", "run"),
    [
        ([Q], Q),
        ([P], P),
        ([R], R),
        ([Q, P], P),
        ([Q, R], R),
        ([Q, F], R),
        ([P, F], R),
        ([P, L], R),
        ([F], None),
        ([F, L], None),
    ],
)
def test_a_run_is_what_its_shards_are(shards, run):
    assert state_of_run(shards) == run
