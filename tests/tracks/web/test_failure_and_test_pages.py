"""The traceback of a failing test, a test's history, and finding tests."""

import pytest

from tests import factories
from tests.tracks.library_tracebacks import CONTEXT
from tests.tracks.web.pages import member, queries_of, words
from tracks import actions
from tracks.models import Project, Run, TestCase
from tracks.statuses import Outcome, RunKind
from tracks.vectors import encode_seconds, pack_durations
from tracks.web import history

pytestmark = pytest.mark.django_db

EVIL = "a.py::test[<img src=x onerror=alert(1)>\u202e]"


def number(project: Project, node_id: str) -> int:
    return TestCase.objects.get(project=project, node_id=node_id).number


def failure_path(run: Run, node_id: str, rest: str = "") -> str:
    return f"/p/{run.project.slug}/runs/{run.pk}/tests/{number(run.project, node_id)}/{rest}"


def test_a_failing_test_shows_its_error_and_how_to_reproduce_it():
    run = factories.create_run(results={"a.py::one": "failed"}, message="ValueError: no price for BTC")
    said = words(member(run.project).get(failure_path(run, "a.py::one")))
    for part in (
        "Failing test 1 of 1",
        "ValueError: no price for BTC",
        "ledger/prices.py:12: ValueError",
        "git switch --detach " + run.sha,
        "python -m pytest a.py::one",
        "No other test of this run ended with it.",
    ):
        assert part in said


def test_what_led_to_an_error_is_shown_root_first_here_and_among_the_causes():
    run = factories.create_run(results={"a": "failed"}, message=f"KeyError: 'id'{CONTEXT}E   Boom: no id")
    client = member(run.project)
    for path in (failure_path(run, "a"), f"/p/{run.project.slug}/runs/{run.pk}/clusters"):
        assert "KeyError: &#x27;id&#x27; ⇢ Boom: no id" in words(client.get(path))


def test_it_leads_to_the_tests_around_it_and_to_those_with_the_same_error():
    run = factories.create_run(
        results={"a": "failed", "b": "passed", "c": "error", "d": "failed"}, message="KeyError: 'x'"
    )
    response = member(run.project).get(failure_path(run, "c"))
    assert (response.context["previous"], response.context["next"]) == tuple(
        number(run.project, each) for each in ("a", "d")
    )
    assert [node_id for _, node_id in response.context["others"]] == ["a", "d"]
    assert "Failing test 2 of 3" in words(response)
    page = response.content.decode()
    assert 'rel="prev"' in page
    assert 'rel="next"' in page


def test_a_passed_test_has_no_traceback_and_says_so():
    run = factories.create_run(results={"a": "failed", "b": "passed"})
    said = words(member(run.project).get(failure_path(run, "b")))
    assert "there is no traceback" in said


def test_a_skipped_test_says_its_reason():
    run = factories.create_run(results={"b": "skipped"}, message="needs a network")
    assert "needs a network" in words(member(run.project).get(failure_path(run, "b")))


def test_a_test_that_the_run_does_not_have_is_not_found():
    run = factories.create_run(results={"a": "failed"})
    other = factories.create_run(track=run.track, results={"later": "failed"})
    client = member(run.project)
    assert client.get(failure_path(run, "a").replace("/tests/", "/tests/99")).status_code == 404
    path = failure_path(other, "later").replace(f"/runs/{other.pk}/", f"/runs/{run.pk}/")
    assert client.get(path).status_code == 404
    assert client.get(path + "text").status_code == 404


def test_the_traceback_alone_is_a_fragment():
    run = factories.create_run(results={"a": "failed"})
    response = member(run.project).get(failure_path(run, "a", "text"))
    assert "ledger/prices.py:12" in words(response)
    assert "<!doctype" not in response.content.decode()


def test_what_a_branch_supplies_is_never_markup():
    run = factories.create_run(results={EVIL: "failed"}, message="<script>alert(1)</script>")
    client = member(run.project)
    paths = [
        failure_path(run, EVIL),
        f"/p/{run.project.slug}/runs/{run.pk}/",
        f"/p/{run.project.slug}/runs/{run.pk}/clusters",
        f"/p/{run.project.slug}/tests/",
        f"/p/{run.project.slug}/tests/{number(run.project, EVIL)}/",
    ]
    for path in paths:
        page = client.get(path).content.decode()
        assert "<img" not in page
        assert "<script>" not in page


def test_history_shows_each_run_newest_right_and_since_when_it_fails():
    track = factories.create_track()
    for outcome in ("passed", "failed", "error"):
        factories.create_run(track=track, results={"a": outcome})
    factories.create_run(track=track, results={"other": "passed"})
    project = track.sprint.project
    client = member(project)
    path = f"/p/{project.slug}/tests/{number(project, 'a')}/"
    (line,) = client.get(path).context["lines"]
    assert [entry.outcome for entry in line.entries] == ["passed", "failed", "error", "absent"]
    assert line.since is None
    factories.create_run(track=track, results={"a": "failed"})
    factories.create_run(track=track, results={"a": "failed"})
    response = client.get(path)
    assert "fails since retest 4" in words(response)
    assert "2 runs in a row" in words(response)


def took(run: Run, seconds: float) -> None:
    """Let the project's first test have taken that long."""
    Run.objects.filter(pk=run.pk).update(durations=pack_durations(encode_seconds([0.0, seconds])))


