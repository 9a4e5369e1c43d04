"""A report as a file of each format; pure.

content (as it is frozen) ──file_of──> bytes, fit for TYPES[format]
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from reports.document import Document, from_json
from reports.rendering import Edition, Imprint, markdown, page, pdf
from reports.statuses import Format

Content = Mapping[str, Any]
"""As ``reports.summary.build.Summary.content`` gives it."""

TYPES = {
    Format.HTML: "text/html; charset=utf-8",
    Format.MARKDOWN: "text/markdown; charset=utf-8",
    Format.PDF: "application/pdf",
    Format.JSON: "application/json",
}


def file_of(kind: Format, content: Content, imprint: Imprint) -> bytes:
    """The whole file. ValueError where the content is not that of a report."""
    if kind is Format.JSON:
        return _json(content, imprint)
    return _RENDERED[kind](from_json(content["document"]), imprint)


def _json(content: Content, imprint: Imprint) -> bytes:
    edition = None
    if isinstance(imprint, Edition):
        edition = {
            "number": imprint.number,
            "by": imprint.by,
            "at": imprint.at.isoformat(),
            "note": imprint.note,
            "is_intact": imprint.is_intact,
        }
    told = {"digest": imprint.digest, "edition": edition, **content}
    return (json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _markdown(document: Document, imprint: Imprint) -> bytes:
    return markdown.render(document, imprint).encode()


def _page(document: Document, imprint: Imprint) -> bytes:
    return page.render(document, imprint).encode()


_RENDERED: Mapping[Format, Callable[[Document, Imprint], bytes]] = {
    Format.HTML: _page,
    Format.MARKDOWN: _markdown,
    Format.PDF: pdf.render,
}
