"""Between which commits a report tells what changed: pairs of SHAs, by project.

a branch    from where it left the base, or the baseline's commit, to its latest run that has ended
an attempt  from the commit of the iteration before to that of the iteration; with what each commit did
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import NamedTuple

from django.db.models import Q, QuerySet

from reports.models import Changeset
from tracks.models import Project, Run
from tracks.statuses import RunKind, RunState

LATELY = timedelta(days=30)
AGAIN = timedelta(days=1)
"""So long after a commit was not there it is looked for again."""


class Pair(NamedTuple):
    """Two commits, as whole SHAs."""

    base: str
    head: str


def of_branch(run: Run, baseline: str) -> Pair | None:
    """None where there is nothing between; ``baseline`` is its commit, empty where there is none."""
    base = run.merge_base or baseline
    return Pair(base, run.sha) if base and base != run.sha else None


def of_attempts(iterations: Iterable[Run]) -> dict[int, Pair]:
    """By the primary key of the retest; ``iterations`` are a track's, the initial test first. Of one that
    tested the same commit again there is none."""
    return {
        run.pk: Pair(before.sha, run.sha) for before, run in pairwise(iterations) if before.sha != run.sha
    }


def latest_ended(iterations: Iterable[Run]) -> Run | None:
    """Of a track's, the initial test first; one that was cancelled only where there is no other."""
    ended = [run for run in iterations if run.ended_at]
    whole = [run for run in ended if run.state != RunState.CANCELLED]
    return next(reversed(whole or ended), None)


def unread_changesets(
    project: Project | None, *, now: datetime
) -> Iterator[tuple[Project, dict[Pair, bool]]]:
    """Of one project or of all, in sprints in which something ran lately: the pairs that nobody has read, and
    whether it is asked what each of the commits did."""
    lately = Run.objects.filter(queued_at__gte=now - LATELY).exclude(sprint=None).values("sprint")
    projects = Project.objects.filter(sprints__in=lately).distinct().order_by("pk")
    for each in projects.filter(pk=project.pk) if project else projects:
        wanted = _wanted(Run.objects.filter(project=each, sprint__in=lately, kind=RunKind.TRACK))
        stored = Changeset.objects.filter(project=each, head__in={pair.head for pair in wanted})
        known = stored.exclude(~Q(unread=""), read_at__lte=now - AGAIN)
        found = {Pair(*row) for row in known.values_list("base", "head")}
        if missing := {pair: wanted[pair] for pair in wanted if pair not in found}:
            yield each, missing


def _wanted(runs: QuerySet[Run]) -> dict[Pair, bool]:
    """Those of the tracks that were tested last come first."""
    fields = ("track", "iteration", "sha", "merge_base", "state", "ended_at", "sprint__baseline__sha")
    branches: dict[Pair, bool] = {}
    attempts: dict[Pair, bool] = {}
    rows = runs.select_related("sprint__baseline").order_by("-track_id", "iteration").only(*fields)
    for _, of_track in groupby(rows, key=lambda run: run.track_id):
        iterations = list(of_track)
        sprint, latest = iterations[0].sprint, latest_ended(iterations)
        baseline = sprint.baseline.sha if sprint and sprint.baseline else ""
        if latest and (pair := of_branch(latest, baseline)):
            branches[pair] = False
        attempts |= dict.fromkeys(of_attempts(iterations).values(), True)
    return branches | attempts
