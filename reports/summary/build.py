"""The whole report, from the facts and what testers wrote; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from reports.decisions import digest
from reports.document import Document, Figure, to_json
from reports.summary.facts import SummaryFacts
from reports.summary.figures import figures_of
from reports.summary.frozen import decisions_of, findings_of, recommended_of, rests_on
from reports.summary.narrative import NARRATIVES as NARRATIVES
from reports.summary.narrative import drafts
from reports.summary.ordering import in_order
from reports.summary.sections import sections_of


@dataclass(frozen=True)
class Summary:
    """A report: the document, every figure by name, and what it rests on.

    ``drafts`` are the machine's words for each of NARRATIVES, ``texts`` those that stand in the document:
    a person's where there are any. Both are Markdown with placeholders ``{{track.A.passed}}``.
    ``decisions`` and ``findings`` are plain JSON, what the difference of two editions is told of;
    ``recommended`` is what the gates speak for, by the key of the track; ``rests_on`` are primary keys by
    kind: runs, comparisons, decisions, findings, changesets, integrations.
    """

    document: Document
    figures: Mapping[str, Figure]
    drafts: Mapping[str, str]
    texts: Mapping[str, str]
    decisions: tuple[Mapping[str, Any], ...]
    findings: tuple[Mapping[str, Any], ...]
    recommended: Mapping[str, str]
    rests_on: Mapping[str, tuple[int, ...]]

    def content(self) -> dict[str, Any]:
        """All of it as plain JSON values: what is frozen, and the JSON format."""
        return {
            "version": 1,
            "document": to_json(self.document),
            "figures": {name: to_json(each) for name, each in sorted(self.figures.items())},
            "texts": dict(self.texts),
            "decisions": [dict(each) for each in self.decisions],
            "findings": [dict(each) for each in self.findings],
            "recommended": dict(sorted(self.recommended.items())),
            "rests_on": {kind: list(keys) for kind, keys in sorted(self.rests_on.items())},
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the content."""
        return digest(self.content())


def build(facts: SummaryFacts, texts: Mapping[str, str]) -> Summary:
    """The report; ``texts`` are what testers wrote, by the keys of NARRATIVES, where they did."""
    facts = in_order(facts)
    figures = figures_of(facts)
    drafted = drafts(facts, figures)
    written = {key: texts.get(key, drafted[key]) for key in NARRATIVES}
    document = Document(
        title=f"Test Summary Report: {facts.name}",
        subtitle=facts.project,
        commit=facts.baseline.sha if facts.baseline else "",
        sections=sections_of(facts, figures, written),
    )
    return Summary(
        document=document,
        figures=figures,
        drafts=drafted,
        texts=written,
        decisions=decisions_of(facts),
        findings=findings_of(facts),
        recommended=recommended_of(facts),
        rests_on=rests_on(facts),
    )
