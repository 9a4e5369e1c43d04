"""What the tests are called that a report names, and what they said; of just these, in a query each."""

from collections.abc import Collection, Iterable, Mapping

from django.db import connection

from reports.summary.facts import LISTED
from tracks.models import Project

Said = Mapping[tuple[int, int], str]
"""By run and test number."""
MESSAGE = 300
"""Characters."""

# The pairs as two arrays: a run each and a number each would give every number of every run.
_MESSAGES = """
    SELECT wanted.run, wanted.number, left(coalesce(failure.message, skip.reason), %(limit)s)
      FROM unnest(%(runs)s::bigint[], %(numbers)s::int[]) AS wanted(run, number)
      JOIN tracks_testcase test ON test.project_id = %(project)s AND test.number = wanted.number
      LEFT JOIN tracks_failure failure ON failure.run_id = wanted.run AND failure.test_id = test.id
      LEFT JOIN tracks_skip skip ON skip.run_id = wanted.run AND skip.test_id = test.id
     WHERE failure.id IS NOT NULL OR skip.id IS NOT NULL
"""


def messages_of(project: Project, pairs: Collection[tuple[int, int]]) -> Said:
    """What each test said in that run: the message of a broken one, the reason of a skipped one."""
    runs, numbers = [run for run, _ in pairs], [number for _, number in pairs]
    with connection.cursor() as cursor:
        cursor.execute(_MESSAGES, {"project": project.pk, "runs": runs, "numbers": numbers, "limit": MESSAGE})
        return {(run, number): said for run, number, said in cursor.fetchall()}


def first_named(numbers: Iterable[int], names: Mapping[int, str]) -> tuple[str, ...]:
    """The node ids of the first LISTED of the tests."""
    return tuple(names[number] for number in list(numbers)[:LISTED] if number in names)
