"""A limit for what a browser may send at once: told by its header, before anything of it is read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tracks.actions.attachments import BYTES
from tracks.errors import InvalidInput
from tracks.web.errors import refusal

LARGEST = BYTES + 1024**2
"""Bytes of a body: one file, and what is written beside it."""
MIB = 1024**2


class BodyLimitMiddleware:
    """Answers 413 to a larger body. Without it Django reads whatever is sent, also where nobody is signed in:
    it looks for its token in it. A body of which the header does not tell the length is not read at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) <= LARGEST:
            return self.get_response(request)
        problem = InvalidInput(
            f"{int(length) / MIB:,.1f} MiB were sent; a file may have {BYTES // MIB} MiB.",
            remedy="Attach the part that matters, or pack it.",
        )
        return refusal(request, problem, status=413)
