"""Running newly broken tests again, step by step: what has to happen next is what the answers leave open.

start ──> advance ──> runs ──(the last of them ends)──> advance ──> …  ──> verdicts
                       └── stop: they are cancelled

A diagnosis advances under its row's lock, when no run of it goes on. Whoever dies in between leaves
nothing but a diagnosis that can advance, and ``advance_due`` sees to that.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, zip_longest

from django.db import IntegrityError, transaction
from django.db.models import Q

from reports import diagnoses, queries
from reports.bisection import Checkout
from reports.bisection import next_step as next_checkout
from reports.first_parents import first_parents
from reports.models import Comparison, Diagnosis, DiagnosisStep
from reports.ordering import Attempt
from reports.stability import judge, next_round
from reports.statuses import DiagnosisKind, DiagnosisState, StepPart
from tracks import actions
from tracks import queries as facts
from tracks.actions.audit import audit
from tracks.apart import each_apart
from tracks.errors import InvalidInput
from tracks.execution.git import MAX_COMMITS
from tracks.models import Run, Sprint, User
from tracks.models.run import ACTIVE
from tracks.statuses import PART_KINDS, RunKind, RunState

MOST_TESTS = {DiagnosisKind.STABILITY: 100, DiagnosisKind.CULPRIT: 500}
"""Of more newly broken tests some of each error are looked at."""
DUE_WITHIN = timedelta(days=1)
"""What nobody came to diagnose within so long after it was compared is left alone."""
MOST_ORDERS = 5
"""Of so many tests at once the order is searched."""
NOT_SEARCHED = f"the order is searched of {MOST_ORDERS} tests at once, and it is not among them"


@dataclass(frozen=True)
class _Next:
    """A run that is to be started: ``like`` that run, at ``sha``."""

    part: StepPart
    like: Run
    sha: str
    tests: Sequence[int]
    subject: int | None = None


def start_diagnosis(
    kind: DiagnosisKind, comparison: Comparison, *, by: User | None, now: datetime
) -> Diagnosis:
    """Begin to run again what the head newly broke against the base; the one that goes on already, if so.

    Raises InvalidInput where there is nothing to run again, or no commit to search.
    """
    base, head = comparison.base, comparison.head
    if head.kind in PART_KINDS or base.kind in PART_KINDS:
        raise InvalidInput(
            "These are runs of some tests only.", remedy="Diagnose the run of the whole branch."
        )
    broken = queries.newly_broken(comparison)
    if not broken:
        raise InvalidInput("No test is newly broken here: there is nothing to run again.")
    tests = _some_of_each(broken, facts.signatures_of(head), MOST_TESTS[kind])
    diagnosis = Diagnosis(
        kind=kind,
        base=base,
        head=head,
        tests=tests,
        left_out=len(broken) - len(tests),
        commits=_commits(head) if kind is DiagnosisKind.CULPRIT else [],
        started_by=by,
        started_at=now,
    )
    try:
        with transaction.atomic():
            diagnosis.save()
            told = {"kind": kind, "base": base.pk, "head": head.pk, "tests": len(tests)}
            audit("diagnosis.started", diagnosis, actor=by, project=head.project, after=told)
            _take_step(diagnosis, now=now)
    except IntegrityError:
        going = Diagnosis.objects.filter(kind=kind, base=base, head=head, state=DiagnosisState.GOING).first()
        if going is None:
            raise
        return going
    return diagnosis


def stop_diagnosis(diagnosis: Diagnosis, *, by: User, now: datetime) -> None:
    """End it without verdicts: its runs are cancelled. One that has ended stays as it is."""
    with transaction.atomic():
        locked = Diagnosis.objects.select_for_update().get(pk=diagnosis.pk)
        if not locked.is_going:
            return
        _end(locked, DiagnosisState.STOPPED, now=now, note=f"Stopped by {by}.")
        audit("diagnosis.stopped", locked, actor=by, project=locked.head.project)
    for run in Run.objects.filter(step__diagnosis=diagnosis, state__in=ACTIVE).select_related("project"):
        with suppress(InvalidInput):  # it has just ended
            actions.cancel(run, by=by, now=now)


def advance(diagnosis_id: int, *, now: datetime) -> None:
    """Take the next step of a diagnosis, if its runs have all ended."""
    _sign_alike(diagnosis_id)
    with transaction.atomic():
        diagnosis = Diagnosis.objects.select_for_update().get(pk=diagnosis_id)
        runs = Run.objects.filter(step__diagnosis=diagnosis)
        if not diagnosis.is_going or runs.filter(state__in=ACTIVE).exists():
            return
        if cancelled := runs.filter(state=RunState.CANCELLED).first():
            _end(diagnosis, DiagnosisState.STOPPED, now=now, note=f"Run {cancelled.pk} of it was cancelled.")
        else:
            _take_step(diagnosis, now=now)


def advance_due(*, now: datetime) -> None:
    """Take the step that whoever ended the last run of a diagnosis did not come to."""
    going = Diagnosis.objects.filter(state=DiagnosisState.GOING).exclude(steps__run__state__in=ACTIVE)
    steps = (partial(advance, key, now=now) for key in going.values_list("pk", flat=True))
    each_apart(steps, failed="a diagnosis cannot go on")


def diagnose_due(sprint: Sprint | None = None, *, now: datetime) -> None:
    """Begin what projects want to have diagnosed of their tracks' latest runs without anybody's asking, of
    one sprint or of all."""
    for comparison in diagnoses.newly_broken_by_latest(sprint, since=now - DUE_WITHIN):
        project = comparison.head.project
        wanted = {
            DiagnosisKind.STABILITY: project.runs_again,
            DiagnosisKind.CULPRIT: project.finds_commits,
        }
        known = diagnoses.latest_of(comparison.base, comparison.head)
        for kind in (kind for kind, is_wanted in wanted.items() if is_wanted and kind not in known):
            with suppress(InvalidInput):  # no commit can be searched
                start_diagnosis(kind, comparison, by=None, now=now)


def _some_of_each(tests: Sequence[int], errors: Mapping[int, str], most: int) -> list[int]:
    """At most so many of the tests, ascending: the first of each error, then the second ones, …"""
    by_error: dict[str, list[int]] = {}
    for test in tests:
        by_error.setdefault(errors.get(test, ""), []).append(test)
    in_turn = chain.from_iterable(zip_longest(*by_error.values()))
    return sorted([test for test in in_turn if test is not None][:most])


def _commits(head: Run) -> list[str]:
    if not head.merge_base or not head.commits:
        raise InvalidInput(
            f"Of run {head.pk} no commit is known that the base branch has not: there is nothing to search.",
            remedy="Test the branch again: a run notes its commits when it begins.",
        )
    if len(head.commits) >= MAX_COMMITS:
        raise InvalidInput(
            f"The branch has {MAX_COMMITS} commits or more beyond the base branch: too many to search.",
            remedy="Merge the base branch into it, or search with git bisect.",
        )
    return list(first_parents(head.commits, head=head.sha, merge_base=head.merge_base))


def _sign_alike(diagnosis_id: int) -> None:
    """The project's masks may have changed since a run: errors are told apart by one scheme only."""
    concerned = (
        Q(step__diagnosis=diagnosis_id) | Q(diagnoses=diagnosis_id) | Q(base_of_diagnoses=diagnosis_id)
    )
    runs = Run.objects.filter(concerned).select_related("project").defer(*facts.BLOBS)
    actions.resign(*runs.distinct())


