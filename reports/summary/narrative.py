"""The sentences that people may write over, and what is asked of them; pure.

drafts        SummaryFacts, figures ──rules──> {"summary": "…", "achievements": "- …", …}
moved         what each figure was when its writer saw it last, and is now: the sentences to look at again
typed         numbers that were typed where a placeholder would stay true
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from reports.document import Figure
from reports.document.prose import PLACEHOLDER, placeholders_in, plain_lines
from reports.summary.facts import SummaryFacts
from reports.summary.rules import achievements, concerns, conclusion, summary

NARRATIVES = ("summary", "achievements", "concerns", "conclusion")
"""The keys of the sections that people may write."""

_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")
_ADDRESS = re.compile(r"https?://\S+|\]\(\S*")
"""Also of what is no link because nobody may follow it: it stands there as it was typed."""
_NUMBER = re.compile(r"(?<![\w.,-])(?<!retest )[+\u2212-]?[0-9]+(?:[.,][0-9]+)*(?![\w-])")


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure that is not what the writer of the sentence saw."""

    name: str
    label: str
    before: str
    after: str
    sentence: str


def drafts(facts: SummaryFacts, figures: Mapping[str, Figure]) -> dict[str, str]:
    """The machine's words for each of NARRATIVES, Markdown; empty where there is nothing to tell."""
    return {
        "summary": "\n\n".join(summary(facts, figures)),
        "achievements": _listed(achievements(facts, figures)),
        "concerns": _listed(concerns(facts, figures)),
        "conclusion": " ".join(conclusion(facts, figures)),
    }


def unknown(text: str, figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """The placeholders for which there is no figure."""
    return tuple(name for name in placeholders_in(text) if name not in figures)


def seen_of(text: str, figures: Mapping[str, Figure]) -> dict[str, str]:
    """What each figure of the text is shown as, by name."""
    return {name: figures[name].shown for name in placeholders_in(text) if name in figures}


def moved(text: str, seen: Mapping[str, str], figures: Mapping[str, Figure]) -> tuple[Moved, ...]:
    """The figures of the text that are other than ``seen``, each with the sentence in which it stands."""
    other = {name for name, shown in seen_of(text, figures).items() if shown != seen.get(name)}
    return tuple(
        Moved(name, figures[name].label, seen.get(name, ""), figures[name].shown, sentence.strip())
        for line in plain_lines(text)
        for sentence in _SENTENCE_ENDS.split(line)
        for name in dict.fromkeys(PLACEHOLDER.findall(sentence))
        if name in other
    )


def typed(text: str) -> tuple[str, ...]:
    """Numbers that were typed by hand, each once; not those in code, addresses or names (A-1, retest 2)."""
    bare = _ADDRESS.sub(" ", PLACEHOLDER.sub(" ", "\n".join(plain_lines(text))))
    return tuple(dict.fromkeys(_NUMBER.findall(bare)))


def _listed(sentences: tuple[str, ...]) -> str:
    return "\n".join(f"- {each}" for each in sentences)
