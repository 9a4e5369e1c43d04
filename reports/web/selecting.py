"""The numbers of the tests that a filter of the compare page asks for, and their order.

Pair, Filter ──select──> [3 17 204 …]  ascending   ──arrange──> [204 3 17 …]
"""

import numpy as np

from reports.pace import Pace, Timed, compare_pace
from reports.queries import Pair
from reports.web import changes
from reports.web.filters import Filter, Sort
from tracks import queries
from tracks.models import Run
from tracks.statuses import Outcome
from tracks.vectors import CODES, Numbers, pad

EARLIER = 5
"""So many runs before both say what a test may take."""


def timed(run: Run) -> Timed:
    return Timed(queries.outcome_vector(run), queries.duration_vector(run))


def select(compared: Pair, wanted: Filter, base: Timed, head: Timed) -> Numbers:
    """The numbers of the tests that satisfy every part of the filter, ascending."""
    runs = (compared.base, compared.head)
    found = _in_cell(compared, wanted, base, head) if wanted.base else _in_class(compared, wanted)
    if wanted.error:
        found = _among(found, queries.numbers_with_error(runs, wanted.error))
    if wanted.marker:
        for_either = [queries.marked_in(run, wanted.marker) for run in runs]
        found = _among(found, np.concatenate(for_either))
    if wanted.text or wanted.path:
        found = _among(found, queries.numbers_of(compared.head.project, text=wanted.text, path=wanted.path))
    return found


def arrange(numbers: Numbers, wanted: Filter, head: Timed, pace: Pace | None) -> Numbers:
    """The numbers in the order in which they are listed; of SLOWER only those that are."""
    if wanted.sort is Sort.SLOWER and pace:
        slower = np.array([each.test for each in pace.slower], np.intp)
        return slower[np.isin(slower, numbers)]
    if wanted.sort is Sort.SLOWEST and numbers.size:
        took = pad(head.durations, max(head.durations.size, int(numbers[-1]) + 1))[numbers]
        return numbers[np.argsort(-took.astype(np.int32), kind="stable")]
    return numbers


def pace_between(compared: Pair, base: Timed, head: Timed) -> Pace:
    """How the head's durations compare with the base's, beside those of the runs before both."""
    first = min(compared.base, compared.head, key=lambda run: run.pk)
    return compare_pace(base, head, queries.durations_before(first, limit=EARLIER))


def _in_class(compared: Pair, wanted: Filter) -> Numbers:
    return np.sort(np.concatenate([compared.classes[name] for name in changes.MEMBERS[wanted.name]]))


def _in_cell(compared: Pair, wanted: Filter, base: Timed, head: Timed) -> Numbers:
    """Those of the compared tests that have these outcomes; what is in neither run is in no class."""
    length = max(base.outcomes.size, head.outcomes.size)
    before, after = pad(base.outcomes, length), pad(head.outcomes, length)
    found = (before == CODES[Outcome(wanted.base)]) & (after == CODES[Outcome(wanted.head)])
    return _among(np.flatnonzero(found), np.concatenate(list(compared.classes.values())))


def _among(numbers: Numbers, others: Numbers) -> Numbers:
    """Those of the numbers that are among the others, in their order."""
    is_other = np.zeros(1 + int(max(numbers.max(initial=0), others.max(initial=0))), dtype=bool)
    is_other[others] = True
    return numbers[is_other[numbers]]
