"""The compare page's list: what narrows it, its order, its picture, and what it costs."""

import numpy as np
import pytest
from django.test import Client

from tests import factories
from tests.reports.web.test_compare import listed, path
from tests.tracks.web.pages import member, queries_of, words
from tracks.models import Failure, Run
from tracks.vectors import encode_seconds, pack_durations

pytestmark = pytest.mark.django_db

BEFORE = {
    "app/a.py::TestA::one": "passed",
    "app/a.py::TestA::two[x/y]": "passed",
    "app/a.py::three": "failed",
    "app/deep/b.py::one": "passed",
    "application/c.py::one": "passed",
    "app_%/d.py::one": "passed",
}
IN_A = ["app/a.py::TestA::one", "app/a.py::TestA::two[x/y]", "app/a.py::three"]
AFTER = dict.fromkeys(BEFORE, "error") | {"app/a.py::three": "passed"}
MARKERS = {"slow": ("app/a.py::TestA::one", "app/deep/b.py::one"), "network": ("app/a.py::three",)}


@pytest.fixture
def runs() -> tuple[Run, Run]:
    sprint = factories.create_sprint()
    baseline = factories.create_baseline(sprint=sprint, results=BEFORE, message="KeyError: 'id'")
    track = factories.create_track(sprint=sprint)
    return baseline, factories.create_run(
        track=track, results=AFTER, markers=MARKERS, message="ValueError: no price"
    )


@pytest.fixture
def tess(runs: tuple[Run, Run]) -> Client:
    return member(runs[0].project)


def digest(run: Run) -> str:
    return Failure.objects.filter(run=run).values_list("signature__digest", flat=True)[0]


def take(run: Run, *seconds: float) -> None:
    """Let the tests have taken that long, by number."""
    Run.objects.filter(pk=run.pk).update(durations=pack_durations(encode_seconds([0.0, *seconds])))


@pytest.mark.parametrize(
    ("wanted", "tests"),
    [
        (
            "app",
            ["app/a.py::TestA::one", "app/a.py::TestA::two[x/y]", "app/a.py::three", "app/deep/b.py::one"],
        ),
        (
            "app/",
            ["app/a.py::TestA::one", "app/a.py::TestA::two[x/y]", "app/a.py::three", "app/deep/b.py::one"],
        ),
        ("app/a.py", ["app/a.py::TestA::one", "app/a.py::TestA::two[x/y]", "app/a.py::three"]),
        ("app/a.py::TestA", ["app/a.py::TestA::one", "app/a.py::TestA::two[x/y]"]),
        ("app/a.py::TestA::two", ["app/a.py::TestA::two[x/y]"]),
        ("app/a", []),
        ("app_%25", ["app_%/d.py::one"]),
        ("%25", []),
        ("a__", []),
        ("nowhere", []),
    ],
)
def test_a_path_is_a_folder_a_file_a_class_or_a_function_and_no_pattern(runs, tess, wanted, tests):
    assert listed(tess.get(path(*runs, f"&path={wanted}"))) == tests


def test_each_row_leads_to_what_else_is_in_its_folder_file_and_class(runs, tess):
    rows = {row.node_id: row for row in tess.get(path(*runs, "&class=newly_erroring")).context["rows"]}
    around = {place.kind: place.path for place in rows["app/a.py::TestA::two[x/y]"].places}
    assert around == {"folder": "app", "file": "app/a.py", "class": "app/a.py::TestA"}
    (file,) = [place for place in rows["app/a.py::TestA::one"].places if place.kind == "file"]
    there = tess.get(path(*runs).split("?")[0] + file.href)
    assert listed(there) == ["app/a.py::TestA::one", "app/a.py::TestA::two[x/y]"]
    assert [place.kind for place in there.context["rows"][0].places] == ["class"]


def test_files_are_counted_among_the_tests_that_are_listed(runs, tess):
    response = tess.get(path(*runs, "&class=newly_erroring&path=app"))
    assert [(file.path, file.tests) for file in response.context["files"]] == [
        ("app/a.py", 2),
        ("app/deep/b.py", 1),
    ]


def test_an_error_is_that_of_either_run(runs, tess):
    base, head = runs
    assert listed(tess.get(path(*runs, f"&error={digest(base)}"))) == ["app/a.py::three"]
    response = tess.get(path(*runs, f"&error={digest(head)}"))
    assert len(listed(response)) == 5
    assert "breaks by ValueError: no price" in words(response)
    assert [(error.title, error.tests) for error in response.context["offered"].errors] == [
        ("ValueError: no price", 5),
        ("KeyError: 'id'", 1),
    ]


def test_an_error_that_stayed_is_found_among_all_tests():
    sprint = factories.create_sprint()
    base = factories.create_baseline(sprint=sprint, passed=1, failed=2)
    head = factories.create_run(track=factories.create_track(sprint=sprint), passed=1, failed=2)
    client = member(sprint.project)
    response = client.get(path(base, head, f"&error={digest(head)}"))
    assert listed(response) == []
    assert "Look among all tests" in words(response)
    everywhere = client.get(path(base, head).split("?")[0] + response.context["filter"].everywhere)
    assert len(listed(everywhere)) == 2
    assert "3 in all" in words(everywhere)


def test_a_marker_is_one_that_either_run_knows(runs, tess):
    response = tess.get(path(*runs, "&marker=slow"))
    assert listed(response) == ["app/a.py::TestA::one", "app/deep/b.py::one"]
    assert response.context["offered"].markers == ["network", "slow"]


