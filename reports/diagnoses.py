"""A diagnosis as the pure modules eat it.

steps ── their runs' vectors and errors ──> a Try of each test
    at the head, at the base, in an order ──> stability.Evidence, one a test
    at the branch's commits               ──> bisection.Search
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q

from reports import ordering
from reports.bisection import Search, Unstartable
from reports.facts import NO_RESULT, Try
from reports.models import Comparison, Diagnosis, DiagnosisStep
from reports.ordering import Attempt, Breakers
from reports.queries import NEWLY_BROKEN
from reports.stability import ENOUGH, Evidence, Side
from reports.statuses import StepPart
from tracks import queries
from tracks.models import Run, Sprint
from tracks.statuses import RunKind, RunState
from tracks.vectors import OUTCOMES, Numbers, pad

ORDER_RUNS = 20
"""How many runs the order of one test may take."""
CHECKOUTS = 30
"""How many commits may be checked out in one search."""
_CARRIED_OUT = frozenset({RunState.FINISHED, RunState.INCOMPLETE})


def latest_of(base: Run, head: Run) -> dict[str, Diagnosis]:
    """The latest diagnosis of each kind of what ``head`` broke against ``base``."""
    found = Diagnosis.objects.filter(base=base, head=head).order_by("kind", "-id").distinct("kind")
    return {diagnosis.kind: diagnosis for diagnosis in found}


def newly_broken_by_latest(sprint: Sprint | None, *, since: datetime) -> list[Comparison]:
    """The comparisons with their baselines, made since then, of the latest runs of tracks that broke
    something, where the project wants that diagnosed; of one sprint or of all."""
    wanted = Q(head__project__runs_again=True) | Q(head__project__finds_commits=True)
    later = Run.objects.filter(
        track=OuterRef("head__track"), kind=RunKind.TRACK, iteration__gt=OuterRef("head__iteration")
    )
    found = Comparison.objects.filter(
        wanted,
        ~Exists(later),
        base=F("head__sprint__baseline"),
        head__kind=RunKind.TRACK,
        created_at__gte=since,
    )
    found = found.filter(head__sprint=sprint) if sprint else found
    rows = found.select_related("base", "head__project", "head__sprint", "head__track")
    return [row for row in rows if any(row.figures.get(name) for name in NEWLY_BROKEN)]


def steps_of(diagnosis: Diagnosis) -> list[DiagnosisStep]:
    """Its steps with their runs, in the order in which they were started; ``size`` of each is the number of
    its tests, which are not read."""
    steps = diagnosis.steps.select_related("run").annotate(
        size=Func(F("tests"), function="jsonb_array_length", output_field=IntegerField())
    )
    return list(steps.order_by("pk").defer("tests", *(f"run__{blob}" for blob in queries.BLOBS)))


@dataclass(frozen=True)
class Answer:
    """What one run of a diagnosis showed; ``unable`` says why it could not be carried out, if so."""

    step: DiagnosisStep
    tries: Mapping[int, Try]
    unable: str

    def of(self, test: int) -> Try:
        return self.tries.get(test, NO_RESULT)


def tries_of(run: Run, tests: Iterable[int]) -> dict[int, Try]:
    """What each of the tests, given by number, did in the run."""
    wanted = list(tests)
    outcomes, errors = queries.outcome_vector(run), queries.signatures_of(run)
    outcomes = pad(outcomes, max([outcomes.size, *(test + 1 for test in wanted)]))
    return {test: Try(OUTCOMES[outcomes[test]], errors.get(test, "")) for test in wanted}


def answers_of(diagnosis: Diagnosis) -> list[Answer]:
    """What the runs that have ended showed, in the order in which they were started."""
    steps = diagnosis.steps.filter(run__ended_at__isnull=False).select_related("run")
    return [_answer(step) for step in steps.defer("run__spec")]


def _answer(step: DiagnosisStep) -> Answer:
    run = step.run
    asked = [*step.tests, step.subject] if step.subject else step.tests
    unable = "" if run.state in _CARRIED_OUT else (run.reason or run.state).rstrip(".")
    return Answer(step, tries_of(run, asked), unable)


def evidence_of(diagnosis: Diagnosis) -> list[Evidence]:
    """All that is known of each test whose stability is looked at."""
    answers, tests, orders = answers_of(diagnosis), diagnosis.tests, orders_of(diagnosis.head)
    before, now = tries_of(diagnosis.base, tests), tries_of(diagnosis.head, tests)
    return [
        Evidence(
            test=test,
            full_run=now[test],
            baseline=before[test],
            head=_side(answers, StepPart.HEAD, test),
            base=_side(answers, StepPart.BASE, test),
            order=_order(orders, answers, test),
            order_unknown=orders.unknown or _why_order_was_not_repeated(answers, test),
        )
        for test in tests
    ]


@dataclass(frozen=True)
class Orders:
    """In which order the tests of a run ended, one array a process; ``unknown`` says why it is not known."""

    processes: list[Numbers]
    unknown: str

    def before(self, test: int) -> tuple[int, ...]:
        """The tests that ended before it in its process, in their order."""
        for order in self.processes:
            place = np.flatnonzero(order == test)
            if place.size:
                return tuple(order[: place[0]].tolist())
        return ()


def orders_of(run: Run) -> Orders:
    if queries.was_spread(run):
        return Orders([], "in which order is not known, as its tests ran in several processes")
    found = queries.orders_of(run)
    return Orders(found, "" if found else "in which order was not noted")


def _side(answers: Sequence[Answer], part: StepPart, test: int) -> Side:
    """What a run has shown before it failed counts; its failure does where there is too little else."""
    asked = [answer for answer in answers if answer.step.part == part and test in answer.step.tests]
    side = Side(tuple(answer.of(test) for answer in asked))
    if not side.is_spent or side.results >= ENOUGH:
        return side
    return replace(side, unable=next((answer.unable for answer in asked if answer.unable), ""))


def order_step(orders: Orders, answers: Sequence[Answer], test: int) -> Attempt | Breakers:
    """What is to be run before the test next, to find out which tests break it."""
    found = {
        tuple(answer.step.tests): answer.of(test).is_broken
        for answer in answers
        if answer.step.subject == test and answer.of(test).told
    }
    return ordering.next_step(ordering.Search(orders.before(test), ORDER_RUNS, found))


def _order(orders: Orders, answers: Sequence[Answer], test: int) -> Breakers | None:
    """How the search for the order ended, if it was begun and has, or if no test ran before it."""
    if orders.before(test) and not any(answer.step.subject == test for answer in answers):
        return None
    step = order_step(orders, answers, test)
    return step if isinstance(step, Breakers) else None


def _why_order_was_not_repeated(answers: Sequence[Answer], test: int) -> str:
    """Why a run that was to repeat the order says nothing; empty where none was, or all did."""
    for answer in answers:
        if answer.step.subject == test and not answer.of(test).told:
            why = answer.unable or "it gave no result"
            return f"run {answer.step.run_id}, which was to repeat the order, says nothing ({why})"
    return ""


def search_of(diagnosis: Diagnosis) -> Search:
    """The search for the commits that broke the tests, as far as it has come."""
    places = {sha: place for place, sha in enumerate(diagnosis.commits)}
    errors = queries.signatures_of(diagnosis.head)
    return Search(
        commits=tuple(diagnosis.commits),
        expected={test: errors.get(test, "") for test in diagnosis.tests},
        budget=CHECKOUTS,
        answers={
            places[answer.step.run.sha]: Unstartable(answer.unable) if answer.unable else answer.tries
            for answer in answers_of(diagnosis)
        },
    )
