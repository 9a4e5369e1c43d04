"""What a trial integration does where a machine, the network or a worker fails: real git, no pytest."""

from datetime import timedelta

import pytest

from reports import actions, trial_merges
from reports.actions.integrations import PATIENCE
from reports.models import Integration, IntegrationStep
from reports.statuses import IntegrationState
from tests import factories
from tests.factories import NOON
from tests.omc_qa.cli.repositories import commit, create_repository, git
from tracks import repositories
from tracks.errors import ToolError
from tracks.execution.spec import RunSpec
from tracks.models import AuditEntry, Run
from tracks.statuses import RunKind, RunState

pytestmark = pytest.mark.django_db
SOON, LATE = NOON + PATIENCE / 2, NOON + PATIENCE
LATER = LATE + timedelta(minutes=1)


@pytest.fixture
def folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path / "data"
    settings.ALLOW_LOCAL_REPOSITORIES = True
    folder = create_repository(tmp_path / "ledger", {"README": "one\n"})
    for key in "ABC":
        git(folder, "checkout", "-q", "main")
        commit(folder, {key: "x"}, branch=f"branch-{key.lower()}")
    git(folder, "checkout", "-q", "main")
    return folder


@pytest.fixture
def found(folder) -> Integration:
    """One of three tracks that merge cleanly; nobody has merged them yet."""
    sprint = factories.create_sprint(project=factories.create_project(repository=str(folder)))
    factories.create_baseline(
        sprint=sprint, at=git(folder, "rev-parse", "main"), results={"t.py::a": "passed"}
    )
    for key in "ABC":
        track = factories.create_track(sprint=sprint, key=key)
        at = git(folder, "rev-parse", track.branch)
        factories.create_run(track=track, at=at, results={"t.py::a": "passed"})
    sprint.refresh_from_db()
    by = sprint.project.created_by
    return actions.start_integration(sprint, sprint.tracks.all(), by=by, now=NOON)


