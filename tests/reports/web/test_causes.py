"""The causes of a run's broken tests: what follows, where else they are found, what mending gives."""

import re

import pytest

from reports import actions, cascading
from reports.models import Comparison
from reports.web import causes
from tests import factories
from tests.tracks.web.pages import member, queries_of, words
from tracks.models import Failure, FailureSignature, Run, Shard, Sprint, Track

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>\u202e"


@pytest.fixture
def sprint() -> Sprint:
    sprint = factories.create_sprint()
    factories.create_baseline(sprint=sprint, passed=5)
    return Sprint.objects.select_related("baseline", "project").get(pk=sprint.pk)


@pytest.fixture
def track(sprint: Sprint) -> Track:
    return factories.create_track(sprint=sprint)


def path(run: Run, rest: str = "clusters") -> str:
    return f"/p/{run.project.slug}/runs/{run.pk}/{rest}"


def said(run: Run, rest: str = "clusters") -> str:
    return words(member(run.project).get(path(run, rest)))


def compare_again(run: Run) -> Run:
    """After a test has changed what the run recorded."""
    actions.store_comparison(run.sprint.baseline, run)
    return run


def sign(run: Run, *messages: str) -> Run:
    """Give the run's failures errors of their own, in the order of their tests; the last one to the rest."""
    for number, failure in enumerate(Failure.objects.filter(run=run).order_by("test__number")):
        message = messages[min(number, len(messages) - 1)]
        failure.message = message
        failure.signature, _ = FailureSignature.objects.get_or_create(
            project=run.project, version=failure.signature.version, digest=message, title=message
        )
        failure.save()
    return run


def poisoned(track: Track) -> Run:
    """A test that failed and left a closed loop behind, and two that met it in their setup."""
    run = factories.create_run(track=track, results=dict.fromkeys(("a.py::a", "a.py::b", "a.py::c"), "error"))
    Failure.objects.filter(run=run, test__node_id="a.py::a").update(phase="call")
    return sign(run, "ValueError: no", "RuntimeError: Event loop is closed")


def test_one_cause_is_told_with_what_follows_and_what_mending_it_would_give(track):
    run = factories.create_run(track=track, errors=5)
    page = said(run)
    assert "1 cause, 5 tests; " in page
    assert "1 cause, 4 tests follow : the setup that they share failed in tests/ test_it.py:: test_1" in page
    assert "0 passed ▲ 0 failed ■ 5 errors into ● 5 passed" in page
    assert "What follows would be 4 passed, as at the baseline." in page
    assert "tests/test_it.py 5" in page


def test_what_the_baseline_does_not_tell_is_said_to_be_assumed(track):
    assert "What follows would be 6 passed, as at the baseline; of 2 that is assumed" in said(
        factories.create_run(track=track, errors=7)
    )


def test_an_error_that_only_followers_have_stands_under_its_cause(track):
    page = said(compare_again(poisoned(track)))
    assert "1 cause, 3 tests" in page
    assert "1 cause, 2 tests follow : the event loop was closed in a.py:: a" in page


@pytest.mark.parametrize("unknown", ["xdist", "order"])
def test_where_the_order_of_the_tests_is_not_known_nothing_is_said_of_states_left_behind(track, unknown):
    run = poisoned(track)
    change = {"xdist": {"gw0": 2, "gw1": 1}} if unknown == "xdist" else {"order": None}
    Shard.objects.filter(run=run).update(**change)
    assert "follow" not in said(compare_again(run))
    assert Comparison.objects.get(head=run).cascades == []


def test_without_a_baseline_they_are_looked_for_when_the_page_asks(monkeypatch):
    run = factories.create_run(errors=3)
    assert "1 cause, 2 tests follow" in said(run)
    assert "What follows would be 2 passed: assumed, the baseline does not tell." in said(run)
    monkeypatch.setattr(cascading, "BROKEN", 2)
    page = said(run)
    assert "too many are broken to look for what follows from what" in page
    assert "tests follow" not in page


def test_a_cause_is_new_on_the_branch_or_on_the_baseline_too(sprint, track):
    assert "new on this branch" in said(factories.create_run(track=track, failed=1))
    factories.create_baseline(sprint=sprint, passed=3, failed=2)
    page = said(factories.create_run(track=track, failed=1))
    assert "on main too: 2 tests" in page
    assert "new on this branch" not in page


def test_the_baselines_own_errors_are_not_compared_with_a_baseline(sprint, track):
    old = factories.create_baseline(sprint=sprint, failed=1)
    factories.create_baseline(sprint=sprint, passed=5)
    factories.create_run(track=track, failed=2)
    page = said(old)
    assert "also on track A" in page
    assert "main" not in page
    assert "new on this branch" not in page


def test_an_error_of_two_tracks_that_the_baseline_has_not_is_one_cause(sprint, track):
    factories.create_run(track=track, failed=3)
    other = factories.create_run(track=factories.create_track(sprint=sprint, key="B"), failed=2)
    assert "also on track A, not on main : one cause" in said(other)
    board = words(member(sprint.project).get(f"/p/{sprint.project.slug}/s/{sprint.slug}/"))
    assert "A: 3 , B: 2 · not on the baseline: one cause" in board


