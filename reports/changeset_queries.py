"""Between which commits a report tells what changed: pairs of SHAs, by project.

a branch    from where it left the base, or the baseline's commit, to its latest run that speaks of it
an attempt  from the last commit before the iteration that was tested to its own; with what each commit did,
            without those of the base branch
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from django.db.models import Q, QuerySet

from reports.gates import OWN_ENDS
from reports.models import Changeset
from tracks.models import Project, Run, Sprint
from tracks.statuses import RunKind

LATELY = timedelta(days=30)
AGAIN = timedelta(days=1)
"""So long after a commit was not there it is looked for again."""


class Pair(NamedTuple):
    """Two commits, as whole SHAs."""

    base: str
    head: str


class Asked(NamedTuple):
    """What git is asked of a pair: whether what each of the commits did, and nothing of those of
    ``base_branch``."""

    with_patches: bool
    base_branch: str


def of_branch(run: Run, baseline: str) -> Pair | None:
    """None where there is nothing between; ``baseline`` is its commit, empty where there is none."""
    base = run.merge_base or baseline
    return Pair(base, run.sha) if base and base != run.sha else None


def of_attempts(iterations: Iterable[Run]) -> dict[int, Pair]:
    """By the primary key of the retest; ``iterations`` are a track's, the initial test first. Of one that
    tested the same commit again there is none."""
    runs = list(iterations)
    before = last_before(runs, speaks)
    return {
        run.pk: Pair(before[run.pk].sha, run.sha)
        for run in runs
        if run.pk in before and before[run.pk].sha != run.sha
    }


def last_before(iterations: Iterable[Run], fits: Callable[[Run], bool]) -> dict[int, Run]:
    """The last one before each that fits, by the later one's primary key; the initial test comes first."""
    found: dict[int, Run] = {}
    last: Run | None = None
    for run in iterations:
        if last:
            found[run.pk] = last
        last = run if fits(run) else last
    return found


def speaks(run: Run) -> bool:
    """Whether it has ended by what the branch did."""
    return run.state in OWN_ENDS


def latest_of(iterations: Iterable[Run]) -> Run | None:
    """The last one that speaks of its branch; the initial test comes first."""
    return next(reversed([run for run in iterations if speaks(run)]), None)


def unread_changesets(
    project: Project | None, *, sprint: Sprint | None = None, now: datetime
) -> Iterator[tuple[Project, dict[Pair, Asked]]]:
    """Of one project or of all, in the sprint or in those in which something ran lately: the pairs that
    nobody has read, and what is asked of each."""
    ran = Run.objects.filter(sprint=sprint) if sprint else Run.objects.exclude(sprint=None)
    lately = ran.filter(queued_at__gte=now - LATELY).values("sprint")
    projects = Project.objects.filter(sprints__in=lately).distinct().order_by("pk")
    for each in projects.filter(pk=project.pk) if project else projects:
        wanted = _wanted(Run.objects.filter(project=each, sprint__in=lately, kind=RunKind.TRACK))
        stored = Changeset.objects.filter(project=each, head__in={pair.head for pair in wanted})
        known = stored.exclude(~Q(unread=""), read_at__lte=now - AGAIN)
        found = {Pair(*row) for row in known.values_list("base", "head")}
        if missing := {pair: wanted[pair] for pair in wanted if pair not in found}:
            yield each, missing


def _wanted(runs: QuerySet[Run]) -> dict[Pair, Asked]:
    """Those of the newest tracks come first."""
    of_sprint = ("sprint__baseline__sha", "sprint__base_branch")
    fields = ("track", "iteration", "sha", "merge_base", "state", *of_sprint)
    branches: dict[Pair, Asked] = {}
    attempts: dict[Pair, Asked] = {}
    rows = runs.select_related("sprint__baseline").order_by("-track_id", "iteration").only(*fields)
    for _, of_track in groupby(rows, key=lambda run: run.track_id):
        iterations = list(of_track)
        sprint, latest = iterations[0].sprint, latest_of(iterations)
        baseline = sprint.baseline.sha if sprint and sprint.baseline else ""
        base_branch = sprint.base_branch if sprint else ""
        if latest and (pair := of_branch(latest, baseline)):
            branches[pair] = Asked(with_patches=False, base_branch=base_branch)
        attempt = Asked(with_patches=True, base_branch=base_branch)
        attempts |= dict.fromkeys(of_attempts(iterations).values(), attempt)
    return branches | attempts
