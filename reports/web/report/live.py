"""The report of a sprint as it is now, what is to be done before it is published, and publishing it."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from reports.actions.publications import ReportMoved
from reports.actions.publications import publish as freeze
from reports.narrative_queries import words_of
from reports.publication_queries import editions_of, live_links
from reports.summarising import summary_of
from reports.web.pages import find_sprint
from reports.web.report.badges import offered_in
from reports.web.report.due import is_untold, what_is_due
from reports.web.report.figure_pages import pages_of
from reports.web.report.files import files_of
from reports.web.report.forms import PublishForm, seal
from reports.web.report.shown import show
from reports.web.report.words import shown_words
from tracks.errors import InvalidInput
from tracks.models import Sprint
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project

EDITIONS = 10
"""So many editions are listed."""
LINKS = 50
"""So many links that work are listed."""


@require_safe
@in_project(Permission.READ)
def report(request: ProjectRequest, sprint: str) -> HttpResponse:
    found = find_sprint(request, sprint)
    return _page(request, found, PublishForm(sprint=found))


@require_POST
@in_project(Permission.PUBLISH)
def publish(request: ProjectRequest, sprint: str) -> HttpResponseBase:
    """Where it is refused, the report is shown as it is now, beside what moved."""
    found = find_sprint(request, sprint)
    form = PublishForm(request.POST, sprint=found)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        made = freeze(found, **form.cleaned_data, by=request.user, now=timezone.now())
    except InvalidInput as problem:
        form.add_problem(problem)
        moved = problem.differences if isinstance(problem, ReportMoved) else ()
        return _page(request, found, form, moved)
    messages.success(request, f"Report {made.number} is published.")
    return redirect("reports:publication", request.at.project.slug, sprint, made.number)


def _page(
    request: ProjectRequest, sprint: Sprint, form: PublishForm, moved: Sequence[str] = ()
) -> HttpResponse:
    now = timezone.now()
    summary = summary_of(sprint, now=now)
    words = [shown_words(each, summary) for each in words_of(sprint, summary)]
    editions = editions_of(sprint)
    context = {
        "sprint": sprint,
        "is_untold": is_untold(sprint),
        "shown": show(summary.document, pages_of(sprint)),
        "digest": summary.digest,
        "sealed": seal(sprint, summary),
        "words": words,
        "doubtful": [each for each in words if each.words.is_doubtful],
        "due": what_is_due(sprint, now=now),
        "files": files_of(sprint, summary.digest),
        "editions": editions[:EDITIONS],
        "badges": offered_in(request, sprint) if not request.at.reasons["publish"] else (),
        "form": form,
        **_shared(request, sprint),
        "moved": moved,
        "section": "sprints",
    }
    return render(request, "reports/report/live.html", context, status=form.status)


def _shared(request: ProjectRequest, sprint: Sprint) -> dict[str, object]:
    """Who reads editions by a link, for those who may revoke it."""
    if request.at.reasons["publish"]:
        return {}
    now = timezone.now()
    links = live_links(sprint, now=now)
    return {"links": links[:LINKS], "links_in_all": links.count(), "now": now}
