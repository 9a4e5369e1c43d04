"""A published report, as it was frozen."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reports.document import from_json
from reports.models import Publication
from reports.publication_queries import editions_of, is_intact
from reports.web.pages import find_sprint
from reports.web.report.shown import nowhere, show
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project


@require_safe
@in_project(Permission.READ)
def publication(request: ProjectRequest, sprint: str, edition: int) -> HttpResponse:
    found = find_edition(request, sprint, edition)
    others = list(editions_of(found.sprint).exclude(pk=found.pk))
    context = {
        "sprint": found.sprint,
        "publication": found,
        "is_intact": is_intact(found),
        "newest": others[0] if others and others[0].number > edition else None,
        "shown": show(from_json(found.content["document"]), nowhere),
        "section": "sprints",
    }
    return render(request, "reports/report/publication.html", context)


def find_edition(request: ProjectRequest, sprint: str, number: int) -> Publication:
    """That edition of the project's sprint, else 404."""
    found = find_sprint(request, sprint)
    publication = get_object_or_404(Publication, sprint=found, number=number)
    publication.sprint = found
    return publication
