"""Noticing new commits on the branches of tracks.

project is due ──take_looks──> whoever took it asks the repository ──note_heads──> Track.head
                                 a track that was tested, but not there: told, or tested by itself

A head is noted together with what follows from it: what cannot be carried out is noticed again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q

from tracks import queries
from tracks.actions.notices import tell
from tracks.actions.starting import start_track_run
from tracks.apart import each_apart
from tracks.errors import InvalidInput
from tracks.models import Project, Sprint, Track
from tracks.permissions import Permission, people_who
from tracks.statuses import NoticeKind


def take_looks(*, every: timedelta, now: datetime) -> list[Project]:
    """The projects whose branches nobody has looked at for so long. They are this caller's: another one that
    asks at the same moment gets none of them."""
    unseen = Q(head_seen_at=None) | Q(head_seen_at__lte=now - every)
    due = Project.objects.filter(pk__in=Track.objects.filter(unseen).values("sprint__project"))
    return [project for project in due.filter(draft=False).order_by("pk") if _take(project, unseen, now=now)]


def _take(project: Project, unseen: Q, *, now: datetime) -> bool:
    """By one UPDATE that joins nothing: who has waited for another's asks ``unseen`` again of the rows."""
    sprints = Sprint.objects.filter(project=project).order_by().values("pk")
    return bool(Track.objects.filter(unseen, sprint__in=sprints).update(head_seen_at=now))


def note_heads(project: Project, heads: Mapping[str, str], *, now: datetime) -> None:
    """Note the head of each track's branch, as ``heads`` gives it by name. A track of the newest sprint that
    has new commits by that is tested, where the project wants so; else its testers are told."""
    tracks = Track.objects.filter(sprint__project=project, branch__in=heads).select_related("sprint")
    newest = Sprint.objects.filter(project=project).order_by("-created_at", "-pk").first()
    each_apart(
        (
            partial(_note, project, track, heads[track.branch], acts=track.sprint == newest, now=now)
            for track in tracks
        ),
        failed="new commits could not be noted; they are noticed again",
    )


@transaction.atomic
def _note(project: Project, track: Track, head: str, *, acts: bool, now: datetime) -> None:
    moved = Track.objects.filter(pk=track.pk).exclude(head=head).update(head=head, head_seen_at=now)
    track.head = head
    if moved and acts and queries.with_new_commits([track]):
        _act(project, track, now=now)


def note_bases(project: Project, heads: Mapping[str, str], *, now: datetime) -> None:
    """Note the heads of the sprints' base branches; ``heads`` are all of the repository, so that one that is
    not there is gone."""
    sprints = Sprint.objects.filter(project=project)
    for branch in set(sprints.values_list("base_branch", flat=True)):
        head = heads.get(branch, "")
        unknown = sprints.filter(base_branch=branch).exclude(base_head=head, base_seen_at__isnull=False)
        unknown.update(base_head=head, base_seen_at=now)


def note_gone(project: Project, heads: Mapping[str, str], *, now: datetime) -> None:
    """Note of the tracks whose branch is not among all ``heads`` of the repository that it is gone."""
    tracks = Track.objects.filter(sprint__project=project).exclude(branch__in=heads)
    tracks.exclude(head="").update(head="", head_seen_at=now)


def _act(project: Project, track: Track, *, now: datetime) -> None:
    if not project.retests:
        tell(
            NoticeKind.COMMITS,
            people_who(Permission.TRIAGE, project),
            f"Track {track} has new commits since its last test, up to {track.head[:7]}.",
            track=track,
            now=now,
        )
        return
    try:
        start_track_run(track, sha=track.head, by=None, now=now)
    except InvalidInput:
        return  # it is being tested already, or there is nothing to run
