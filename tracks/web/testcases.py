"""The pages of tests: finding one, and one test's history across runs."""

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from tracks import queries
from tracks.models import TestCase
from tracks.permissions import Permission
from tracks.statuses import Outcome
from tracks.vectors import OUTCOMES, OutcomeVector
from tracks.web import history
from tracks.web.access import ProjectRequest, in_project
from tracks.web.spells import spells

PAGE = 100
RUNS = 60
AGAIN = 60
"""How many of the latest runs of some tests only are looked at."""
COLUMNS = 6
"""How many of the latest runs a found test shows its outcome in."""


@in_project(Permission.READ)
def tests(request: ProjectRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:500]
    page = Paginator(queries.find_tests(request.at.project, text), PAGE).get_page(request.GET.get("page"))
    runs = list(reversed(queries.runs_with_results(request.at.project, limit=COLUMNS)))
    vectors = [(run, queries.outcome_vector(run)) for run in runs]
    rows = [(test, [(run, outcome_in(vector, test.number)) for run, vector in vectors]) for test in page]
    context = {"q": text, "page": page, "runs": runs, "rows": rows, "section": "tests"}
    return render(request, "tracks/tests.html", context)


@in_project(Permission.READ)
def test(request: ProjectRequest, number: int) -> HttpResponse:
    found = get_object_or_404(TestCase, project=request.at.project, number=number)
    runs = queries.runs_with_results(request.at.project, limit=RUNS)
    again = queries.runs_again(request.at.project, limit=AGAIN)
    failures = queries.errors_of_test(found, [*runs, *again])
    entries = history.entries(runs, number, failures)
    present = _present(entries)
    lines = history.lines(entries) if present else []
    context = {
        "test": found,
        "lines": lines,
        "spells": spells(lines),
        "entries": present,
        "longest": max((entry.seconds for entry in present), default=0.0),
        "again": _present(history.entries(again, number, failures)),
        "runs_looked_at": len(runs),
        "section": "tests",
    }
    return render(request, "tracks/test.html", context)


def _present(entries: Sequence[history.Entry]) -> list[history.Entry]:
    return [entry for entry in entries if entry.outcome is not Outcome.ABSENT]


def outcome_in(vector: OutcomeVector, number: int) -> Outcome:
    """The outcome of the test of that number; a vector ends with the last test that its run has."""
    return OUTCOMES[vector[number]] if number < vector.size else Outcome.ABSENT
