"""The pages of tests: finding one, and one test's history across runs."""

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

PAGE = 100
RUNS = 60
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
    entries = history.entries(runs, number, queries.errors_of_test(found, runs))
    present = [entry for entry in entries if entry.outcome is not Outcome.ABSENT]
    context = {
        "test": found,
        "lines": history.lines(entries) if present else [],
        "entries": present,
        "runs_looked_at": len(runs),
        "section": "tests",
    }
    return render(request, "tracks/test.html", context)


def outcome_in(vector: OutcomeVector, number: int) -> Outcome:
    """The outcome of the test of that number; a vector ends with the last test that its run has."""
    return OUTCOMES[vector[number]] if number < vector.size else Outcome.ABSENT