def test_the_board_says_which_causes_the_baseline_has(sprint, track):
    factories.create_baseline(sprint=sprint, passed=3, failed=2)
    factories.create_run(track=track, failed=3)
    board = words(member(sprint.project).get(f"/p/{sprint.project.slug}/s/{sprint.slug}/"))
    assert "A: 3 · on the baseline too: 2" in board


def test_it_says_since_which_iteration_an_error_is_there(track):
    factories.create_run(track=track, passed=5)
    first = factories.create_run(track=track, failed=1)
    assert "not in the iteration before" in said(first)
    factories.create_run(track=track, failed=2)
    assert "since retest 1" in said(factories.create_run(track=track, failed=1))


def test_what_was_signed_by_other_rules_is_not_compared(sprint, track):
    factories.create_baseline(sprint=sprint, passed=3, failed=2)
    run = factories.create_run(track=track, failed=1)
    Run.objects.filter(kind="baseline").update(signed="others")
    page = said(run)
    assert "Not comparable with Baseline" in page
    assert "on main too" not in page
    assert "new on this branch" not in page
    board = words(member(sprint.project).get(f"/p/{sprint.project.slug}/s/{sprint.slug}/"))
    assert "on the baseline" not in board


def test_what_a_branch_says_is_never_markup(track):
    run = factories.create_run(track=track, errors=3, message=HOSTILE)
    Failure.objects.filter(run=run).update(fixture=HOSTILE, fixture_scope="session")
    chain = [{"said": HOSTILE, "link": "cause"}, {"said": HOSTILE, "link": ""}]
    FailureSignature.objects.update(title=HOSTILE, frame=HOSTILE, chain=chain)
    compare_again(run)
    factories.create_run(track=track, errors=3, message=HOSTILE)
    for each in ("clusters", "cascades"):
        page = member(run.project).get(path(run, each)).content.decode()
        assert "&lt;script&gt;" in page
        assert "<script>" not in page
        assert "\u202e" not in re.sub(r"<bdi.*?</bdi>", "", page), "it turns nothing around it"


class TestForecasts:
    """Each retest says what became of the forecasts of the iteration before."""

    @pytest.fixture
    def initial(self, track: Track) -> Run:
        return factories.create_run(track=track, errors=5)

    def test_one_that_held(self, track, initial):
        page = said(factories.create_run(track=track, passed=5), "cascades")
        assert "Forecast of initial : 4 passed once mended: the setup that they share failed" in page
        assert "It held for all 4." in page

    def test_one_that_did_not(self, track, initial):
        retest = factories.create_run(track=track, passed=3, failed=2, message="KeyError: 'id'")
        page = said(retest, "cascades")
        assert "It held for 2 of 4; now ▲ 2 failed" in page
        assert "2 with KeyError: " in page

    def test_one_whose_cause_is_still_there(self, track, initial):
        page = said(factories.create_run(track=track, errors=5), "cascades")
        assert "The cause is still there." in page
        assert "1 cause, 4 tests follow" in page

    def test_one_that_was_only_known_when_the_baseline_had_ended(self):
        track = factories.create_track()
        factories.create_run(track=track, errors=5)
        retest = factories.create_run(track=track, passed=5)
        assert "Forecast" not in said(retest, "cascades")
        factories.create_baseline(sprint=track.sprint, passed=5)
        assert "It held for all 4." in said(retest, "cascades")

    def test_the_tracks_page_and_the_compare_page_show_it(self, track, initial):
        client, project = member(initial.project), initial.project
        for page in (
            f"/p/{project.slug}/s/{track.sprint.slug}/t/{track.key}/",
            f"/p/{project.slug}/compare?base={track.sprint.baseline_id}&head={initial.pk}",
        ):
            assert f'hx-get="{path(initial, "cascades")}"' in client.get(page).content.decode()


def test_of_many_causes_and_tests_some_are_named_and_the_rest_is_counted(track):
    names = [f"tests/test_{number % 12}.py::test_{number}" for number in range(400)]
    run = factories.create_run(track=track, results=dict.fromkeys(names, "failed"))
    Failure.objects.filter(run=run).update(phase="call")
    compare_again(sign(run, *(f"Error {number}" for number in range(40))))
    response = member(run.project).get(path(run))
    page = words(response)
    assert "40 causes, 400 tests" in page
    assert "and 10 more causes: their tests are listed under Results ." in page
    assert f"and {361 - causes.TESTS} more: all are listed under" in page
    assert "and 4 more modules." in page
    assert response.content.decode().count("data-item") == causes.TESTS + causes.CAUSES - 1


@pytest.mark.slow
def test_a_run_with_ten_thousand_broken_tests_has_a_small_page_at_the_same_cost(track):
    factories.create_run(track=track, passed=1)
    few = factories.create_run(track=track, passed=1, errors=3)
    many = factories.create_run(track=track, errors=10_000)
    client = member(few.project)
    for each in ("clusters", "cascades"):
        assert queries_of(client, path(many, each)) == queries_of(client, path(few, each))
        assert len(client.get(path(many, each)).content) < 40_000
