"""Every number of a report is what the database says when it is asked for that number alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.document import Asked
from reports.readiness import readiness_of
from reports.summarising import summary_of
from reports.summary_queries import answers
from reports.summary_queries.answers import OF_FACTS, OF_TODAY, answer
from tests import factories
from tests.factories import NOON
from tests.reports import summarised
from tracks import doorbell
from tracks.finding_statuses import FindingKind, Severity
from tracks.models import Sprint
from tracks.statuses import Outcome

pytestmark = pytest.mark.django_db

OUTCOMES = sorted(set(Outcome) - {Outcome.ABSENT})
NAMES = [f"tests/test_it.py::test_{letter}" for letter in "abcde"]


@pytest.fixture(autouse=True)
def _gates_are_derived_once(monkeypatch):
    """Nothing happens to a sprint between two questions, and many of these need its gates."""
    monkeypatch.setattr(answers, "readiness_of", cache(readiness_of))


@pytest.fixture(autouse=True)
def _nobody_rings(monkeypatch):
    monkeypatch.setattr(doorbell, "ring", lambda *_, **__: None)
    monkeypatch.setattr(doorbell, "tell_of_heads", lambda _: None)


def wrong_figures(sprint: Sprint) -> dict[str, tuple[float, float]]:
    """What the report says and what the database answers, of each figure of which they differ."""
    figures = summarised.figures_of(summary_of(sprint, now=NOON))
    answered = {each: answer(each, now=NOON) for each in {figure.query for figure in figures.values()}}
    return {
        name: (figure.value, answered[figure.query])
        for name, figure in figures.items()
        if figure.value != answered[figure.query]
    }


def test_every_question_has_an_answer():
    assert sorted([*OF_FACTS, *OF_TODAY]) == sorted(Asked)


def test_every_figure_of_a_sprint_with_everything_is_what_its_query_answers():
    sprint = summarised.create_sprint_with_everything()
    assert wrong_figures(sprint) == {}
    figures = summarised.figures_of(summary_of(sprint, now=NOON)).values()
    assert {figure.query.asked for figure in figures} == set(Asked)


RESULTS = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(OUTCOMES), min_size=1)
FINDING = st.tuples(
    st.sampled_from(sorted(set(FindingKind) - {FindingKind.QUESTION})),
    st.sampled_from(sorted(Severity)),
    st.none() | st.integers(0, 40),
)
TRACK = st.tuples(st.lists(RESULTS, max_size=2), st.lists(FINDING, max_size=2))


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(baseline=st.none() | RESULTS, tracks=st.lists(TRACK, min_size=1, max_size=2))
def test_every_figure_of_any_sprint_is_what_its_query_answers(baseline, tracks):
    with undone():
        sprint = factories.create_sprint(min_passed=3)
        if baseline:
            factories.create_baseline(sprint=sprint, results=baseline)
        for key, (iterations, findings) in zip("AB", tracks, strict=False):
            track = factories.create_track(sprint=sprint, key=key)
            for results in iterations:
                if baseline:
                    summarised.test(track, results)
                else:
                    factories.create_run(track=track, results=results)
            for kind, severity, hours in findings:
                factories.create_finding(track=track, kind=kind, severity=severity, effort_hours=hours)
        sprint.refresh_from_db()
        assert wrong_figures(sprint) == {}


@contextmanager
def undone() -> Iterator[None]:
    """What is written in it is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
