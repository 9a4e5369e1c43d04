"""What a trial integration opens and closes, from the database: gates, readiness and what it says."""

import pytest
from django.urls import reverse

from reports import actions, integration_queries, trial_merges
from reports.actions import integrations
from reports.integration_queries import has_passed
from reports.interactions import InteractionKind
from reports.models import Integration
from reports.readiness import readiness_of
from reports.statuses import GateKind, IntegrationState, MergeResult
from reports.trial_merges import LeftOut, Trial
from tests import factories
from tests.factories import NOON
from tests.reports import approving
from tracks.actions import cancel
from tracks.errors import InvalidInput
from tracks.execution.spec import RunSpec
from tracks.models import Run, Sprint
from tracks.repositories import NotMirrored
from tracks.statuses import CriterionKind, RunState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_git(monkeypatch):
    """Every track merges cleanly."""

    def merged(project, name, base, wanted):
        return Trial(factories.sha(), [(each.key, factories.sha()) for each in wanted], [])

    monkeypatch.setattr(integrations, "merge_tracks", merged)
    monkeypatch.setattr(trial_merges, "make", lambda *_: factories.sha())


@pytest.fixture
def sprint() -> Sprint:
    """Tracks A and B, tested and approved."""
    sprint = factories.create_sprint()
    for key in "AB":
        approving.say(approving.create_ready_track(sprint=sprint, key=key))
        sprint.refresh_from_db()
    return sprint


def start(sprint: Sprint, keys: str = "AB") -> Integration:
    found = Sprint.objects.get(pk=sprint.pk)
    tracks = found.tracks.filter(key__in=keys)
    return actions.start_integration(found, tracks, by=sprint.project.created_by, now=NOON)


def integrate(sprint: Sprint, keys: str = "AB", **outcomes) -> Integration:
    """Merged, and tested with these outcomes."""
    found = start(sprint, keys)
    actions.merge_due(now=NOON)
    found.refresh_from_db()
    factories.play(found.run, **(outcomes or {"passed": 3}))
    actions.advance_integrations_due(now=NOON)
    found.refresh_from_db()
    return found


def ready(sprint: Sprint):
    known = readiness_of(Sprint.objects.get(pk=sprint.pk), now=NOON)
    return {each.track.key: each for each in known.values()}


def told(sprint: Sprint, key: str = "A"):
    (gate,) = [gate for gate in ready(sprint)[key].gates if gate.kind is GateKind.INTEGRATION]
    return gate


def test_one_of_all_approved_tracks_that_passes_makes_them_ready(sprint):
    assert not any(each.is_ready for each in ready(sprint).values())
    found = integrate(sprint)
    assert (found.state, found.note) == (IntegrationState.DONE, "")
    assert {key: each.is_ready for key, each in ready(sprint).items()} == {"A": True, "B": True}
    assert told(sprint).sentence == "2 tracks merged break nothing that passes on a track alone."


def test_tracks_that_were_merged_one_by_one_are_not_ready(sprint):
    for key in "AB":
        integrate(sprint, key)
    assert not any(each.is_ready for each in ready(sprint).values())
    assert told(sprint).sentence.startswith("It did not merge B, which is approved")


def test_what_is_in_the_base_already_need_not_be_merged_again(sprint):
    rows = sprint.project.mergeabilities.filter(head=sprint.tracks.get(key="B").head)
    integrate(sprint, "A")
    rows.update(patch_id="")
    assert ready(sprint)["A"].is_ready


def test_a_base_that_moved_closes_it(sprint):
    integrate(sprint)
    Sprint.objects.update(base_head="f" * 40)
    assert told(sprint).sentence.startswith("The base has moved since: to fffffff")


def test_a_test_that_passes_by_itself_opens_nothing(sprint):
    """Each track alone passes; a counter that both raise is too high with the whole suite only."""
    found = integrate(sprint, passed=2, results={"tests/test_it.py::test_3": "failed"})
    assert found.state == IntegrationState.SEARCHING
    factories.play(found.steps.get().run, results={"tests/test_it.py::test_3": "passed"})
    actions.advance_integrations_due(now=NOON)
    found.refresh_from_db()
    assert [each["kind"] for each in found.interactions] == [InteractionKind.FLAKY]
    passed, said = has_passed(found)
    assert passed is None
    assert said.startswith("1 test failed with the whole suite and passed by itself: it is flaky, or depends")
    assert not told(sprint).is_open


def test_it_searches_on_where_the_commits_are(sprint, monkeypatch):
    def make(*_):
        raise NotMirrored("the commit is not here")

    monkeypatch.setattr(trial_merges, "make", make)
    found = integrate(sprint, passed=2, results={"tests/test_it.py::test_3": "failed"})
    assert (found.state, found.steps.get().run) == (IntegrationState.SEARCHING, None)
    assert not told(sprint).is_open
    monkeypatch.setattr(trial_merges, "make", lambda *_: factories.sha())
    actions.advance_integrations_due(now=NOON)
    assert found.steps.get().run


@pytest.mark.parametrize(
    ("kind", "passed", "said"),
    [
        (InteractionKind.TOGETHER, False, "1 test is broken together that passes on a track alone."),
        (InteractionKind.UNKNOWN, False, "1 test is broken together that passes on a track alone."),
        (InteractionKind.ALONE, False, "1 test fails with one track alone on today's base."),
        (InteractionKind.BASE, True, "1 test fails on today's base with nothing merged."),
    ],
)
def test_what_was_found_is_said_as_what_it_is(sprint, kind, passed, said):
    found = integrate(sprint)
    found.figures |= {"suspects": 1}
    found.interactions = [{"test": 1, "signature": "", "fixers": [], "kind": kind, "keys": []}]
    assert has_passed(found)[0] is passed
    assert has_passed(found)[1].endswith(said)


