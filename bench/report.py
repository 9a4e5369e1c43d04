"""What it costs to make the Test Summary Report of a large sprint in each format; imports Django.

    rows       the counts, comparisons and decisions of all its runs, by one bare query
    model      the facts and the document, with the number of queries
    md … json  each format of the document, in a process of its own: how long it takes
    MB         the most memory that the process had that set the PDF

Medians, but of the formats, of a sprint of 8 tracks and 4 iterations each.
"""

import resource
from functools import partial
from multiprocessing import get_context
from typing import Any, NamedTuple

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.planted_sprint import plant_sprint
from bench.readiness import ROWS
from bench.samples import median_seconds, seconds
from reports.rendering import Draft
from reports.rendering.files import file_of
from reports.statuses import Format
from reports.summarising import summary_of
from reports.summary import Summary
from tracks.models import Sprint

SIZES = (1_000, 10_000)
REPEATS = 5
FORMATS = (Format.MARKDOWN, Format.HTML, Format.PDF, Format.JSON)


class Made(NamedTuple):
    seconds: float
    megabytes: float


def main() -> None:
    heads = ("tests", "rows", "model", "queries", *FORMATS, "× rows", "MB")
    print(" ".join(f"{head:>8}" for head in heads), "  (ms)")
    for tests in SIZES:
        print(_line(tests, plant_sprint(tests)), flush=True)


def _line(tests: int, sprint: Sprint) -> str:
    now = timezone.now()
    with CaptureQueriesContext(connection) as asked:
        summary = summary_of(sprint, now=now)
    model = median_seconds(partial(summary_of, sprint, now=now), repeats=REPEATS)
    rows = median_seconds(partial(_read, sprint.pk))
    made = {each: _make_apart(each, summary) for each in FORMATS}
    formats = " ".join(f"{made[each].seconds * 1e3:8.1f}" for each in FORMATS)
    return (
        f"{tests:>8,} {rows * 1e3:8.1f} {model * 1e3:8.1f} {len(asked):>8} {formats} "
        f"{model / rows:6.1f} × {made[Format.PDF].megabytes:7.0f}"
    )


def _make_apart(form: Format, summary: Summary) -> Made:
    """In a child, whose own child sets the PDF: it tells what that one took at most."""
    with get_context("fork").Pool(1) as child:
        return child.apply(_make, [form, summary.content(), Draft(summary.digest)])


def _make(form: Format, content: dict[str, Any], draft: Draft) -> Made:
    took = seconds(partial(file_of, form, content, draft))
    return Made(took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)


def _read(sprint: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [sprint])
        cursor.fetchall()
