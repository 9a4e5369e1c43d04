"""Starting runs: everything that one needs is frozen on it, for its settings may change later.

project's settings ──freeze──> Run.spec (JSON)      tests' durations in earlier runs ──> Run.plan
an earlier run's spec, some tests ──> Run.spec      of a run that runs them again
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from tracks import doorbell, queries, sharding
from tracks.actions.audit import audit
from tracks.checks import Check, CheckDefinition
from tracks.errors import InvalidInput
from tracks.execution.spec import Limits, Merge, Overlay, RunSpec, Service
from tracks.models import Project, Run, Shard, Sprint, Track, User
from tracks.models.run import ACTIVE
from tracks.permissions import role_in
from tracks.statuses import Network, Priority, Role, RunKind, RunState, ServiceKind, ShardBy

MIB = 1024**2
MAX_TESTS = 200_000
MAX_FRESH = 200
"""Each starts the test command."""


class AlreadyRunning(InvalidInput):
    """The same commit is being tested already; ``run`` is that run."""

    def __init__(self, run: Run) -> None:
        super().__init__(
            f"Commit {run.sha[:7]} is being tested already, by run {run.pk}.",
            remedy="Follow that run, or cancel it first.",
        )
        self.run = run


def start_baseline(sprint: Sprint, *, sha: str, by: User | None, now: datetime) -> Run:
    """Test the sprint's base branch at ``sha``. It becomes the baseline when it ends in order (see
    ``recording``); at once where the sprint has no baseline that did."""
    with transaction.atomic():
        run = _start(
            sprint.project,
            fields={"kind": RunKind.BASELINE, "sprint": sprint, "branch": sprint.base_branch, "sha": sha},
            by=by,
            now=now,
        )
        without = Q(baseline=None) | ~Q(baseline__state=RunState.FINISHED)
        Sprint.objects.filter(without, pk=sprint.pk).update(baseline=run)
    return run


def start_track_run(track: Track, *, sha: str, by: User | None, now: datetime) -> Run:
    """Test the track's branch at ``sha`` as its next iteration. Raises AlreadyRunning; InvalidInput for a
    track without tests that has no check either."""
    with transaction.atomic():
        rows = Track.objects.select_for_update(of=("self",), no_key=True)
        locked = rows.select_related("sprint__project").get(pk=track.pk)
        latest = Run.objects.filter(track=locked, kind=RunKind.TRACK).aggregate(latest=Max("iteration"))[
            "latest"
        ]
        fields = {
            "kind": RunKind.TRACK,
            "sprint": locked.sprint,
            "track": locked,
            "branch": locked.branch,
            "sha": sha,
            "iteration": 0 if latest is None else latest + 1,
            "checks_only": locked.checks_only,
            "criteria": queries.criteria_of(locked),
        }
        if locked.checks_only and not queries.checks_of(Run(**fields)):
            raise InvalidInput(
                f"Track {locked.key} runs no tests and has no checks: there is nothing to run.",
                remedy="Write down a check among its criteria, or let it run its tests.",
            )
        return _start(locked.sprint.project, fields=fields, by=by, now=now)


def start_integration_run(
    sprint: Sprint,
    *,
    sha: str,
    merge: Merge,
    criteria: Sequence[dict[str, Any]],
    by: User | None,
    now: datetime,
) -> Run:
    """Test the commit that merging tracks of the sprint gives. It is on no branch, so that it gets what an
    unprotected branch gets. ``criteria`` are those of all of the tracks, as runs freeze them."""
    with transaction.atomic():
        run = Run(
            project=sprint.project,
            sprint=sprint,
            kind=RunKind.INTEGRATION,
            branch="",
            merged=list(merge.names),
            sha=sha,
            criteria=list(criteria),
            spec="",
            requested_by=by,
            queued_at=now,
            needs=needs_of(sprint.project),
        )
        run.plan = _plan(run)
        run.save()
        spec = replace(freeze(run), merge=merge, protected=False)
        _queue(run, spec, shards=_shards(run), by=by)
    return run


def start_trial(project: Project, *, sha: str, by: User, now: datetime) -> Run:
    """Try a project's commands on its default branch, outside any sprint."""
    with transaction.atomic():
        return _start(
            project,
            fields={"kind": RunKind.BASELINE, "branch": project.default_branch, "sha": sha},
            by=by,
            now=now,
        )


