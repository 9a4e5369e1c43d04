"""The document as a page of HTML that stands by itself: a file that is opened without OMC QA; pure but for
the style sheet that it ships with."""

from functools import cache
from importlib import resources

from reports.document import Document, Query
from reports.rendering import Imprint, html
from reports.rendering.elements import Html, element, joined, words


def render(document: Document, imprint: Imprint) -> str:
    """The whole file; its figures lead nowhere."""
    told = element("p", words(imprint.told), class_="tone-quiet")
    commit = [element("p", words("Base commit "), element("code", words(document.commit)))] * bool(
        document.commit
    )
    digest = element("p", words("Digest "), element("code", words(imprint.digest)))
    head = element(
        "header", element("h1", words(document.title)), element("p", words(document.subtitle)), told
    )
    body = element(
        "main",
        head,
        *commit,
        digest,
        html.contents(document),
        html.render(document, page=_nowhere),
        class_="report",
    )
    meta = Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">')
    title = element("title", words(document.title))
    whole = element("html", element("head", meta, title, Html(_style())), element("body", body), lang="en")
    return joined([Html("<!doctype html>\n"), whole, Html("\n")])


def _nowhere(_: Query) -> str:
    return ""


@cache
def _style() -> str:
    sheet = resources.files("reports.rendering").joinpath("report.css").read_text()
    return f"<style>\n{sheet}</style>"
