"""Writing down what a run emits, while it runs.

    Recording(claim)          holds the vectors, and what is not written yet, in memory
      .record(event, now)     takes it in; writes about every half second, renews the lease
      .finish(now)            weighs the books and ends the run
      .fail(error, now)       ends the run that could not go on

Every write is one transaction that first asserts the fence: LeaseLost is raised where the run was cancelled
or taken over, and nothing is written then. A test that is reported twice overwrites itself.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import singledispatchmethod
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from tracks import books, vectors
from tracks.actions.results import keys_of, number_tests, store_failures, store_skips
from tracks.actions.runs import Claim, announce_end, lease
from tracks.errors import LeaseLost, QAError, SubjectError
from tracks.events import (
    Collected,
    CommandEnded,
    Event,
    Heartbeat,
    Log,
    Prepared,
    SessionFinished,
    SessionStarted,
    StageStarted,
    TestFinished,
)
from tracks.models import Failure, LogChunk, Run, Skip, Sprint
from tracks.models.run import COUNTERS, HELD
from tracks.statuses import BROKEN_OUTCOMES, MUTED_OUTCOMES, Outcome, RunKind, RunState, Stage

WRITE_EVERY = timedelta(seconds=0.5)


@dataclass
class _Pending:
    """What the next write takes along."""

    changes: dict[str, Any] = field(default_factory=dict)
    results: list[TestFinished] = field(default_factory=list)
    retold: list[int] = field(default_factory=list)
    """Numbers of tests that were reported before: what was kept of them goes."""
    log: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.changes or self.results or self.log)


class Recording:
    def __init__(self, claim: Claim, *, now: datetime) -> None:
        self._run = claim.run
        self._fence = claim.fence
        self._numbers: dict[str, int] = {}
        self._outcomes = np.zeros(0, np.uint8)
        self._seconds = np.zeros(0, np.float64)
        self._pending = _Pending()
        self._session: SessionFinished | None = None
        self._tested: CommandEnded | None = None
        self._written_at = now

    def record(self, event: Event, *, now: datetime) -> None:
        """Take the event in, and write when it is time."""
        self._take(event)
        self._now_if_tests_start(event, now)
        urgent = isinstance(event, (StageStarted, Prepared))
        due = self._pending and now - self._written_at >= WRITE_EVERY
        if urgent or due or now - self._written_at >= timedelta(seconds=settings.HEARTBEAT_SECONDS):
            self._write(now)

    def add_history(self, commits: list[dict[str, str]], *, merge_base: str) -> None:
        """Note the branch's own commits, newest first, and where it left the base branch."""
        self._pending.changes |= {"commits": commits, "merge_base": merge_base}

    def finish(self, *, now: datetime) -> None:
        """End the run with what its books say."""
        balance = books.balance(
            books.Ledger(
                collected=len(self._numbers),
                outcomes=vectors.count_outcomes(self._outcomes),
                session_finished=self._session,
                exit_code=self._tested.exit_code if self._tested else None,
                stopped=self._tested.stopped if self._tested else "",
            )
        )
        self._end(state=balance.state, balanced=balance.balanced, reason=balance.reason, now=now)

    def fail(self, error: QAError, *, now: datetime) -> None:
        """End the run with an error: BROKEN where it is the branch's, FAULTED where it is ours."""
        state = RunState.BROKEN if isinstance(error, SubjectError) else RunState.FAULTED
        self._pending.changes |= {"remedy": error.remedy, "detail": error.detail}
        self._end(state=state, balanced=False, reason=error.message, now=now)

    @singledispatchmethod
    def _take(self, event: Event) -> None:
        raise TypeError(f"no run emits {event!r}")

    @_take.register
    def _(self, event: Heartbeat) -> None:
        pass

    @_take.register
    def _(self, event: StageStarted) -> None:
        self._pending.changes["stage"] = event.stage
        if event.stage == Stage.TEST:
            self._pending.changes["state"] = RunState.RUNNING

    @_take.register
    def _(self, event: Prepared) -> None:
        self._run.environment = event.environment
        self._pending.changes |= {"environment": event.environment, "tier": event.environment.get("tier", "")}

    @_take.register
    def _(self, event: Log) -> None:
        self._pending.log.append(event.text)

    @_take.register
    def _(self, event: SessionStarted) -> None:
        self._run.environment |= {"pytest": event.pytest, "python": event.python}
        self._pending.changes["environment"] = self._run.environment

    @_take.register
    def _(self, event: Collected) -> None:
        self._number(event.tests)
        self._pending.changes["collected"] = len(self._numbers)

    @_take.register
    def _(self, event: TestFinished) -> None:
        if event.test not in self._numbers:  # a module that could not be collected, or a worker's own test
            self._number((event.test,))
            self._pending.changes["collected"] = len(self._numbers)
        number = self._numbers[event.test]
        if self._outcomes[number] != vectors.CODES[Outcome.ABSENT]:
            self._pending.retold.append(number)
        self._outcomes[number] = vectors.CODES[event.outcome]
        self._seconds[number] = event.seconds
        self._pending.results.append(event)

    @_take.register
    def _(self, event: SessionFinished) -> None:
        self._session = event
        self._pending.changes["deselected"] = event.deselected

    @_take.register
    def _(self, event: CommandEnded) -> None:
        if event.stage == Stage.TEST:
            self._tested = event
            self._pending.changes |= {"exit_code": event.exit_code, "test_seconds": event.seconds}

    def _now_if_tests_start(self, event: Event, now: datetime) -> None:
        if isinstance(event, StageStarted) and event.stage == Stage.TEST:
            self._pending.changes["tests_started_at"] = now

    def _number(self, tests: tuple[str, ...]) -> None:
        self._numbers |= number_tests(
            self._run.project, [test for test in tests if test not in self._numbers]
        )
        length = max(self._numbers.values(), default=-1) + 1
        self._outcomes = vectors.pad(self._outcomes, max(length, self._outcomes.size))
        self._seconds = np.pad(self._seconds, (0, self._outcomes.size - self._seconds.size))

    def _end(self, *, state: RunState, balanced: bool, reason: str, now: datetime) -> None:
        self._pending.changes |= {
            "state": state,
            "balanced": balanced,
            "reason": reason,
            "ended_at": now,
            "lease_until": None,
        }
        with transaction.atomic():
            self._write(now)
            if state == RunState.FINISHED and self._run.kind == RunKind.BASELINE and self._run.sprint_id:
                older = Q(baseline=None) | Q(baseline__lt=self._run.pk)
                Sprint.objects.filter(older, pk=self._run.sprint_id).update(baseline=self._run)
            announce_end(self._run.pk)

    @transaction.atomic
    def _write(self, now: datetime) -> None:
        """Write what is pending under the fence; where nothing is, only renew the lease."""
        pending, self._pending = self._pending, _Pending()
        changes: dict[str, Any] = {"lease_until": lease(now)} | pending.changes
        if pending:
            changes["revision"] = F("revision") + 1
        if pending.results:
            counts = vectors.count_outcomes(self._outcomes)
            changes |= {counter: counts[outcome] for outcome, counter in COUNTERS.items()}
            changes["outcomes"] = vectors.pack_outcomes(self._outcomes)
            changes["durations"] = vectors.pack_durations(vectors.encode_seconds(self._seconds))
        if not Run.objects.filter(pk=self._run.pk, fence=self._fence, state__in=HELD).update(**changes):
            raise LeaseLost(f"Run {self._run.pk} is not this worker's any more.")
        self._store(pending)
        self._written_at = now

    def _store(self, pending: _Pending) -> None:
        if pending.retold:
            Failure.objects.filter(run=self._run, test__number__in=pending.retold).delete()
            Skip.objects.filter(run=self._run, test__number__in=pending.retold).delete()
        latest = {result.test: result for result in pending.results}
        broken = [result for result in latest.values() if result.outcome in BROKEN_OUTCOMES]
        muted = [result for result in latest.values() if result.outcome in MUTED_OUTCOMES]
        if broken or muted:
            keys = keys_of(self._run.project, [result.test for result in (*broken, *muted)])
            store_failures(self._run, broken, keys)
            store_skips(self._run, muted, keys)
        if pending.log:
            LogChunk.objects.create(run=self._run, text="".join(pending.log))
