"""A lead approves while somebody pushes: no approval is recorded of a commit that nobody saw."""

from functools import partial

import pytest
from django.db import transaction

from reports.actions import change_sprint_policy
from reports.actions.decisions import DecisionMoved, decide
from reports.models import Decision
from reports.policies import DEFAULT, Policy
from reports.statuses import DecisionKind, GateKind
from tests.factories import NOON, sha
from tests.reports.approving import create_ready_track, lead, merges, push, saw
from tests.tracks.test_concurrency import at_once
from tracks import actions
from tracks.errors import InvalidInput
from tracks.models import Run, Sprint, Track

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

RACES = 60


@pytest.fixture
def track(monkeypatch) -> Track:
    monkeypatch.setattr("tracks.doorbell.ring", lambda *_, **__: None)
    return create_ready_track()


def approve(track: Track, seen: dict, refused: list) -> None:
    try:
        decide(
            track,
            kind=DecisionKind.APPROVED,
            rationale="It was looked at.",
            conditions=[],
            by=lead(track),
            now=NOON,
            **seen,
        )
    except DecisionMoved:
        refused.append(seen["sha"])


def push_and_count(track: Track, new: str, seen_by_push: list) -> None:
    """Note the new head; while its row is held, count the approvals that came before."""
    with transaction.atomic():
        push(track, new)
        seen_by_push.append(Decision.objects.filter(track=track).count())


@pytest.mark.parametrize("gates", [DEFAULT.gates, DEFAULT.gates - {GateKind.HEAD}])
def test_of_sixty_races_of_an_approval_and_a_push_none_approves_what_was_not_seen(track, gates):
    change_sprint_policy(track.sprint, Policy(gates), version=0, by=lead(track))
    project, base = track.sprint.project, Sprint.objects.get(pk=track.sprint_id).baseline.sha
    recorded, refused = 0, []
    for _ in range(RACES):
        seen, new, before = saw(track), sha(), []
        merges(track, base=base, head=new)
        at_once(partial(approve, track, seen, refused), partial(push_and_count, track, new, before))
        assert Decision.objects.count() == before[0], "none came after the push"
        approvals = Decision.objects.filter(sha=seen["sha"]).count()
        assert approvals == before[0] - recorded
        recorded += approvals
        assert Track.objects.get(pk=track.pk).head == new
        Run.objects.filter(track=track).update(sha=new)
    assert recorded + len(refused) == RACES
    assert project.mergeabilities.count() == RACES + 1


def test_of_two_dependencies_that_would_close_a_cycle_one_is_refused(track):
    other = create_ready_track(sprint=track.sprint, key="B")
    refused = []

    def depend(one: Track, on: Track) -> None:
        known = {"name": one.name, "branch": one.branch, "owner": None, "checks_only": False}
        try:
            actions.change_track(one, by=lead(track), depends_on=[on], **known)
        except InvalidInput as refusal:
            refused.append(refusal.message)

    at_once(partial(depend, track, other), partial(depend, other, track))
    (why,) = refused
    assert why in {f"Tracks cannot wait for each other: {way}." for way in ("A → B → A", "B → A → B")}


def test_of_two_leads_who_decide_at_once_one_looks_again(track):
    seen, refused = saw(track), []
    at_once(*[partial(approve, track, seen, refused)] * 4)
    assert (Decision.objects.count(), len(refused)) == (1, 3)
