"""What a comparison's classes are called, and how they are shown; pure.

{"fixed": 48, "newly_erroring": 64, "still_broken_different": 14, …}
    ──> chips    [48 fixed] [64 newly erroring] [33 still broken, 14 differently]
    ──> words    "48 fixed, 64 newly erroring, 14 broken differently"
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.transitions import DeltaClass

STILL_BROKEN, CHANGED, ALL = "still_broken", "changed", "all"
"""Choices of the compare page that hold several classes."""


@dataclass(frozen=True, slots=True)
class Kind:
    """``mark`` says in one sign whether it is good or bad, for who cannot tell the tones apart."""

    label: str
    tone: str
    mark: str


KINDS: dict[str, Kind] = {
    DeltaClass.FIXED: Kind("fixed", "good", "✓"),
    DeltaClass.NEWLY_FAILING: Kind("newly failing", "bad", "✕"),
    DeltaClass.NEWLY_ERRORING: Kind("newly erroring", "bad", "✕"),
    DeltaClass.STILL_BROKEN_DIFFERENT: Kind("still broken, differently", "warn", "≠"),
    DeltaClass.VANISHED: Kind("vanished", "warn", "−"),
    DeltaClass.MUTED: Kind("muted", "warn", "○"),
    DeltaClass.ADDED: Kind("added", "", "+"),
    DeltaClass.STILL_BROKEN_SAME: Kind("still broken, same error", "", "="),
    DeltaClass.UNCHANGED: Kind("unchanged", "", "="),
}
"""In the order in which they are shown."""

MEMBERS: dict[str, frozenset[DeltaClass]] = {
    **{name.value: frozenset({name}) for name in DeltaClass},
    STILL_BROKEN: frozenset({DeltaClass.STILL_BROKEN_SAME, DeltaClass.STILL_BROKEN_DIFFERENT}),
    ALL: frozenset(DeltaClass),
    CHANGED: frozenset(DeltaClass) - {DeltaClass.UNCHANGED, DeltaClass.STILL_BROKEN_SAME},
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A number of tests of one class; ``value`` is what the compare page's address calls it.
    ``differently`` counts those of the still broken that break by another error."""

    value: str
    count: int
    label: str
    tone: str
    mark: str = ""
    differently: int = 0


def chips(figures: Mapping[str, int]) -> list[Chip]:
    """One chip a class that has tests; those that are still broken share one. Empty: nothing changed."""
    shown = [
        Chip(name, figures[name], kind.label, kind.tone, kind.mark)
        for name, kind in KINDS.items()
        if figures.get(name) and name in MEMBERS[CHANGED] and name not in MEMBERS[STILL_BROKEN]
    ]
    different = figures.get(DeltaClass.STILL_BROKEN_DIFFERENT, 0)
    broken = different + figures.get(DeltaClass.STILL_BROKEN_SAME, 0)
    if broken:
        shown.append(Chip(STILL_BROKEN, broken, "still broken", "", "", different))
    return shown


def has_change(figures: Mapping[str, int]) -> bool:
    return any(figures.get(name) for name in MEMBERS[CHANGED])


def in_words(figures: Mapping[str, int]) -> str:
    """``48 fixed, 64 newly erroring``; ``no test changed its outcome`` where nothing did."""
    parts = [
        f"{figures[name]} {kind.label}"
        for name, kind in KINDS.items()
        if name in MEMBERS[CHANGED] and figures.get(name)
    ]
    return ", ".join(parts) or "no test changed its outcome"
