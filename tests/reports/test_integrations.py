"""What may be integrated, who may, and what one at a time means."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports import actions, integration_queries
from reports.actions import integrations
from reports.actions.integrations import PATIENCE
from reports.criteria_queries import Shown
from reports.models import Integration
from reports.statuses import IntegrationState
from tests import factories
from tests.factories import NOON
from tests.reports.integrating import create_tested_sprint, integrate
from tracks.errors import InvalidInput
from tracks.models import Run, TestCase
from tracks.statuses import CriterionKind, Role, Standing, Weight

pytestmark = pytest.mark.django_db


@pytest.fixture
def sprint():
    sprint = factories.create_sprint()
    factories.create_baseline(sprint=sprint, passed=3)
    for key in "ABC":
        factories.create_run(track=factories.create_track(sprint=sprint, key=key), passed=3)
    sprint.refresh_from_db()
    return sprint


def start(sprint, *keys: str) -> Integration:
    tracks = sprint.tracks.filter(key__in=keys)
    return actions.start_integration(sprint, tracks, by=sprint.project.created_by, now=NOON)


def test_what_a_track_depends_on_is_merged_before_it(sprint):
    first, _, last = sprint.tracks.order_by("key")
    first.depends_on.add(last)
    found = start(sprint, "A", "B", "C")
    assert [each["key"] for each in found.tracks] == ["B", "C", "A"]


def test_its_run_asks_for_the_criteria_of_all_tracks_at_once(sprint):
    asked = [factories.create_criterion(track=track).pk for track in sprint.tracks.order_by("key")]
    found = start(sprint, "A", "B", "C")

    def cost(keys: str) -> int:
        found.merged = [{"key": key, "commit": factories.sha()} for key in keys]
        with CaptureQueriesContext(connection) as captured:
            run = integrations._start_run(found, factories.sha(), now=NOON)
        assert [each["id"] for each in run.criteria] == asked[: len(keys)]
        return len(captured)

    cost("A")
    assert cost("AB") == cost("ABC")


def test_nothing_chosen_an_untested_track_and_a_second_one_are_refused(sprint):
    factories.create_track(sprint=sprint, key="D")
    with pytest.raises(InvalidInput, match="No track is chosen"):
        start(sprint)
    with pytest.raises(InvalidInput, match=r"Track D cannot be merged on trial\. No run of it has ended"):
        start(sprint, "A", "D")
    start(sprint, "A")
    with pytest.raises(InvalidInput, match="goes on already"):
        start(sprint, "B")


def test_nothing_is_merged_into_a_base_branch_that_is_gone(sprint):
    sprint.base_seen_at = NOON
    with pytest.raises(InvalidInput, match="base branch main is gone"):
        start(sprint, "A")
    sprint.base_head = "b" * 40
    assert start(sprint, "A").base_sha == "b" * 40


def test_a_stopped_one_makes_room_and_its_gate_is_unknown(sprint):
    found = start(sprint, "A", "B")
    actions.stop_integration(found, by=sprint.project.created_by, now=NOON)
    facts = integration_queries.facts_of(sprint)
    assert {fact.passed for fact in facts.values()} == {None}
    assert {fact.state for fact in facts.values()} == {IntegrationState.STOPPED}
    assert start(sprint, "A").pk != found.pk


def test_a_repository_that_cannot_be_reached_for_minutes_stops_it_with_the_reason(sprint, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    sprint.project.repository = str(tmp_path / "gone")
    sprint.project.save()
    found = start(sprint, "A")
    for now, state in ((NOON, IntegrationState.MERGING), (NOON + PATIENCE, IntegrationState.STOPPED)):
        actions.merge_due(now=now)
        found.refresh_from_db()
        assert found.state == state
    assert "not allowed for this project" in found.note
    assert not Run.objects.filter(kind="integration").exists()


def test_a_tester_starts_one_from_the_page_and_a_reader_is_told_why_not(sprint, client):
    project = sprint.project
    address = reverse("reports:integrations", args=[project.slug, sprint.slug])
    client.force_login(factories.create_member(project=project, role=Role.READER))
    assert b"disabled title=" in client.get(address).content
    client.force_login(factories.create_member(project=project, role=Role.TESTER))
    assert b"Nothing was merged on trial yet" in client.get(address).content
    start_address = reverse("reports:start_integration", args=[project.slug, sprint.slug])
    answer = client.post(start_address, {"tracks": ["A", "C"]}, follow=True)
    assert b"A worker merges the tracks." in answer.content
    assert b"One goes on already" in client.get(address).content


def test_the_page_shows_conflicts_as_text_and_the_tracks_that_fail_together(sprint, client):
    found = start(sprint, "A", "B", "C")
    run = sprint.tracks.get(key="A").runs.get()
    (number,) = TestCase.objects.filter(node_id__endswith="test_1").values_list("number", flat=True)
    conflict = {"path": "<b>.txt", "kind": "content", "with": ["A"], "hunks": [{"line": 3, "text": "<i>two"}]}
    found.merged = [{"key": key, "commit": factories.sha()} for key in "AB"]
    found.left_out = [{"key": "C", "why": "It conflicts with A in 1 file.", "conflicts": [conflict]}]
    verdict = {"kind": "fail together", "keys": ["A", "B"], "sentence": "It fails with A and B merged."}
    met = {
        "sha": factories.sha(),
        "subject": "<u>Fees</u>",
        "files": ["<b>.py"],
        "symbols": ["fee"],
        "more": 3,
    }
    sides = [met | {"key": key} for key in "AB"]
    found.meetings = [{"keys": ["A", "B"], "commits": sides, "bounds": ["Of A, 1 commit is too large."]}]
    found.interactions = [{"test": number, "signature": "9f", "fixers": []} | verdict]
    found.figures = {
        "worse": 1,
        "better": 0,
        "contested": 0,
        "suspects": 1,
        "newly_broken": 1,
        "criteria": [],
    }
    found.run, found.state, found.ended_at = run, IntegrationState.DONE, NOON
    found.save()
    client.force_login(sprint.project.created_by)
    page = client.get(reverse("reports:integration", args=[sprint.project.slug, found.pk])).content.decode()
    assert "&lt;i&gt;two" in page
    assert "<i>two" not in page
    assert "It fails with A and B merged." in page
    assert "&lt;u&gt;Fees" in page
    assert "&lt;b&gt;.py" in page
    assert "and 3 more" in page
    assert "Of A, 1 commit is too large." in page
    assert reverse("tracks:failure", args=[sprint.project.slug, run.pk, number]) in page
    page = client.get(
        reverse("reports:integrations", args=[sprint.project.slug, sprint.slug])
    ).content.decode()
    assert "Merge B once it is approved." in page
    assert "Merge A once it is approved, after B and C." in page
    facts = {fact.shas: fact.reason for fact in integration_queries.facts_of(sprint).values()}
    assert len(facts) == 1


def test_a_criterion_that_several_tracks_ask_for_and_that_does_not_hold_is_said_once(
    sprint, client, monkeypatch
):
    found, run = start(sprint, "A", "B"), sprint.tracks.get(key="A").runs.get()
    failing = [
        Shown(number, text, CriterionKind.CHECK, Weight.BLOCKING, "", Standing.FAILS, "", "")
        for number, text in enumerate(["Prices are right", "Prices are right", "Fees are right"])
    ]
    monkeypatch.setattr(integration_queries, "standings_of", lambda *_, **__: failing)
    named = integration_queries._not_holding(run)
    found.figures = dict.fromkeys(("worse", "better", "contested", "suspects", "newly_broken"), 0)
    found.figures["criteria"] = named
    found.run, found.state = run, IntegrationState.DONE
    found.save()
    client.force_login(sprint.project.created_by)
    page = client.get(reverse("reports:integration", args=[sprint.project.slug, found.pk])).content.decode()
    assert "With the tracks merged, this does not hold: Prices are right; Fees are right." in page
    assert page.count("Prices are right") == 1


def test_a_search_ends_where_git_cannot_be_asked_and_says_so():
    found = integrate(create_tested_sprint())
    actions.advance_integration(found.pk, now=NOON)
    found.steps.update(run=found.run)  # they fail again
    for _ in range(10):
        actions.advance_integration(found.pk, now=NOON)
        found.steps.filter(run=None).update(note="Cannot be merged.")
    found.refresh_from_db()
    assert found.state == IntegrationState.DONE
    (meeting,) = found.meetings
    assert (meeting["keys"], meeting["commits"]) == (["A", "C"], [])
    assert "has no copy of the repository" in meeting["bounds"][0]
