"""The list of a run's tests, one outcome at a time, 100 to a page.

    outcomes   [0 1 1 2 3 …]   ──filter──>   numbers [3, 4, …]   ──page──>   Row(number, node id, …)

Only the rows of one page are read from the database; the rest is arithmetic on the run's vectors.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from django.core.paginator import Page, Paginator

from tracks import queries
from tracks.models import Run
from tracks.statuses import BROKEN_OUTCOMES, Outcome
from tracks.vectors import OUTCOMES, DurationVector, OutcomeVector, decode_seconds, numbers_with, pad
from tracks.web.shapes import SHOWN

RunVectors = tuple[OutcomeVector, DurationVector]

PAGE = 100
BROKEN, ALL = "broken", "all"


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    node_id: str
    outcome: Outcome
    seconds: float
    message: str

    @property
    def is_broken(self) -> bool:
        return self.outcome in BROKEN_OUTCOMES


@dataclass(frozen=True)
class Tab:
    """One choice of what the list shows; ``outcome`` is empty for the two that hold several."""

    value: str
    label: str
    count: int
    outcome: str
    current: bool


@dataclass(frozen=True)
class Results:
    tabs: list[Tab]
    rows: list[Row]
    page: "Page[int]"


def read_results(
    run: Run, counts: Mapping[Outcome, int], vectors: RunVectors, *, wanted: str, page: str
) -> Results:
    """The page of the run's tests that ``wanted`` names; while the run goes on the latest come first."""
    outcomes, durations = vectors
    broken = sum(counts[outcome] for outcome in BROKEN_OUTCOMES)
    if wanted not in (BROKEN, ALL, *SHOWN):
        wanted = BROKEN if broken else ALL
    numbers = _select(outcomes, wanted)
    shown = Paginator((numbers[::-1] if run.is_active else numbers).tolist(), PAGE).get_page(page)
    here = list(shown.object_list)
    node_ids = queries.node_ids(run.project, here)
    messages = queries.messages_of(run, here)
    seconds = decode_seconds(pad(durations, max(durations.size, outcomes.size)))
    rows = [
        Row(each, node_ids[each], OUTCOMES[outcomes[each]], float(seconds[each]), messages.get(each, ""))
        for each in here
    ]
    return Results(_tabs(counts, broken, wanted), rows, shown)


def _select(outcomes: OutcomeVector, wanted: str) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    if wanted == ALL:
        return np.flatnonzero(outcomes)
    return numbers_with(outcomes, BROKEN_OUTCOMES if wanted == BROKEN else {Outcome(wanted)})


def _tabs(counts: Mapping[Outcome, int], broken: int, wanted: str) -> list[Tab]:
    both = [(BROKEN, "failed or error", broken, "")] if all(counts[each] for each in BROKEN_OUTCOMES) else []
    single = [(each.value, each.value, counts[each], each.value) for each in SHOWN if counts[each]]
    whole = [(ALL, "all", sum(counts.values()), "")]
    if wanted == BROKEN and not both:
        wanted = next((value for value, *_ in single if value in BROKEN_OUTCOMES), ALL)
    return [
        Tab(value, label, count, outcome, current=value == wanted)
        for value, label, count, outcome in (*both, *single, *whole)
    ]
