"""What a report of today cannot tell because the machine still works on it."""

from datetime import timedelta

import pytest

from reports import actions
from reports.models import Changeset, Diagnosis, Integration, Verification
from reports.outstanding import Work, outstanding_of
from reports.statuses import DiagnosisKind, Progress
from tests import factories
from tests.factories import NOON
from tests.reports.recorded import create_finding
from tracks.models import Run, Sprint

pytestmark = pytest.mark.django_db


@pytest.fixture
def sprint() -> Sprint:
    """Of which everything is known; another one of its project was not compared."""
    sprint = factories.create_sprint()
    factories.create_baseline(sprint=sprint, passed=1)
    retest(sprint, new_track=True)
    actions.compare_due(sprint)
    other = factories.create_sprint(project=sprint.project, name="Another")
    factories.create_baseline(sprint=other, passed=1)
    factories.create_run(track=factories.create_track(sprint=other), passed=1)
    return Sprint.objects.get(pk=sprint.pk)


def retest(sprint: Sprint, *, new_track: bool = False) -> Run:
    """A run of what git has told of."""
    track = factories.create_track(sprint=sprint) if new_track else sprint.tracks.get()
    before = track.runs.order_by("iteration").last()
    run = factories.create_run(track=track, passed=1)
    for base in filter(None, (Sprint.objects.get(pk=sprint.pk).baseline, before)):
        Changeset.objects.create(project=run.project, base=base.sha, head=run.sha, read_at=NOON)
    return run


def verify(sprint: Sprint) -> None:
    track = sprint.tracks.get()
    begun = {"repetitions": 1, "state": Progress.GOING, "begun_at": NOON}
    Verification.objects.create(finding=create_finding(track=track), run=track.runs.get(), **begun)


def diagnose(sprint: Sprint) -> None:
    ends = {"base": sprint.baseline, "head": sprint.tracks.get().runs.get()}
    Diagnosis.objects.create(kind=DiagnosisKind.STABILITY, tests=[1], started_at=NOON, **ends)


def integrate(sprint: Sprint) -> None:
    base = sprint.baseline
    Integration.objects.create(sprint=sprint, base_sha=base.sha, baseline=base, tracks=[], started_at=NOON)


GOING = {
    Work.COMPARING: retest,
    Work.READING: lambda sprint: Changeset.objects.all().delete(),
    Work.VERIFYING: verify,
    Work.DIAGNOSING: diagnose,
    Work.INTEGRATING: integrate,
}


@pytest.mark.parametrize("work", Work, ids=lambda work: work.name)
def test_what_goes_on_is_outstanding(sprint, work):
    assert outstanding_of(sprint, now=NOON) == []
    GOING[work](sprint)
    assert outstanding_of(sprint, now=NOON) == [work]


def test_git_is_not_waited_for_where_nobody_asks_it_any_more(sprint):
    Changeset.objects.all().delete()
    assert outstanding_of(sprint, now=NOON + timedelta(days=31)) == []
