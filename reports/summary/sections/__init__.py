"""The sections of the report, in the order in which they are read; pure.

Each module has ``section(facts, figures) -> Section | None``: where there is nothing to tell it leaves itself
out. ``facts`` are in order, see ``reports.summary.ordering``; a number is a figure always.
"""

from collections.abc import Mapping

from reports.document import Figure, Section
from reports.summary.facts import SummaryFacts
from reports.summary.sections import executive, header, metrics, status


def sections_of(
    facts: SummaryFacts, figures: Mapping[str, Figure], texts: Mapping[str, str]
) -> tuple[Section, ...]:
    """``texts`` are those of the narratives, Markdown."""
    sections = (
        header.section(facts, figures),
        executive.section(facts, figures, texts),
        metrics.section(facts, figures),
        status.section(facts, figures),
    )
    return tuple(section for section in sections if section)
