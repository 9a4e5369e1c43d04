"""How the sections that people write are shown.

title     "Key concerns"
said      "{{track.A.passed}} passed" ──> "563 passed"
groups    every figure that may be named, by what it is of: the baseline, a track, a finding …
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString

from reports.document import Document, Figure, Section
from reports.document.prose import PLACEHOLDER, blocks_of
from reports.narrative_queries import Words
from reports.summary import Summary
from reports.summary.narrative import Moved
from reports.web.report.shown import nowhere, show

TITLES = {
    "summary": "Summary",
    "achievements": "Key achievements",
    "concerns": "Key concerns",
    "conclusion": "Conclusion",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A sentence whose figure moved: what it says now, and the figure before and after."""

    moved: Moved
    sentence: str


@dataclass(frozen=True, slots=True)
class Nameable:
    """A figure, and how a text names it."""

    placeholder: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class ShownWords:
    """A section that people write, with its title and what in it is to be looked at again."""

    words: Words
    title: str
    doubts: tuple[Doubt, ...]

    @property
    def figures(self) -> str:
        """Those that moved, as they are now, as JSON by name: what “still right” confirms."""
        return json.dumps({each.moved.name: each.moved.after for each in self.doubts})


def shown_words(words: Words, summary: Summary) -> ShownWords:
    doubts = tuple(Doubt(each, said(each.sentence, summary.figures)) for each in words.moved)
    return ShownWords(words, TITLES[words.section], doubts)


def said(text: str, figures: Mapping[str, Figure]) -> str:
    """The text with what its figures are in place of their names."""
    return PLACEHOLDER.sub(lambda found: figures[found[1]].shown if found[1] in figures else found[0], text)


def preview(text: str, summary: Summary) -> SafeString:
    """The text as it will stand in the report."""
    section = Section("as-it-reads", "As it will read", blocks_of(text, summary.figures))
    return show(Document("", "", "", (section,)), nowhere).body


def groups_of(figures: Mapping[str, Figure]) -> list[tuple[str, list[Nameable]]]:
    """The figures by the first parts of their names, ``track.A``, each group in the order of its names."""
    groups: dict[str, list[Nameable]] = defaultdict(list)
    for name, figure in sorted(figures.items()):
        kind, _, rest = name.partition(".")
        groups[f"{kind}.{rest.partition('.')[0]}" if kind in ("track", "finding") else kind].append(
            Nameable(f"{{{{{name}}}}}", figure)
        )
    return sorted(groups.items())
