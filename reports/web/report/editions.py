"""A published report, as it was frozen."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports.document import from_json
from reports.models import Publication
from reports.publication_queries import editions_of, is_intact
from reports.web.pages import find_sprint
from reports.web.report.figure_pages import pages_of
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
    links = found.share_links.select_related("by") if not request.at.reasons["publish"] else ()
    context = {
        "sprint": found.sprint,
        "publication": found,
        "is_intact": is_intact(found),
        "newest": others[0] if others and others[0].number > found.number else None,
        "others": others,
        "shown": show(from_json(found.content["document"]), pages_of(found.sprint)),
        "links": links,
        "now": timezone.now(),
        "section": "sprints",
        **told,
    }
    return render(request, "reports/report/publication.html", context, status=status)


def find_edition(request: ProjectRequest, sprint: str, number: int) -> Publication:
    """That edition of the project's sprint, else 404."""
    found = find_sprint(request, sprint)
    publication = get_object_or_404(Publication, sprint=found, number=number)
    publication.sprint = found
    return publication
