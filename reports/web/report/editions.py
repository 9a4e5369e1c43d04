"""A published report, as it was frozen, and what changed between two of them."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports.document import from_json
from reports.models import Publication
from reports.publication_queries import editions_of, is_intact
from reports.summary.differences import differences
from reports.web.findings.places import numbers_in
from reports.web.pages import find_sprint
from reports.web.report.changes_shown import shown_figures
from reports.web.report.figure_pages import pages_of
from reports.web.report.files import files_of
from reports.web.report.forms import ShareForm
from reports.web.report.shown import show
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project


@require_safe
@in_project(Permission.READ)
def publication(request: ProjectRequest, sprint: str, edition: int) -> HttpResponse:
    return edition_page(request, find_edition(request, sprint, edition), share_form=ShareForm())


def edition_page(
    request: ProjectRequest, found: Publication, *, status: int = 200, **told: object
) -> HttpResponse:
    """The edition; ``told`` is what is to be said beside it."""
    others = list(editions_of(found.sprint).exclude(pk=found.pk))
    context = {
        "sprint": found.sprint,
        "publication": found,
        "is_intact": is_intact(found),
        "newest": others[0] if others and others[0].number > found.number else None,
        "others": others,
        "shown": show(from_json(found.content["document"]), pages_of(found.sprint)),
        "files": files_of(found.sprint, found.digest, found),
        **_links(request, found),
        "section": "sprints",
        **told,
    }
    return render(request, "reports/report/publication.html", context, status=status)


def _links(request: ProjectRequest, publication: Publication) -> dict[str, object]:
    """The edition's links, those that work and those that do not any more, for those who may revoke them."""
    if request.at.reasons["publish"]:
        return {}
    now = timezone.now()
    made = list(publication.share_links.select_related("by"))
    return {
        "links": [each for each in made if each.is_live(now)],
        "dead_links": [each for each in made if not each.is_live(now)],
        "now": now,
    }


@require_safe
@in_project(Permission.READ)
def choose_other(request: ProjectRequest, sprint: str, edition: int) -> HttpResponseBase:
    """Leads to the comparison that an edition's page chose, ``?other=2``; back where there is none such."""
    wanted = numbers_in([request.GET.get("other", "")])
    editions = editions_of(find_sprint(request, sprint))
    if not editions.filter(number__in=wanted).exists():
        return redirect("reports:publication", request.at.project.slug, sprint, edition)
    return redirect("reports:report_differences", request.at.project.slug, sprint, edition, wanted[0])


@require_safe
@in_project(Permission.READ)
def report_differences(request: ProjectRequest, sprint: str, edition: int, other: int) -> HttpResponse:
    """What changed from ``other`` to ``edition``, whichever of them is the older."""
    after, before = find_edition(request, sprint, edition), find_edition(request, sprint, other)
    found = differences(before.content, after.content)
    context = {
        "sprint": after.sprint,
        "before": before,
        "after": after,
        "altered": [each for each in (before, after) if not is_intact(each)],
        "differences": found,
        "figures": shown_figures(found.figures),
        "section": "sprints",
    }
    return render(request, "reports/report/differences.html", context)


def find_edition(request: ProjectRequest, sprint: str, number: int) -> Publication:
    """That edition of the project's sprint, else 404."""
    found = find_sprint(request, sprint)
    publication = get_object_or_404(Publication, sprint=found, number=number)
    publication.sprint = found
    return publication
