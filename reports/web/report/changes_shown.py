"""Figures of two editions that differ, as a page shows them: what matters most first, with its direction.

track.A.passed    563 → 575   ▲ better        track.A.failed    20 → 22   ▲ worse
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reports.summary.differences import MovedFigure

BETTER = frozenset({"passed", "fixed", "holds", "approved", "ready", "tested"})
"""Last parts of the names of figures of which more is better."""
WORSE = frozenset(
    {
        *("failed", "error", "errors", "newly_failing", "newly_erroring", "vanished", "muted", "fails"),
        *("closed", "rejected", "undecided", "conditions", "conflicts", "together"),
    }
)

IMPLIED = re.compile(r"gates\.closed$|findings\.(status|kind)\.|\.(change|share|cell)\.")


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """``arrow`` is empty where it is no number that rose or fell, ``meaning`` where more is neither good nor
    bad."""

    figure: MovedFigure
    arrow: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ShownFigures:
    """Those that are in both reports, and those that are in one. ``implied`` are in both too, and say again
    what another figure or a finding's own line says."""

    moved: list[ShownFigure]
    implied: list[MovedFigure]
    new: list[MovedFigure]
    gone: list[MovedFigure]


def shown_figures(figures: Iterable[MovedFigure]) -> ShownFigures:
    known = list(figures)
    both = [each for each in known if each.before and each.after]
    moved = [_shown(each) for each in both if not IMPLIED.search(each.name)]
    moved.sort(key=lambda each: (not each.meaning, each.figure.name.count(".")))
    return ShownFigures(
        moved,
        [each for each in both if IMPLIED.search(each.name)],
        [each for each in known if not each.before],
        [each for each in known if not each.after],
    )


def _shown(figure: MovedFigure) -> ShownFigure:
    change = figure.change or 0
    arrow = "▲" if change > 0 else "▼" if change < 0 else ""
    weight = _weight(figure.name.split(".")) * change
    return ShownFigure(figure, arrow, "better" if weight > 0 else "worse" if weight < 0 else "")


def _weight(parts: list[str]) -> int:
    """1 where more is better, -1 where it is worse, 0 where it is neither."""
    if "findings" in parts:
        return -1 if "open" in parts else 0
    if parts[0] == "integration":
        parts = parts[:2]  # what follows says of which tracks
    if parts[-1] == "open":
        return 1  # gates
    return 1 if parts[-1] in BETTER else -1 if parts[-1] in WORSE else 0