def start_again(
    like: Run,
    *,
    kind: RunKind,
    sha: str,
    tests: Sequence[str],
    fresh: bool,
    by: User | None,
    now: datetime,
    overlay: Overlay | None = None,
    merge: Merge | None = None,
) -> Run:
    """Run some tests, by node id, as the run ``like`` was run, at its commit or at another one.

    ``fresh``: each of them by itself; ``overlay``: with files of another commit; ``merge``: how the commit is
    made, where no branch has it and it is not that of ``like``. Raises InvalidInput for no test, or more than
    can be run.
    """
    if not 1 <= len(tests) <= (MAX_FRESH if fresh else MAX_TESTS):
        raise InvalidInput(f"{len(tests)} tests cannot be run again at once.")
    frozen = RunSpec.from_json(like.spec)
    if sha == like.sha:
        merge = frozen.merge
    run = Run(
        project=like.project,
        sprint=like.sprint,
        track=like.track,
        kind=kind,
        branch=like.branch,
        merged=list(merge.names) if merge else [],
        sha=sha,
        spec="",
        requested_by=by,
        queued_at=now,
        needs=like.needs,
    )
    with transaction.atomic():
        run.save()
        chosen = replace(
            frozen,
            run=str(run.pk),
            sha=sha,
            selection=tuple(tests),
            fresh=fresh,
            share=None,
            overlay=overlay,
            merge=merge,
            checks=(),
            checks_only=False,
        )
        trusted = replace(chosen, **_trust(like.project, like.branch))
        # Without trust any commit will do: the baseline's need not be on the branch.
        _queue(run, replace(trusted, branch=like.branch if trusted.protected else ""), shards=1, by=by)
    return run


def _start(project: Project, *, fields: Mapping[str, Any], by: User | None, now: datetime) -> Run:
    run = Run(project=project, spec="", requested_by=by, queued_at=now, **fields)
    run.priority = _priority(run)
    run.needs = needs_of(project)
    run.plan = _plan(run)
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:
        same = Run.objects.filter(
            kind=run.kind, sprint=run.sprint, track=run.track, sha=run.sha, state__in=ACTIVE
        ).first()
        if same is None:
            raise
        raise AlreadyRunning(same) from error
    _queue(run, freeze(run), shards=_shards(run), by=by)
    return run


def _queue(run: Run, spec: RunSpec, *, shards: int, by: User | None) -> None:
    """Give a run that has been saved what it needs, and let workers know of it."""
    run.spec = spec.to_json()
    run.save(update_fields=["spec"])
    Shard.objects.bulk_create(
        Shard(run=run, number=number, queued_at=run.queued_at, rung_at=run.queued_at)
        for number in range(shards)
    )
    told = {"sha": run.sha, "branch": run.branch, "kind": run.kind}
    audit("run.started", run, actor=by, project=run.project, after=told)
    transaction.on_commit(partial(doorbell.ring, run.needs, times=shards))


def needs_of(project: Project) -> list[str]:
    """The tags that a worker must have to take the project's runs: those given, and one for each service."""
    return sorted({*project.needs, *(service["kind"] for service in project.services)})


def is_protected(project: Project, branch: str) -> bool:
    """Whether what is on the branch was reviewed: it may get secrets, and has environments of its own."""
    return branch == project.default_branch or branch in project.protected_branches


def _priority(run: Run) -> Priority:
    """A retest that a lead asks for goes first: somebody waits for it."""
    is_leads = run.requested_by is not None and role_in(run.requested_by, run.project) is Role.LEAD
    return Priority.FIRST if is_leads and run.iteration else Priority.NORMAL


def _shards(run: Run) -> int:
    """Checks alone are not divided."""
    return 1 if run.checks_only else run.project.shards


def _plan(run: Run) -> dict[str, Any]:
    if _shards(run) == 1:
        return {}
    by = ShardBy(run.project.shard_by)
    known = sharding.weights(queries.latest_durations(run), by)
    return {"by": by, "places": sharding.places(known, run.project.shards)}


def freeze(run: Run) -> RunSpec:
    """Everything that the run needs, as its project is set up now."""
    project = run.project
    return RunSpec(
        run=str(run.pk),
        project=str(project.pk),
        repository=project.repository,
        sha=run.sha,
        branch=run.branch,
        subdir=project.subdir,
        setup=project.setup,
        before=project.before,
        test=project.test,
        after=project.after,
        env=dict(project.env),
        python=project.python,
        limits=_limits(project),
        services=tuple(
            Service(ServiceKind(service["kind"]), dict(service["variables"])) for service in project.services
        ),
        checks=tuple(
            Check(each["id"], CheckDefinition.from_json(each["definition"]))
            for each in queries.checks_of(run)
        ),
        checks_only=run.checks_only,
        **_trust(project, run.branch),
    )


def _trust(project: Project, branch: str) -> dict[str, Any]:
    """What the run may reach and be given: as it is today, also for what is run again."""
    return {
        "allow_local": project.trusted or settings.ALLOW_LOCAL_REPOSITORIES,
        "allow_unsandboxed": project.trusted or settings.ALLOW_UNSANDBOXED,
        "allow_unsandboxed_checks": project.trusted,
        "network": Network(project.network),
        "protected": is_protected(project, branch),
    }


def _limits(project: Project) -> Limits:
    return Limits(
        setup_seconds=project.setup_seconds,
        before_seconds=project.before_seconds,
        test_seconds=project.test_seconds,
        after_seconds=project.after_seconds,
        one_test_seconds=project.one_test_seconds,
        silent_seconds=project.silent_seconds,
        memory_bytes=project.memory_mib * MIB,
        processes=project.processes,
        file_bytes=project.file_mib * MIB,
        disk_bytes=project.disk_mib * MIB,
        output_bytes=project.output_mib * MIB,
    )
