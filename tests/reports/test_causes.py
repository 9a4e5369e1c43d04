"""The causes of a run's broken tests, and what is told as their consequence."""

from reports.cascades import Cascade, CascadeKind
from reports.causes import Cause, find_causes
from reports.clusters import Cluster
from reports.forecasts import foresee
from reports.roots import join

FIXTURE, POISONED = CascadeKind.FIXTURE, CascadeKind.POISONED


def cluster(signature: str, *tests: int) -> Cluster:
    return Cluster(signature, f"Error {signature}", tests, failed=0, errors=len(tests), example=tests[0])


def told(clusters: list[Cluster], *cascades: Cascade) -> list[tuple[str, tuple[int, ...], int, int]]:
    def row(cause: Cause) -> tuple[str, tuple[int, ...], int, int]:
        return cause.cluster.signature, cause.own, cause.followers, cause.reach

    return [row(each) for each in find_causes(clusters, foresee(cascades, {}, {}))]


def test_an_error_that_only_followers_have_is_no_cause() -> None:
    clusters = [cluster("pending", 3, 4, 5), cluster("unique", 2)]
    assert told(clusters, Cascade(POISONED, 2, (3, 4, 5), "")) == [("unique", (2,), 3, 4)]


def test_the_tests_of_an_error_that_follow_from_another_are_counted_there() -> None:
    clusters = [cluster("pending", 3, 4, 9), cluster("unique", 2)]
    assert told(clusters, Cascade(POISONED, 2, (3, 4), "")) == [
        ("unique", (2,), 2, 3),
        ("pending", (9,), 0, 1),
    ]


def test_a_fixture_that_failed_once_in_each_of_two_modules_is_one_cause() -> None:
    clusters = [cluster("fixture", 1, 2, 3, 4, 5)]
    cascades = Cascade(FIXTURE, 1, (2, 3), ""), Cascade(FIXTURE, 4, (5,), "")
    assert told(clusters, *cascades) == [("fixture", (1, 4), 3, 5)]


def test_tests_that_could_not_be_collected_count_for_their_cause() -> None:
    hidden = Cascade(CascadeKind.COLLECTION, 7, (101, 102, 103), "")
    assert told([cluster("a", 1, 2), cluster("import", 7)], hidden) == [
        ("import", (7,), 3, 4),
        ("a", (1, 2), 0, 2),
    ]


def test_what_follows_from_a_follower_follows_from_its_cause() -> None:
    joined = join([Cascade(POISONED, 3, (4, 5), "closed"), Cascade(FIXTURE, 1, (2, 3), "db failed")])
    assert joined == (Cascade(FIXTURE, 1, (2, 3, 4, 5), "db failed"),)


def test_causes_that_have_nothing_in_common_stay_apart_the_larger_first() -> None:
    one, other = Cascade(POISONED, 1, (2,), "closed"), Cascade(FIXTURE, 5, (6, 7), "db failed")
    assert join([one, other]) == (other, one)


def test_a_test_that_began_two_cascades_is_one_cause_for_its_larger_reason() -> None:
    joined = join([Cascade(FIXTURE, 1, (2, 3), "db failed"), Cascade(POISONED, 1, (4,), "closed")])
    assert joined == (Cascade(FIXTURE, 1, (2, 3, 4), "db failed"),)
