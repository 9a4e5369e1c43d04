"""What a run showed of its criteria, as pages show it.

✓ holds   ▲ fails   ? cannot be told              "11 of 12 checks hold"
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from reports import criteria_queries as conclusions
from reports.criteria_queries import Shown
from tracks import queries
from tracks.models import Attachment, CheckResult, Run
from tracks.permissions import Permission
from tracks.statuses import CriterionKind, Standing
from tracks.web import logs
from tracks.web.access import ProjectRequest, in_project

SETTLING = timedelta(seconds=30)
"""How long after its end what a run's tests show may still be worked out."""
NAMED = 20
_LOOKS = {
    Standing.HOLDS: ("✓", "passed", "holds"),
    Standing.FAILS: ("▲", "failed", "does not hold"),
    Standing.UNKNOWN: ("?", "error", "cannot be told"),
}


@dataclass(frozen=True)
class Row:
    """``tests`` are the first ones at fault as number and node id; ``is_asked``: the track has the criterion
    still."""

    shown: Shown
    mark: str
    tone: str
    word: str
    tests: list[tuple[int, str]]
    is_asked: bool


@dataclass(frozen=True)
class Criteria:
    """``changed``: the track's criteria are others by now; ``waiting``: more is about to be known."""

    rows: list[Row]
    in_words: str
    changed: bool
    waiting: bool


@in_project(Permission.READ)
def run_criteria(request: ProjectRequest, run: int) -> HttpResponse:
    """The section of a track's or run's page; nothing for a run that is none of a track."""
    runs = queries.runs_of(request.at.project).select_related("track", "sprint")
    found = get_object_or_404(runs, pk=run)
    if found.track is None:
        return HttpResponse()
    return render(request, "reports/criteria.html", {"run": found, "criteria": read_criteria(found)})


@in_project(Permission.READ)
def check_output(request: ProjectRequest, run: int, criterion: int) -> HttpResponse:
    """What a check printed or saw: read when somebody opens it, for it may be long."""
    checks = CheckResult.objects.filter(run__project=request.at.project)
    check = get_object_or_404(checks, run=run, criterion=criterion)
    return render(request, "reports/check_output.html", {"output": logs.html(check.output)})


def read_criteria(run: Run) -> Criteria:
    shown = conclusions.standings_of(run, with_output=False)
    attached = Prefetch("attachments", Attachment.objects.defer("content"))
    prefetch_related_objects([each.tick for each in shown if each.tick], attached)
    numbers = [number for each in shown for number in each.tests[:NAMED]]
    names = queries.node_ids(run.project, numbers) if numbers else {}
    now_asked = queries.criteria_of(run.track) if run.track else []
    asked = {each["id"] for each in now_asked}
    is_late = run.ended_at is None or timezone.now() - run.ended_at > SETTLING
    judged = all(each.standing is not Standing.UNKNOWN for each in shown if each.kind is CriterionKind.TESTS)
    return Criteria(
        rows=[_row(each, names, asked) for each in shown],
        in_words=in_words(shown),
        changed=now_asked != run.criteria,
        waiting=run.is_active or not (judged or is_late),
    )


def in_words(shown: Sequence[Shown]) -> str:
    """``11 of 12 checks hold``; where some are no checks, ``11 of 12 criteria hold``; empty without any."""
    if not shown:
        return ""
    what = "checks" if all(each.kind is CriterionKind.CHECK for each in shown) else "criteria"
    return f"{conclusions.held(shown)} of {len(shown)} {what} hold"


def _row(shown: Shown, names: dict[int, str], asked: Collection[int]) -> Row:
    mark, tone, word = _LOOKS[shown.standing]
    tests = [(number, names[number]) for number in shown.tests[:NAMED] if number in names]
    return Row(shown, mark, tone, word, tests, shown.criterion in asked)
