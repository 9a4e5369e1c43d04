"""What came out of runs: vectors, and what they cannot say."""

from collections.abc import Collection, Iterable

import numpy as np
from django.db.models import QuerySet

from tracks import vectors
from tracks.models import Failure, FailureSignature, Project, Run, Shard, Skip, TestCase, TestSet
from tracks.models.run import VECTORS, Tally
from tracks.statuses import PART_KINDS, Phase, RunState, SetKind


def outcome_vector(run: Tally) -> vectors.OutcomeVector:
    """Outcome codes by test number, as far as the run or shard has recorded them."""
    return vectors.unpack_outcomes(bytes(run.outcomes)) if run.outcomes else vectors.NO_OUTCOMES


def duration_vector(run: Tally) -> vectors.DurationVector:
    """Duration codes by test number, as far as the run or shard has recorded them."""
    return vectors.unpack_durations(bytes(run.durations)) if run.durations else vectors.NO_DURATIONS


def outcomes_of(runs: Collection[Run]) -> dict[int, vectors.OutcomeVector]:
    """What the runs have recorded up to now, by their primary keys; of those that go on, their shards."""
    keys = [run.pk for run in runs]
    found = {run.pk: outcome_vector(run) for run in Run.objects.filter(pk__in=keys).only("outcomes")}
    for shard in Shard.objects.filter(run__in=keys, outcomes__isnull=False).only("run_id", "outcomes"):
        found[shard.run_id] = vectors.overlay(found[shard.run_id], outcome_vector(shard))
    return found


def vectors_of(run: Run) -> tuple[vectors.OutcomeVector, vectors.DurationVector]:
    """Both of the run's vectors; while it goes on, those of its shards together."""
    parts: list[Tally] = [Run.objects.only(*VECTORS).get(pk=run.pk)]
    parts += Shard.objects.filter(run=run, outcomes__isnull=False).only(*VECTORS)
    return (
        vectors.overlay(vectors.NO_OUTCOMES, *map(outcome_vector, parts)),
        vectors.overlay(vectors.NO_DURATIONS, *map(duration_vector, parts)),
    )


def orders_of(run: Run) -> list[vectors.Numbers]:
    """The numbers of the tests of each of the run's shards in the order in which they ended; none while it
    goes on, and of runs made before this was kept."""
    shards = Shard.objects.filter(run=run).order_by("number").only("order")
    return [vectors.unpack_numbers(bytes(shard.order)) for shard in shards if shard.order]


def was_spread(run: Run) -> bool:
    """Whether processes of pytest-xdist ran the run's tests side by side."""
    return Shard.objects.filter(run=run).exclude(xdist={}).exists()


def deselected_of(run: Run) -> vectors.Numbers:
    """The numbers of the tests that the project's own configuration left out of the run, ascending."""
    return _in_sets(TestSet.objects.filter(run=run, kind=SetKind.DESELECTED))


def marked_in(run: Run, marker: str) -> vectors.Numbers:
    """The numbers of the run's tests that bear the marker, ascending."""
    return _in_sets(TestSet.objects.filter(run=run, kind=SetKind.MARKER, name=marker))


def markers_in(runs: Collection[Run]) -> list[str]:
    """The names of the markers that tests of the runs bear, in alphabetical order."""
    sets = TestSet.objects.filter(run__in=[run.pk for run in runs], kind=SetKind.MARKER)
    return list(sets.order_by("name").values_list("name", flat=True).distinct())


def _in_sets(sets: QuerySet[TestSet]) -> vectors.Numbers:
    found = [vectors.unpack_numbers(bytes(tests)) for tests in sets.values_list("tests", flat=True)]
    return np.unique(np.concatenate([vectors.NO_NUMBERS, *found]))


def signatures_of(run: Run) -> dict[int, str]:
    """The digest of the error of each broken test, by the test's number."""
    rows = Failure.objects.filter(run=run).values_list("test__number", "signature__digest")
    return dict(rows)


