"""What the machine still works on, so that a report of today cannot tell it yet.

comparisons that are due, pairs that git has not told of          ┐
verifications, diagnoses and trial integrations that go on        ┴──> [Work, …]
"""

from datetime import datetime
from enum import StrEnum

from reports import queries
from reports.changeset_queries import unread_changesets
from reports.models import Diagnosis, Integration, Verification
from reports.models.integrations import GOING
from reports.statuses import DiagnosisState, Progress
from tracks.models import Sprint


class Work(StrEnum):
    """As a sentence."""

    COMPARING = "Some runs are not compared yet: the report does not know what they changed."
    READING = "git has not told yet what some of the branches changed."
    VERIFYING = "What a retest shows of a finding is not known yet: it is being looked into."
    DIAGNOSING = "Newly broken tests are being run again: what that shows is not known yet."
    INTEGRATING = "A trial integration goes on: the report does not know yet what comes of it."


def outstanding_of(sprint: Sprint, *, now: datetime) -> list[Work]:
    """Beside runs that go on; empty where everything is known."""
    verified = Verification.objects.filter(run__sprint=sprint, state=Progress.GOING)
    diagnosed = Diagnosis.objects.filter(head__sprint=sprint, state=DiagnosisState.GOING)
    integrated = Integration.objects.filter(sprint=sprint, state__in=GOING)
    goes_on = {
        Work.COMPARING: bool(queries.missing_pairs(sprint)),
        Work.READING: any(pairs for _, pairs in unread_changesets(sprint.project, sprint=sprint, now=now)),
        Work.VERIFYING: verified.exists(),
        Work.DIAGNOSING: diagnosed.exists(),
        Work.INTEGRATING: integrated.exists(),
    }
    return [work for work, is_going in goes_on.items() if is_going]
