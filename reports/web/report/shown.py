"""A report's body in a page, and the contents beside it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from reports.document import Document, Query
from reports.rendering import html


@dataclass(frozen=True, slots=True)
class Shown:
    """HTML of the report, and of its table of contents; both may stand in a page as they are."""

    body: SafeString
    contents: SafeString


def show(document: Document, page: Callable[[Query], str]) -> Shown:
    """The renderer has escaped every text in it."""
    body, contents = html.render(document, page=page), html.contents(document)
    return Shown(mark_safe(body), mark_safe(contents))  # noqa: S308


def nowhere(query: Query) -> str:
    """Figures lead a reader without an account to no page."""
    return ""
