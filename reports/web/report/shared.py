"""What a share link opens: an edition, for readers without an account. It leads nowhere into the product.

A link that is unknown, revoked or expired is told of in the same words, so that nothing can be learned from
them. No cache keeps these pages, none but the reader's own keeps a file, no search engine lists them, and no
page that they lead to learns the link.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from reports import actions
from reports.document import from_json
from reports.models import Publication, Rendering, ShareLink
from reports.publication_queries import edition_of, is_intact, link_of
from reports.rendering.files import TYPES, file_of
from reports.rendering_queries import rendering_of
from reports.statuses import Format, RenderingState
from reports.web.report.shown import nowhere, show
from tracks.web.access import View, public

P = ParamSpec("P")
FORMATS = (Format.MARKDOWN, Format.HTML, Format.JSON, Format.PDF)
"""As which files an edition is given away."""
HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


def of_link(view: Callable[Concatenate[HttpRequest, ShareLink, P], HttpResponse | None]) -> View:
    """The URL's ``token`` becomes the link; a view that has nothing answers None."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        link = link_of(token, now=timezone.now())
        answer = view(request, link, *args, **kwargs) if link else None
        answer = answer or render(request, "reports/report/not_shared.html", status=404)
        for name, value in HEADERS.items():
            answer.setdefault(name, value)
        return answer

    return wrapped


@require_safe
@public
@of_link
def shared(request: HttpRequest, link: ShareLink) -> HttpResponse:
    """The page. Only this is an opening: a program that asks whether it is there (HEAD) reads nothing."""
    publication = link.publication
    files = [kind for kind in FORMATS if kind is not Format.PDF or _made_pdf(publication)]
    context = {
        "publication": publication,
        "files": files,
        "sprint": publication.sprint,
        "is_intact": is_intact(publication),
        "shown": show(from_json(publication.content["document"]), nowhere),
    }
    answer = render(request, "reports/report/shared.html", context)
    if request.method == "GET":
        actions.count_opening(link, now=timezone.now())
    return answer


@require_safe
@public
@conditional_page
@of_link
def shared_file(request: HttpRequest, link: ShareLink, kind: str) -> HttpResponse | None:
    """The edition as a file; None for a format that is not given away, and while the PDF is being made. Who
    has it already asks whether they may have it still, and is not sent it again."""
    publication = link.publication
    wanted = next((each for each in FORMATS if each.value == kind), None)
    if wanted is None:
        return None
    content = _content(publication, wanted)
    if content is None:
        return None
    name = f"report-{publication.sprint.slug}-{publication.number}.{wanted.value}"
    answer = HttpResponse(content, content_type=TYPES[wanted])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _content(publication: Publication, kind: Format) -> bytes | None:
    if kind is Format.PDF:
        made = _made_pdf(publication)
        return bytes(made.file) if made and made.file else None
    return file_of(kind, publication.content, edition_of(publication))


def _made_pdf(publication: Publication) -> Rendering | None:
    """What a worker has made; None while it has not."""
    found = rendering_of(publication.sprint, Format.PDF, publication.digest)
    return found if found and found.state == RenderingState.DONE else None
