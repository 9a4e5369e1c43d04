"""One failing test of one run: why it broke, and where to go from there."""

import numpy as np
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from tracks import queries, reproduce
from tracks.models import Run, TestCase
from tracks.permissions import Permission
from tracks.statuses import BROKEN_OUTCOMES, Outcome
from tracks.vectors import OUTCOMES, OutcomeVector, decode_seconds, numbers_with, pad
from tracks.web import texts
from tracks.web.access import ProjectRequest, in_project
from tracks.web.runs import find_run

OTHERS = 12
"""How many other tests with the same error are named."""


@in_project(Permission.READ)
def failure(request: ProjectRequest, run: int, number: int) -> HttpResponse:
    found = find_run(request, run)
    test = get_object_or_404(TestCase, project=request.at.project, number=number)
    outcomes, durations = queries.vectors_of(found)
    outcome = OUTCOMES[pad(outcomes, max(outcomes.size, number + 1))[number]]
    if outcome is Outcome.ABSENT:
        raise Http404("The run has no result of that test.")
    context = {
        "run": found,
        "test": test,
        "outcome": outcome,
        "seconds": float(decode_seconds(pad(durations, max(durations.size, number + 1)))[number]),
        "command": reproduce.commands(found, reproduce.frozen(found), test.node_id),
        "section": "runs",
    }
    return render(
        request, "tracks/failure.html", context | _evidence(found, test) | _neighbours(outcomes, number)
    )


@in_project(Permission.READ)
def failure_text(request: ProjectRequest, run: int, number: int) -> HttpResponse:
    """Only the traceback, for a page that unfolds it."""
    found = find_run(request, run)
    broken = queries.failure_of(found, number)
    if broken is None:
        raise Http404("That test did not break in that run.")
    return render(
        request, "components/traceback.html", {"parts": texts.mark(broken.text.text), "embedded": True}
    )


def _evidence(run: Run, test: TestCase) -> dict[str, object]:
    broken = queries.failure_of(run, test.number)
    if broken is None:
        return {"message": queries.messages_of(run, [test.number]).get(test.number, "")}
    same = queries.tests_with_error(run, broken.signature, limit=OTHERS + 1)
    return {
        "failure": broken,
        "message": broken.message,
        "parts": texts.mark(broken.text.text),
        "others": [(number, node_id) for number, node_id in same if number != test.number][:OTHERS],
    }


def _neighbours(outcomes: OutcomeVector, number: int) -> dict[str, object]:
    """The broken tests before and after this one, and which of how many it is."""
    broken = numbers_with(outcomes, BROKEN_OUTCOMES)
    place = int(np.searchsorted(broken, number))
    here = place < broken.size and int(broken[place]) == number
    after = place + 1 if here else place
    return {
        "previous": int(broken[place - 1]) if place else None,
        "next": int(broken[after]) if after < broken.size else None,
        "place": place + 1 if here else None,
        "broken": int(broken.size),
    }
