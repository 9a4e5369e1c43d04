"""Made-up results of runs, and the plain table that other forms are measured by; pure but for its clock.

seed ──> outcomes  mostly passing, a twentieth changed from run to run
         durations around 10 ms, alike in a module
"""

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from tracks.vectors import CODES, DurationVector, OutcomeVector, decode_seconds, encode_seconds

SIZES = (660, 10_000, 100_000)
REPEATS = 15
MODULE = 20
"""Tests whose durations are alike."""

ROWS = """
CREATE TABLE result (
    run integer, test integer, outcome smallint NOT NULL, seconds real NOT NULL, PRIMARY KEY (run, test)
)
"""
FULL_JOIN = """
SELECT coalesce(base.outcome, 0), coalesce(head.outcome, 0), count(*)
  FROM (SELECT test, outcome FROM result WHERE run = 0) base
  FULL JOIN (SELECT test, outcome FROM result WHERE run = 1) head USING (test)
 GROUP BY 1, 2
"""


def some_run(tests: int, *, seed: int) -> tuple[OutcomeVector, DurationVector]:
    """What runs of one project may have recorded; runs differ by their seed."""
    project, run = np.random.default_rng(0), np.random.default_rng(seed + 1)
    shares = [0.005, 0.93, 0.025, 0.02, 0.01, 0.005, 0.005]
    usual = project.choice(len(CODES), p=shares, size=tests)
    other = run.choice(len(CODES), p=shares, size=tests)
    outcomes = np.where(run.random(tests) < 0.05, other, usual).astype(np.uint8)
    modules = np.repeat(project.normal(np.log(0.01), 1.0, tests // MODULE + 1), MODULE)[:tests]
    usual_log = modules + project.normal(0.0, 1.2, tests)
    seconds = np.exp(usual_log + run.normal(0.0, 0.2, tests))
    return outcomes, encode_seconds(np.where(outcomes == 0, 0.0, seconds))


def as_text(run: int, outcomes: OutcomeVector, durations: DurationVector) -> str:
    """The run's results as COPY reads them into ``result``."""
    present = np.flatnonzero(outcomes).tolist()
    columns = zip(
        present, outcomes[present].tolist(), decode_seconds(durations[present]).tolist(), strict=True
    )
    return "".join(f"{run}\t{test}\t{outcome}\t{seconds:.6f}\n" for test, outcome, seconds in columns)


def median_seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    return median(seconds(work) for _ in range(repeats))


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
