"""What a share link opens: an edition, for readers without an account. It leads nowhere into the product.

A link that is unknown, revoked or expired is told of in the same words, so that nothing can be learned from
them. No cache keeps these pages, no search engine lists them, and no page that they lead to learns the link.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports import actions
from reports.document import from_json
from reports.models import Publication
from reports.web.report.shown import nowhere, show
from tracks.web.access import View, public

P = ParamSpec("P")
HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


def of_link(view: Callable[Concatenate[HttpRequest, Publication, P], HttpResponse | None]) -> View:
    """The URL's ``token`` becomes the edition that it lets read; a view that has nothing answers None."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        link = actions.open_link(token, now=timezone.now())
        answer = view(request, link.publication, *args, **kwargs) if link else None
        answer = answer or render(request, "reports/report/not_shared.html", status=404)
        for name, value in HEADERS.items():
            answer[name] = value
        return answer

    return wrapped


@require_safe
@public
@of_link
def shared(request: HttpRequest, publication: Publication) -> HttpResponse:
    context = {
        "publication": publication,
        "sprint": publication.sprint,
        "shown": show(from_json(publication.content["document"]), nowhere),
    }
    return render(request, "reports/report/shared.html", context)
