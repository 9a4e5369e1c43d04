"""What the workers do: load, call, stop. No rule lives here."""

import socket
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from importlib import metadata

import structlog
from celery import Task, shared_task
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from tracks import actions, doorbell, queries, repositories
from tracks.apart import each_apart
from tracks.doorbell import NOTED, REAP, WORK
from tracks.errors import LeaseLost, QAError, ToolError
from tracks.events import Prepared
from tracks.execution import binaries, interpreter, runner, sandbox
from tracks.execution.spec import Places, RunSpec, Share
from tracks.models import Project
from tracks.sealing import unseal
from tracks.signals import heads_noted
from tracks.statuses import ServiceKind, ShardBy, Tier

log = structlog.get_logger(__name__)


@shared_task(name=WORK, bind=True)  # type: ignore[untyped-decorator]  # celery ships no types
def work(task: Task) -> None:
    """Take the shard that is first in line, if there is one, and run it."""
    claim = _claim(task.request.hostname or "")
    if claim is None:
        return
    doorbell.ring_instead((task.request.delivery_info or {}).get("routing_key", ""), claim.run.needs)
    structlog.contextvars.bind_contextvars(run=claim.run.pk, shard=claim.shard.number, fence=claim.fence)
    recording = actions.Recording(claim, now=timezone.now())
    try:
        _play(claim, recording)
    except LeaseLost as lost:
        log.info("the run was stopped", why=lost.message)
    except QAError as error:
        _fail(recording, error)
    except (OperationalError, InterfaceError):
        raise  # no database: the reaper takes the run over when its lease has run out
    except SystemExit:
        actions.give_back(claim, now=timezone.now())
        raise
    except Exception as error:
        log.exception("the run could not be executed")
        _fail(
            recording,
            ToolError(
                f"OMC QA itself went wrong: {type(error).__name__}.",
                remedy="The worker's log has the details.",
            ),
        )


def _claim(worker: str) -> actions.Claim | None:
    refuses = bool(sandbox.probe()) and not settings.ALLOW_UNSANDBOXED
    if refuses and queries.somebody_keeps_apart(now=timezone.now()):
        return None  # alone it would take the run, to say what is missing
    while (shard := queries.next_in_line(tags())) is not None:
        if claim := actions.claim(shard, worker=worker, now=timezone.now()):
            return claim
    return None


def _play(claim: actions.Claim, recording: actions.Recording) -> None:
    places = Places(settings.DATA_DIR, cache_bytes=settings.CACHE_BYTES)
    with closing(runner.run(_spec(claim), places)) as events:
        for event in events:
            if isinstance(event, Prepared):
                commits, merge_base = repositories.history_of(claim.run, places)
                recording.add_history(commits, merge_base=merge_base)
            recording.record(event, now=timezone.now())
    recording.finish(now=timezone.now())


def _spec(claim: actions.Claim) -> RunSpec:
    run, shard = claim.run, claim.shard
    spec = RunSpec.from_json(run.spec)
    # An attempt that lost its lease and wakes up late must not clear away the next one's folders.
    spec = replace(spec, run=f"{run.pk}-{shard.number}-{claim.fence}")
    given = queries.secrets_for(run.project, protected=spec.protected)
    spec = replace(spec, secrets={secret.name: unseal(bytes(secret.sealed)) for secret in given})
    if run.plan:
        by = ShardBy(run.plan["by"])
        spec = replace(spec, share=Share(shard.number, run.shards.count(), by, run.plan["places"]))
    return spec


def _fail(recording: actions.Recording, error: QAError) -> None:
    try:
        recording.fail(error, now=timezone.now())
    except LeaseLost as lost:
        log.info("the run was stopped", why=lost.message)


@shared_task(name=REAP, bind=True)  # type: ignore[untyped-decorator]
def reap_by_beat(task: Task) -> None:
    reap(task.request.hostname)


def reap(worker: str) -> None:
    """Look after lost and forgotten runs. Called by beat, and on each worker's own timer, which an error here
    must not end."""
    close_old_connections()
    try:
        actions.reap(now=timezone.now())
        actions.note_reaping(worker, now=timezone.now())
    except (DatabaseError, InterfaceError):
        log.exception("the reaper could not reach the database; it tries again")


def look_for_commits() -> None:
    """Ask the repositories whose turn it is for new commits. Called as ``reap``, in a thread of its own: it
    may take long."""
    try:
        due = actions.take_looks(every=timedelta(seconds=settings.LOOK_SECONDS), now=timezone.now())
        each_apart((partial(_look, each) for each in due), failed="a repository was not looked at")
    except (DatabaseError, InterfaceError):
        log.exception("nobody could look for new commits; it is tried again")


@shared_task(name=NOTED)  # type: ignore[untyped-decorator]
def noted(project: int) -> None:
    """A page, which has no mirror, has looked at a project's heads: announce them here."""
    for each in Project.objects.filter(pk=project):
        _announce(each)


def _look(project: Project) -> None:
    try:
        repositories.look(project, now=timezone.now())
    except QAError as problem:
        log.info("a repository does not answer", project=project.pk, why=problem.message)
    else:
        _announce(project)


def _announce(project: Project) -> None:
    try:
        heads_noted.send(Project, project=project)
    except QAError as problem:
        log.info("a repository does not answer", project=project.pk, why=problem.message)


def send_mail() -> None:
    """Send what people are to be told by e-mail. Called as ``look_for_commits``."""
    try:
        after = timedelta(seconds=settings.MAIL_SECONDS)
        actions.send_mail_due(after=after, root=settings.URL, now=timezone.now())
    except (DatabaseError, InterfaceError):
        log.exception("no message could be sent; it is tried again")


def link_entries() -> None:
    """Link audit entries that a process died over before it linked them. Called as ``look_for_commits``."""
    _link(everywhere=False)


def link_all_entries() -> None:
    """The same of the whole log, which takes longer the longer it is."""
    _link(everywhere=True)


def _link(*, everywhere: bool) -> None:
    try:
        actions.link_entries(everywhere=everywhere)
    except (DatabaseError, InterfaceError):
        log.exception("audit entries could not be linked; it is tried again")


def see(worker: str, slots: int) -> None:
    """Note that the worker lives, at first with what it found out about its machine. Called as ``reap``."""
    close_old_connections()
    try:
        if not actions.see(worker, now=timezone.now()):
            actions.introduce(worker, standing(slots), now=timezone.now())
    except (DatabaseError, InterfaceError):
        log.warning("the database does not answer; nobody sees this worker until it does")


def dismiss(worker: str) -> None:
    """Note that the worker was stopped in order."""
    try:
        actions.dismiss(worker, now=timezone.now())
    except (DatabaseError, InterfaceError):
        log.warning("the database does not answer; nobody is told that this worker stops")


def standing(slots: int) -> actions.Standing:
    """What this worker is and has, found out by trying."""
    apart = sandbox.standing()
    may_run = apart.tier != Tier.NONE or settings.ALLOW_UNSANDBOXED
    return actions.Standing(
        host=socket.gethostname(),
        slots=slots,
        tags=tags(),
        tier=apart.tier if may_run else None,
        problem=f"{apart.problem} {apart.remedy}".strip(),
        pythons=interpreter.installed(),
        version=metadata.version("omc-qa"),
    )


@cache
def tags() -> list[str]:
    """What this worker has: what its operator says, and each service that it can start."""
    found = {ServiceKind.POSTGRES: binaries.postgres_servers(), ServiceKind.REDIS: binaries.redis_servers()}
    return sorted({*settings.WORKER_TAGS, *(kind for kind, servers in found.items() if any(servers))})
