"""The end of the sample's story: its report is published.

everything is known      nothing is left that the machine works on
Tess writes              what is to be worried about, with figures that stay true
Tess publishes           edition 1, of all that has happened
"""

from datetime import datetime, timedelta

from omc_qa.demo.sprint import person
from reports.actions.narratives import WordsChanged, save_narrative
from reports.actions.publications import ReportMoved, publish
from reports.models import Decision, Publication
from reports.narrative_queries import words_of
from reports.outstanding import outstanding_of
from reports.publishing import seen_of
from reports.summarising import summary_of
from reports.summary.narrative import unknown
from tracks.errors import InvalidInput
from tracks.models import Sprint, User

PATIENCE = timedelta(minutes=1)
"""After so long since the last decision it is published though not everything is known."""
NOTE = "After the second retest of track A"
CONCERNS = (
    "**Track A must not be merged as it is.** {{track.A.newly_erroring}} tests that passed before end in a "
    "setup error now, and its second attempt did not bring back one of them.\n",
    "- The declared arrays cannot be rendered by SQLite, which every scratch database uses.",
    "- Merged with A, track B loses what it fixed: {{integration.together}} tests are broken together and by "
    "no track alone.",
    "- The secrets of track C are not described in Terraform yet.",
)
"""Each with figures of its own: one that has none, as after a run that was cancelled, is left out."""


def go_on(sprint: Sprint, *, now: datetime) -> bool:
    """Publish the report once everything is known; whether more is to come. Where somebody wrote words whose
    figures have moved since, it is theirs to look at these and to publish."""
    if Publication.objects.filter(sprint=sprint).exists():
        return False
    if outstanding_of(sprint, now=now) and not _took_too_long(sprint, now):
        return True
    tess = person(sprint, "Tess")
    try:
        _write_concerns(sprint, by=tess, now=now)
        publish(sprint, seen=seen_of(summary_of(sprint, now=now)), note=NOTE, by=tess, now=now)
    except (ReportMoved, WordsChanged):
        return True  # somebody at the dashboard did something meanwhile
    except InvalidInput:
        return False  # somebody's words are doubtful
    return False


def _write_concerns(sprint: Sprint, *, by: User, now: datetime) -> None:
    """Once more where a figure has moved between two attempts, but never over what somebody else wrote."""
    summary = summary_of(sprint, now=now)
    text = "\n".join(each for each in CONCERNS if not unknown(each, summary.figures))
    found = next(each for each in words_of(sprint, summary) if each.section == "concerns")
    if found.narrative is None or (found.text == text and found.is_doubtful):
        save_narrative(sprint, "concerns", text, seen=found.token, by=by, now=now)


def _took_too_long(sprint: Sprint, now: datetime) -> bool:
    latest = Decision.objects.filter(track__sprint=sprint).latest("at")
    return now - latest.at > PATIENCE
