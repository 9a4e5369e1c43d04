"""What the tests show of merged tracks, and which of them fail together only: step by step.

TESTING ──(its run ends)──> figures, suspects ──> SEARCHING ──> combinations ──(their runs end)──> … ──> DONE
                                └── no suspect ──────────────────────────────────────────────────────> DONE

It advances under its row's lock, when no run of it goes on and no combination waits to be merged. What takes
long is done before, without the lock: comparing and judging its run, asking git where the commits of tracks
that fail together meet, and merging: of workers that begin the same combination one starts its run. Where a
run has ended meanwhile, the step is left to who comes for that one.
Whoever ended a run begins at once what the mirror at hand can merge; what is left, workers begin that may
fetch, and of what fails for PATIENCE the step says why.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet

from reports import integration_queries, sides, trial_merges
from reports.actions.comparisons import kept_comparison
from reports.actions.criteria import judge
from reports.actions.integrations import PATIENCE, cancel_left_over, end, find, in_words, lock, merge_of
from reports.interactions import CONVICTIONS, Combine, Keys, Verdict, next_step
from reports.models import Comparison, Integration, IntegrationStep
from reports.statuses import IntegrationState
from tracks import actions, repositories
from tracks import queries as facts
from tracks.apart import each_apart
from tracks.errors import QAError
from tracks.execution.chains import Unmergeable
from tracks.models import Run
from tracks.models.run import ACTIVE
from tracks.statuses import RunKind, RunState

log = structlog.get_logger(__name__)

_TOLD = frozenset({RunState.FINISHED, RunState.INCOMPLETE})
FAILED = "a trial integration cannot go on"


def advance_integrations_due(*, now: datetime) -> None:
    """Take the steps that whoever ended a run of an integration, or stopped one, did not come to."""
    going = Integration.objects.filter(state__in=[IntegrationState.TESTING, IntegrationState.SEARCHING])
    steps = (partial(advance_integration, key, now=now) for key in going.values_list("pk", flat=True))
    each_apart((partial(cancel_left_over, now=now), *steps), failed=FAILED)


def begin_combinations_due(*, now: datetime) -> None:
    """Begin what waits to be merged and no machine could begin as it was. Fetches, and so takes long: for
    workers only."""
    searched = Integration.objects.filter(steps__in=_waiting()).distinct().values_list("pk", flat=True)
    steps = (partial(_begin_steps, key, now=now, fetches=True) for key in searched)
    each_apart(steps, failed=FAILED)


def advance_integration(key: int, *, now: datetime) -> None:
    """Begin the combinations that wait to be merged, if this machine can; once all have ended, say what they
    showed and what is to be run next."""
    _begin_steps(key, now=now)
    seen = find(key)
    comparison, meetings = _compare(seen), _meetings(seen)
    with transaction.atomic():
        found = lock(key)
        if found.state == IntegrationState.TESTING and found.run and not found.run.is_active:
            _look(found, found.run, comparison, now=now)
        elif found.state == IntegrationState.SEARCHING and not _goes_on(found):
            _search(found, meetings, now=now)
        else:
            return
    _begin_steps(key, now=now)


def _compare(seen: Integration) -> Comparison | None:
    """What the run of the merged tracks changed against the baseline, once it has ended; it is judged too."""
    run = seen.run
    if seen.state != IntegrationState.TESTING or run is None or run.state not in _TOLD:
        return None
    judge(run, seen.baseline)
    return kept_comparison(seen.baseline, run)


def _meetings(seen: Integration) -> list[dict[str, Any]] | None:
    """As ``Integration.meetings`` keeps them; None while the search has no verdicts."""
    if seen.state != IntegrationState.SEARCHING or _goes_on(seen):
        return None
    step = next_step(integration_queries.search_of(seen))
    return None if isinstance(step, Combine) else [_meeting(seen, keys) for keys in _convicted(step)]


def _convicted(verdicts: Sequence[Verdict]) -> list[Keys]:
    return sorted({verdict.keys for verdict in verdicts if verdict.kind in CONVICTIONS})


def _meeting(seen: Integration, keys: Keys) -> dict[str, Any]:
    merge = merge_of(seen, keys)
    heads = dict(zip(merge.names, merge.heads, strict=True))
    try:
        found = sides.meeting_of(seen.sprint.project, merge.base, heads)
    except QAError as problem:
        found = sides.Meeting((), (f"git could not tell what both sides touched: {problem.message}",))
    return {"keys": list(keys), **asdict(found)}


def _look(found: Integration, run: Run, comparison: Comparison | None, *, now: datetime) -> None:
    """What the run of the merged tracks shows."""
    if run.state == RunState.CANCELLED:
        end(found, IntegrationState.STOPPED, now=now, note=f"Its run {run.pk} was cancelled.")
        return
    if run.state not in _TOLD:
        end(found, IntegrationState.DONE, now=now, note=run.reason or f"Its run {run.pk} is {run.state}.")
        return
    if comparison is None:
        return  # it has ended since it was looked at
    found.interactions = integration_queries.suspects_of(found)
    found.figures = integration_queries.figures_of(found, comparison)
    if not found.interactions:
        end(found, IntegrationState.DONE, now=now)
        return
    found.state = IntegrationState.SEARCHING
    found.save()
    _search(found, None, now=now)


def _goes_on(found: Integration) -> bool:
    waits = found.steps.filter(run=None, note="")
    return waits.exists() or found.steps.filter(run__state__in=ACTIVE).exists()


def _search(found: Integration, meetings: list[dict[str, Any]] | None, *, now: datetime) -> None:
    """The next combinations; the verdicts once there are none, if it was read where their commits meet."""
    if cancelled := found.steps.filter(run__state=RunState.CANCELLED).first():
        note = f"Run {cancelled.run_id} of it was cancelled."
        end(found, IntegrationState.STOPPED, now=now, note=note)
        return
    step = next_step(integration_queries.search_of(found))
    if isinstance(step, Combine):
        IntegrationStep.objects.bulk_create(
            IntegrationStep(integration=found, keys=list(keys), tests=list(tests), asked_at=now)
            for keys, tests in step.combinations.items()
        )
        return
    if meetings is None:
        return
    found.meetings = meetings
    verdicts = {verdict.test: asdict(verdict) for verdict in step}
    found.interactions = [each | verdicts.get(each["test"], {}) for each in found.interactions]
    end(found, IntegrationState.DONE, now=now)


def _waiting() -> QuerySet[IntegrationStep]:
    return IntegrationStep.objects.filter(
        integration__state=IntegrationState.SEARCHING, run=None, note=""
    ).select_related("integration__sprint__project")


def _begin_steps(key: int, *, now: datetime, fetches: bool = False) -> None:
    for step in _waiting().filter(integration=key):
        found = step.integration
        merge = merge_of(found, step.keys)
        try:
            if fetches:
                repositories.fetch_missing(found.sprint.project, (merge.base, *merge.heads))
            _begin(step, trial_merges.make(found.sprint.project, merge), now=now)
        except Unmergeable as problem:
            _note(step, problem.message)
        except (OperationalError, InterfaceError):
            raise
        except Exception as problem:
            if fetches and now - step.asked_at >= PATIENCE:
                _note(step, in_words(problem))
            elif fetches:  # else this machine may lack what another has
                log.exception("a combination could not be begun; it is tried again", step=step.pk)


def _note(step: IntegrationStep, why: str) -> None:
    IntegrationStep.objects.filter(pk=step.pk, run=None).update(note=why)


def _begin(step: IntegrationStep, sha: str, *, now: datetime) -> None:
    with transaction.atomic():
        found = lock(step.integration_id)
        locked = found.steps.select_for_update().get(pk=step.pk)
        if found.state == IntegrationState.SEARCHING and locked.run_id is None and found.run:
            names = facts.node_ids(found.sprint.project, locked.tests)
            locked.run = _start(found, found.run, locked.keys, sha, list(names.values()), now=now)
            locked.save()


def _start(
    found: Integration, like: Run, keys: Sequence[str], sha: str, tests: list[str], *, now: datetime
) -> Run:
    return actions.start_again(
        like,
        kind=RunKind.SELECTION,
        sha=sha,
        tests=tests,
        fresh=False,
        merge=merge_of(found, keys) if keys else None,
        by=found.started_by,
        now=now,
    )