@pytest.mark.parametrize(
    ("state", "passed"),
    [(RunState.LOST, None), (RunState.FAULTED, None), (RunState.INCOMPLETE, False), (RunState.BROKEN, False)],
)
def test_an_end_that_is_not_the_tracks_says_nothing_of_them(sprint, state, passed):
    found = integrate(sprint)
    found.run.state = state
    assert has_passed(found)[0] is passed


def test_to_start_and_stop_another_closes_nothing(sprint):
    integrate(sprint)
    actions.stop_integration(start(sprint), by=sprint.project.created_by, now=NOON)
    assert told(sprint).is_open


def test_what_the_gates_rest_on_is_merged_and_what_did_not_end_in_order_is_refused(sprint):
    track = sprint.tracks.get(key="A")
    tested = track.runs.get()
    stopped = factories.play(factories.start_run(track=track, at=factories.sha()), passed=1, ended=False)
    cancel(stopped, by=sprint.project.created_by, now=NOON)
    found = start(sprint)
    assert {each["key"]: each["run"] for each in found.tracks}["A"] == tested.pk
    actions.stop_integration(found, by=None, now=NOON)
    Run.objects.filter(pk=tested.pk).update(state=RunState.INCOMPLETE)
    with pytest.raises(InvalidInput, match="Its latest run is incomplete"):
        start(sprint)


def test_what_it_is_held_against_stays_the_baseline_of_its_start(sprint, client):
    found = integrate(sprint)
    factories.create_baseline(sprint=sprint, failed=3)
    sprint.refresh_from_db()
    assert sprint.baseline_id != found.baseline_id
    again = Integration.objects.get(pk=found.pk)
    assert not integration_queries.prediction_of(again).held.any()
    client.force_login(sprint.project.created_by)
    page = client.get(reverse("reports:integration", args=[sprint.project.slug, found.pk]))
    assert f"base={found.baseline_id}&amp;head={found.run_id}" in page.content.decode()


def test_its_run_has_the_criteria_of_all_its_tracks_and_no_secrets_of_protected_branches(sprint):
    for track in sprint.tracks.all():
        factories.create_criterion(track=track, text=f"{track.key} is there", kind=CriterionKind.CHECK)
    found = start(sprint)
    actions.merge_due(now=NOON)
    found.refresh_from_db()
    assert [each["text"] for each in found.run.criteria] == ["A is there", "B is there"]
    spec = RunSpec.from_json(found.run.spec)
    assert not spec.protected
    assert spec.merge.names == ("A", "B")


def test_a_criterion_that_does_not_hold_of_the_merged_tracks_closes_it(sprint):
    found = integrate(sprint)
    found.figures |= {"criteria": ["A is there"]}
    assert has_passed(found) == (False, "With the tracks merged, this does not hold: A is there.")


def test_approved_tracks_are_chosen_on_the_page(sprint, client):
    factories.create_run(track=factories.create_track(sprint=sprint, key="C"), passed=3)
    client.force_login(sprint.project.created_by)
    page = client.get(reverse("reports:integrations", args=[sprint.project.slug, sprint.slug]))
    chosen = {each.track.key: each.is_chosen for each in page.context["choices"]}
    assert chosen == {"A": True, "B": True, "C": False}
    assert page.content.decode().count(" checked>") == 2


def test_it_is_followed_and_stopped_from_its_page(sprint, client):
    client.force_login(sprint.project.created_by)
    found = start(sprint)
    where = [sprint.project.slug, found.pk]
    live = reverse("reports:integration_live", args=where)
    page = client.get(live)
    seen = page.context["revision"]
    assert "hx-get" in page.content.decode()
    assert client.get(live, {"seen": seen}).status_code == 204
    client.post(reverse("reports:stop_integration", args=where))
    page = client.get(live, {"seen": seen})
    assert page.status_code == 200 and "hx-get" not in page.content.decode()
    assert "The trial integration was stopped." in page.content.decode()


def test_the_merge_order_is_of_all_tracks_and_needs_no_integration(sprint, client):
    factories.create_track(sprint=sprint, key="C")
    client.force_login(sprint.project.created_by)
    assert sentences(sprint, client) == [
        "Merge A once its gates are open.",
        "Merge B once its gates are open.",
        "Merge C once it is approved.",
    ]
    integrate(sprint)
    assert sentences(sprint, client)[:2] == ["Merge A now.", "Merge B now."]


def test_the_merge_order_says_why_a_track_was_left_out_while_its_commit_counts(sprint, client, monkeypatch):
    client.force_login(sprint.project.created_by)
    left = LeftOut("B", "It shares no history with the base. Rebase it on the base branch.")
    monkeypatch.setattr(
        integrations,
        "merge_tracks",
        lambda project, name, base, wanted: Trial(factories.sha(), [("A", factories.sha())], [left]),
    )
    integrate(sprint)
    assert sentences(sprint, client)[1] == "Merge B after rework."
    assert plan(sprint, client)[1].reasons == ("it shares no history with the base",)
    approving.retest(sprint.tracks.get(key="B"))
    assert sentences(sprint, client)[1] == "Merge B once it is decided again."


def test_the_merge_order_says_what_git_says_of_the_base(sprint, client):
    client.force_login(sprint.project.created_by)
    sprint.project.mergeabilities.filter(head=sprint.tracks.get(key="A").head).update(
        result=MergeResult.CONFLICT
    )
    assert "Merge A after rework." in sentences(sprint, client)


def plan(sprint, client):
    page = client.get(reverse("reports:integrations", args=[sprint.project.slug, sprint.slug]))
    return page.context["plan"]


def sentences(sprint, client) -> list[str]:
    return [step.sentence for step in plan(sprint, client)]
