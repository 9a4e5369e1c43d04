"""The compare page: any two runs of a project, test by test."""

import pytest

from reports.models import Comparison
from tests import factories
from tests.tracks.web.pages import member, queries_of, words
from tracks.models import Run

pytestmark = pytest.mark.django_db

BEFORE = {"a.py::one": "passed", "a.py::two": "passed", "a.py::gone": "passed", "b.py::old": "failed"}
AFTER = {"a.py::one": "failed", "a.py::two": "passed", "b.py::old": "passed", "b.py::new": "passed"}


@pytest.fixture
def runs() -> tuple[Run, Run]:
    sprint = factories.create_sprint()
    baseline = factories.create_baseline(sprint=sprint, results=BEFORE)
    return baseline, factories.create_run(track=factories.create_track(sprint=sprint), results=AFTER)


def path(base: Run, head: Run, rest: str = "") -> str:
    return f"/p/{base.project.slug}/compare?base={base.pk}&head={head.pk}{rest}"


def listed(response) -> list[str]:
    return [row.node_id for row in response.context["rows"]]


def test_it_lists_every_change_with_what_it_was_and_is(runs):
    response = member(runs[0].project).get(path(*runs))
    assert listed(response) == ["a.py::one", "a.py::gone", "b.py::old", "b.py::new"]
    said = words(response)
    assert "4 − 1 gone + 1 come = 4" in said
    assert "1 newly failing" in said
    page = response.content.decode()
    numbers = {row.node_id: row.number for row in response.context["rows"]}
    assert f"/runs/{runs[1].pk}/tests/{numbers['a.py::one']}/" in page
    assert f"/runs/{runs[0].pk}/tests/{numbers['b.py::old']}/" in page


@pytest.mark.parametrize(
    ("wanted", "tests"),
    [
        ("&class=fixed", ["b.py::old"]),
        ("&class=unchanged", ["a.py::two"]),
        ("&class=nonsense", ["a.py::one", "a.py::gone", "b.py::old", "b.py::new"]),
        ("&from=passed&to=failed", ["a.py::one"]),
        ("&from=absent&to=passed", ["b.py::new"]),
        ("&from=absent&to=absent", []),
        ("&from=passed&to=nonsense", ["a.py::one", "a.py::gone", "b.py::old", "b.py::new"]),
        ("&q=B.PY", ["b.py::old", "b.py::new"]),
        ("&class=fixed&q=a.py", []),
    ],
)
def test_it_shows_one_class_one_cell_or_a_part_of_the_name(runs, wanted, tests):
    assert listed(member(runs[0].project).get(path(*runs, wanted))) == tests


def test_what_is_kept_and_what_is_computed_now_are_the_same(runs):
    client = member(runs[0].project)
    kept = client.get(path(*runs))
    Comparison.objects.all().delete()
    computed = client.get(path(*runs))
    assert listed(computed) == listed(kept)
    assert words(computed) == words(kept)


def test_a_hundred_tests_are_a_page():
    sprint = factories.create_sprint()
    baseline = factories.create_baseline(sprint=sprint, passed=1)
    run = factories.create_run(track=factories.create_track(sprint=sprint), failed=150)
    client = member(sprint.project)
    assert len(listed(client.get(path(baseline, run)))) == 100
    assert len(listed(client.get(path(baseline, run, "&page=2")))) == 50
    assert len(listed(client.get(path(baseline, run, "&page=nonsense")))) == 100


def test_caveats_stand_on_top():
    sprint = factories.create_sprint()
    baseline = factories.create_baseline(sprint=sprint, passed=2)
    run = factories.create_run(track=factories.create_track(sprint=sprint), passed=2)
    Comparison.objects.update(caveats=["The head run is INCOMPLETE (some of its results are missing)."])
    assert "The head run is INCOMPLETE" in words(member(sprint.project).get(path(baseline, run)))


def test_a_run_compared_with_itself_changed_nothing(runs):
    said = words(member(runs[0].project).get(path(runs[0], runs[0])))
    assert "Nothing changed" in said


def test_a_run_that_goes_on_cannot_be_compared_yet(runs):
    head = factories.start_run(track=runs[1].track)
    response = member(runs[0].project).get(path(runs[0], head))
    assert response.status_code == 400
    assert f"Run {head.pk} has not ended yet." in words(response)


@pytest.mark.parametrize("named", ["0", "999999", "x", "-1", "9" * 30, "²"])
def test_an_unknown_run_is_said_and_another_can_be_chosen(runs, named):
    response = member(runs[0].project).get(
        f"/p/{runs[0].project.slug}/compare?base={named}&head={runs[1].pk}"
    )
    assert response.status_code == 404
    assert "This project has no run" in words(response)
    assert "Choose a run" in words(response)


def test_the_run_of_another_project_is_an_unknown_run(runs):
    other = factories.create_baseline(sprint=factories.create_sprint(), at="f" * 40, passed=1)
    response = member(runs[0].project).get(path(runs[0], other))
    assert response.status_code == 404
    assert "fffffff" not in words(response)


def test_without_runs_it_says_what_to_do_next():
    project = factories.create_project()
    assert "No run has ended yet" in words(member(project).get(f"/p/{project.slug}/compare"))


def test_without_a_choice_it_offers_the_runs(runs):
    assert "Choose two runs" in words(member(runs[0].project).get(f"/p/{runs[0].project.slug}/compare"))


def test_its_queries_do_not_grow_with_tests(runs):
    client = member(runs[0].project)
    few = queries_of(client, path(*runs))
    sprint = factories.create_sprint(project=runs[0].project, name="Another")
    baseline = factories.create_baseline(sprint=sprint, passed=300)
    run = factories.create_run(track=factories.create_track(sprint=sprint), failed=290, errors=30)
    assert queries_of(client, path(baseline, run)) == few
