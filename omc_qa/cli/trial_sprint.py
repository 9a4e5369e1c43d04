"""The project, sprint and runs that ``omc-qa try`` asks for; imports Django."""

from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from tracks import actions, repositories
from tracks.models import Project, Sprint, User

EMAIL = "you@localhost.local"


def start(repository: Path, baseline: str, tracks: list[tuple[str, str]], testing: dict[str, Any]) -> Sprint:
    """Start a run for the baseline and for each (key, branch or SHA); a key again is its next iteration.

    A ref that is none raises SubjectError before anything runs.
    """
    now = timezone.now()
    user = User.objects.filter(email=EMAIL).first() or actions.create_user(email=EMAIL, name="You")
    project = _project(repository, testing, user)
    base = repositories.resolve(project, baseline)
    commits = [(key, ref, repositories.resolve(project, ref)) for key, ref in tracks]
    name = f"Trial {project.sprints.count() + 1}"
    sprint = actions.create_sprint(project, name=name, base_branch=baseline, by=user, now=now)
    actions.start_baseline(sprint, sha=base, by=user, now=now)
    for key, ref, sha in commits:
        track = sprint.tracks.filter(key=key).first()
        track = track or actions.create_track(sprint, key=key, name=ref[:120], branch=ref, by=user)
        actions.start_track_run(track, sha=sha, by=user, now=now)
    return Sprint.objects.select_related("project", "baseline").get(pk=sprint.pk)


def _project(repository: Path, testing: dict[str, Any], user: User) -> Project:
    """The project of that repository, set up as asked for this time."""
    known = Project.objects.filter(repository=str(repository), trusted=True).first()
    if known:
        return actions.change_project(known, by=user, **testing)
    name = repository.name if slugify(repository.name) else "Repository"
    if Project.objects.filter(slug=slugify(name)[:60]).exists():
        name = f"{name[:50]} {Project.objects.count() + 1}"
    return actions.create_project(
        name=name, by=user, now=timezone.now(), trusted=True, repository=str(repository), **testing
    )
