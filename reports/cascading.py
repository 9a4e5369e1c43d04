"""The cascades of a run and their forecasts: read from the facts, or as they are kept.

    failures, shards' orders ──> Break(place …) ──find_cascades──> join ──foresee──> Forecast
    the base's tests in a module that the head could not collect ──> Uncollected

In which order tests ran is not known of pytest-xdist's processes, nor of old runs: there nothing is said of
states that one test left behind for others.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from django.db.models.functions import Left

from reports.breaks import Break, Uncollected
from reports.cascades import Cascade, CascadeKind, find_cascades
from reports.forecasts import Forecast, Held, foresee, hold
from reports.models import Comparison
from reports.queries import comparison
from reports.roots import join
from reports.stored_cascades import unpack
from tracks import queries
from tracks.models import Failure, Run
from tracks.statuses import BROKEN_OUTCOMES, Outcome, Phase
from tracks.vectors import OUTCOMES

MESSAGE = 4000
"""Characters of a message that are looked at."""
BROKEN = 5_000
"""Of a run with more broken tests, cascades that are not kept are not looked for while a page waits."""


def cascades_of(run: Run, base: Run | None) -> tuple[Forecast, ...] | None:
    """The run's cascades with their forecasts, as they are kept with its comparison with ``base``; else they
    are looked for now. None if too many tests are broken for that."""
    stored = comparison(base, run)
    if stored and stored.cascades is not None:
        return unpack(stored.cascades)
    return find_forecasts(base, run) if run.failed + run.errors <= BROKEN else None


def find_forecasts(base: Run | None, head: Run) -> tuple[Forecast, ...]:
    """Look for the cascades of a run that has ended, and forecast from ``base`` what mending each gives."""
    found = join((*find_cascades((), _uncollected(base, head)), *_cascades(head)))
    if not found:
        return ()
    return foresee(found, _outcomes(head), _told(base, found) if base else {})


def held_by(previous: Comparison, head: Run) -> Iterator[tuple[Forecast, Held]]:
    """What ``head`` shows of each forecast that is kept with the comparison of the iteration before it. Both
    must be signed alike."""
    forecasts = unpack(previous.cascades or [])
    if not forecasts:
        return
    now = _outcomes(head)
    before, after = queries.signatures_of(previous.head), queries.signatures_of(head)
    for each in forecasts:
        cause = each.cascade.cause
        is_there = now.get(cause) in BROKEN_OUTCOMES and before.get(cause) == after.get(cause)
        yield each, hold(each, now, cause_gone=not is_there)


def _cascades(run: Run) -> list[Cascade]:
    """Those that the run's own errors show, shard by shard."""
    broken = _broken(run)
    if not broken:
        return []
    found: list[Cascade] = []
    for order in [] if queries.was_spread(run) else queries.orders_of(run):
        places = np.flatnonzero(np.isin(order, list(broken)))
        placed = zip(order[places].tolist(), places.tolist(), strict=True)
        found += find_cascades([_break(broken.pop(test), place) for test, place in placed])
    in_no_order = (_break(broken[test], 0) for test in sorted(broken))
    return [*found, *find_cascades(in_no_order, in_order=False)]


def _broken(run: Run) -> dict[int, tuple[Any, ...]]:
    """What a Break takes of each of the run's broken tests, by their numbers."""
    rows = Failure.objects.filter(run=run).annotate(said=Left("message", MESSAGE))
    signature = ("signature__digest", "signature__exception")
    named = ("test__number", "test__node_id", "phase", *signature, "said", "text_id")
    return {row[0]: row for row in rows.values_list(*named, "fixture", "fixture_scope")}


def _break(row: tuple[Any, ...], place: int) -> Break:
    number, node_id, phase, error, exception, said, text, fixture, scope = row
    return Break(number, node_id, Phase(phase), error, exception, said, text.hex, place, fixture, scope)


def _uncollected(base: Run | None, head: Run) -> list[Uncollected]:
    """The head's uncollected modules, with the tests of the base that the head lacks for that."""
    entries = queries.uncollected_modules(head)
    if base is None or not entries:
        return []
    before, now = queries.outcome_vector(base), queries.outcome_vector(head)
    gone = np.setdiff1d(np.flatnonzero(before), np.flatnonzero(now))
    hidden: dict[str, list[int]] = {}
    for test, node_id in queries.node_ids(head.project, gone.tolist()).items():
        module, _, name = node_id.partition("::")
        if name:
            hidden.setdefault(module, []).append(test)
    return [Uncollected(entry, path, tuple(hidden.get(path, ()))) for entry, path in sorted(entries.items())]


def _told(base: Run, cascades: Iterable[Cascade]) -> dict[int, Outcome]:
    """What the baseline tells of each test that is tied to a cause: its outcome there, unless that, too, was
    the fault of another."""
    known = _outcomes(base)
    told = {test: known[test] for each in cascades for test in (each.cause, *each.followers) if test in known}
    if not BROKEN_OUTCOMES.isdisjoint(told.values()):
        for each in _cascades(base):
            tied = each.followers if each.kind is CascadeKind.POISONED else (each.cause, *each.followers)
            for test in tied:
                told.pop(test, None)
    return told


def _outcomes(run: Run) -> dict[int, Outcome]:
    outcomes = queries.outcome_vector(run)
    there = np.flatnonzero(outcomes)
    return {test: OUTCOMES[code] for test, code in zip(there.tolist(), outcomes[there].tolist(), strict=True)}