def test_a_bar_under_each_outcome_is_its_time_beside_the_longest():
    track = factories.create_track()
    for outcome, seconds in (("passed", 0.5), ("failed", 2.0), ("passed", 1e-5), ("skipped", 0.0)):
        took(factories.create_run(track=track, results={"a": outcome}), seconds)
    project = track.sprint.project
    response = member(project).get(f"/p/{project.slug}/tests/{number(project, 'a')}/")
    (line,) = response.context["lines"]
    assert [entry.bar for entry in line.entries] == [
        pytest.approx(history.BAR / 4, rel=0.01),
        history.BAR,
        1.0,
        0.0,
    ]
    assert "failed in run" in words(response)
    assert ", 2.0 s" in words(response)
    assert "2.0 s at most" in words(response)


def test_its_errors_are_told_from_which_run_to_which():
    track = factories.create_track()
    for outcome, message in (
        ("error", "KeyError: 'id'"),
        ("error", "KeyError: 'id'"),
        ("passed", ""),
        ("failed", "OSError: full"),
        ("failed", "ValueError: no price"),
        ("error", "ValueError: no price"),
    ):
        factories.create_run(track=track, results={"a": outcome}, message=message)
    project = track.sprint.project
    path = f"/p/{project.slug}/tests/{number(project, 'a')}/"
    response = member(project).get(path)
    assert [
        (each.failure.signature.title, each.first.run.iteration, each.last.run.iteration, each.lasts)
        for each in response.context["spells"]
    ] == [
        ("ValueError: no price", 4, 5, True),
        ("OSError: full", 3, 3, False),
        ("KeyError: 'id'", 0, 1, False),
    ]
    said = words(response)
    for part in ("since retest 4", "retest 3 only", "initial to retest 1"):
        assert part in said


def test_a_test_that_never_broke_has_no_errors_over_time():
    run = factories.create_run(results={"a": "passed"})
    said = words(member(run.project).get(f"/p/{run.project.slug}/tests/{number(run.project, 'a')}/"))
    assert "Its errors over time" not in said


def test_runs_of_some_tests_are_listed_apart_where_they_ran_this_one():
    run = factories.create_run(results={"a": "failed", "b": "failed"})
    for kind, results in ((RunKind.SELECTION, {"a": "passed"}), (RunKind.BISECTION, {"b": "failed"})):
        again = actions.start_again(
            run, kind=kind, sha="c" * 40, tests=list(results), fresh=False, by=None, now=factories.NOON
        )
        factories.play(again, results=results)
    path = f"/p/{run.project.slug}/tests/{number(run.project, 'a')}/"
    response = member(run.project).get(path)
    assert [entry.run.kind for entry in response.context["again"]] == [RunKind.SELECTION]
    assert [entry.run for line in response.context["lines"] for entry in line.entries] == [run]
    assert "some tests again" in words(response).lower()
    assert "ccccccc" in words(response)


def test_a_run_that_has_not_come_to_a_test_says_nothing_of_it():
    track = factories.create_track()
    factories.create_run(track=track, results={"a": "passed"})
    factories.play(factories.start_run(track=track), results={"b": "passed"}, ended=False)
    project = track.sprint.project
    (line,) = member(project).get(f"/p/{project.slug}/tests/{number(project, 'a')}/").context["lines"]
    assert [entry.outcome for entry in line.entries] == [Outcome.PASSED]


def test_lines_are_by_branch_the_baseline_first():
    sprint = factories.create_sprint()
    factories.create_baseline(sprint=sprint, results={"a": "passed"})
    for key in "BA":
        factories.create_run(track=factories.create_track(sprint=sprint, key=key), results={"a": "passed"})
    runs = list(Run.objects.select_related("track", "sprint").order_by("-pk"))
    found = history.lines(history.entries(runs, number(sprint.project, "a"), {}))
    assert [line.name for line in found] == ["Baseline", "Track A", "Track B"]


def test_a_test_that_no_recent_run_has_says_so():
    run = factories.create_run(results={"a": "passed"})
    Run.objects.update(outcomes=None)
    said = words(member(run.project).get(f"/p/{run.project.slug}/tests/{number(run.project, 'a')}/"))
    assert "None of the latest runs has this test" in said


def test_tests_are_found_by_a_part_of_their_name():
    run = factories.create_run(results={"a.py::price": "failed", "b.py::volume": "passed"})
    client = member(run.project)
    said = words(client.get(f"/p/{run.project.slug}/tests/", {"q": "PRICE"}))
    assert "1 test with PRICE in the name" in said
    assert "volume" not in said
    assert "No test is called so" in words(client.get(f"/p/{run.project.slug}/tests/", {"q": "50%_"}))


def test_without_tests_it_says_what_to_do_next():
    project = factories.create_project()
    assert "No test is known yet" in words(member(project).get(f"/p/{project.slug}/tests/"))


def test_queries_do_not_grow_with_tests_and_runs():
    track = factories.create_track()
    project = track.sprint.project
    run = factories.create_run(track=track, results={"a": "failed"})
    client = member(project)
    pages = [
        failure_path(run, "a"),
        f"/p/{project.slug}/tests/{number(project, 'a')}/",
        f"/p/{project.slug}/tests/",
    ]
    few = [queries_of(client, path) for path in pages]
    for _ in range(4):
        factories.create_run(track=track, failed=60, passed=90, results={"a": "failed"})
    assert [queries_of(client, path) for path in pages] == few
