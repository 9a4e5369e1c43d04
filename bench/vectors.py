"""What it costs to keep a run as two vectors, beside a plain table with one row a result.

              rows                                        vectors
    bytes     table and primary key, per result           table, primary key and TOAST, per result
    store     COPY of text that was made before           packing and one INSERT
    compare   full join on the test, counted by outcome   fetching, unpacking, reports.deltas.compare

Every choice favours the rows: their table has nothing that it could do without, the text that is
copied is made before the clock starts, and their comparison gives the matrix only. The signatures of
broken tests are rows in either form and are left out of both. Each store is a transaction of its own.
"""

from dataclasses import dataclass
from statistics import median

import numpy as np
import psycopg

from bench.database import own_schema
from bench.samples import FULL_JOIN, REPEATS, ROWS, SIZES, as_text, median_seconds, seconds, some_run
from reports.deltas import Delta, compare
from reports.facts import RunFacts
from tracks.statuses import RunState
from tracks.vectors import DurationVector, OutcomeVector, pack_durations, pack_outcomes, unpack_outcomes

RESULTS_STORED = 500_000
"""So many results are stored at each size at least, so that half-filled pages do not matter."""

TABLES = f"""
DROP TABLE IF EXISTS result, vector;
{ROWS};
CREATE TABLE vector (run integer PRIMARY KEY, outcomes bytea NOT NULL, durations bytea NOT NULL)
"""


@dataclass(frozen=True)
class Figures:
    """Of one form: bytes a result, and the median seconds to store a run and to compare two."""

    size: float
    store: float
    compare: float


def main() -> None:
    with own_schema("bench_vectors") as connection:
        print("Rows / vectors; medians. Aim: ≤ 3 bytes a result, ≥ 5 × faster to store and to compare.\n")
        print(f"{'tests':>8}  {'bytes a result':>24}  {'store a run, ms':>26}  {'compare two, ms':>26}")
        for tests in SIZES:
            print(_line(tests, *_measure(connection, tests)))


def _line(tests: int, rows: Figures, vectors: Figures) -> str:
    def beside(plain: float, ours: float, digits: int) -> str:
        return f"{plain:8.{digits}f} / {ours:5.{digits}f} {plain / ours:6.1f} ×"

    return "  ".join(
        (
            f"{tests:>8,}",
            beside(rows.size, vectors.size, 1),
            f"{beside(rows.store * 1e3, vectors.store * 1e3, 2):>26}",
            f"{beside(rows.compare * 1e3, vectors.compare * 1e3, 2):>26}",
        )
    )


def _measure(connection: psycopg.Connection, tests: int) -> tuple[Figures, Figures]:
    connection.execute(TABLES)
    runs = max(REPEATS, RESULTS_STORED // tests)
    stored = [_store_both(connection, run, *some_run(tests, seed=run)) for run in range(runs)]
    connection.execute("VACUUM ANALYZE result, vector")
    _check_agreement(connection)
    return (
        Figures(
            _bytes(connection, "result") / (runs * tests),
            median(rows for rows, _ in stored),
            median_seconds(lambda: connection.execute(FULL_JOIN).fetchall()),
        ),
        Figures(
            _bytes(connection, "vector") / (runs * tests),
            median(vectors for _, vectors in stored),
            median_seconds(lambda: _compare_vectors(connection)),
        ),
    )


def _store_both(
    connection: psycopg.Connection, run: int, outcomes: OutcomeVector, durations: DurationVector
) -> tuple[float, float]:
    """Seconds to store one run as rows and as vectors."""
    text = as_text(run, outcomes, durations)

    def as_rows() -> None:
        with connection.cursor() as cursor, cursor.copy("COPY result FROM STDIN") as copy:
            copy.write(text)

    def as_vectors() -> None:
        packed = (run, pack_outcomes(outcomes), pack_durations(durations))
        connection.execute("INSERT INTO vector VALUES (%s, %s, %s)", packed)

    return seconds(as_rows), seconds(as_vectors)


def _compare_vectors(connection: psycopg.Connection) -> Delta:
    found = connection.execute("SELECT run, outcomes FROM vector WHERE run IN (0, 1) ORDER BY run")
    base, head = (RunFacts(run, RunState.FINISHED, "", unpack_outcomes(data)) for run, data in found)
    return compare(base, head)


def _check_agreement(connection: psycopg.Connection) -> None:
    """Both forms must give one matrix, else the figures mean nothing."""
    matrix = _compare_vectors(connection).matrix
    counted = {(base, head): count for base, head, count in connection.execute(FULL_JOIN)}
    cells = {(int(base), int(head)): int(matrix[base, head]) for base, head in np.argwhere(matrix)}
    if counted != cells:
        raise AssertionError(f"rows and vectors disagree: {counted} and {cells}")


def _bytes(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute("SELECT pg_total_relation_size(%s::regclass)", (table,)).fetchone()
    assert row is not None
    return int(row[0])
