"""What it costs to make the Test Summary Report of a large sprint; imports Django.

    model    the facts and the document, with the number of queries

Medians, of a sprint of 8 tracks and 4 iterations each.
"""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.planted_sprint import plant_sprint
from bench.samples import median_seconds
from reports.summarising import summary_of
from tracks.models import Sprint

SIZES = (1_000, 10_000)


def main() -> None:
    for tests in SIZES:
        print(_line(tests, plant_sprint(tests)), flush=True)


def _line(tests: int, sprint: Sprint) -> str:
    with CaptureQueriesContext(connection) as asked:
        summary_of(sprint, now=timezone.now())
    model = median_seconds(lambda: summary_of(sprint, now=timezone.now()), repeats=5)
    return f"{tests:>8,} {model * 1e3:8.1f} {len(asked):>8}"
