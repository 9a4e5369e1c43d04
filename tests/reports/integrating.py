"""Tracks that are merged on trial, for tests: on a real repository, or with a run that a worker recorded."""

from pathlib import Path

from reports import actions
from reports.models import Integration
from reports.statuses import IntegrationState
from tests import factories
from tests.factories import NOON
from tests.omc_qa.cli.repositories import commit, create_repository, git
from tracks.actions import start_integration_run
from tracks.execution.spec import Merge
from tracks.models import Sprint

BASE = {"a.py::one": "passed", "a.py::two": "failed", "a.py::three": "passed", "a.py::four": "passed"}
ALONE = {"A": BASE | {"a.py::two": "passed"}, "C": BASE | {"a.py::three": "skipped"}}
TOGETHER = BASE | {"a.py::one": "error", "a.py::two": "failed"}
"""What they come out as: one is broken together only, two is not mended, three is better than on C."""


def create_tested_sprint(**results: dict[str, str]) -> Sprint:
    """Its tracks A and C, or those that are named, have been tested."""
    sprint = factories.create_sprint()
    factories.create_baseline(sprint=sprint, results=BASE)
    for key, outcomes in (results or ALONE).items():
        factories.create_run(track=factories.create_track(sprint=sprint, key=key), results=outcomes)
    sprint.refresh_from_db()
    return sprint


def integrate(sprint: Sprint, results: dict[str, str] | None = None) -> Integration:
    """All tracks of the sprint, as if a worker had merged and tested them."""
    person = sprint.project.created_by
    found = actions.start_integration(sprint, sprint.tracks.all(), by=person, now=NOON)
    merge = Merge(found.base_sha, tuple(each["sha"] for each in found.tracks), tuple(keys_of(found)))
    found.run = start_integration_run(
        sprint, sha=factories.sha(), merge=merge, criteria=[], by=person, now=NOON
    )
    found.merged = [{"key": key, "commit": factories.sha()} for key in keys_of(found)]
    found.state = IntegrationState.TESTING
    found.save()
    factories.play(found.run, results=results or TOGETHER)
    found.refresh_from_db()
    return found


def keys_of(found: Integration) -> list[str]:
    return [each["key"] for each in found.tracks]


def create_sprint_in(folder: Path) -> Sprint:
    """Of a real repository: its tracks A and B change a file each, and have been tested."""
    repository = create_repository(folder, {"a.txt": "one\n", "b.txt": "one\n"})
    sprint = factories.create_sprint(project=factories.create_project(repository=str(repository)))
    factories.create_baseline(sprint=sprint, passed=1, at=git(repository, "rev-parse", "main"))
    for key in "AB":
        git(repository, "checkout", "-q", "main")
        track = factories.create_track(sprint=sprint, key=key)
        at = commit(repository, {f"{key.lower()}.txt": "two\n"}, branch=track.branch)
        factories.create_run(track=track, passed=1, at=at)
    sprint.refresh_from_db()
    return sprint
