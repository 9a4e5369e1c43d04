"""The document in each of its formats; pure.

Document, Edition or Draft ┬ markdown.render ──> GitHub-flavoured Markdown, no raw HTML
                           ├ html.render ──────> HTML that may stand in a page; figures lead to what stands
                           │                     behind them
                           └ pdf.render ───────> PDF, by typst
Picture ──pictures.draw──> SVG, in HTML and PDF
text ──characters──> the same without what could steer a terminal or turn a line around
"""

from dataclasses import dataclass
from datetime import UTC, datetime

ALTERED = "The digest does not match: somebody has altered what is kept of this report"


@dataclass(frozen=True, slots=True)
class Edition:
    """Of a published report. ``is_intact`` is False where its digest is not the one that was published."""

    number: int
    digest: str
    by: str
    at: datetime
    note: str = ""
    is_intact: bool = True

    @property
    def told(self) -> str:
        at = self.at.astimezone(UTC)
        told = f"Report {self.number}, published by {self.by} on {at:%-d %B %Y, %H:%M} UTC"
        return told if self.is_intact else f"{told}. {ALTERED}"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is not published. ``digest`` is that of the content."""

    digest: str

    @property
    def told(self) -> str:
        return "Draft, not published"


Imprint = Edition | Draft
"""What a file says of itself."""
