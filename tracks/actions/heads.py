"""Noticing new commits on the branches of tracks.

project is due ──take_looks──> whoever took it asks the repository ──note_heads──> Track.head
                                 a track that was tested, but not there: told, or tested by itself
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Q

from tracks import queries
from tracks.actions.notices import tell
from tracks.actions.starting import AlreadyRunning, start_track_run
from tracks.models import Project, Sprint, Track
from tracks.permissions import Permission, people_who
from tracks.statuses import NoticeKind


def take_looks(*, every: timedelta, now: datetime) -> list[Project]:
    """The projects whose branches nobody has looked at for so long. They are this caller's: another one that
    asks at the same moment gets none of them."""
    unseen = Q(head_seen_at=None) | Q(head_seen_at__lte=now - every)
    due = Project.objects.filter(pk__in=Track.objects.filter(unseen).values("sprint__project"))
    return [
        project
        for project in due.filter(draft=False).order_by("pk")
        if Track.objects.filter(unseen, sprint__project=project).update(head_seen_at=now)
    ]


def note_heads(project: Project, heads: Mapping[str, str], *, now: datetime) -> None:
    """Note the head of each track's branch, as ``heads`` gives it by name. A track of the newest sprint that
    has new commits by that is tested, where the project wants so; else its testers are told."""
    moved = []
    for track in Track.objects.filter(sprint__project=project, branch__in=heads).select_related("sprint"):
        head = heads[track.branch]
        seen = Track.objects.filter(pk=track.pk).exclude(head=head).update(head=head, head_seen_at=now)
        if seen:
            track.head = head
            moved.append(track)
    newest = Sprint.objects.filter(project=project).order_by("-created_at", "-pk").first()
    fresh = queries.with_new_commits(moved)
    for track in (track for track in moved if track.sprint == newest and track.pk in fresh):
        _act(project, track, now=now)


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
    except AlreadyRunning:
        return
