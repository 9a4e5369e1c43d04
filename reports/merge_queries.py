"""Which merges git has not been asked about: pairs of commits, by project.

into   the base branch's head, or the baseline's commit where nobody looked
of     the track's head, the commit of its latest run that ended, and that of its latest approval

Where git could not tell, because a commit was not there, it is asked again while that is a track's head: the
commit may come.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet

from reports.models import Decision, Mergeability
from reports.statuses import APPROVALS, MergeResult
from tracks.models import Project, Run, Sprint, Track
from tracks.models.run import ACTIVE
from tracks.statuses import RunKind

Pair = tuple[str, str]
"""Base and head, as whole SHAs."""

LATELY = timedelta(days=30)
AGAIN = timedelta(minutes=5)
"""So long after git could not tell it is asked again."""


def unread_merges(project: Project | None, *, now: datetime) -> Iterator[tuple[Project, list[Pair]]]:
    """Of one project or of all, in sprints in which something ran lately: the pairs not stored, then those
    that are to be asked again."""
    lately = Run.objects.filter(queued_at__gte=now - LATELY).exclude(sprint=None).values("sprint")
    projects = Project.objects.filter(sprints__in=lately).distinct().order_by("pk")
    for each in projects.filter(pk=project.pk) if project else projects:
        wanted = _pairs(each.sprints.filter(pk__in=lately))
        of_project = Mergeability.objects.filter(project=each, base__in={base for base, _ in wanted})
        known = set(of_project.values_list("base", "head"))
        heads = Track.objects.filter(sprint__project=each).values("head")
        unknown = of_project.filter(result=MergeResult.UNKNOWN, read_at__lte=now - AGAIN, head__in=heads)
        again = set(unknown.values_list("base", "head"))
        missing = [pair for pair in wanted if pair not in known]
        if missing or again:
            yield each, [*missing, *(pair for pair in wanted if pair in again)]


def _pairs(sprints: QuerySet[Sprint]) -> list[Pair]:
    """The newest sprint's first."""
    bases = {
        pk: head or measured or ""
        for pk, head, measured in sprints.order_by("-pk").values_list("pk", "base_head", "baseline__sha")
    }
    latest = ("track_id", "-pk")
    runs = Run.objects.filter(sprint__in=bases, kind=RunKind.TRACK).exclude(state__in=ACTIVE)
    approvals = Decision.objects.filter(track__sprint__in=bases, kind__in=APPROVALS)
    heads = [
        *Track.objects.filter(sprint__in=bases).order_by("sprint_id", "key").values_list("sprint", "head"),
        *runs.order_by(*latest).distinct("track_id").values_list("sprint", "sha"),
        *approvals.order_by(*latest).distinct("track_id").values_list("track__sprint", "sha"),
    ]
    pairs = [(base, head) for pk, base in bases.items() for of, head in heads if of == pk]
    return list(dict.fromkeys((base, head) for base, head in pairs if base and head))
