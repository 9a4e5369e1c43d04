"""A run's page in each of its states, the fragment that follows it, and its log."""

import pytest

from tests import factories
from tests.factories import NOON
from tests.tracks.web.pages import member, queries_of, words
from tracks import actions
from tracks.errors import SubjectError, ToolError
from tracks.events import Prepared, StageStarted
from tracks.models import Run
from tracks.statuses import Role, RunState, Stage

pytestmark = pytest.mark.django_db


def path(run: Run, rest: str = "") -> str:
    return f"/p/{run.project.slug}/runs/{run.pk}/{rest}"


def look(run: Run, rest: str = "") -> str:
    return words(member(run.project).get(path(run, rest)))


def prepare(run: Run) -> actions.Recording:
    claim = factories.claim(run)
    assert claim
    return actions.Recording(claim, now=NOON)


def test_the_books_are_shown_with_whether_they_balance():
    run = factories.create_run(passed=5, failed=2, errors=1, skipped=1)
    said = look(run)
    assert "9 collected = ● 5 passed + ▲ 2 failed + ■ 1 error + ○ 1 skipped" in said
    assert "the books balance" in said
    for part in ("initial", run.sha, "branch-a", "3.12.1", "bubblewrap", "python -m pytest", "by Lena"):
        assert part in said


def test_missing_results_are_counted():
    run = factories.create_run(passed=3)
    Run.objects.filter(pk=run.pk).update(
        state=RunState.INCOMPLETE, balanced=False, collected=5, reason="The test command was killed."
    )
    said = look(run)
    assert "Incomplete: some results are missing The test command was killed." in said
    assert "2 missing" in said


@pytest.mark.parametrize(
    ("error", "headline"),
    [
        (
            SubjectError("No tests were collected.", remedy="Name the folder.", detail="<b>exit 5</b>"),
            "Broken:",
        ),
        (ToolError("No sandbox works here.", remedy="Ask the operator."), "Not carried out:"),
    ],
)
def test_a_run_that_failed_to_run_says_why_and_what_to_do(error, headline):
    run = factories.start_run()
    prepare(run).fail(error, now=NOON)
    response = member(run.project).get(path(run))
    for part in (headline, error.message, error.remedy):
        assert part in words(response)
    assert "<b>exit" not in response.content.decode()


def test_a_run_without_a_sandbox_bears_a_mark():
    run = factories.start_run()
    recording = prepare(run)
    recording.record(Prepared({"python": "3.12.1", "tier": "none"}), now=NOON)
    assert "⚠ ran without a sandbox" in look(run)


def test_while_it_is_prepared_the_stage_is_shown():
    run = factories.start_run()
    assert "Waiting for a worker" in look(run)
    recording = prepare(run)
    recording.record(StageStarted(Stage.SETUP), now=NOON)
    assert "Setting up the environment" in look(run)


def test_a_running_run_shows_what_has_finished_and_how_much_is_left():
    sprint = factories.create_sprint()
    results = {f"a.py::{number}": "passed" for number in range(4)}
    factories.create_baseline(sprint=sprint, results=results)
    run = factories.start_run(track=factories.create_track(sprint=sprint))
    factories.play(run, results={"a.py::0": "passed", "a.py::1": "failed"}, ended=False)
    Run.objects.filter(pk=run.pk).update(collected=4)
    said = look(run)
    assert "Tests are running · 2 of 4 · a few seconds left" in said
    assert "a.py:: 1" in said
    assert "2 to come" in said


def test_the_fragment_answers_only_what_is_new_and_stops_when_the_run_has_ended(monkeypatch):
    monkeypatch.setattr("tracks.web.watching.FRESH_SECONDS", 0)
    run = factories.start_run()
    client = member(run.project)
    page = client.get(path(run)).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert f"live?seen={run.revision}" in page
    assert client.get(path(run, "live"), {"seen": run.revision}).status_code == 204
    seen = run.revision
    run = factories.play(run, passed=2, failed=1)
    fragment = client.get(path(run, "live"), {"seen": seen})
    assert fragment.status_code == 200
    assert "every 1s" not in fragment.content.decode()
    assert "<!doctype" not in fragment.content.decode()


@pytest.mark.parametrize(
    ("wanted", "tests"),
    [
        ("", ["two", "three"]),
        ("?outcome=failed", ["two"]),
        ("?outcome=skipped", ["four"]),
        ("?outcome=all", ["one", "two", "three", "four"]),
        ("?outcome=absent", ["two", "three"]),
        ("?outcome=nonsense&page=nonsense", ["two", "three"]),
    ],
)
def test_results_are_listed_by_outcome(wanted, tests):
    results = {"one": "passed", "two": "failed", "three": "error", "four": "skipped"}
    run = factories.create_run(results=results, message="because")
    response = member(run.project).get(path(run, wanted))
    assert [row.node_id for row in response.context["results"].rows] == tests


def test_a_skipped_test_shows_its_reason():
    run = factories.create_run(results={"one": "skipped"}, message="needs a network")
    assert "needs a network" in look(run, "?outcome=skipped")


def test_secrets_in_the_environment_are_not_shown():
    project = factories.create_project(env={"TOKEN": "s3cret"})
    track = factories.create_track(sprint=factories.create_sprint(project=project))
    run = factories.create_run(track=track, failed=1)
    assert "s3cret" not in look(run)
    number = run.failures.get().test.number
    assert "s3cret" not in look(run, f"tests/{number}/")


def test_runs_are_listed_newest_first():
    first = factories.create_run(passed=1)
    second = factories.start_run(track=first.track)
    said = words(member(first.project).get(f"/p/{first.project.slug}/runs/"))
    assert said.index(f" {second.pk} ") < said.index(f" {first.pk} ")


def test_a_project_without_runs_says_what_to_do_next():
    project = factories.create_project()
    assert "Nothing has been run yet" in words(member(project).get(f"/p/{project.slug}/runs/"))


@pytest.mark.parametrize("rest", ["", "live", "log", "clusters", "deltas", "tests/1/", "tests/1/text"])
def test_a_run_of_another_project_is_not_found(rest):
    run = factories.create_run(failed=1)
    other = factories.create_project()
    assert member(other, Role.LEAD, "Olga").get(path(run, rest)).status_code == 404
    assert member(other).get(f"/p/{other.slug}/runs/{run.pk}/{rest}").status_code == 404


def test_a_number_beyond_every_run_is_not_found():
    project = factories.create_project()
    assert member(project).get(f"/p/{project.slug}/runs/{'9' * 30}/").status_code == 404


def test_its_queries_do_not_grow_with_tests():
    track = factories.create_track()
    factories.create_run(track=track, passed=1)
    few = factories.create_run(track=track, passed=3, failed=1, skipped=1)
    many = factories.create_run(track=track, passed=300, failed=120, errors=10, skipped=9)
    client = member(few.project)
    assert queries_of(client, path(many)) == queries_of(client, path(few))
    assert queries_of(client, path(many, "clusters")) == queries_of(client, path(few, "clusters"))
