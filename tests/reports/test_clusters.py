"""The broken tests of a run, grouped by their error."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reports.clusters import NO_ERROR_RECORDED, Cluster, find_clusters
from reports.facts import RunFacts
from tracks.statuses import RunState


def facts(outcomes: list[int], signatures: dict[int, str]) -> RunFacts:
    return RunFacts(1, RunState.FINISHED, "a" * 40, np.array(outcomes, dtype=np.uint8), signatures)


def test_failures_and_errors_with_one_error_are_one_cluster() -> None:
    run = facts([1, 2, 3, 3], {1: "a", 2: "a", 3: "a"})
    assert find_clusters(run, {"a": "KeyError: 'id'"}) == (
        Cluster("a", "KeyError: 'id'", tests=(1, 2, 3), failed=1, errors=2, example=1),
    )


def test_the_largest_cluster_comes_first_then_the_title_decides() -> None:
    run = facts([2, 2, 2, 2], {0: "a", 1: "b", 2: "b", 3: "c"})
    clusters = find_clusters(run, {"a": "Z", "b": "M", "c": "A"})
    assert [cluster.title for cluster in clusters] == ["M", "A", "Z"]


def test_only_broken_tests_are_in_clusters() -> None:
    assert find_clusters(facts([0, 1, 4, 5, 6], {1: "a", 4: "b"}), {}) == ()


def test_a_signature_without_title_stands_for_itself() -> None:
    assert find_clusters(facts([2], {0: "abc"}), {})[0].title == "abc"


def test_broken_tests_without_a_signature_are_not_lost() -> None:
    (cluster,) = find_clusters(facts([2, 3], {}), {})
    assert (cluster.signature, cluster.title, cluster.tests) == ("", NO_ERROR_RECORDED, (0, 1))


@given(
    st.lists(st.integers(0, 6), max_size=60),
    st.dictionaries(st.integers(0, 60), st.sampled_from(["a", "b", "c"])),
)
def test_every_broken_test_is_in_exactly_one_cluster(outcomes: list[int], signatures: dict[int, str]) -> None:
    clusters = find_clusters(facts(outcomes, signatures), {})
    clustered = sorted(test for cluster in clusters for test in cluster.tests)
    assert clustered == [test for test, outcome in enumerate(outcomes) if outcome in (2, 3)]
    assert all(cluster.failed + cluster.errors == len(cluster.tests) for cluster in clusters)
