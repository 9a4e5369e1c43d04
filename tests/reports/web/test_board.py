"""The sprint board: what it says of each track, and that it follows what runs."""

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from tests import factories
from tests.factories import NOON
from tests.tracks.web.pages import member, queries_of, words
from tracks import actions
from tracks.errors import SubjectError
from tracks.models import Sprint
from tracks.statuses import Role

pytestmark = pytest.mark.django_db


def path(sprint: Sprint, rest: str = "") -> str:
    return f"/p/{sprint.project.slug}/s/{sprint.slug}/{rest}"


@pytest.fixture
def sprint() -> Sprint:
    sprint = factories.create_sprint(name="Sprint 7", min_passed=5, max_failed=0)
    factories.create_baseline(
        sprint=sprint, results={"a.py::one": "passed", "a.py::two": "passed", "a.py::three": "failed"}
    )
    sprint.refresh_from_db()
    return sprint


def test_it_says_what_each_track_changed(sprint):
    track = factories.create_track(sprint=sprint, name="Ledger")
    run = factories.create_run(
        track=track, results={"a.py::one": "passed", "a.py::two": "error", "a.py::three": "passed"}
    )
    response = member(sprint.project).get(path(sprint))
    said = words(response)
    for part in ("1 fixed", "1 newly erroring", "Track A: where the 3 went", "Largest causes", run.sha[:7]):
        assert part in said
    assert "3 more must pass, " not in said
    assert "misses the target: 3 more must pass" in said
    assert (
        f"base={sprint.baseline_id}&amp;head={run.pk}&amp;class=newly_erroring" in response.content.decode()
    )


def test_a_track_that_changed_nothing_says_so(sprint):
    track = factories.create_track(sprint=sprint)
    factories.create_run(
        track=track, results={"a.py::one": "passed", "a.py::two": "passed", "a.py::three": "failed"}
    )
    assert "no change" in words(member(sprint.project).get(path(sprint)))


def test_targets_are_said_with_who_reaches_them(sprint):
    track = factories.create_track(sprint=sprint)
    client = member(sprint.project)
    assert "Target ≥ 5 passed, 0 failed : reached by no track yet" in words(client.get(path(sprint)))
    factories.create_run(track=track, passed=5)
    said = words(client.get(path(sprint)))
    assert "reached by A" in said
    assert "reaches the target" in said


def test_a_broken_run_is_said_with_its_reason_and_remedy(sprint):
    run = factories.start_run(track=factories.create_track(sprint=sprint))
    claim = factories.claim(run)
    recording = actions.Recording(claim, now=NOON)
    recording.fail(SubjectError("The setup failed.", remedy="Correct the requirements."), now=NOON)
    said = words(member(sprint.project).get(path(sprint)))
    for part in ("broken", "The setup failed.", "Correct the requirements.", "no test ran"):
        assert part in said
    assert "vanished" not in said


def test_dependencies_are_named_both_ways(sprint):
    first = factories.create_track(sprint=sprint, key="A")
    second = factories.create_track(sprint=sprint, key="B")
    actions.change_track(
        second,
        by=sprint.project.created_by,
        name="B",
        branch="b",
        owner=None,
        depends_on=[first],
        checks_only=False,
    )
    said = words(member(sprint.project).get(path(sprint)))
    assert "blocks B" in said
    assert "waits for A" in said


def test_it_follows_while_something_runs_and_stops_after(sprint):
    track = factories.create_track(sprint=sprint)
    client = member(sprint.project)
    assert 'hx-trigger="every 1s"' not in client.get(path(sprint)).content.decode()
    run = factories.start_run(track=track)
    page = client.get(path(sprint))
    assert 'hx-trigger="every 1s"' in page.content.decode()
    seen = page.context["board"].revision
    assert client.get(path(sprint, "live"), {"seen": seen}).status_code == 204
    factories.play(run, passed=3)
    fragment = client.get(path(sprint, "live"), {"seen": seen})
    assert fragment.status_code == 200
    assert "hx-trigger" not in fragment.content.decode()
    assert "<!doctype" not in fragment.content.decode()