def titles_of(run: Run) -> dict[str, str]:
    """The title of each error of the run, by its digest."""
    rows = Failure.objects.filter(run=run).values_list("signature__digest", "signature__title").distinct()
    return dict(rows)


def errors_of_run(run: Run) -> dict[str, FailureSignature]:
    """Each error of the run, by its digest."""
    pointed_to = Failure.objects.filter(run=run).values("signature")
    return {error.digest: error for error in FailureSignature.objects.filter(pk__in=pointed_to)}


def uncollected_modules(run: Run) -> dict[int, str]:
    """The modules that could not be collected, by the number of their entry."""
    rows = Failure.objects.filter(run=run, phase=Phase.COLLECT).values_list("test__number", "test__node_id")
    return dict(rows)


def skipped_modules(run: Run) -> dict[int, str]:
    """The modules that skipped themselves, by the number of their entry."""
    rows = Skip.objects.filter(run=run).exclude(test__node_id__contains="::")
    return dict(rows.values_list("test__number", "test__node_id"))


def has_lost_worker(run: Run) -> bool:
    """Whether one that ran a part of the tests went away: a shard's, or a process of pytest-xdist."""
    lost = Shard.objects.filter(run=run, state=RunState.LOST)
    crashed = Failure.objects.filter(run=run, message__contains="' crashed while running '")
    return lost.exists() or crashed.exists()


def node_ids(project: Project, numbers: Iterable[int]) -> dict[int, str]:
    """The node id of each of the given test numbers."""
    rows = TestCase.objects.filter(project=project, number__in=list(numbers)).values_list("number", "node_id")
    return dict(rows)


def all_node_ids(project: Project) -> dict[int, str]:
    """The node id of every test of the project, by the test's number."""
    return dict(TestCase.objects.filter(project=project).values_list("number", "node_id").iterator())


def messages_of(run: Run, numbers: Iterable[int]) -> dict[int, str]:
    """What each of the given tests said: the message of a broken one, the reason of a skipped one."""
    wanted = list(numbers)
    broken = Failure.objects.filter(run=run, test__number__in=wanted).values_list("test__number", "message")
    muted = Skip.objects.filter(run=run, test__number__in=wanted).values_list("test__number", "reason")
    return dict(broken) | dict(muted)


def failure_of(run: Run, number: int) -> Failure | None:
    """Why that test broke in that run, with its text and error."""
    return (
        Failure.objects.filter(run=run, test__number=number)
        .select_related("test", "text", "signature")
        .first()
    )


def tests_with_error(run: Run, signature: FailureSignature, *, limit: int) -> list[tuple[int, str]]:
    """Number and node id of tests of the run that ended with that error."""
    rows = Failure.objects.filter(run=run, signature=signature).order_by("test__number")
    return list(rows.values_list("test__number", "test__node_id")[:limit])


def find_tests(project: Project, text: str) -> QuerySet[TestCase]:
    """The project's tests whose node id holds ``text``, in the order of their numbers."""
    return TestCase.objects.filter(project=project, node_id__icontains=text).only(
        "number", "node_id", "project_id"
    )


def runs_with_results(project: Project, *, limit: int) -> list[Run]:
    """The latest runs of whole branches that recorded results, newest first, with their vectors."""
    runs = Run.objects.filter(project=project, outcomes__isnull=False).select_related("sprint", "track")
    runs = runs.exclude(kind__in=PART_KINDS)
    return list(runs.defer("spec").order_by("-id")[:limit])


def runs_again(project: Project, *, limit: int) -> list[Run]:
    """The latest runs of some tests only that recorded results, newest first, with their vectors."""
    runs = Run.objects.filter(project=project, outcomes__isnull=False, kind__in=PART_KINDS)
    return list(runs.select_related("sprint", "track").defer("spec").order_by("-id")[:limit])


def errors_of_test(test: TestCase, runs: Iterable[Run]) -> dict[int, Failure]:
    """How the test broke in each of the runs, by the run's primary key."""
    rows = Failure.objects.filter(test=test, run__in=[run.pk for run in runs]).select_related("signature")
    return {failure.run_id: failure for failure in rows}
