"""What it costs to keep a run as two vectors, beside a plain table with one row a result.

              rows                                        vectors
    bytes     table and primary key, per result           table, primary key and TOAST, per result
    store     COPY of text that was made before           packing and one INSERT
    compare   full join on the test, counted by outcome   fetching, unpacking, reports.deltas.compare

Every choice favours the rows: their table has nothing that it could do without, the text that is
copied is made before the clock starts, and their comparison gives the matrix only. The signatures of
broken tests are rows in either form and are left out of both. Each store is a transaction of its own.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np
import psycopg

from bench.database import own_schema
from reports.deltas import Delta, compare
from reports.facts import RunFacts
from tracks.statuses import RunState
from tracks.vectors import (
    CODES,
    DurationVector,
    OutcomeVector,
    decode_seconds,
    encode_seconds,
    pack_durations,
    pack_outcomes,
    unpack_outcomes,
)

SIZES = (660, 10_000, 100_000)
RESULTS_STORED = 500_000
"""So many results are stored at each size at least, so that half-filled pages do not matter."""
REPEATS = 15

TABLES = """
DROP TABLE IF EXISTS result, vector;
CREATE TABLE result (
    run integer, test integer, outcome smallint NOT NULL, seconds real NOT NULL, PRIMARY KEY (run, test)
);
CREATE TABLE vector (run integer PRIMARY KEY, outcomes bytea NOT NULL, durations bytea NOT NULL)
"""
FULL_JOIN = """
SELECT coalesce(base.outcome, 0), coalesce(head.outcome, 0), count(*)
  FROM (SELECT test, outcome FROM result WHERE run = 0) base
  FULL JOIN (SELECT test, outcome FROM result WHERE run = 1) head USING (test)
 GROUP BY 1, 2
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
    stored = [_store_both(connection, run, *_some_run(tests, seed=run)) for run in range(runs)]
    connection.execute("VACUUM ANALYZE result, vector")
    _check_agreement(connection)
    return (
        Figures(
            _bytes(connection, "result") / (runs * tests),
            median(rows for rows, _ in stored),
            _median_seconds(lambda: connection.execute(FULL_JOIN).fetchall()),
        ),
        Figures(
            _bytes(connection, "vector") / (runs * tests),
            median(vectors for _, vectors in stored),
            _median_seconds(lambda: _compare_vectors(connection)),
        ),
    )


def _some_run(tests: int, *, seed: int) -> tuple[OutcomeVector, DurationVector]:
    """Mostly passing, a twentieth changed from run to run; durations around 10 ms, alike in a module."""
    project, run = np.random.default_rng(0), np.random.default_rng(seed + 1)
    shares = [0.005, 0.93, 0.025, 0.02, 0.01, 0.005, 0.005]
    usual = project.choice(len(CODES), p=shares, size=tests)
    other = run.choice(len(CODES), p=shares, size=tests)
    outcomes = np.where(run.random(tests) < 0.05, other, usual).astype(np.uint8)
    modules = np.repeat(project.normal(np.log(0.01), 1.0, tests // 20 + 1), 20)[:tests]
    usual_log = modules + project.normal(0.0, 1.2, tests)
    seconds = np.exp(usual_log + run.normal(0.0, 0.2, tests))
    return outcomes, encode_seconds(np.where(outcomes == 0, 0.0, seconds))


def _store_both(
    connection: psycopg.Connection, run: int, outcomes: OutcomeVector, durations: DurationVector
) -> tuple[float, float]:
    """Seconds to store one run as rows and as vectors."""
    present = np.flatnonzero(outcomes).tolist()
    columns = zip(
        present, outcomes[present].tolist(), decode_seconds(durations[present]).tolist(), strict=True
    )
    text = "".join(f"{run}\t{test}\t{outcome}\t{seconds:.6f}\n" for test, outcome, seconds in columns)

    def as_rows() -> None:
        with connection.cursor() as cursor, cursor.copy("COPY result FROM STDIN") as copy:
            copy.write(text)

    def as_vectors() -> None:
        packed = (run, pack_outcomes(outcomes), pack_durations(durations))
        connection.execute("INSERT INTO vector VALUES (%s, %s, %s)", packed)

    return _seconds(as_rows), _seconds(as_vectors)


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


def _median_seconds(work: Callable[[], object]) -> float:
    return median(_seconds(work) for _ in range(REPEATS))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