def test_it_waits_for_the_comparison_of_a_run_that_has_just_ended(sprint):
    track = factories.create_track(sprint=sprint)
    run = factories.create_run(track=track, passed=3)
    run.comparisons.all().delete()
    client = member(sprint.project)
    assert 'hx-trigger="every 1s"' not in client.get(path(sprint)).content.decode()
    type(run).objects.filter(pk=run.pk).update(ended_at=timezone.now() - timedelta(seconds=2))
    assert 'hx-trigger="every 1s"' in client.get(path(sprint)).content.decode()


def test_the_progress_of_a_running_track_is_estimated_from_the_baseline(sprint):
    run = factories.start_run(track=factories.create_track(sprint=sprint))
    factories.play(run, results={"a.py::one": "passed"}, ended=False)
    said = words(member(sprint.project).get(path(sprint)))
    assert "Tests are running · 1 of 1" in said


def test_what_waits_and_the_causes_stay_while_a_track_is_tested_again(sprint):
    track = factories.create_track(sprint=sprint, key="W")
    factories.create_run(track=track, results={"t.py::one": "failed"}, message="no such coin")
    tess = member(sprint.project)
    before = words(tess.get(path(sprint)))
    factories.start_run(track=track)
    during = words(tess.get(path(sprint)))
    for said in ("Causes without a finding", "1 on W", "ValueError: no such coin"):
        assert said in before
        assert said in during


def test_an_empty_board_says_what_to_do_next():
    sprint = factories.create_sprint()
    said = words(member(sprint.project).get(path(sprint)))
    assert "No tracks yet" in said
    assert "Add a track" in said
    assert "Test the baseline" in said


def test_a_reader_sees_why_a_button_is_disabled(sprint):
    factories.create_track(sprint=sprint)
    page = member(sprint.project, Role.READER, "Dev").get(path(sprint)).content.decode()
    assert 'disabled title="Only a developer, tester or lead may start and cancel runs."' in page
    assert "Add a track" not in page


def test_outsiders_find_nothing(sprint):
    assert member(factories.create_project(), name="Olga").get(path(sprint)).status_code == 404


def test_its_queries_do_not_grow_with_tracks_runs_and_tests(sprint):
    client = member(sprint.project)
    factories.create_run(track=factories.create_track(sprint=sprint, key="A"), passed=2, failed=1)
    factories.play(
        factories.start_run(track=factories.create_track(sprint=sprint, key="B")), passed=1, ended=False
    )
    few = queries_of(client, path(sprint))
    for key in "CDEF":
        track = factories.create_track(sprint=sprint, key=key)
        factories.create_run(track=track, passed=20, failed=30, errors=4)
        factories.create_run(track=track, passed=20, failed=30)
    factories.play(
        factories.start_run(track=factories.create_track(sprint=sprint, key="G")), passed=1, ended=False
    )
    assert queries_of(client, path(sprint)) == few


def test_a_run_of_an_older_commit_than_the_head_says_so(sprint):
    track = factories.create_track(sprint=sprint)
    head = factories.create_run(track=track, passed=1)
    actions.note_heads(sprint.project, {track.branch: head.sha}, now=NOON)
    client = member(sprint.project)
    assert "not the branch's head" not in unescape(words(client.get(path(sprint))))
    factories.create_run(track=track, passed=1)
    assert "not the branch's head" in unescape(words(client.get(path(sprint))))


def test_a_poll_that_finds_nothing_new_costs_few_queries(sprint, django_assert_max_num_queries):
    factories.start_run(track=factories.create_track(sprint=sprint))
    client = member(sprint.project)
    seen = client.get(path(sprint)).context["board"].revision
    with django_assert_max_num_queries(7):
        assert client.get(path(sprint, "live"), {"seen": seen}).status_code == 204


def test_the_projects_page_lists_its_sprints_and_latest_runs(sprint):
    factories.create_track(sprint=sprint, name="Ledger")
    client = member(sprint.project)
    said = words(client.get(f"/p/{sprint.project.slug}/"))
    for part in ("Sprint 7", "≥ 5 passed, 0 failed", "A Ledger", "Latest runs", "Baseline"):
        assert part in said


def test_the_page_of_a_project_without_sprints_says_what_to_do_next():
    project = factories.create_project()
    assert "Set up a sprint" in words(member(project).get(f"/p/{project.slug}/"))
    assert "A tester or a lead of this project can set one up" in words(
        member(project, Role.DEVELOPER, "Dev").get(f"/p/{project.slug}/")
    )
