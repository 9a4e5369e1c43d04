"""Deciding on a track: its part of the track's page, the form, and a decision's own page."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.utils import timezone

from reports import actions as conclusions
from reports.actions.decisions import DecisionMoved
from reports.gate_queries import comparison_of
from reports.models import Decision
from reports.statuses import DecisionKind
from tests import factories
from tests.factories import NOON
from tests.hostile import TEXTS
from tests.reports.approving import create_ready_track, lead, push, ready, saw, say
from tests.tracks.web.pages import member, words
from tracks import actions
from tracks.errors import SubjectError
from tracks.finding_statuses import Severity
from tracks.models import Project, Sprint, Track, User
from tracks.statuses import Role

pytestmark = pytest.mark.django_db

TOMORROW = (timezone.now() + timedelta(days=1)).date().isoformat()


@pytest.fixture
def track() -> Track:
    return create_ready_track()


@pytest.fixture
def remote(monkeypatch, track) -> dict[str, str]:
    """The heads that the repository tells."""
    heads = {track.branch: track.head, "main": track.sprint.baseline.sha}
    monkeypatch.setattr("tracks.repositories.branches_of", lambda _: dict(heads))
    return heads


@pytest.fixture
def lena(client, track):
    client.force_login(lead(track))
    return client


def path(track: Track, rest: str) -> str:
    return f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}/t/{track.key}/{rest}"


def said(response) -> str:
    return unescape(words(response))


def fill(client, track: Track, **answers: object) -> dict[str, object]:
    """The form's hidden fields as the page gives them, with these answers."""
    page = client.get(path(track, "decide")).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(sha|run|seen)" value="([^"]*)"', page))
    return hidden | {"kind": "approved", "rationale": "It was **looked** at."} | answers


def decide(client, track: Track, **answers: object):
    return client.post(path(track, "decide"), fill(client, track, **answers))


def test_a_lead_approves_what_the_page_shows(lena, track, remote):
    page = said(lena.get(path(track, "decide")))
    for part in ("The gates speak for: approve", "No test newly broken", track.head[:7], "Rationale"):
        assert part in page
    assert "No test newly broken 0 newly broken asked: 0 what shows it" in page
    response = decide(lena, track)
    assert response.status_code == 302
    decision = Decision.objects.get()
    assert (decision.kind, decision.by, decision.sha) == ("approved", lead(track), track.head)
    fragment = said(lena.get(path(track, "gates")))
    assert f"approved by Lena on {track.head[:7]}" in fragment
    board = said(lena.get(f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}/"))
    assert "● approved" in board
    assert re.search(r"gates: \d+ of \d+ open", board)
    assert "It was looked at." in fragment and "**" not in fragment


def test_a_push_that_nobody_has_looked_at_yet_refuses_it_and_what_was_typed_stays(lena, track, remote):
    answers = fill(lena, track)
    remote[track.branch] = "f" * 40
    response = lena.post(path(track, "decide"), answers)
    assert response.status_code == 422
    page = said(response)
    assert "The branch is at fffffff; you saw" in page
    assert "It was **looked** at." in page
    assert not Decision.objects.exists()
    assert Track.objects.get(pk=track.pk).head == "f" * 40


def test_a_repository_that_does_not_answer_loses_nothing_that_was_typed(lena, track, monkeypatch):
    def fail(_: Project) -> None:
        raise SubjectError("The repository cannot be reached.", remedy="Try again.", detail="timeout")

    monkeypatch.setattr("tracks.repositories.branches_of", fail)
    response = decide(lena, track)
    assert response.status_code == 422
    assert "The repository cannot be reached. Try again." in said(response)
    assert "It was **looked** at." in said(response)


def test_what_was_seen_cannot_be_made_up_nor_taken_from_another_track(lena, track, remote):
    other = create_ready_track(sprint=track.sprint, key="B")
    for seen in ("", "x:y:z", fill(lena, other)["seen"]):
        response = decide(lena, track, seen=seen)
        assert response.status_code == 422
    assert "did not come back whole" in said(response)
    assert not Decision.objects.exists()


def test_what_is_refused_is_said_and_nothing_is_lost(lena, track, remote):
    factories.create_finding(track=track, severity=Severity.LOW)
    hidden = fill(lena, track)
    for answers, message in (
        ({"rationale": " "}, "A decision needs a rationale"),
        ({"rationale": "x" * 20_001}, "at most 20000 characters"),
        ({"rationale": "a\0b"}, "Null characters"),
        ({"kind": ""}, "Choose one of the four."),
        ({"kind": "merged"}, "not one of the available choices"),
        ({"kind": "approved with conditions"}, "needs one at least"),
        ({"conditions-0-text": "Mend it"}, "This field is required."),
        ({"run": "99999"}, "Something has changed since you saw it"),
    ):
        given = hidden | {"rationale": "Kept as it was typed"} | answers
        response = lena.post(path(track, "decide"), given)
        assert response.status_code == 422
        assert message in said(response)
        assert "rationale" in answers or "Kept as it was typed" in said(response)


def test_conditions_are_shown_until_they_are_met(lena, track, remote):
    finding = factories.create_finding(track=track, severity=Severity.LOW)
    tess = factories.create_member(project=track.sprint.project)
    row = {"text": "Write the page", "due": TOMORROW, "severity": "low"}
    proved = {"owner": tess.pk, "proof": f"finding:{finding.pk}"}
    answers = {f"conditions-1-{name}": value for name, value in (row | proved).items()}
    late = answers | {"conditions-1-due": "2020-01-01"}
    response = decide(lena, track, kind="approved with conditions", **late)
    assert "falls due today at the earliest" in said(response)
    assert 'id="id_conditions-1-due_error"' in response.content.decode()
    assert decide(lena, track, kind="approved with conditions", **answers).status_code == 302
    decision = Decision.objects.get()
    page = said(lena.get(f"/p/{track.sprint.project.slug}/decisions/{decision.pk}/"))
    for part in ("Write the page", "not met", "A-1 is settled", "Tess", "it matches", "It counts"):
        assert part in page
    client = member(track.sprint.project, Role.READER)
    client.force_login(tess)
    board = said(client.get(f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}/"))
    assert "Conditions falling due 1" in board


def test_closed_gates_disable_the_approvals_and_say_so(client):
    track = create_ready_track(passed=2, failed=1)
    client.force_login(lead(track))
    page = client.get(path(track, "decide"))
    assert "gates are closed" in said(page) or "gate is closed" in said(page)
    assert page.content.decode().count('disabled aria-describedby="hint-') == 2


def test_the_form_says_how_far_each_gate_is_from_holding_and_what_shows_it(client):
    track = create_ready_track(passed=2, failed=1)
    client.force_login(lead(track))
    page = client.get(path(track, "decide"))
    assert "1 newly broken asked: 0 1 to mend what shows it" in said(page)
    assert f'href="{path(track, "")}#findings"' in page.content.decode()


def test_a_gate_that_closes_after_the_approval_keeps_the_track_from_being_ready_and_is_named(lena, track):
    say(track)
    factories.create_finding(track=track, severity=Severity.CRITICAL)
    closed = "since then closed: no open finding of this severity"
    assert f"Approved; {closed}" in said(lena.get(path(track, "gates")))
    assert closed in said(lena.get(f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}/"))
    now = ready(track)
    assert now.decision.is_approved and not now.is_ready and not now.decision.stale


def test_the_page_of_a_decision_names_the_losses_that_it_rests_on(lena):
    track = create_ready_track(passed=2)
    given = {"reason": "Nobody needs it any more.", "by": lead(track), "now": NOON}
    conclusions.accept_losses(track, [3], comparison=comparison_of(track).pk, **given)
    seen = saw(track)
    again = {**given, "reason": "Somebody else said so."}
    conclusions.withdraw_acceptance(track, [3], by=lead(track))
    conclusions.accept_losses(track, [3], comparison=comparison_of(track).pk, **again)
    with pytest.raises(DecisionMoved) as refused:
        say(track, **seen)
    assert "What is accepted of the lost tests is not what you saw." in refused.value.differences
    decision = say(track)
    assert decision.frozen["losses"]["count"] == 1
    lena.force_login(lead(track))
    page = said(lena.get(f"/p/{track.sprint.project.slug}/decisions/{decision.pk}/"))
    assert "Accepted losses 1 of the baseline's tests" in page and "Somebody else said so." in page


def test_who_may_not_decide_reads_why(track):
    fragment = said(member(track.sprint.project).get(path(track, "gates")))
    assert "Only a lead may decide" in fragment
    assert "Nobody has decided on this track yet." in fragment
    bot = factories.create_member(project=track.sprint.project, role=Role.LEAD, name="Bot")
    User.objects.filter(pk=bot.pk).update(is_service=True)
    client = member(track.sprint.project)
    client.force_login(bot)
    assert "service account" in said(client.get(path(track, "gates")))


def test_a_track_that_was_never_tested_says_what_to_do(client):
    track = factories.create_track()
    client.force_login(lead(track))
    assert "test the branch first" in said(client.get(path(track, "decide")))


def test_a_stale_decision_says_why_on_every_page(lena, track):
    decision = say(track)
    push(track, "f" * 40)
    for rest in (path(track, "gates"), f"/p/{track.sprint.project.slug}/decisions/{decision.pk}/"):
        assert "The branch has new commits: it is at fffffff" in said(lena.get(rest))
    assert "approved, stale" in said(lena.get(f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}/"))


def test_a_decision_that_was_followed_by_another_leads_to_it(lena, track):
    first, second = say(track, DecisionKind.DEFERRED), say(track)
    page = lena.get(f"/p/{track.sprint.project.slug}/decisions/{first.pk}/")
    assert "A later decision took its place" in said(page)
    assert f"/decisions/{second.pk}/" in page.content.decode()


def test_a_decision_that_somebody_altered_says_so(lena, track):
    decision = say(track)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE reports_decision DISABLE TRIGGER decision_unaltered")
        cursor.execute("UPDATE reports_decision SET rationale = 'Otherwise'")
    page = said(lena.get(f"/p/{track.sprint.project.slug}/decisions/{decision.pk}/"))
    assert "It does not match" in page


def test_hostile_texts_stay_texts(lena, track):
    factories.create_finding(track=track, title=TEXTS[0][:200], severity=Severity.LOW)
    decision = say(track, rationale="\n\n".join(TEXTS))
    for rest in (
        path(track, "decide"),
        path(track, "gates"),
        f"/p/{track.sprint.project.slug}/decisions/{decision.pk}/",
    ):
        page = lena.get(rest).content.decode()
        assert "<script>window" not in page
        assert "<img src=x" not in page


class TestTheBoard:
    def board(self, client, track: Track):
        return client.get(f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}/")

    def test_tells_leads_what_they_have_to_decide(self, lena, track):
        assert "To decide 1" in said(self.board(lena, track))
        assert "To decide" not in said(self.board(member(track.sprint.project), track))
        say(track)
        assert "To decide" not in said(self.board(lena, track))

    def test_waits_for_other_leads_once_one_has_approved(self, lena, track):
        actions.change_project(track.sprint.project, by=lead(track), approvals=2)
        say(Track.objects.select_related("sprint__project").get(pk=track.pk))
        assert "1 of 2 approvals" in said(self.board(lena, track))
        assert "To decide" not in said(self.board(lena, track))
        leo = member(track.sprint.project, Role.LEAD, "Leo")
        assert "To decide 1" in said(self.board(leo, track))

    def test_draws_what_waits_for_what_only_where_something_does(self, lena, track):
        assert "What waits for what" not in said(self.board(lena, track))
        other = create_ready_track(sprint=Sprint.objects.get(pk=track.sprint_id), key="B")
        track.depends_on.set([other])
        page = said(self.board(lena, track))
        assert "Track A waits for B, which is: not decided." in page
        assert "cannot be approved before B: Nobody has decided on it yet." in page
        assert "it can be tested, not approved" in said(lena.get(path(track, "gates")))
        say(other)
        assert "Track A waits for B, which is: approved." in said(self.board(lena, track))