def test_filters_combine_and_each_leads_to_the_list_without_it(runs, tess):
    wanted = f"&class=newly_erroring&path=app&marker=slow&q=ONE&error={digest(runs[1])}"
    response = tess.get(path(*runs, wanted))
    assert listed(response) == ["app/a.py::TestA::one", "app/deep/b.py::one"]
    address = path(*runs).split("?")[0]
    without = {each.label: listed(tess.get(address + each.without)) for each in response.context["active"]}
    assert sorted(without) == ["breaks by", "called", "in", "marked"]
    assert without["marked"] == ["app/a.py::TestA::one", "app/deep/b.py::one"]
    assert without["in"] == ["app/a.py::TestA::one", "app/deep/b.py::one"]


def test_what_the_runs_do_not_know_is_said_and_can_be_taken_away(runs, tess):
    response = tess.get(path(*runs, "&marker=nightly&error=feed"))
    said = words(response)
    assert listed(response) == []
    assert "No test satisfies all of this" in said
    assert "breaks by unknown error feed (no test of either run does)" in said
    assert "marked nightly (no test of either run is)" in said
    way_out = response.context["filter"].wide
    assert len(listed(tess.get(path(*runs).split("?")[0] + way_out))) == 6


def test_an_error_of_another_project_is_an_unknown_one(runs, tess):
    other = factories.create_run(failed=1, message="OSError: secret of others")
    response = tess.get(path(*runs, f"&error={digest(other)}"))
    assert "secret of others" not in words(response)
    assert "unknown error" in words(response)


@pytest.mark.parametrize("part", ["class", "error", "from", "marker", "page", "path", "q", "sort", "to"])
@pytest.mark.parametrize(
    "hostile", ["x" * 10_000, "a%00b", "-1", "%25_", "%E2%80%AE%3Cimg%20src=x%3E", "%FF"]
)
def test_no_filter_can_break_the_page(runs, tess, part, hostile):
    response = tess.get(path(*runs, f"&{part}={hostile}"))
    assert response.status_code == 200
    assert "<img" not in response.content.decode()


def test_the_slowest_come_first(runs, tess):
    take(runs[1], 0.1, 3.0, 0.2, 2.0, 0.0, 1.0)
    found = listed(tess.get(path(*runs, "&class=newly_erroring&sort=slowest")))
    assert [name.rpartition("::")[0] for name in found] == [
        "app/a.py::TestA",
        "app/deep/b.py",
        "app_%/d.py",
        "app/a.py::TestA",
        "application/c.py",
    ]


@pytest.fixture
def slow() -> tuple[Run, Run]:
    """The head's machine took 1.3 times as long; test 3 took five times that."""
    sprint = factories.create_sprint()
    base = factories.create_baseline(sprint=sprint, passed=20, failed=1)
    head = factories.create_run(track=factories.create_track(sprint=sprint), passed=20, failed=1)
    usual = np.linspace(0.2, 0.5, 21)
    take(base, *usual)
    factor = np.full(21, 1.3)
    factor[2] *= 5
    factor[20] *= 50
    take(head, *(usual * factor))
    return base, head


def test_slower_is_beyond_what_the_machine_explains(slow):
    response = member(slow[0].project).get(path(*slow, "&class=fixed&sort=slower"))
    (row,) = response.context["rows"]
    assert row.node_id == "tests/test_it.py::test_3"
    assert row.ratio == pytest.approx(5, rel=0.02)
    said = words(response)
    assert "The head&#x27;s machine took 1.3 times as long" in said
    assert "Of 20 that passed in both, 1 took at least 1.5 times as long" in said


def test_what_took_as_long_in_an_earlier_run_is_not_slower(slow):
    base, head = slow
    sprint = factories.create_sprint(project=base.project, name="Next")
    again = factories.create_baseline(sprint=sprint, passed=20)
    run = factories.create_run(track=factories.create_track(sprint=sprint), passed=20)
    for copy, run_before in ((again, base), (run, head)):
        Run.objects.filter(pk=copy.pk).update(durations=Run.objects.get(pk=run_before.pk).durations)
    response = member(base.project).get(path(again, run, "&sort=slower"))
    assert listed(response) == []
    assert "No test became slower" in words(response)


def test_the_picture_links_each_ribbon_to_its_cell_and_says_the_same_in_words(runs, tess):
    response = tess.get(path(*runs, "&from=passed&to=error"))
    page = response.content.decode()
    assert "<title>5 passed → error</title>" in page
    assert "<li>1 failed → passed</li>" in page
    assert "style=" not in page
    (chosen,) = [linked for linked in response.context["picture"].ribbons if linked.is_chosen]
    assert listed(tess.get(path(*runs).split("?")[0] + chosen.href)) == listed(response)


def test_its_queries_do_not_grow_with_tests_errors_and_markers(runs, tess):
    rest = f"&path=app&q=one&marker=slow&sort=slowest&error={digest(runs[1])}"
    few = [queries_of(tess, path(*runs, each)) for each in ("", rest)]
    sprint = factories.create_sprint(project=runs[0].project, name="Another")
    results = {f"app/m{number}.py::one": "failed" for number in range(150)}
    baseline = factories.create_baseline(sprint=sprint, results=dict.fromkeys(results, "passed"))
    run = factories.create_run(
        track=factories.create_track(sprint=sprint),
        results=results,
        markers={name: tuple(results) for name in ("slow", "network", "db", "nightly")},
        message="ValueError: no price",
    )
    assert [queries_of(tess, path(baseline, run, each)) for each in ("", rest)] == few
