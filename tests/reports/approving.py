"""Tracks that could be approved, and leads who decide on them as a page would let them."""

from datetime import datetime
from typing import Any

from reports.actions import kept_comparison
from reports.actions.decisions import decide
from reports.models import Decision, Mergeability
from reports.readiness import Readiness, readiness_of
from reports.statuses import DecisionKind, MergeResult
from tests import factories
from tests.factories import NOON
from tracks import actions
from tracks.models import Run, Sprint, Track, User

PATCH = "e" * 40
DEV = {"name": "Dev", "email": "dev@example.org"}


def create_ready_track(*, sprint: Sprint | None = None, key: str = "A", **outcomes: object) -> Track:
    """One whose gates are open: tested at its head with ``outcomes``, by default as the baseline; Dev wrote
    its commits."""
    sprint = sprint or factories.create_sprint()
    if sprint.baseline is None:
        factories.create_baseline(sprint=sprint, passed=3)
        sprint.refresh_from_db()
    track = factories.create_track(sprint=sprint, key=key, name=f"Track {key}")
    retest(track, **outcomes)
    return Track.objects.select_related("sprint__project").get(pk=track.pk)


def retest(track: Track, *, at: str = "", **outcomes: object) -> Run:
    """The track's next run, with which git says that it merges cleanly; its commit is the branch's head."""
    run = factories.create_run(track=track, at=at, **(outcomes or {"passed": 3}))
    baseline = Sprint.objects.get(pk=track.sprint_id).baseline
    kept_comparison(baseline, run)
    merges(track, base=baseline.sha, head=run.sha)
    push(track, run.sha)
    return run


def merges(track: Track, *, base: str, head: str, **told: object) -> None:
    """What git says of merging the commit."""
    known = {"result": MergeResult.CLEAN, "patch_id": PATCH, "authors": [DEV], "commits": 1}
    Mergeability.objects.get_or_create(
        project=track.sprint.project, base=base, head=head, defaults=known | told | {"read_at": NOON}
    )


def push(track: Track, sha: str) -> None:
    actions.note_heads(track.sprint.project, {track.branch: sha}, now=NOON)


def ready(track: Track, *, now: datetime = NOON) -> Readiness:
    return readiness_of(Sprint.objects.get(pk=track.sprint_id), now=now)[track.pk]


def saw(track: Track, *, now: datetime = NOON) -> dict[str, Any]:
    """What somebody who opens the form sees, as ``decide`` takes it."""
    seen = ready(track, now=now).frozen
    return {"seen": seen, "sha": seen["head"], "run": seen["run"], "head": seen["head"]}


def say(track: Track, kind: DecisionKind = DecisionKind.APPROVED, **other: Any) -> Decision:
    """A lead's decision on what the track is now."""
    now = other.get("now", NOON)
    known = {
        "kind": kind,
        "rationale": "All of it was looked at.",
        "conditions": [],
        "by": lead(track),
        "now": now,
    }
    seen = {} if "seen" in other else saw(track, now=now)
    return decide(track, **(known | seen | other))


def lead(track: Track) -> User:
    lead = track.sprint.project.created_by
    assert lead
    return lead
