"""What the tests show of merged tracks, and which of them fail together only: step by step.

TESTING ──(its run ends)──> figures, suspects ──> SEARCHING ──> combinations ──(their runs end)──> … ──> DONE
                                └── no suspect ──────────────────────────────────────────────────────> DONE

It advances under its row's lock, when no run of it goes on and no combination waits to be merged. Merging
needs the mirror, and is done without the lock: of workers that begin the same combination one starts its run.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial

from django.db import transaction

from reports import integration_queries, trial_merges
from reports.actions.comparisons import kept_comparison
from reports.actions.criteria import judge
from reports.actions.integrations import end, lock, merge_of
from reports.interactions import Combine, next_step
from reports.models import Integration, IntegrationStep
from reports.statuses import IntegrationState
from tracks import actions
from tracks import queries as facts
from tracks.apart import each_apart
from tracks.errors import SubjectError
from tracks.models import Run
from tracks.models.run import ACTIVE
from tracks.repositories import NotMirrored
from tracks.statuses import RunKind, RunState

_TOLD = frozenset({RunState.FINISHED, RunState.INCOMPLETE})
FAILED = "a trial integration cannot go on"


def advance_integrations_due(*, now: datetime) -> None:
    """Take the steps that whoever ended a run of an integration did not come to."""
    going = Integration.objects.filter(state__in=[IntegrationState.TESTING, IntegrationState.SEARCHING])
    steps = (partial(advance_integration, key, now=now) for key in going.values_list("pk", flat=True))
    each_apart(steps, failed=FAILED)


def advance_integration(key: int, *, now: datetime) -> None:
    """Begin the combinations that wait to be merged, if this machine can; once all have ended, say what they
    showed and what is to be run next."""
    _begin_steps(key, now=now)
    with transaction.atomic():
        found = lock(key)
        if found.state == IntegrationState.TESTING and found.run and not found.run.is_active:
            _look(found, found.run, now=now)
        elif found.state == IntegrationState.SEARCHING and not _goes_on(found):
            _search(found, now=now)
        else:
            return
    _begin_steps(key, now=now)


def _look(found: Integration, run: Run, *, now: datetime) -> None:
    """What the run of the merged tracks shows."""
    if run.state == RunState.CANCELLED:
        end(found, IntegrationState.STOPPED, now=now, note=f"Its run {run.pk} was cancelled.")
        return
    base = found.sprint.baseline
    if base is None or run.state not in _TOLD:
        end(found, IntegrationState.DONE, now=now, note=run.reason or f"Its run {run.pk} is {run.state}.")
        return
    comparison = kept_comparison(base, run)
    judge(run, base)
    found.interactions = integration_queries.suspects_of(found)
    found.figures = integration_queries.figures_of(found, comparison)
    if not found.interactions:
        end(found, IntegrationState.DONE, now=now)
        return
    found.state = IntegrationState.SEARCHING
    found.save()
    _search(found, now=now)


def _goes_on(found: Integration) -> bool:
    waits = found.steps.filter(run=None, note="")
    return waits.exists() or found.steps.filter(run__state__in=ACTIVE).exists()


def _search(found: Integration, *, now: datetime) -> None:
    """The next combinations; the verdicts once there are none."""
    if cancelled := found.steps.filter(run__state=RunState.CANCELLED).first():
        note = f"Run {cancelled.run_id} of it was cancelled."
        end(found, IntegrationState.STOPPED, now=now, note=note)
        return
    step = next_step(integration_queries.search_of(found))
    if isinstance(step, Combine):
        IntegrationStep.objects.bulk_create(
            IntegrationStep(integration=found, keys=list(keys), tests=list(tests))
            for keys, tests in step.combinations.items()
        )
        return
    verdicts = {verdict.test: asdict(verdict) for verdict in step}
    found.interactions = [each | verdicts.get(each["test"], {}) for each in found.interactions]
    end(found, IntegrationState.DONE, now=now)


def _begin_steps(key: int, *, now: datetime) -> None:
    waiting = IntegrationStep.objects.filter(
        integration=key, integration__state=IntegrationState.SEARCHING, run=None, note=""
    )
    for step in waiting.select_related("integration__sprint__project"):
        found = step.integration
        merge = merge_of(found, step.keys)
        try:
            sha = trial_merges.make(found.sprint.project, merge)
        except NotMirrored:
            return  # another worker has the commits
        except SubjectError as problem:
            IntegrationStep.objects.filter(pk=step.pk, run=None).update(note=problem.message)
            continue
        _begin(step, sha, now=now)


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
