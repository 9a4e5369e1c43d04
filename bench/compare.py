"""What comparing two runs costs, beside a bare SQL full join over one row a result; imports Django.

    join    the matrix alone, of a table that has nothing it could do without
    delta   fetching and unpacking two vectors, matrix and classes by reports.deltas.compare
    whole   the product's own action: signatures, classes, conditions, storage; and the clusters. There is no
            repository here, so that what git and the branch's sources cost is not in it

Of few tests the joins take less than the queries' way to the server and back: one for the join and for the
delta, more than a dozen for the whole.

Medians. The peak is Python's own, numpy's arrays among it, of a second pass that is not timed.
"""

import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.db import connection

from bench.planted import Planted, plant
from bench.samples import FULL_JOIN, ROWS, SIZES, as_text, median_seconds
from reports.actions import store_comparison
from reports.deltas import Delta, compare
from reports.facts import RunFacts
from reports.queries import clusters_of
from tracks.queries import duration_vector, outcome_vector
from tracks.statuses import RunState
from tracks.vectors import unpack_outcomes

MIB = 1024**2
VECTORS = "SELECT outcomes FROM tracks_run WHERE id = ANY(%s) ORDER BY id"
DELTA_AIM = "≥ 5 × faster"
WHOLE_AIM = "≤ 2 × the join"


@dataclass(frozen=True)
class Cost:
    seconds: float
    peak: int
    """Bytes."""


def main() -> None:
    print(f"Medians, ms. Aims: the delta {DELTA_AIM} than the join, the whole comparison {WHOLE_AIM}.\n")
    print(f"{'tests':>8}  {'join':>8}  {'delta':>8} {'faster':>9} {'peak':>9}", end="")
    print(f"  {'whole':>8} {'× join':>8} {'peak':>9}")
    for tests in SIZES:
        print(_line(tests, plant(tests)), flush=True)


def _line(tests: int, planted: Planted) -> str:
    _lay_rows(planted)
    _check_agreement(planted)
    join = median_seconds(_join)
    delta = _cost(lambda: _delta(planted))
    whole = _cost(lambda: _whole(planted))
    return (
        f"{tests:>8,}  {join * 1e3:8.2f}  "
        f"{delta.seconds * 1e3:8.2f} {join / delta.seconds:7.1f} × {delta.peak / MIB:5.1f} MiB  "
        f"{whole.seconds * 1e3:8.2f} {whole.seconds / join:6.1f} × {whole.peak / MIB:5.1f} MiB"
    )


def _lay_rows(planted: Planted) -> None:
    """The same results, one row each: the base as run 0, the head as run 1."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS result; {ROWS}")
        for number, run in enumerate((planted.base, planted.head)):
            with cursor.copy("COPY result FROM STDIN") as copy:
                copy.write(as_text(number, outcome_vector(run), duration_vector(run)))
        cursor.execute("VACUUM ANALYZE result")


def _join() -> list[tuple[int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(FULL_JOIN)
        return list(cursor.fetchall())


def _delta(planted: Planted) -> Delta:
    keys = [planted.base.pk, planted.head.pk]
    with connection.cursor() as cursor:
        cursor.execute(VECTORS, [keys])
        found = [unpack_outcomes(bytes(outcomes)) for (outcomes,) in cursor.fetchall()]
    base, head = (RunFacts(0, RunState.FINISHED, "", outcomes) for outcomes in found)
    return compare(base, head)


def _whole(planted: Planted) -> None:
    store_comparison(planted.base, planted.head)
    clusters_of(planted.head)


def _check_agreement(planted: Planted) -> None:
    """Both forms must give one matrix, else the figures mean nothing."""
    matrix = _delta(planted).matrix
    counted = {(base, head): count for base, head, count in _join()}
    cells = {(int(base), int(head)): int(matrix[base, head]) for base, head in np.argwhere(matrix)}
    if counted != cells:
        raise AssertionError(f"rows and vectors disagree: {counted} and {cells}")


def _cost(work: Callable[[], object]) -> Cost:
    seconds = median_seconds(work)
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return Cost(seconds, peak)
