"""The findings of a project in a list: those that its address asks for, by status, page by page."""

from collections.abc import Sequence
from decimal import Decimal

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.web.findings.filters import SORTS, Filter, Sort
from tracks import actions, queries
from tracks.errors import InvalidInput
from tracks.finding_statuses import TO_MEND, FindingKind, FindingStatus, Severity
from tracks.models import Finding, Project, Sprint, Track, User
from tracks.models.findings import TEXTS
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project

PAGE = 50
_ORDERS: dict[Sort, tuple[object, ...]] = {
    Sort.SEVERITY: (queries.BY_SEVERITY, "-raised_at", "-pk"),
    Sort.NEWEST: ("-raised_at", "-pk"),
    Sort.OLDEST: ("raised_at", "pk"),
    Sort.CHANGED: ("-changed_at", "-pk"),
    Sort.PLACE: ("-track__sprint__created_at", "track__key", "number"),
}


@in_project(Permission.READ)
@require_safe
def findings(request: ProjectRequest) -> HttpResponse:
    return show_list(request)


def show_list(
    request: ProjectRequest, problem: InvalidInput | None = None, chosen: Sequence[int] = ()
) -> HttpResponse:
    """The list that the address asks for; with a problem also what was chosen, so that nothing is lost."""
    project = request.at.project
    wanted = Filter.from_query(request.GET.dict())
    found = queries.findings_of(project, wanted.wanted).defer("search", *TEXTS)
    page = Paginator(ordered(found, wanted.sort), PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": wanted,
        "tabs": _tabs(project, wanted),
        "page": page,
        "findings": page.object_list,
        "effort": _effort(found) if wanted.is_of_work else None,
        "choices": _choices(project),
        "sorts": [(sort.value, label) for sort, label in SORTS.items()],
        "by_hand": [each.value for each in actions.findings.SET_BY_HAND],
        "problem": problem,
        "chosen": chosen,
        "typed": request.POST,
        "section": "findings",
    }
    return render(request, "reports/findings/list.html", context, status=422 if problem else 200)


def _tabs(project: Project, wanted: Filter) -> list[tuple[str, int, str, bool]]:
    """All statuses that the other parts of the filter leave: label, count, address, whether it is shown."""
    others = queries.Wanted(**(vars(wanted.wanted) | {"status": ""}))
    found = queries.findings_of(project, others).order_by().values_list("status")
    counts = dict(found.annotate(findings=Count("pk")))
    open_ = sum(counts.get(each.value, 0) for each in TO_MEND)
    tabs = [("all", sum(counts.values()), ""), (queries.UNSOLVED, open_, queries.UNSOLVED)]
    tabs += [(each.value, counts[each], each.value) for each in FindingStatus if counts.get(each)]
    return [
        (label, count, wanted.address(status=value), wanted.wanted.status == value)
        for label, count, value in tabs
    ]


def _effort(found: QuerySet[Finding]) -> dict[str, object]:
    """What mending all of them is estimated to take, and how many have no estimate."""
    summed = found.aggregate(hours=Sum("effort_hours"), unestimated=Count("pk", filter=Q(effort_hours=None)))
    return summed | {"hours": summed["hours"] or Decimal(0)}


def _choices(project: Project) -> dict[str, object]:
    """What the form of the filter offers."""
    tracks = list(Track.objects.filter(sprint__project=project).values_list("key", "branch"))
    return {
        "sprints": Sprint.objects.filter(project=project),
        "tracks": sorted({key for key, _ in tracks}),
        "branches": sorted({branch for _, branch in tracks}),
        "people": User.objects.filter(memberships__project=project).order_by("first_name", "email"),
        "kinds": [each.value for each in FindingKind],
        "faults": queries.FAULTS,
        "unestimated": queries.UNESTIMATED,
        "severities": [each.value for each in Severity],
    }


def ordered(found: "QuerySet[Finding]", sort: Sort) -> "QuerySet[Finding]":
    """In that order, the same at every asking."""
    return found.order_by(*_ORDERS[sort])  # type: ignore[arg-type]
