"""What came out other than the tracks alone predict, and how runs of merged tracks are called."""

import pytest
from django.urls import reverse

from reports.models import Integration
from reports.statuses import IntegrationState
from tests.reports.integrating import create_tested_sprint, integrate
from tests.tracks.web.pages import member, queries_of, words
from tracks.models import Run, TestCase

pytestmark = pytest.mark.django_db


@pytest.fixture
def integration() -> Integration:
    return integrate(create_tested_sprint())


def page(integration: Integration, name: str, **asked: str):
    address = reverse(f"reports:{name}", args=[integration.sprint.project.slug, integration.pk])
    return member(integration.sprint.project).get(address, asked)


@pytest.mark.parametrize(
    ("held", "rows"),
    [
        ("worse", ["one passed as the baseline passed error", "two failed A passed passed failed"]),
        ("better", ["three passed C skipped skipped passed"]),
        ("contested", ["No such test"]),
    ],
)
def test_the_figures_lead_to_their_tests(integration, held, rows):
    assert f"?held={held}" in page(integration, "integration").content.decode()
    said = words(page(integration, "predicted", held=held)).replace("a.py :: ", "")
    for shape in "●▲■○":
        said = said.replace(f"{shape} ", "")
    assert "2 worse than predicted 1 better than predicted 0 contested" in said
    for row in rows:
        assert row in said


def test_what_tracks_disagree_on_is_contested():
    found = integrate(create_tested_sprint(A={"a.py::one": "failed"}, C={"a.py::one": "skipped"}))
    said = words(page(found, "predicted", held="contested"))
    assert "A ▲ failed" in said
    assert "C ○ skipped" in said


def test_an_unknown_list_is_not_found_and_one_without_results_says_so(integration):
    assert page(integration, "predicted", held="odd").status_code == 404
    Integration.objects.update(run=None, state=IntegrationState.STOPPED)
    assert "Nothing to hold against predictions yet" in words(page(integration, "predicted"))


def test_the_list_costs_no_query_a_test():
    small = integrate(create_tested_sprint())
    many = {f"b.py::test_{number}": "failed" for number in range(150)}
    large = integrate(create_tested_sprint(), many)
    costs = []
    for found in (small, large):
        path = reverse("reports:predicted", args=[found.sprint.project.slug, found.pk])
        costs.append(queries_of(member(found.sprint.project), path))
    assert costs[0] == costs[1]
    assert "1 to 100 of" in words(page(large, "predicted"))


def test_runs_of_merged_tracks_say_what_they_merge_and_lead_to_their_trial_integration(integration):
    project, run = integration.sprint.project, integration.run
    client, number = member(project), TestCase.objects.get(project=project, node_id="a.py::one").number
    run_path = reverse("tracks:run", args=[project.slug, run.pk])
    pages = [
        run_path,
        f"{run_path}log",
        reverse("tracks:runs", args=[project.slug]),
        reverse("tracks:failure", args=[project.slug, run.pk, number]),
        reverse("tracks:test", args=[project.slug, number]),
    ]
    leads = reverse("reports:integration_of_run", args=[project.slug, run.pk])
    for path in pages:
        answer = client.get(path)
        assert "A + C merged" in words(answer), path
        assert f'href="{leads}"' in answer.content.decode(), path
    assert "Trial integrations" in words(client.get(pages[-1])), "no line of the baseline's"
    assert client.get(leads).headers["Location"].endswith(f"/integrations/{integration.pk}/")


def test_a_run_of_no_integration_leads_to_those_of_its_sprint(integration):
    project, run = integration.sprint.project, Run.objects.filter(kind="track").latest("pk")
    answer = member(project).get(reverse("reports:integration_of_run", args=[project.slug, run.pk]))
    assert answer.headers["Location"].endswith("/integrations/")
