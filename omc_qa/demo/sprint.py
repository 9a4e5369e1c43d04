"""The sample sprint in the database: its people, tracks and runs; imports Django."""

import sys
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from omc_qa.demo import criteria
from omc_qa.demo.repository import SampleSprint, build
from tracks import actions
from tracks.models import Project, Sprint, User
from tracks.statuses import Role

PROJECT = "Sample backend"
PEOPLE = {"Lena": Role.LEAD, "Tess": Role.TESTER, "Dev": Role.DEVELOPER}


def find() -> Sprint | None:
    """The sample sprint, if it was started before."""
    return (
        Sprint.objects.select_related("project", "baseline")
        .filter(project__name=PROJECT)
        .order_by("pk")
        .first()
    )


def person(sprint: Sprint, name: str) -> User:
    """One of the sample's people, by first name."""
    return User.objects.get(memberships__project=sprint.project, first_name=name)


def start(folder: Path) -> Sprint:
    """Build the sample's repository in ``folder``, write down what its tester asks, and start the baseline
    and the initial tests of tracks A and C; ``story`` goes on from there. Track B waits for A."""
    sample = build(folder)
    with transaction.atomic():
        people = {
            name: actions.create_user(email=f"{name.lower()}@example.org", name=name) for name in PEOPLE
        }
        sprint = _sprint(_project(sample, people), sample, people)
    return Sprint.objects.select_related("project", "baseline").get(pk=sprint.pk)


def _project(sample: SampleSprint, people: dict[str, User]) -> Project:
    project = actions.create_project(
        name=PROJECT,
        by=people["Lena"],
        now=timezone.now(),
        trusted=True,
        repository=str(sample.path),
        default_branch=sample.base_branch,
        test=sample.test_command,
        env=dict(sample.environment),
        python=sys.executable,
    )
    for name, role in PEOPLE.items():
        actions.add_member(project, people[name], role, by=people["Lena"])
    return project


def _sprint(project: Project, sample: SampleSprint, people: dict[str, User]) -> Sprint:
    now, lead, tester = timezone.now(), people["Lena"], people["Tess"]
    sprint = actions.create_sprint(
        project,
        name=sample.name,
        base_branch=sample.base_branch,
        by=lead,
        now=now,
        min_passed=sample.targets.min_passed,
        max_failed=sample.targets.max_failed,
        max_errors=sample.targets.max_errors,
    )
    actions.start_baseline(sprint, sha=sample.baseline, by=tester, now=now)
    for planned in sample.tracks:
        track = actions.create_track(
            sprint,
            key=planned.key,
            name=planned.name,
            branch=planned.branch,
            by=lead,
            owner=people[planned.owner],
            depends_on=sprint.tracks.filter(key__in=planned.depends_on),
        )
        criteria.write_down(track, by=tester, now=now)
        for sha in planned.iterations[:1]:
            actions.start_track_run(track, sha=sha, by=tester, now=now)
    return sprint
