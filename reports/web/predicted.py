"""The tests that came out other than their tracks alone predict, a page at a time.

baseline ●   A ▲   C ●   predicted ▲   together ■        ?held=worse | better | contested

Only the tracks that change a test are shown at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from reports import integration_queries
from reports.integration_queries import Results
from reports.models import Integration
from reports.predictions import Held, Prediction, predict
from reports.web.integrating import find_integration
from tracks import queries
from tracks.permissions import Permission
from tracks.statuses import Outcome
from tracks.vectors import OUTCOMES, OutcomeVector
from tracks.web.access import ProjectRequest, in_project

PAGE = 100
SHOWN = {
    "worse": (Held.WORSE, "worse than predicted", "bad"),
    "better": (Held.BETTER, "better than predicted", "good"),
    "contested": (Held.CONTESTED, "contested", "warn"),
}
"""By their word in the address: what came of the prediction, in words, and their tone."""


@dataclass(frozen=True, slots=True)
class Row:
    """A test; ``alone`` are its outcomes on the tracks that change it."""

    number: int
    node_id: str
    before: Outcome
    alone: Sequence[tuple[str, Outcome]]
    expected: Outcome
    together: Outcome


@dataclass(frozen=True, slots=True)
class Chip:
    value: str
    label: str
    tone: str
    count: int


@in_project(Permission.READ)
def predicted(request: ProjectRequest, integration: int) -> HttpResponse:
    found, wanted = find_integration(request, integration), request.GET.get("held", "worse")
    if wanted not in SHOWN:
        raise Http404
    results = integration_queries.results_of(found)
    context = {"integration": found, "sprint": found.sprint, "wanted": wanted, "section": "sprints"}
    if results:
        prediction = predict(results.baseline, results.alone, results.merged)
        numbers = np.flatnonzero(prediction.held == SHOWN[wanted][0])
        page = Paginator(numbers.tolist(), PAGE).get_page(request.GET.get("page"))
        rows = _rows(found, list(page), results, prediction)
        context |= {"chips": _chips(prediction), "page": page, "rows": rows}
    return render(request, "reports/predicted.html", context)


def _chips(prediction: Prediction) -> list[Chip]:
    counted = np.bincount(prediction.held, minlength=len(Held)).tolist()
    return [Chip(value, label, tone, counted[held]) for value, (held, label, tone) in SHOWN.items()]


def _rows(found: Integration, here: Sequence[int], results: Results, prediction: Prediction) -> list[Row]:
    names = queries.node_ids(found.sprint.project, here)
    return [
        Row(
            test,
            names[test],
            _at(results.baseline, test),
            [
                (key, _at(vector, test))
                for key, vector in results.alone.items()
                if _at(vector, test) is not _at(results.baseline, test)
            ],
            _at(prediction.predicted, test),
            _at(results.merged, test),
        )
        for test in here
    ]


def _at(vector: OutcomeVector, test: int) -> Outcome:
    return OUTCOMES[vector[test]] if test < vector.size else Outcome.ABSENT
