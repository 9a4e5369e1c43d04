"""The sections of the report, in the order in which they are read; pure.

Each module has a function ``section`` of what it tells of, which is None where there is nothing to tell.
``facts`` are in order, see ``reports.summary.ordering``; a number is a figure always.
"""

from collections.abc import Mapping

from reports.document import Figure, Section
from reports.summary.facts import SummaryFacts
from reports.summary.sections import (
    appendices,
    baseline,
    conclusion,
    decisions,
    executive,
    header,
    integration,
    metrics,
    next_steps,
    questions,
    recommendations,
    severities,
    status,
    timeline,
    tracks,
)


def sections_of(
    facts: SummaryFacts, figures: Mapping[str, Figure], texts: Mapping[str, str]
) -> tuple[Section, ...]:
    """``texts`` are those of the narratives, Markdown."""
    sections = (
        header.section(facts),
        executive.section(facts, figures, texts),
        metrics.section(facts, figures),
        status.section(facts, figures),
        baseline.section(facts, figures),
        tracks.section(facts, figures),
        severities.section(facts, figures),
        integration.section(facts, figures),
        recommendations.section(facts, figures),
        decisions.section(facts, figures),
        questions.section(facts),
        next_steps.section(facts),
        timeline.section(figures),
        conclusion.section(texts, figures),
        appendices.section(facts),
    )
    return tuple(section for section in sections if section)
