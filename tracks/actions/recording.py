"""Writing down what a shard of a run emits, while it runs.

    Recording(claim)          holds the vectors, and what is not written yet, in memory
      .record(event, now)     takes it in; writes about every half second, renews the lease
      .finish(now)            weighs the books and ends the shard
      .fail(error, now)       ends the shard that could not go on

Every write is one transaction that first asserts the fence: LeaseLost is raised where the run was cancelled
or taken over, and nothing is written then. A test that is reported twice overwrites itself. While the
database does not answer, what there is to write is kept, for as long as the lease lasts.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, assert_never

import numpy as np
import structlog
from django.conf import settings
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection, transaction

from tracks import books, queries, vectors
from tracks.actions.results import (
    keys_of,
    number_tests,
    store_checks,
    store_failures,
    store_sets,
    store_skips,
)
from tracks.actions.settling import lock, settle, settle_in_time
from tracks.actions.shards import Claim, lease
from tracks.actions.signing import signed_with
from tracks.errors import LeaseLost, QAError, SubjectError
from tracks.events import (
    CheckFinished,
    Collected,
    CommandEnded,
    Deselected,
    Event,
    Heartbeat,
    Log,
    Marked,
    Prepared,
    SessionFinished,
    SessionStarted,
    StageStarted,
    TestFinished,
)
from tracks.models import Failure, LogChunk, Shard, Skip
from tracks.models.run import COUNTERS, HELD
from tracks.statuses import BROKEN_OUTCOMES, MUTED_OUTCOMES, Outcome, RunState, SetKind, Stage

WRITE_EVERY = timedelta(seconds=0.5)
TRY_AGAIN_SECONDS = 1.0

log = structlog.get_logger(__name__)


@dataclass
class _Pending:
    """What the next write takes along."""

    shard: dict[str, Any] = field(default_factory=dict)
    run: dict[str, Any] = field(default_factory=dict)
    collected: list[str] = field(default_factory=list)
    results: list[TestFinished] = field(default_factory=list)
    checks: list[CheckFinished] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.shard or self.run or self.collected or self.results or self.checks or self.log)


class Recording:
    def __init__(self, claim: Claim, *, now: datetime) -> None:
        self._run = claim.run
        self._shard = claim.shard
        self._fence = claim.fence
        self._numbers: dict[str, int] = {}
        self._outcomes = np.zeros(0, np.uint8)
        self._seconds = np.zeros(0, np.float64)
        self._order: list[int] = []
        self._sets: dict[tuple[SetKind, str], list[str]] = {}
        self._pending = _Pending()
        self._signs = False
        self._checks: set[int] = set()
        self._session: SessionFinished | None = None
        self._tested: CommandEnded | None = None
        self._tried_at = now
        self._lease_until = lease(now)

    def record(self, event: Event, *, now: datetime) -> None:
        """Take the event in, and write when it is time. Raises LeaseLost; the database's own error where it
        has not answered for a whole lease."""
        self._take(event)
        if isinstance(event, StageStarted) and event.stage == Stage.TEST:
            self._pending.shard["tests_started_at"] = now
        urgent = isinstance(event, (StageStarted, Prepared))
        waited = now - self._tried_at
        due = self._pending and waited >= WRITE_EVERY
        if urgent or due or waited >= timedelta(seconds=settings.HEARTBEAT_SECONDS):
            self._try_to_write(now)

    def add_history(self, commits: list[dict[str, Any]], *, merge_base: str) -> None:
        """Note the branch's own commits, newest first, and where it left the base branch."""
        self._pending.run |= {"commits": commits, "merge_base": merge_base}

    def finish(self, *, now: datetime) -> None:
        """End the shard with what its books say."""
        self._write_all(now)
        balance = books.balance(
            books.Ledger(
                collected=len(self._numbers),
                outcomes=vectors.count_outcomes(self._outcomes),
                session_finished=self._session,
                exit_code=self._tested.exit_code if self._tested else None,
                stopped=self._tested.stopped if self._tested else "",
                is_share=bool(self._run.plan),
                checks_only=self._run.checks_only,
                checks_asked=len(queries.checks_of(self._run)) if self._shard.number == 0 else 0,
                checks_told=len(self._checks),
            )
        )
        self._pending.shard |= {
            "state": balance.state,
            "balanced": balance.balanced,
            "reason": balance.reason,
        }
        self._end(now)

    def fail(self, error: QAError, *, now: datetime) -> None:
        """End the shard with an error: BROKEN where it is the branch's, FAULTED where it is ours."""
        state = RunState.BROKEN if isinstance(error, SubjectError) else RunState.FAULTED
        end = {"state": state, "balanced": False, "reason": error.message, "remedy": error.remedy}
        self._pending.shard |= end | {"detail": error.detail}
        try:
            self._end(now)
        except (DataError, IntegrityError):
            # What could not be written must not keep the end from being written.
            log.exception("what a run has told cannot be stored; its end is")
            self._pending = _Pending(shard=end | {"detail": error.detail})
            self._end(now)

    def _take(self, event: Event) -> None:
        pending = self._pending
        match event:  # what comes most often first
            case TestFinished():
                pending.results.append(event)
            case Log():
                pending.log.append(event.text)
            case Heartbeat():
                pass
            case Collected():
                pending.collected.extend(event.tests)
            case Marked():
                self._sets.setdefault((SetKind.MARKER, event.name), []).extend(event.tests)
            case Deselected():
                self._sets.setdefault((SetKind.DESELECTED, ""), []).extend(event.tests)
            case StageStarted():
                pending.shard["stage"] = event.stage
                if event.stage in (Stage.TEST, Stage.CHECK):
                    pending.shard["state"] = RunState.RUNNING
            case Prepared():
                self._run.environment = event.environment
                pending.run["environment"] = event.environment
                pending.shard["tier"] = event.environment.get("tier", "")
            case SessionStarted():
                self._run.environment |= {"pytest": event.pytest, "python": event.python}
                pending.run["environment"] = self._run.environment
            case SessionFinished():
                self._session = event
                pending.shard |= {"deselected": event.deselected, "xdist": event.workers}
            case CommandEnded(stage=Stage.TEST):
                self._tested = event
                pending.shard |= {"exit_code": event.exit_code, "test_seconds": event.seconds}
            case CommandEnded():
                pass
            case CheckFinished():
                self._checks.add(event.criterion)
                pending.checks.append(event)
            case _:
                assert_never(event)

    def _end(self, now: datetime) -> None:
        self._pending.shard |= {"ended_at": now, "lease_until": None}
        self._pending.shard["order"] = vectors.pack_numbers(self._order)
        self._write_all(now)

    def _write_all(self, now: datetime) -> None:
        while not self._try_to_write(now):
            time.sleep(TRY_AGAIN_SECONDS)
            now += timedelta(seconds=TRY_AGAIN_SECONDS)

    def _try_to_write(self, now: datetime) -> bool:
        """Write; where the database does not answer keep what there is, until the lease has run out."""
        self._tried_at = now
        try:
            self._write(now)
        except (OperationalError, InterfaceError) as error:
            connection.close()
            if now >= self._lease_until:
                raise
            log.warning("the database does not answer; trying again", error=str(error))
            return False
        self._pending = _Pending()
        self._lease_until = lease(now)
        return True

    def _write(self, now: datetime) -> None:
        """Write what is pending under the fence; where nothing is, only renew the lease."""
        pending = self._pending
        retold = self._note(pending.collected, pending.results)
        self._name_scheme(pending)
        changes: dict[str, Any] = {"lease_until": lease(now)} | pending.shard
        if pending.collected or pending.results:
            changes["collected"] = len(self._numbers)
        if pending.results:
            counts = vectors.count_outcomes(self._outcomes)
            changes |= {counter: counts[outcome] for outcome, counter in COUNTERS.items()}
            changes["outcomes"] = vectors.pack_outcomes(self._outcomes)
            changes["durations"] = vectors.pack_durations(vectors.encode_seconds(self._seconds))
        # What changes what the run is comes at once; its totals, with those of the other shards.
        at_once = bool(pending.run or pending.shard.keys() & {"state", "stage"})
        with transaction.atomic():
            if at_once:
                lock(self._run.pk)
            held = Shard.objects.filter(pk=self._shard.pk, fence=self._fence, state__in=HELD)
            if not held.update(**changes):
                raise LeaseLost(f"Run {self._run.pk} is not this worker's any more.")
            self._store(pending, retold)
            if "ended_at" in changes:
                self._store_sets()
            if at_once:
                settle(self._run.pk, now=now, **pending.run)
        if pending and not at_once:
            settle_in_time(self._run.pk, now=now)

    def _name_scheme(self, pending: _Pending) -> None:
        """Say with the first failure what this shard's failures are signed with."""
        if not self._signs and any(result.outcome in BROKEN_OUTCOMES for result in pending.results):
            self._signs = True
            pending.run["signed"] = signed_with(self._run.project)

    def _note(self, collected: Iterable[str], results: Iterable[TestFinished]) -> list[int]:
        """Give tests their numbers and results their places in the vectors. Returns the numbers of the tests
        that were reported before: what was kept of them goes. Doing it twice changes nothing."""
        # A module that could not be collected, or what a worker ran of its own, was not announced.
        named = dict.fromkeys((*collected, *(result.test for result in results)))
        new = [test for test in named if test not in self._numbers]
        if new:
            given = number_tests(self._run.project, new)
            self._numbers |= given
            length = max(max(given.values()) + 1, self._outcomes.size)
            self._outcomes = vectors.pad(self._outcomes, length)
            self._seconds = np.pad(self._seconds, (0, length - self._seconds.size))
        retold = []
        for result in results:
            number = self._numbers[result.test]
            if self._outcomes[number] != vectors.CODES[Outcome.ABSENT]:
                retold.append(number)
            else:
                self._order.append(number)
            self._outcomes[number] = vectors.CODES[result.outcome]
            self._seconds[number] = result.seconds
        return retold

    def _store_sets(self) -> None:
        """What was deselected bears no number yet where no run has ever run it."""
        named = dict.fromkeys(test for tests in self._sets.values() for test in tests)
        numbers = self._numbers | number_tests(
            self._run.project, [test for test in named if test not in self._numbers]
        )
        store_sets(self._shard, {key: {numbers[test] for test in tests} for key, tests in self._sets.items()})

    def _store(self, pending: _Pending, retold: list[int]) -> None:
        if retold:
            Failure.objects.filter(run=self._run, test__number__in=retold).delete()
            Skip.objects.filter(run=self._run, test__number__in=retold).delete()
        latest = {result.test: result for result in pending.results}
        broken = [result for result in latest.values() if result.outcome in BROKEN_OUTCOMES]
        muted = [result for result in latest.values() if result.outcome in MUTED_OUTCOMES]
        if broken or muted:
            keys = keys_of(self._run.project, [result.test for result in (*broken, *muted)])
            store_failures(self._run, broken, keys)
            store_skips(self._run, muted, keys)
        store_checks(self._run, pending.checks)
        if pending.log:
            LogChunk.objects.create(run=self._run, shard=self._shard.number, text="".join(pending.log))
