"""The document in each of its formats; pure.

Document, Edition ┬ markdown.render ──> GitHub-flavoured Markdown, no raw HTML
                  ├ html.render ──────> HTML that may stand in a page; figures lead to what stands behind them
                  └ pdf.render ───────> PDF, by typst
Picture ──pictures.draw──> SVG, in HTML and PDF
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Edition:
    """Of a published report."""

    number: int
    digest: str
    by: str
    at: datetime
