"""A table of outcomes in two runs, one after the other; pure."""

from collections.abc import Mapping

from reports.document import Column, Figure, Mark
from reports.document.blocks import Line
from reports.summary.sections.writing import NOTHING, line
from tracks.statuses import Outcome

MEANINGFUL = 1000
"""A share of a few tests grows past what a reader can take from it: up to so many per cent are told."""


def before_and_after(before: str, after: str) -> tuple[Column, ...]:
    """The columns of ``compared``."""
    titles = (before, after, "Change", "In per cent")
    return (Column("Outcome"), *(Column(title, is_figure=True) for title in titles))


def compared(
    outcome: Outcome, before: str, after: str, change: str, figures: Mapping[str, Figure]
) -> tuple[Line, ...]:
    """A row; the other arguments are prefixes of figures."""
    share = figures.get(f"{change}.share.{outcome}")
    return (
        named(outcome),
        line(figures[f"{before}.{outcome}"]),
        line(figures[f"{after}.{outcome}"]),
        line(figures[f"{change}.change.{outcome}"]),
        line(share) if share and abs(share.value) <= MEANINGFUL else NOTHING,
    )


def named(outcome: Outcome) -> Line:
    return line(Mark(outcome), f" {outcome}")
