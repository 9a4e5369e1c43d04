"""What a person sees of an error: what happened and what to do, never a stack trace.

NotPermitted  403      InvalidInput  400      any other QAError  502: git or the machine did not do it
"""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tracks.errors import InvalidInput, NotPermitted, QAError

log = structlog.get_logger(__name__)


class ErrorMiddleware:
    """Turns a QAError that a view did not handle into a page, or a fragment for an htmx request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, QAError):
            return None
        return refusal(request, exception, status=_status(exception))


def refusal(request: HttpRequest, error: QAError, *, status: int) -> HttpResponse:
    log.info("refused", status=status, why=error.message)
    template = "components/problem.html" if getattr(request, "htmx", False) else "problem.html"
    return render(request, template, {"problem": error}, status=status)


def status_of_form(problem: QAError | None) -> int:
    """Of a page that shows a form again with what was typed, and why it is refused; 200 without a problem."""
    if problem is None:
        return 200
    return 422 if isinstance(problem, InvalidInput) else _status(problem)


def _status(error: QAError) -> int:
    if isinstance(error, NotPermitted):
        return 403
    return 400 if isinstance(error, InvalidInput) else 502
