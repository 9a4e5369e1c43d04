"""What somebody who publishes should know: what the report cannot tell yet. None of it stands in the way.

run 12 goes on ── runs are not compared yet ── track B was not tested ── track C has new commits
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from reports.gates import OWN_ENDS
from reports.outstanding import Work, outstanding_of
from tracks import queries
from tracks.models import Run, Sprint
from tracks.statuses import ACTIVE_STATES, RunKind


@dataclass(frozen=True, slots=True)
class Due:
    """A sentence, and the page where it is done."""

    sentence: str
    url: str


def is_untold(sprint: Sprint) -> bool:
    """Whether no run of the sprint has ended: there is nothing to report yet."""
    return not _told(sprint).exclude(state__in=ACTIVE_STATES).exists()


def what_is_due(sprint: Sprint, *, now: datetime) -> list[Due]:
    """What goes on first, then in the order of the tracks."""
    project = sprint.project.slug
    tracks = list(sprint.tracks.order_by("key"))
    tested = set(_told(sprint).filter(state__in=OWN_ENDS).values_list("track", flat=True))
    newer = queries.with_new_commits(tracks)
    found = [
        Due(f"Run {run} goes on: the report does not know yet how it ends.", _run(project, run))
        for run in _told(sprint).filter(state__in=ACTIVE_STATES).order_by("pk").values_list("pk", flat=True)
    ]
    found += [Due(str(work), _where(work, sprint)) for work in outstanding_of(sprint, now=now)]
    for track in tracks:
        page = reverse("reports:track", args=[project, sprint.slug, track.key])
        if track.pk not in tested:
            found.append(Due(f"Track {track.key} was not tested yet.", page))
        elif track.pk in newer:
            found.append(Due(f"Track {track.key} has new commits since its last test.", page))
    return found


def _told(sprint: Sprint) -> QuerySet[Run]:
    """The runs that the report tells of."""
    return Run.objects.filter(sprint=sprint, kind__in=(RunKind.BASELINE, RunKind.TRACK))


def _where(work: Work, sprint: Sprint) -> str:
    name = "integrations" if work is Work.INTEGRATING else "sprint"
    return reverse(f"reports:{name}", args=[sprint.project.slug, sprint.slug])


def _run(project: str, run: int) -> str:
    return reverse("tracks:run", args=[project, run])
