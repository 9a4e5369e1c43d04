"""Running tests on other code than their own: the branch's new ones on the baseline's, and vice versa.

start ──> git tells which files hold tests ──> a run with these laid over the other commit ──> what each shows
   └── this machine has no copy of the repository: a worker that has one begins it

Both run as the branch's own runs do, whichever commit is checked out: what lies over the baseline's code is
the branch's, and is given no secrets of protected branches.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from reports import proving
from reports.actions.comparisons import kept_comparison
from reports.models import RedFirst
from reports.repository import ChangedTests, read_changed_tests
from reports.statuses import Progress, RedFirstKind
from tracks import actions
from tracks import queries as facts
from tracks.actions.audit import audit
from tracks.apart import each_apart
from tracks.errors import InvalidInput, QAError
from tracks.execution.spec import Overlay
from tracks.models import Run, Sprint, User
from tracks.repositories import NotMirrored
from tracks.statuses import RunKind

DUE_WITHIN = timedelta(days=1)
"""What no worker could begin within so long is given up."""
FAILED = "tests could not be run on other code"
NOTHING = {
    RedFirstKind.NEW_TESTS: "The branch has no new tests.",
    RedFirstKind.OLD_TESTS: "The branch changed no file of the baseline's tests.",
}


def start_red_first(kind: RedFirstKind, head: Run, *, by: User | None, now: datetime) -> RedFirst:
    """Begin to run those tests of a track's run and its baseline; the one that goes on already, if so.

    Raises InvalidInput where the two cannot be compared.
    """
    base = head.sprint.baseline if head.sprint else None
    if head.kind != RunKind.TRACK or base is None or base.is_active or head.is_active:
        raise InvalidInput(
            "This takes a track's run and a baseline that have both ended.",
            remedy="Wait for their ends, or test the baseline first.",
        )
    with transaction.atomic():
        begun = {"started_by": by, "started_at": now}
        found, is_new = RedFirst.objects.select_for_update(of=("self",)).get_or_create(
            kind=kind, base=base, head=head, defaults=begun
        )
        if not is_new and found.is_going:
            return found
        found.started_by, found.started_at, found.ended_at = by, now, None
        found.state, found.run, found.tests, found.verdicts, found.note = Progress.GOING, None, [], {}, ""
        found.save()
        told = {"kind": kind, "base": base.pk, "head": head.pk}
        audit("red_first.started", found, actor=by, project=head.project, after=told)
    advance_red_first(found.pk, now=now)
    found.refresh_from_db()
    return found


def prove_tests_due(sprint: Sprint | None = None, *, now: datetime) -> None:
    """Begin both for the latest runs of tracks of projects that want it without anybody's asking."""
    wanted = proving.wanted(sprint, since=now - DUE_WITHIN)
    steps = (partial(start_red_first, kind, head, by=None, now=now) for kind, head in wanted)
    each_apart(steps, failed=FAILED)


def advance_red_first_due(*, now: datetime) -> None:
    """Begin what no machine with a copy of the repository has begun, and say what ended runs showed."""
    steps = (partial(advance_red_first, key, now=now) for key in proving.to_advance())
    each_apart(steps, failed=FAILED)


def advance_red_first(key: int, *, now: datetime) -> None:
    """Begin its run if it has none, else say what it showed if it has ended."""
    found = RedFirst.objects.select_related("base__project", "head__project", "run__project").get(pk=key)
    if not found.is_going:
        return
    if found.run_id is None:
        _begin(found, now=now)
    else:
        _conclude(found, now=now)


def _begin(found: RedFirst, *, now: datetime) -> None:
    try:
        changed = read_changed_tests(found.base, found.head, proving.some_node_ids(found.head))
        names = facts.all_node_ids(found.head.project)
        tests = proving.tests_of(found, kept_comparison(found.base, found.head), changed, names)
        if not tests:
            _give_up(found, NOTHING[RedFirstKind(found.kind)], now=now)
            return
        with transaction.atomic():
            locked = _lock(found)
            if locked.is_going and locked.run_id is None:
                locked.tests = tests
                locked.run = _start(locked, changed, [names[test] for test in tests], now=now)
                locked.save()
    except NotMirrored as problem:
        if now - found.started_at > DUE_WITHIN:
            _give_up(found, f"No worker could begin it: {problem.message}.", now=now)
    except QAError as problem:
        _give_up(found, f"{problem.message} {problem.remedy}".strip(), now=now)


def _give_up(found: RedFirst, why: str, *, now: datetime) -> None:
    """End it without a run, unless another worker has begun it meanwhile."""
    waiting = RedFirst.objects.filter(pk=found.pk, state=Progress.GOING, run=None)
    waiting.update(note=why, state=Progress.DONE, ended_at=now)


def _start(found: RedFirst, changed: ChangedTests, tests: Sequence[str], *, now: datetime) -> Run:
    is_new = found.kind == RedFirstKind.NEW_TESTS
    code, tests_from = (found.base, found.head) if is_new else (found.head, found.base)
    return actions.start_again(
        found.head,
        kind=RunKind.SELECTION,
        sha=code.sha,
        tests=tests,
        fresh=False,
        by=found.started_by,
        now=now,
        overlay=Overlay(tests_from.sha, changed.paths),
    )


def _conclude(found: RedFirst, *, now: datetime) -> None:
    run = found.run
    if run is None or run.is_active:
        return
    with transaction.atomic():
        locked = _lock(found)
        if locked.is_going and locked.run_id == run.pk:
            locked.note = proving.why_not_carried_out(run)
            locked.verdicts = {} if locked.note else proving.verdicts_of(locked, run)
            locked.state, locked.ended_at = Progress.DONE, now
            locked.save()


def _lock(found: RedFirst) -> RedFirst:
    rows = RedFirst.objects.select_for_update(of=("self",)).select_related("base__project", "head__project")
    return rows.get(pk=found.pk)
