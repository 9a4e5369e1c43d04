"""Setting up sprints and their tracks."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from tracks.actions.audit import audit
from tracks.errors import InvalidInput
from tracks.models import Project, Sprint, Track, User
from tracks.permissions import check_can_loosen

TARGETS = ("min_passed", "max_failed", "max_errors")
SPRINT_FIELDS = ("name", "base_branch", *TARGETS)
TRACK_KEY = re.compile(r"[A-Z][A-Z0-9]{0,7}")


@transaction.atomic
def create_sprint(
    project: Project,
    *,
    name: str,
    base_branch: str,
    by: User | None,
    now: datetime,
    min_passed: int | None = None,
    max_failed: int | None = None,
    max_errors: int | None = None,
) -> Sprint:
    """Raises InvalidInput where the name leaves no address or the project has a sprint of that address."""
    if project.draft:
        raise InvalidInput("This project is a draft.", remedy="Save it first, then plan its sprints.")
    slug = slugify(name)[:60]
    if not slug:
        raise InvalidInput("A sprint's name needs at least one letter or digit.", field="name")
    if project.sprints.filter(slug=slug).exists():
        raise InvalidInput(
            f"This project has a sprint '{slug}' already.", remedy="Choose another name.", field="name"
        )
    sprint = Sprint.objects.create(
        project=project,
        slug=slug,
        name=name,
        base_branch=base_branch,
        min_passed=min_passed,
        max_failed=max_failed,
        max_errors=max_errors,
        created_at=now,
    )
    told = {field: value for field in SPRINT_FIELDS if (value := getattr(sprint, field)) is not None}
    audit("sprint.created", sprint, actor=by, project=project, after=told)
    return sprint


@transaction.atomic
def change_sprint(sprint: Sprint, *, by: User, **changes: Any) -> Sprint:
    """Change its name, base branch or targets. Raises InvalidInput for anything else, and NotPermitted where
    a target is to be milder and the user may not do that."""
    if unknown := set(changes) - set(SPRINT_FIELDS):
        raise InvalidInput(f"A sprint has no {', '.join(sorted(unknown))} to change.")
    before = {field: getattr(sprint, field) for field in changes}
    if any(_is_milder(field, before[field], changes[field]) for field in changes if field in TARGETS):
        check_can_loosen(by, sprint.project)
    for field, value in changes.items():
        setattr(sprint, field, value)
    sprint.save(update_fields=list(changes))
    audit("sprint.changed", sprint, actor=by, project=sprint.project, before=before, after=changes)
    return sprint


def _is_milder(target: str, before: int | None, after: int | None) -> bool:
    if before is None or after is None:
        return before is not None
    return after < before if target == "min_passed" else after > before


@transaction.atomic
def create_track(
    sprint: Sprint,
    *,
    key: str,
    name: str,
    branch: str,
    by: User | None,
    owner: User | None = None,
    depends_on: Iterable[Track] = (),
    checks_only: bool = False,
) -> Track:
    """Raises InvalidInput for a key that is none or is taken, and for a dependency of another sprint."""
    if not TRACK_KEY.fullmatch(key):
        raise InvalidInput(
            f"'{key}' is no track key.",
            remedy="Use up to 8 capital letters and digits: A, B, API2.",
            field="key",
        )
    if sprint.tracks.filter(key=key).exists():
        raise InvalidInput(
            f"This sprint has a track {key} already.", remedy="Choose another key.", field="key"
        )
    track = Track.objects.create(
        sprint=sprint, key=key, name=name, branch=branch, owner=owner, checks_only=checks_only
    )
    _depend(track, depends_on)
    audit("track.created", track, actor=by, project=sprint.project, after=_told(track))
    return track


@transaction.atomic
def change_track(
    track: Track,
    *,
    by: User,
    name: str,
    branch: str,
    owner: User | None,
    depends_on: Iterable[Track],
    checks_only: bool,
) -> Track:
    """Raises InvalidInput for a dependency of another sprint and for one that closes a cycle, naming it."""
    before = _told(Track.objects.select_related("owner").get(pk=track.pk))
    track.name, track.branch, track.owner, track.checks_only = name, branch, owner, checks_only
    track.save(update_fields=["name", "branch", "owner", "checks_only"])
    _depend(track, depends_on)
    audit(
        "track.changed",
        track,
        actor=by,
        project=track.sprint.project,
        before=before,
        after=_told(track),
    )
    return track


@transaction.atomic
def remove_track(track: Track, *, by: User) -> None:
    """Raises InvalidInput for a track that was tested: its runs are facts."""
    locked = Track.objects.select_for_update(no_key=True).get(pk=track.pk)
    if locked.runs.exists():
        raise InvalidInput(
            f"Track {track.key} has runs, which are kept.", remedy="Leave it, or change its name and branch."
        )
    audit(
        "track.removed",
        locked,
        actor=by,
        project=track.sprint.project,
        before=_told(locked),
    )
    locked.delete()


def _told(track: Track) -> dict[str, Any]:
    """As the audit log keeps it; people and other tracks by what they are called."""
    return {
        "key": track.key,
        "name": track.name,
        "branch": track.branch,
        "owner": str(track.owner) if track.owner else None,
        "depends_on": sorted(track.depends_on.values_list("key", flat=True)),
        "checks_only": track.checks_only,
    }


def _depend(track: Track, depends_on: Iterable[Track]) -> None:
    needed = list(depends_on)
    Sprint.objects.select_for_update().get(pk=track.sprint_id)  # two edits at once could close a cycle
    for other in needed:
        if other.sprint_id != track.sprint_id:
            raise InvalidInput(f"Track {other.key} belongs to another sprint.", field="depends_on")
        if path := _path(other, track, seen=set()):
            cycle = " → ".join([track.key, *path])
            raise InvalidInput(f"Tracks cannot wait for each other: {cycle}.", field="depends_on")
    track.depends_on.set(needed)


def _path(start: Track, goal: Track, *, seen: set[int]) -> list[str]:
    """Keys along the dependencies from ``start`` to ``goal``; empty where none leads there."""
    if start.pk == goal.pk:
        return [start.key]
    seen.add(start.pk)
    for following in start.depends_on.all():
        if following.pk not in seen and (rest := _path(following, goal, seen=seen)):
            return [start.key, *rest]
    return []
