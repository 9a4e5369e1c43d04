"""A report's body in a page, and the contents beside it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from reports.document import Document, Query, figures_in, sections_in


@dataclass(frozen=True, slots=True)
class Shown:
    """HTML of the report, and of its table of contents; both may stand in a page as they are."""

    body: SafeString
    contents: SafeString


def show(document: Document, page: Callable[[Query], str]) -> Shown:
    """Every text in it is escaped."""
    figures = ((each.label, each.shown) for each in figures_in(document))
    sections = [(each.key, each.title) for each in sections_in(document)]
    return Shown(
        format_html_join("", '<h2 id="{}">{}</h2>', sections)
        + format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}</li>", figures)),
        format_html("<ul>{}</ul>", format_html_join("", '<li><a href="#{}">{}</a></li>', sections)),
    )


def nowhere(query: Query) -> str:
    """Figures of a reader without an account lead to no page."""
    return ""
