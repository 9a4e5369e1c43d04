"""Asking for newly broken tests to be run again, following it, and reading the verdicts."""

import pytest

from reports import actions
from reports.models import Diagnosis
from reports.statuses import DiagnosisKind
from tests import factories
from tests.factories import NOON
from tests.tracks.web.pages import member, queries_of, words
from tracks.statuses import Role

pytestmark = pytest.mark.django_db
BEFORE = {"a.py::one": "passed", "a.py::two": "passed"}
AFTER = {"a.py::one": "failed", "a.py::two": "passed"}


@pytest.fixture
def runs():
    sprint = factories.create_sprint()
    base = factories.create_baseline(sprint=sprint, results=BEFORE)
    return base, factories.create_run(track=factories.create_track(sprint=sprint), results=AFTER)


def ask(client, runs, kind: str = "stability"):
    base, head = runs
    return client.post(f"/p/{base.project.slug}/compare/{base.pk}..{head.pk}/diagnose", {"kind": kind})


def begin(runs) -> Diagnosis:
    comparison = actions.kept_comparison(*runs)
    return actions.start_diagnosis(DiagnosisKind.STABILITY, comparison, by=None, now=NOON)


def section(client, runs):
    base, head = runs
    return client.get(f"/p/{base.project.slug}/compare/{base.pk}..{head.pk}/diagnoses")


def page(diagnosis: Diagnosis, rest: str = "") -> str:
    return f"/p/{diagnosis.head.project.slug}/diagnoses/{diagnosis.pk}/{rest}"


def finish(diagnosis: Diagnosis, *, head: str) -> None:
    while steps := list(diagnosis.steps.filter(run__state="queued").select_related("run")):
        for step in steps:
            outcome = head if step.part == "head" else "passed"
            factories.play(step.run, results={"a.py::one": outcome})
    diagnosis.refresh_from_db()


def test_a_comparison_with_newly_broken_tests_offers_both(runs):
    said = words(section(member(runs[0].project), runs))
    assert "1 newly broken test" in said
    assert "Run them again" in said
    assert "Find the commits" in said


def test_one_without_has_nothing_to_offer(runs):
    base, head = runs
    assert not section(member(base.project), (head, base)).content.strip()


def test_who_may_not_start_runs_reads_why_at_the_button(runs):
    response = section(member(runs[0].project, role=Role.READER), runs)
    assert "Only a developer, tester or lead may start and cancel runs." in response.content.decode()


def test_asking_leads_to_a_page_that_follows_it_to_its_verdicts(runs):
    client = member(runs[0].project, role=Role.DEVELOPER)
    response = ask(client, runs)
    diagnosis = Diagnosis.objects.get()
    assert response.url == page(diagnosis)
    said = words(client.get(response.url))
    assert "Round 1 of at most 3" in said
    assert "each test by itself, at the base" in said
    live = client.get(page(diagnosis, "live"))
    assert 'hx-trigger="every 1s"' in live.content.decode()
    assert client.get(page(diagnosis, f"live?seen={live.context['revision']}")).status_code == 204
    finish(diagnosis, head="failed")
    said = words(client.get(page(diagnosis)))
    assert "1 really broken" in said
    assert "Fails 3 of 3 at the head, 0 of 3 at the base." in said
    assert "every 1s" not in client.get(page(diagnosis, "live")).content.decode()
    assert "1 really broken" in words(section(client, runs))


def test_a_commit_that_broke_tests_is_shown_with_author_subject_and_link(runs):
    base, head = runs
    diagnosis = begin(runs)
    sha = factories.sha()
    head.commits = [{"sha": sha, "author": "Dev", "subject": "<b>Faster</b>", "date": "2026-11-20T10:00:00"}]
    head.save()
    number = diagnosis.tests[0]
    Diagnosis.objects.filter(pk=diagnosis.pk).update(
        kind="culprit",
        state="done",
        verdicts=[
            {
                "test": number,
                "kind": "commit",
                "sentence": "It breaks since it.",
                "commits": [sha],
                "skipped": [],
            }
        ],
        cost={"checkouts": 4, "results": 4, "exhaustive": 12},
    )
    response = member(base.project).get(page(diagnosis))
    said = words(response)
    assert "1 broken by one commit" in said
    assert "&lt;b&gt;Faster&lt;/b&gt;" in said
    assert "4 checkouts gave 4 results; every test at every commit would have been 12." in said
    assert f'href="https://git.example.org/ledger/commit/{sha}"' in response.content.decode()


def test_stopping_says_who_did_it(runs):
    client = member(runs[0].project)
    ask(client, runs)
    diagnosis = Diagnosis.objects.get()
    client.post(page(diagnosis, "stop"))
    assert "Stopped by Tess." in words(client.get(page(diagnosis)))


def test_runs_that_are_not_there_are_not_found(runs):
    client = member(runs[0].project)
    path = f"/p/{runs[0].project.slug}/compare/{runs[0].pk}..{10**30}/diagnose"
    assert client.post(path, {"kind": "stability"}).status_code == 404


def test_an_unknown_kind_is_refused_in_words(runs):
    response = ask(member(runs[0].project), runs, kind="fate")
    assert response.status_code == 400
    assert "There is no such diagnosis." in words(response)


def test_a_search_without_commits_is_refused_with_what_to_do(runs):
    response = ask(member(runs[0].project), runs, kind="culprit")
    assert response.status_code == 400
    assert "Test the branch again" in words(response)


def test_the_runs_of_another_project_are_not_there(runs):
    other = factories.create_run(failed=1)
    assert ask(member(other.project), (other, runs[1])).status_code == 404


def test_many_verdicts_cost_no_more_queries_than_few(runs):
    client = member(runs[0].project)
    diagnosis = begin(runs)
    few = queries_of(client, page(diagnosis))
    finish(diagnosis, head="failed")
    assert queries_of(client, page(diagnosis)) <= few + 1
