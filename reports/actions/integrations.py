"""Trial integrations: beginning one, merging its tracks, stopping it.

start ──> MERGING ──(a worker merges in its mirror)──> TESTING ──> see ``interactions``
                    └── no track can be merged ──────> STOPPED

Merging is done without a lock, for it may take long: who merges the same tracks gets the same commits, and
the first one to write them starts the run. A worker that dies over it leaves one that another worker merges;
what goes wrong on the way is noted, and tried again by any worker for PATIENCE.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import Q

from reports.dependency_graph import in_order
from reports.integration_queries import has_passed, why_not_merged
from reports.models import Integration
from reports.statuses import GOING_STATES, IntegrationState
from reports.trial_merges import BaseGone, LeftOut, Trial, Wanted, merge_tracks
from tracks import actions, queries
from tracks.actions.audit import audit
from tracks.apart import each_apart
from tracks.errors import InvalidInput, QAError
from tracks.execution.spec import Merge
from tracks.models import Run, Sprint, Track, User
from tracks.models.run import ACTIVE

MOST_TRACKS = 50
PATIENCE = timedelta(minutes=10)
"""For so long a merge that may yet succeed is tried again: the network or a machine may be at fault."""
_WITH_RUN = Integration.objects.select_related(
    "sprint__project", "baseline__project", "run__project", "started_by"
)


def start_integration(
    sprint: Sprint, tracks: Iterable[Track], *, by: User | None, now: datetime
) -> Integration:
    """Begin to merge these tracks of the sprint, each at the commit of its latest run that has ended, in the
    order of their dependencies.

    Raises InvalidInput for no track or too many, one whose run did not end in order, a sprint without a
    baseline or whose base branch is gone, and where one goes on already.
    """
    chosen = {track.key: track for track in tracks}
    if not chosen:
        raise InvalidInput("No track is chosen.", remedy="Choose the tracks that are to be merged.")
    if len(chosen) > MOST_TRACKS:
        raise InvalidInput(f"{len(chosen)} tracks are too many: at most {MOST_TRACKS} are merged at once.")
    if sprint.baseline is None or sprint.baseline.is_active:
        raise InvalidInput(
            "The sprint's baseline has not ended: there is nothing to compare with.",
            remedy="Test the baseline, or wait for its end.",
        )
    if sprint.base_is_gone:
        raise InvalidInput(
            f"The base branch {sprint.base_branch} is gone: there is nothing to merge into.",
            remedy="Push it again and look for new commits, or give the sprint another base branch.",
        )
    integration = Integration(
        sprint=sprint,
        base_sha=sprint.base,
        baseline=sprint.baseline,
        tracks=_ordered(sprint, chosen),
        started_by=by,
        started_at=now,
    )
    try:
        with transaction.atomic():
            integration.save()
            told = {"tracks": [f"{each['key']}@{each['sha']}" for each in integration.tracks]}
            audit("integration.started", integration, actor=by, project=sprint.project, after=told)
    except IntegrityError:
        raise InvalidInput(
            "A trial integration of this sprint goes on already.", remedy="Follow that one, or stop it first."
        ) from None
    return integration


def stop_integration(integration: Integration, *, by: User, now: datetime) -> None:
    """End it as it is: its runs are cancelled. One that has ended stays as it is."""
    with transaction.atomic():
        locked = lock(integration.pk)
        if not locked.is_going:
            return
        end(locked, IntegrationState.STOPPED, now=now, note=f"Stopped by {by}.", by=by)
    _cancel(Q(integration=integration) | Q(integration_step__integration=integration), by=by, now=now)


def cancel_left_over(*, now: datetime) -> None:
    """Cancel the runs of integrations that have ended: who stopped one may have died before that."""
    ended = [state for state in IntegrationState if state not in GOING_STATES]
    of_ended = Q(integration__state__in=ended) | Q(integration_step__integration__state__in=ended)
    _cancel(of_ended, by=None, now=now)


def _cancel(runs: Q, *, by: User | None, now: datetime) -> None:
    for run in Run.objects.filter(runs, state__in=ACTIVE).select_related("project").defer(*queries.BLOBS):
        with suppress(InvalidInput):  # it has just ended
            actions.cancel(run, by=by, now=now)


def merge_due(*, now: datetime) -> None:
    """Merge what waits for a worker. Fetches, and so takes long: for workers only."""
    waiting = Integration.objects.filter(state=IntegrationState.MERGING).values_list("pk", flat=True)
    steps = (partial(merge, key, now=now) for key in waiting)
    each_apart(steps, failed="tracks could not be merged on trial; it is tried again")


def merge(key: int, *, now: datetime) -> None:
    """Merge the tracks of one, by its primary key, and start its run. What goes wrong is noted and raised:
    it is tried again, unless it was for long enough or the base is gone."""
    found = find(key)
    try:
        _take(key, merge_tracks(found.sprint.project, str(key), found.base_sha, _wanted(found)), now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:
        is_final = isinstance(problem, BaseGone) or now - found.started_at >= PATIENCE
        _note(key, in_words(problem), is_final=is_final, now=now)
        if not is_final:
            raise


def _take(key: int, trial: Trial, *, now: datetime) -> None:
    with transaction.atomic():
        locked = lock(key)
        if locked.state != IntegrationState.MERGING:
            return  # another worker was faster, or it was stopped
        locked.merged = [{"key": each, "commit": commit} for each, commit in trial.merged]
        locked.left_out = [_told(each) for each in trial.left_out]
        if not trial.merged:
            end(locked, IntegrationState.STOPPED, now=now, note="None of its tracks can be merged.")
            return
        locked.run = _start_run(locked, trial.tip, now=now)
        locked.state, locked.note = IntegrationState.TESTING, ""
        locked.save()


def _note(key: int, why: str, *, is_final: bool, now: datetime) -> None:
    with transaction.atomic():
        locked = lock(key)
        if locked.state != IntegrationState.MERGING:
            return
        if is_final:
            end(locked, IntegrationState.STOPPED, now=now, note=why)
        else:
            locked.note = why
            locked.save(update_fields=["note"])


def in_words(problem: Exception) -> str:
    """What went wrong, and what to do."""
    if isinstance(problem, QAError):
        return f"{problem.message} {problem.remedy}".strip()
    return f"OMC QA itself went wrong: {type(problem).__name__}. The worker's log has the details."


def merge_of(integration: Integration, keys: Sequence[str]) -> Merge:
    """How these tracks of it are merged, in its order."""
    chosen = [each for each in integration.tracks if each["key"] in keys]
    return Merge(
        integration.base_sha,
        heads=tuple(each["sha"] for each in chosen),
        names=tuple(each["key"] for each in chosen),
    )


def find(key: int) -> Integration:
    """The integration of that primary key, with its sprint, run and project."""
    return _WITH_RUN.get(pk=key)


def lock(key: int) -> Integration:
    """The same, for update."""
    return _WITH_RUN.select_for_update(of=("self",), no_key=True).get(pk=key)


def end(
    integration: Integration,
    state: IntegrationState,
    *,
    now: datetime,
    note: str = "",
    by: User | None = None,
) -> None:
    """End it, as ``integration.done`` or ``integration.stopped`` in the audit log. ``by``: who stopped it."""
    integration.state, integration.ended_at, integration.note = state, now, note
    integration.save()
    passed, sentence = has_passed(integration)
    told = {"passed": passed, "result": sentence}
    audit(f"integration.{state}", integration, actor=by, project=integration.sprint.project, after=told)


def _ordered(sprint: Sprint, chosen: dict[str, Track]) -> list[dict[str, Any]]:
    runs = queries.latest_runs(sprint, ended=True)
    for key, track in sorted(chosen.items()):
        if reason := why_not_merged(runs.get(track.pk)):
            raise InvalidInput(
                f"Track {key} cannot be merged on trial. {reason}", remedy="Test it first, or leave it out."
            )
    return [
        {"track": chosen[key].pk, "key": key, "sha": runs[chosen[key].pk].sha, "run": runs[chosen[key].pk].pk}
        for key in in_order(_dependencies(sprint, chosen))
    ]


def _dependencies(sprint: Sprint, chosen: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """By key: the chosen tracks that each of them depends on."""
    rows = Track.depends_on.through.objects.filter(from_track__sprint=sprint)
    pairs = sorted(rows.values_list("from_track__key", "to_track__key"))
    return {key: tuple(to for waits, to in pairs if waits == key and to in chosen) for key in sorted(chosen)}


def _wanted(found: Integration) -> list[Wanted]:
    branches = dict(Track.objects.filter(sprint=found.sprint).values_list("key", "branch"))
    keys = [each["key"] for each in found.tracks]
    waits = _dependencies(found.sprint, keys)
    return [
        Wanted(each["key"], branches.get(each["key"], ""), each["sha"], waits[each["key"]])
        for each in found.tracks
    ]


def _told(left: LeftOut) -> dict[str, Any]:
    conflicts = [asdict(conflict) | {"with": list(keys)} for conflict, keys in left.conflicts]
    return {"key": left.key, "why": left.why, "conflicts": conflicts, "files": left.files}


def _start_run(integration: Integration, sha: str, *, now: datetime) -> Run:
    keys = [each["key"] for each in integration.merged]
    asked = queries.criteria_by_track(integration.sprint)
    tracks = Track.objects.filter(sprint=integration.sprint, key__in=keys).order_by("key")
    return actions.start_integration_run(
        integration.sprint,
        sha=sha,
        merge=merge_of(integration, keys),
        criteria=[criterion for track in tracks for criterion in asked.get(track.pk, ())],
        by=integration.started_by,
        now=now,
    )
