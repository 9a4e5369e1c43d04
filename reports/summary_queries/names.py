"""What the tests are called that a report names, and what they said; of just these, in a query each."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from reports.summary.facts import LISTED, ErrorTold
from tracks.models import Project

MESSAGE = 300
"""Characters, of an error's title, too."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a test said in a run: why it is broken, and by which error, or why it was skipped."""

    message: str
    error: ErrorTold | None


Said = Mapping[tuple[int, int], Word]
"""By run and test number."""

# The pairs as two arrays: a run each and a number each would give every number of every run.
_MESSAGES = """
    SELECT wanted.run, wanted.number, left(coalesce(failure.message, skip.reason), %(limit)s),
           signature.digest, left(signature.title, %(limit)s)
      FROM unnest(%(runs)s::bigint[], %(numbers)s::int[]) AS wanted(run, number)
      JOIN tracks_testcase test ON test.project_id = %(project)s AND test.number = wanted.number
      LEFT JOIN tracks_failure failure ON failure.run_id = wanted.run AND failure.test_id = test.id
      LEFT JOIN tracks_failuresignature signature ON signature.id = failure.signature_id
      LEFT JOIN tracks_skip skip ON skip.run_id = wanted.run AND skip.test_id = test.id
     WHERE failure.id IS NOT NULL OR skip.id IS NOT NULL
"""


def said_in(project: Project, pairs: Collection[tuple[int, int]]) -> Said:
    """What each test said in that run."""
    runs, numbers = [run for run, _ in pairs], [number for _, number in pairs]
    with connection.cursor() as cursor:
        cursor.execute(_MESSAGES, {"project": project.pk, "runs": runs, "numbers": numbers, "limit": MESSAGE})
        return {
            (run, number): Word(message, ErrorTold(digest, title) if digest else None)
            for run, number, message, digest, title in cursor.fetchall()
        }


def first_named(numbers: Iterable[int], names: Mapping[int, str]) -> tuple[str, ...]:
    """The node ids of the first LISTED of the tests."""
    return tuple(names[number] for number in list(numbers)[:LISTED] if number in names)
