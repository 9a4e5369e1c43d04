"""The whole report, from the facts and what testers wrote; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.decisions import digest
from reports.document import Asked, Column, Document, Figure, Query, Section, Table, Text, to_json
from reports.summary.facts import SummaryFacts
from tracks.statuses import Outcome

NARRATIVES = ("summary", "achievements", "concerns", "conclusion")
"""The keys of the sections that people may write."""


@dataclass(frozen=True)
class Summary:
    """A report: the document, every figure by name, and what it rests on.

    ``drafts`` are the machine's words for each of NARRATIVES, ``texts`` those that stand in the document:
    a person's where there are any. Both are Markdown with placeholders ``{{track.A.passed}}``.
    ``decisions`` and ``findings`` are plain JSON, what the difference of two editions is told of;
    ``rests_on`` are primary keys by kind: runs, comparisons, decisions, findings, changesets, integrations.
    """

    document: Document
    figures: Mapping[str, Figure]
    drafts: Mapping[str, str]
    texts: Mapping[str, str]
    decisions: tuple[Mapping[str, Any], ...]
    findings: tuple[Mapping[str, Any], ...]
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
            "rests_on": {kind: list(keys) for kind, keys in sorted(self.rests_on.items())},
        }

    @property
    def digest(self) -> str:
        """SHA-256 over the content."""
        return digest(self.content())


def build(facts: SummaryFacts, texts: Mapping[str, str]) -> Summary:
    """The report; ``texts`` are what testers wrote, by the keys of NARRATIVES, where they did."""
    passed = {
        f"track.{each.key}.passed": Figure(
            f"track.{each.key}.passed",
            f"passed in {each.key}",
            each.latest.run.counts[Outcome.PASSED],
            str(each.latest.run.counts[Outcome.PASSED]),
            Query(Asked.OUTCOME, head=each.latest.run.run, named=Outcome.PASSED.value),
        )
        for each in facts.tracks
        if each.latest
    }
    rows = tuple(((Text(name),), (figure,)) for name, figure in sorted(passed.items()))
    table = Table("Tests that passed", (Column("Track"), Column("Passed", is_figure=True)), rows)
    drafts = {key: " ".join(f"{{{{{name}}}}} passed." for name in sorted(passed)) for key in NARRATIVES}
    section = Section("metrics", "Metrics", (table,))
    document = Document(f"Test Summary Report: {facts.name}", facts.project, "", (section,))
    return Summary(document, passed, drafts, drafts | dict(texts), (), (), {})
