"""A track's page: iterations, what each changed, its commits."""

import pytest

from tests import factories
from tests.tracks.web.pages import member, queries_of, words
from tracks.models import Run, Track

pytestmark = pytest.mark.django_db


@pytest.fixture
def track() -> Track:
    sprint = factories.create_sprint()
    factories.create_baseline(sprint=sprint, results={"a.py::one": "passed", "a.py::two": "failed"})
    return factories.create_track(sprint=sprint, name="Ledger")


def path(track: Track, rest: str = "") -> str:
    return f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}/t/{track.key}/{rest}"


def test_a_track_without_runs_says_what_to_do_next(track):
    said = words(member(track.sprint.project).get(path(track)))
    assert "This track has not been tested yet" in said
    assert "Test the branch" in said


def test_each_iteration_says_what_it_changed_to_the_one_before(track):
    first = {"a.py::one": "failed", "a.py::two": "failed"}
    factories.create_run(track=track, results=first)
    factories.create_run(track=track, results=first | {"a.py::one": "passed"})
    said = words(member(track.sprint.project).get(path(track)))
    for part in ("baseline", "initial", "retest 1", "improvement: yes 1 fixed"):
        assert part in said


def test_a_retest_that_ends_as_before_is_no_improvement(track):
    results = {"a.py::one": "failed", "a.py::two": "passed"}
    for outcomes in (results, results | {"a.py::two": "error"}, results):
        factories.create_run(track=track, results=outcomes)
    said = words(member(track.sprint.project).get(path(track)))
    assert "improvement: none every test came out as in initial; to the previous 1 fixed" in said


def test_the_chosen_iteration_is_compared_with_the_baseline_and_the_one_before(track):
    factories.create_run(track=track, results={"a.py::one": "failed", "a.py::two": "passed"})
    factories.create_run(track=track, results={"a.py::one": "passed", "a.py::two": "passed"})
    client = member(track.sprint.project)
    latest = words(client.get(path(track)))
    assert "retest 1 against the baseline" in latest
    assert "retest 1 against the previous iteration" in latest
    initial = words(client.get(path(track, "?iteration=0")))
    assert "initial against the baseline" in initial
    assert "previous iteration" not in initial
    assert "1 newly failing" in initial


def test_of_a_large_class_the_first_fifty_are_named(track):
    run = factories.create_run(track=track, failed=64)
    page = member(track.sprint.project).get(path(track)).content.decode()
    assert "all 64" in page
    assert page.count(f"/runs/{run.pk}/tests/") == 50


def test_commits_are_data_never_markup(track):
    run = factories.create_run(track=track, passed=1)
    commit = {
        "sha": "a" * 40,
        "author": "Dev",
        "subject": "<script>alert(1)</script>\u202e",
        "date": "2026-11-20T10:00:00Z",
    }
    Run.objects.filter(pk=run.pk).update(commits=[commit])
    page = member(track.sprint.project).get(path(track)).content.decode()
    assert "<script>alert" not in page
    assert "<bdi>&lt;script&gt;alert(1)" in page
    assert "2026-11-20" in page


def test_a_running_iteration_says_that_it_runs(track):
    factories.start_run(track=track)
    said = words(member(track.sprint.project).get(path(track)))
    assert "Still running" in said
    assert "Follow the run" in said


def test_its_queries_do_not_grow_with_runs_and_tests(track):
    client = member(track.sprint.project)
    for _ in range(2):
        factories.create_run(track=track, passed=2, failed=1)
    few = queries_of(client, path(track))
    for _ in range(4):
        factories.create_run(track=track, passed=30, failed=60, errors=5, skipped=3)
    assert queries_of(client, path(track)) == few