@pytest.fixture
def searching(found) -> Integration:
    """The same, merged and tested: the test fails with all of them, and combinations wait to be merged."""
    actions.merge_due(now=NOON)
    found.refresh_from_db()
    factories.play(found.run, results={"t.py::a": "failed"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trial_merges, "make", without_a_mirror)
        actions.advance_integrations_due(now=NOON)
    found.refresh_from_db()
    assert found.state == IntegrationState.SEARCHING
    return found


def without_a_mirror(*_):
    raise repositories.NotMirrored("the commit is not in this machine's copy of the repository")


def waiting(found: Integration) -> list[IntegrationStep]:
    return list(found.steps.filter(run=None, note=""))


def ill(*_, **__):
    raise ToolError("git is ill.", remedy="Cure it.")


@pytest.mark.parametrize(
    ("error", "note"),
    [(ToolError("git is ill.", remedy="Cure it."), "git is ill. Cure it."), (KeyError("x"), "KeyError")],
)
def test_what_fails_while_tracks_are_merged_is_noted_and_tried_again(found, monkeypatch, error, note):
    def fail(*_, **__):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("reports.actions.integrations.actions.start_integration_run", fail)
        actions.merge_due(now=SOON)
    found.refresh_from_db()
    assert found.state == IntegrationState.MERGING
    assert note in found.note
    actions.merge_due(now=SOON)
    found.refresh_from_db()
    assert (found.state, found.note) == (IntegrationState.TESTING, "")


def test_the_page_says_what_the_last_try_met(found, monkeypatch, client):
    monkeypatch.setattr("reports.actions.integrations.merge_tracks", ill)
    actions.merge_due(now=SOON)
    client.force_login(found.started_by)
    page = client.get(f"/p/{found.sprint.project.slug}/integrations/{found.pk}/", follow=True)
    assert b"The last time it could not: git is ill. Cure it. It is tried again." in page.content


def test_after_some_minutes_it_is_stopped_with_the_reason(found, monkeypatch):
    monkeypatch.setattr("reports.actions.integrations.merge_tracks", ill)
    actions.merge_due(now=LATE)
    found.refresh_from_db()
    assert (found.state, found.note) == (IntegrationState.STOPPED, "git is ill. Cure it.")


def test_a_base_that_is_gone_stops_it_at_once(found):
    Integration.objects.update(base_sha="f" * 40)
    actions.merge_due(now=NOON)
    found.refresh_from_db()
    assert found.state == IntegrationState.STOPPED
    assert found.note.startswith("The base's commit fffffff is not in the repository")


def test_a_machine_without_the_commits_leaves_combinations_to_a_worker_that_fetches_them(
    searching, tmp_path, settings
):
    settings.DATA_DIR = tmp_path / "another machine"
    steps = waiting(searching)
    actions.advance_integrations_due(now=LATER)
    assert waiting(searching) == steps
    actions.begin_combinations_due(now=LATER)
    assert steps and not waiting(searching)
    assert Run.objects.filter(kind=RunKind.SELECTION, state=RunState.QUEUED).count() == len(steps)


def test_a_rewritten_branchs_commit_is_fetched_by_itself(searching, folder, tmp_path, settings):
    git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(folder, "branch", "-q", "-f", "branch-c", "main")
    settings.DATA_DIR = tmp_path / "another machine"
    actions.begin_combinations_due(now=NOON)
    assert not waiting(searching)


@pytest.mark.parametrize("what", ["reports.trial_merges.make", "tracks.actions.start_again"])
def test_a_combination_that_cannot_be_begun_is_tried_for_some_minutes_and_then_says_why(
    searching, monkeypatch, what
):
    monkeypatch.setattr(what, ill)
    steps = waiting(searching)
    actions.begin_combinations_due(now=SOON)
    actions.advance_integrations_due(now=SOON)
    assert waiting(searching) == steps
    now = SOON
    while waiting(searching):
        now += PATIENCE
        actions.begin_combinations_due(now=now)
        actions.advance_integrations_due(now=now)
    searching.refresh_from_db()
    assert searching.state == IntegrationState.DONE
    assert {step.note for step in searching.steps.all()} == {"git is ill. Cure it."}


def test_a_repository_that_does_not_answer_is_asked_for_some_minutes(
    searching, tmp_path, settings, monkeypatch
):
    settings.DATA_DIR = tmp_path / "another machine"
    monkeypatch.setattr(repositories, "fetch_missing", ill)
    actions.begin_combinations_due(now=SOON)
    assert waiting(searching)
    actions.begin_combinations_due(now=LATE)
    assert not waiting(searching)


def test_what_never_merges_is_told_at_once(searching, folder):
    step = searching.steps.earliest("pk")
    git(folder, "checkout", "-q", "-b", "clash", "main")
    sha = commit(folder, {"A": "something else"})
    repositories.fetch(searching.sprint.project)
    searching.tracks[1]["sha"] = sha
    searching.save()
    IntegrationStep.objects.filter(pk=step.pk).update(keys=["A", "B"])
    actions.advance_integration(searching.pk, now=NOON)
    step.refresh_from_db()
    assert step.note == "B cannot be merged: conflict in A."


def test_runs_that_a_stop_left_behind_are_cancelled(searching):
    actions.begin_combinations_due(now=NOON)
    Integration.objects.update(state=IntegrationState.STOPPED)
    actions.advance_integrations_due(now=NOON)
    told = set(searching.steps.values_list("run__state", "run__reason"))
    assert told == {(RunState.CANCELLED, "Cancelled by OMC QA: what it was for has ended.")}


def test_its_end_is_in_the_audit_log_with_what_came_of_it(found):
    actions.merge_due(now=NOON)
    found.refresh_from_db()
    factories.play(found.run, results={"t.py::a": "passed"})
    actions.advance_integrations_due(now=NOON)
    entry = AuditEntry.objects.get(action="integration.done")
    assert (entry.actor, entry.subject) == (None, f"integration:{found.pk}")
    told = "3 tracks merged break nothing that passes on a track alone."
    assert entry.after == {"passed": True, "result": told}


def test_who_stops_one_is_in_the_audit_log_once(found):
    actions.stop_integration(found, by=found.started_by, now=NOON)
    entry = AuditEntry.objects.get(action="integration.stopped")
    assert entry.actor == found.started_by
    assert "Stopped by" in entry.after["result"]


def test_what_runs_the_merged_commit_again_merges_it_again(found):
    """On a worker that has not merged them yet the commit is not in the repository."""
    actions.merge_due(now=NOON)
    found.refresh_from_db()
    base = found.sprint.baseline
    run = factories.play(found.run, results={"t.py::a": "failed"})
    comparison = actions.kept_comparison(base, run)
    diagnosis = actions.start_diagnosis("stability", comparison, by=found.started_by, now=NOON)
    specs = {step.part: RunSpec.from_json(step.run.spec) for step in diagnosis.steps.select_related("run")}
    made = RunSpec.from_json(run.spec).merge
    assert {part: spec.merge for part, spec in specs.items()} == {"head": made, "base": None}
    assert made is not None and not specs["head"].protected