def _take_step(diagnosis: Diagnosis, *, now: datetime) -> None:
    step = _next_try if diagnosis.kind == DiagnosisKind.STABILITY else _next_commit
    following = step(diagnosis)
    for each in following:
        _start(diagnosis, each, now=now)
    if not following:
        _end(diagnosis, DiagnosisState.DONE, now=now)


def _next_try(diagnosis: Diagnosis) -> list[_Next]:
    """The runs of the next round; none once every verdict is there, which are noted then."""
    base, head = diagnosis.base, diagnosis.head
    evidence = diagnoses.evidence_of(diagnosis)
    needed = next_round(evidence)
    found = [
        _Next(StepPart.HEAD, head, head.sha, needed.head),
        _Next(StepPart.BASE, base, base.sha, needed.base),
    ]
    following = [each for each in found if each.tests] or list(_next_orders(diagnosis, needed.order))
    if not following:
        left = set(needed.order)
        known = [
            replace(each, order_unknown=NOT_SEARCHED) if each.test in left else each for each in evidence
        ]
        diagnosis.verdicts = [asdict(judge(each)) for each in known]
    return following


def _next_orders(diagnosis: Diagnosis, suspects: Sequence[int]) -> Iterable[_Next]:
    begun = set(diagnosis.steps.filter(part=StepPart.ORDER).values_list("subject", flat=True))
    chosen = [test for test in suspects if test in begun]
    chosen += [test for test in suspects if test not in begun][: MOST_ORDERS - len(begun)]
    answers, orders = diagnoses.answers_of(diagnosis), diagnoses.orders_of(diagnosis.head)
    for test in chosen:
        step = diagnoses.order_step(orders, answers, test)
        if isinstance(step, Attempt):
            yield _Next(StepPart.ORDER, diagnosis.head, diagnosis.head.sha, step.tests, subject=test)


def _next_commit(diagnosis: Diagnosis) -> list[_Next]:
    """The run at the commit that decides most; none once every verdict is there, which are noted then."""
    step = next_checkout(diagnoses.search_of(diagnosis))
    if isinstance(step, Checkout):
        sha = diagnosis.commits[step.commit]
        return [_Next(StepPart.COMMIT, diagnosis.head, sha, step.tests)]
    diagnosis.verdicts = [asdict(verdict) for verdict in step.verdicts]
    diagnosis.cost = asdict(step.cost)
    return []


def _start(diagnosis: Diagnosis, each: _Next, *, now: datetime) -> None:
    tests = list(each.tests)
    asked = [*tests, each.subject] if each.subject else tests
    names = facts.node_ids(diagnosis.head.project, asked)
    run = actions.start_again(
        each.like,
        kind=RunKind.BISECTION if each.part is StepPart.COMMIT else RunKind.SELECTION,
        sha=each.sha,
        tests=[names[test] for test in asked],
        fresh=each.part in (StepPart.HEAD, StepPart.BASE),
        by=diagnosis.started_by,
        now=now,
    )
    DiagnosisStep.objects.create(
        diagnosis=diagnosis, run=run, part=each.part, tests=tests, subject=each.subject
    )


def _end(diagnosis: Diagnosis, state: DiagnosisState, *, now: datetime, note: str = "") -> None:
    diagnosis.state, diagnosis.ended_at, diagnosis.note = state, now, note
    diagnosis.save(update_fields=["state", "ended_at", "note", "verdicts", "cost"])
