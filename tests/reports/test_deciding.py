"""Deciding on a track: on what was seen, by who may, once and for all."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import RestrictedError
from django.test.utils import CaptureQueriesContext

from reports import actions as conclusions
from reports import decision_queries
from reports.actions import kept_comparison
from reports.actions.decisions import DecisionMoved
from reports.actions.follow_ups import CONDITIONS, ConditionGiven
from reports.models import Condition, Decision, Waiver
from reports.policies import DEFAULT, Policy
from reports.readiness import readiness_of
from reports.statuses import DecisionKind, GateKind
from tests import factories
from tests.factories import NOON
from tests.reports.approving import create_ready_track, lead, merges, push, ready, retest, saw, say
from tracks import actions
from tracks.errors import InvalidInput, NotPermitted
from tracks.finding_statuses import FindingStatus, Severity
from tracks.models import AuditEntry, Finding, Notice, Sprint, Track, User
from tracks.statuses import CriterionKind, Role, Standing, Weight

pytestmark = pytest.mark.django_db

APPROVED, CONDITIONAL = DecisionKind.APPROVED, DecisionKind.CONDITIONAL
REFUSALS = [DecisionKind.DEFERRED, DecisionKind.REJECTED]
DAY = timedelta(days=1)
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """Nothing is committed here: what waits for that is done at once, so that runs are compared."""
    monkeypatch.setattr(transaction, "on_commit", lambda do, **_: do())
    monkeypatch.setattr("tracks.doorbell.ring", lambda *_, **__: None)


@pytest.fixture
def track() -> Track:
    return create_ready_track()


def leo(track: Track) -> User:
    return factories.create_member(project=track.sprint.project, role=Role.LEAD, name="Leo")


def set_project(track: Track, **settings: object) -> None:
    actions.change_project(track.sprint.project, by=lead(track), **settings)
    track.sprint.project.refresh_from_db()


def test_a_decision_freezes_all_that_it_rests_on(track):
    decision = say(track)
    run = track.runs.get()
    assert (decision.sha, decision.run, decision.base_sha) == (run.sha, run, track.sprint.baseline.sha)
    assert {each["gate"] for each in decision.frozen["gates"]} >= {
        "no test newly broken",
        "the books balance",
    }
    assert decision.frozen["by"]["name"] == "Lena"
    assert ready(track).decision.is_approved
    found = Decision.objects.get()
    assert decision_queries.is_intact(found)
    entry = AuditEntry.objects.get(action="decision.made")
    assert entry.after["digest"] == decision.digest
    found.rationale += "!"
    assert not decision_queries.is_intact(found)


def test_nothing_of_a_decision_can_be_altered(track):
    finding = factories.create_finding(track=track, severity=Severity.LOW)
    condition = ConditionGiven(text="Mend it", severity=Severity.LOW, due=TODAY, finding=finding)
    say(track, CONDITIONAL, conditions=[condition])
    for rows, change in (
        (Decision.objects, {"kind": "rejected"}),
        (Decision.objects, {"by": leo(track)}),
        (Condition.objects, {"due": TODAY + DAY}),
    ):
        with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
            rows.update(**change)
    lead(track).delete()
    assert Decision.objects.get().by is None
    assert decision_queries.is_intact(Decision.objects.get())


@pytest.mark.parametrize("what", ["track", "sprint"])
def test_what_is_removed_takes_its_decisions_along_and_the_log_stays(track, what):
    finding = factories.create_finding(track=track, severity=Severity.LOW)
    condition = ConditionGiven(text="Mend it", severity=Severity.LOW, due=TODAY, finding=finding)
    decision = say(track, CONDITIONAL, conditions=[condition])
    for kept in (decision.run, finding):
        with pytest.raises(RestrictedError), transaction.atomic():
            kept.delete()
    Sprint.objects.filter(pk=track.sprint_id).update(baseline=None)  # which is kept from being removed
    {"track": track, "sprint": Sprint.objects.get(pk=track.sprint_id)}[what].delete()
    assert not Decision.objects.exists() and not Condition.objects.exists()
    assert AuditEntry.objects.filter(action="decision.made").exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_moved_since_it_was_seen_refuses_every_kind_of_decision(track):
    other = leo(track)
    moves = [
        lambda: factories.create_finding(track=track, severity=Severity.LOW),
        lambda: retest(track, at=track.head, passed=3),
        lambda: say(track, DecisionKind.DEFERRED, by=other),
        lambda: factories.create_finding(track=track, severity=Severity.CRITICAL),
        lambda: actions.change_sprint(track.sprint, by=lead(track), min_passed=9),
        lambda: push(track, "f" * 40),
        lambda: Sprint.objects.filter(pk=track.sprint_id).update(base_head="f" * 40),
    ]
    for move in moves:
        seen = saw(track)
        move()
        before = Decision.objects.count()
        for kind in (APPROVED, *REFUSALS):
            with pytest.raises(DecisionMoved) as refused:
                say(track, kind, **seen)
            assert refused.value.differences
        assert Decision.objects.count() == before


def test_a_push_that_only_the_repository_knows_of_refuses_it_too(track):
    with pytest.raises(DecisionMoved) as refused:
        say(track, **(saw(track) | {"head": "f" * 40}))
    assert "fffffff" in refused.value.differences[0]


def test_a_push_that_was_noted_after_the_repository_was_asked_refuses_it_too(track):
    without_head = Policy(DEFAULT.gates - {GateKind.HEAD})
    conclusions.change_sprint_policy(track.sprint, without_head, version=0, by=lead(track))
    seen = saw(track)
    push(track, "f" * 40)
    with pytest.raises(DecisionMoved) as refused:
        say(track, **seen)
    assert "The branch is at fffffff" in refused.value.differences[0]


def test_a_commit_or_run_other_than_what_was_seen_is_refused(track):
    for other in ({"sha": "f" * 40}, {"run": 1}):
        with pytest.raises(DecisionMoved):
            say(track, **(saw(track) | other))


def test_closed_gates_keep_it_from_being_approved_and_are_named():
    track = create_ready_track(passed=2, failed=1)
    for kind in (APPROVED, CONDITIONAL):
        with pytest.raises(InvalidInput, match="no test newly broken") as refused:
            say(track, kind)
        assert refused.value.field == "kind"
    for kind in REFUSALS:
        assert say(track, kind).kind == kind


def test_a_track_that_was_never_tested_cannot_be_decided_on():
    track = factories.create_track()
    with pytest.raises(InvalidInput, match="No run of this track has ended"):
        say(track, DecisionKind.REJECTED, seen=ready(track).frozen, sha="", run=None, head="")


def test_a_rationale_is_needed_and_bounded(track):
    for rationale in ("", "  \n", "a\0b", "x" * 20_001):
        with pytest.raises(InvalidInput) as refused:
            say(track, rationale=rationale)
        assert refused.value.field == "rationale"


class TestConditions:
    @pytest.fixture
    def finding(self, track) -> Finding:
        return factories.create_finding(track=track, severity=Severity.LOW)

    def condition(self, proof: Finding | None, **other: object) -> ConditionGiven:
        known = {"text": "Write the page", "severity": Severity.LOW, "due": TODAY, "finding": proof}
        return ConditionGiven(**(known | other))

    def test_an_approval_with_conditions_counts_until_one_is_due_and_not_met(self, track, finding):
        decision = say(track, CONDITIONAL, conditions=[self.condition(finding)])
        assert ready(track).decision.is_approved
        assert [each.text for each in ready(track).unmet] == ["Write the page"]
        late = ready(track, now=NOON + DAY)
        assert not late.decision.is_approved
        assert [each.text for each in late.unmet] == ["Write the page"], "its owner has to see it still"
        assert "“Write the page” was due" in late.decision.stale[0]
        actions.findings.set_status([finding], FindingStatus.WONT_FIX, note="no", by=lead(track), now=NOON)
        assert ready(track, now=NOON + DAY).decision.is_approved
        assert decision_queries.is_intact(Decision.objects.get(pk=decision.pk))

    def test_a_criterion_proves_one_in_the_latest_run(self):
        track = factories.create_track()
        criterion = factories.create_criterion(track=track, kind=CriterionKind.CHECK, weight=Weight.ADVISORY)
        sprint = Sprint.objects.get(pk=track.sprint_id)
        factories.create_baseline(sprint=sprint, passed=3)
        retest(track, passed=3, checks={criterion.pk: Standing.FAILS})
        track = Track.objects.select_related("sprint__project").get(pk=track.pk)
        given = self.condition(None, criterion=criterion.pk)
        say(track, CONDITIONAL, conditions=[given])
        assert not ready(track, now=NOON + DAY).decision.is_approved
        retest(track, at=track.head, passed=3, checks={criterion.pk: Standing.HOLDS})
        assert ready(track, now=NOON + DAY).decision.is_approved
        with pytest.raises(InvalidInput, match="holds already"):
            say(track, CONDITIONAL, conditions=[given])

    def test_what_cannot_be_a_condition_is_refused_at_its_field(self, track, finding):
        good = self.condition(finding)
        for other, part in (
            ({"text": " "}, "text"),
            ({"text": "a\nb"}, "text"),
            ({"text": "a\0b"}, "text"),
            ({"text": "x" * 301}, "text"),
            ({"due": TODAY - DAY}, "due"),
            ({"due": TODAY + 400 * DAY}, "due"),
            ({"finding": None}, "proof"),
            ({"criterion": 1}, "proof"),
            ({"finding": None, "criterion": 404}, "proof"),
        ):
            with pytest.raises(InvalidInput) as refused:
                say(track, CONDITIONAL, conditions=[good, self.condition(finding, **other)])
            assert refused.value.field == f"conditions-1-{part}", other
        assert not Decision.objects.exists()

    def test_nor_do_outsiders_own_one_or_other_tracks_prove_one(self, track, finding):
        elsewhere = factories.create_finding()
        for other, part in (({"owner": factories.create_user()}, "owner"), ({"finding": elsewhere}, "proof")):
            with pytest.raises(InvalidInput) as refused:
                say(track, CONDITIONAL, conditions=[self.condition(finding, **other)])
            assert refused.value.field == f"conditions-0-{part}"

    def test_only_an_approval_with_conditions_has_some_and_not_too_many(self, track, finding):
        given = self.condition(finding)
        for kind, conditions in (
            (CONDITIONAL, []),
            (APPROVED, [given]),
            (DecisionKind.REJECTED, [given]),
            (CONDITIONAL, [given] * (CONDITIONS + 1)),
        ):
            with pytest.raises(InvalidInput):
                say(track, kind, conditions=conditions)


class TestWhoDecides:
    def test_leads_do(self, track):
        for role in (Role.READER, Role.DEVELOPER, Role.TESTER):
            with pytest.raises(NotPermitted, match="Only a lead"):
                say(track, by=factories.create_member(project=track.sprint.project, role=role))
        with pytest.raises(NotPermitted):
            say(track, by=factories.create_user(name="Olga"))

    def test_a_service_account_never_does_whatever_its_role(self, track):
        bot = leo(track)
        User.objects.filter(pk=bot.pk).update(is_service=True, is_superuser=True)
        bot.refresh_from_db()
        for kind in DecisionKind:
            with pytest.raises(NotPermitted, match="service account"):
                say(track, kind, by=bot)
        question = factories.create_question(track=track)
        with pytest.raises(NotPermitted, match="service account"):
            actions.findings.decide_question(question, choice=0, reason="so", by=bot, now=NOON)
        finding = factories.create_finding(track=track)
        with pytest.raises(NotPermitted, match="service account"):
            actions.findings.set_status([finding], FindingStatus.ACCEPTED_RISK, note="so", by=bot, now=NOON)

    @pytest.mark.parametrize(
        "author",
        [
            {"name": "Somebody", "email": "LEO@example.org"},
            {"name": " leo ", "email": "1+leo@noreply.example.org"},
        ],
    )
    def test_who_wrote_its_commits_may_refuse_and_not_approve(self, track, author):
        writer = leo(track)
        User.objects.filter(pk=writer.pk).update(email="leo@example.org")
        writer.refresh_from_db()
        push(track, "9" * 40)
        merges(track, base=track.sprint.baseline.sha, head="9" * 40, authors=[author])
        retest(track, at="9" * 40, passed=3)
        with pytest.raises(NotPermitted, match="You wrote commits"):
            say(track, by=writer)
        assert say(track, DecisionKind.REJECTED, by=writer)
        set_project(track, separates_duties=False)
        assert say(track, by=writer)

    def test_nor_waive_its_gates_or_accept_its_losses(self, track):
        tess = factories.create_member(project=track.sprint.project, name="Dev")
        bot = factories.create_member(project=track.sprint.project, name="Bot")
        User.objects.filter(pk=bot.pk).update(is_service=True)
        bot.refresh_from_db()
        given = {"reason": "It is known and harmless.", "now": NOON}
        for by, why in ((tess, "You wrote commits"), (bot, "service account")):
            with pytest.raises(NotPermitted, match=why):
                conclusions.waive(
                    track, GateKind.MERGES, sha=track.head, expires_at=NOON + DAY, by=by, **given
                )
            with pytest.raises(NotPermitted, match=why):
                conclusions.accept_losses(track, [1], comparison=None, by=by, **given)

    def test_who_claimed_its_fixes_does_not_approve_nor_after_withdrawing_the_claim(self, track):
        finding, by = factories.create_finding(track=track, severity=Severity.LOW), leo(track)
        claim = actions.findings.claim_fix([finding], sha=track.head, note="", by=by, now=NOON)
        factories.play(claim.run, passed=3)
        with pytest.raises(NotPermitted, match="You claimed fixes"):
            say(track, by=by)
        actions.findings.withdraw_claim(claim, by=by, now=NOON)
        with pytest.raises(NotPermitted, match="You claimed fixes"):
            say(track, by=by)
        assert say(track)

    def test_while_git_has_not_told_who_wrote_it_nobody_approves_or_excuses(self, track):
        retest(track, at="9" * 40, passed=3)
        track.sprint.project.mergeabilities.all().delete()
        Waiver.objects.create(
            track=track,
            gate=GateKind.MERGES,
            sha="9" * 40,
            reason="so",
            by=lead(track),
            expires_at=NOON + DAY,
            at=NOON,
        )
        track.runs.update(commits=[{"sha": "9" * 40, "author": "Leo"}])
        given = {"reason": "It is known and harmless.", "by": lead(track), "now": NOON}
        with pytest.raises(NotPermitted, match=r"not known yet who wrote .* cannot approve it"):
            say(track)
        with pytest.raises(NotPermitted, match=r"not known yet who wrote .* cannot waive its gates"):
            conclusions.waive(track, GateKind.MERGES, sha="9" * 40, expires_at=NOON + DAY, **given)
        with pytest.raises(NotPermitted, match="not known yet who wrote"):
            conclusions.accept_losses(track, [1], comparison=None, **given)
        assert say(track, DecisionKind.REJECTED)
        set_project(track, separates_duties=False)
        assert say(track)

    def test_a_branch_without_commits_of_its_own_was_written_by_nobody(self, track):
        track.sprint.project.mergeabilities.update(authors=[], commits=0)
        assert say(track, by=leo(track))


class TestSeveralApprovals:
    def test_as_many_leads_as_the_project_asks_for_have_to_approve_one_commit(self, track):
        set_project(track, approvals=2)
        say(track)
        assert (ready(track).decision.approvals, ready(track).decision.is_approved) == (1, False)
        say(track)
        assert not ready(track).decision.is_approved, "one person is one approval"
        say(track, by=leo(track))
        assert ready(track).decision.is_approved
        assert set(ready(track).decision.who) == {"Lena", "Leo"}

    def test_one_with_an_overdue_condition_drops_out_and_says_why(self, track):
        set_project(track, approvals=2)
        finding = factories.create_finding(track=track, severity=Severity.LOW)
        condition = ConditionGiven(text="Mend it", severity=Severity.LOW, due=TODAY, finding=finding)
        say(track, CONDITIONAL, conditions=[condition])
        say(track, by=leo(track))
        assert ready(track).decision.is_approved
        late = ready(track, now=NOON + DAY).decision
        assert (late.approvals, late.is_approved) == (1, False)
        assert "“Mend it” was due" in late.stale[0]

    def test_another_word_in_between_begins_anew(self, track):
        set_project(track, approvals=2)
        other = leo(track)
        say(track)
        say(track, DecisionKind.REJECTED, by=other)
        say(track, by=other)
        assert ready(track).decision.approvals == 1


class TestLaterRuns:
    def test_of_the_same_commit_contradict_it(self, track):
        say(track)
        retest(track, at=track.head, passed=2, failed=1)
        now = ready(track).decision
        assert not now.is_approved
        (why,) = now.stale
        assert "2 passed, 3 before; 1 failed, 0 before; these gates fail with it: no test newly broken" in why

    @pytest.mark.parametrize("later", [{"passed": 2, "skipped": 1}, {"passed": 3, "failed": 1}])
    def test_in_which_a_passed_test_is_skipped_or_a_new_one_fails_do(self, track, later):
        say(track)
        retest(track, at=track.head, **later)
        assert "contradicts it" in ready(track).decision.stale[0]

    def test_do_so_too_when_the_run_after_it_is_good_again(self, track):
        say(track)
        worse = retest(track, at=track.head, passed=2, failed=1)
        retest(track, at=track.head, passed=3)
        (why,) = ready(track).decision.stale
        assert why.startswith(f"Run {worse.pk} at the same commit contradicts it: 2 passed")

    def test_are_read_without_their_tests(self, track):
        say(track)
        retest(track, at=track.head, passed=2, failed=1)
        with CaptureQueriesContext(connection) as captured:
            assert ready(track).decision.stale
        said = " ".join(each["sql"] for each in captured.captured_queries)
        assert "outcomes" not in said
        assert said.count('"reports_decision"."frozen"') == 1

    def test_that_come_out_the_same_leave_it_as_it_is(self, track):
        say(track)
        retest(track, at=track.head, passed=3)
        assert ready(track).decision.is_approved


class TestTheBase:
    NEW = "d" * 40

    def move(self, track: Track) -> None:
        Sprint.objects.filter(pk=track.sprint_id).update(base_head=self.NEW)

    def test_that_moves_keeps_an_approval_once_all_was_seen_to_be_the_same_there(self, track):
        say(track)
        self.move(track)
        assert "not known yet" in ready(track).decision.stale[0]
        merges(track, base=self.NEW, head=track.head)
        assert "its baseline is not tested yet" in ready(track).decision.stale[0]
        factories.create_baseline(sprint=track.sprint, at=self.NEW, passed=3)
        assert ready(track).decision.is_approved

    def test_where_the_gates_are_closed_there_it_is_not_kept(self, track):
        say(track)
        self.move(track)
        merges(track, base=self.NEW, head=track.head)
        factories.create_baseline(sprint=track.sprint, at=self.NEW, passed=4)
        (why,) = ready(track).decision.stale
        assert "closed there: no fewer tests than the baseline, no test vanished" in why

    def test_that_stands_still_keeps_it_under_another_baseline_while_the_gates_are_open(self, track):
        say(track)
        Sprint.objects.filter(pk=track.sprint_id).update(base_head=track.sprint.baseline.sha)
        factories.create_baseline(sprint=track.sprint, at=self.NEW, passed=3)
        kept_comparison(Sprint.objects.get().baseline, track.runs.get())
        assert ready(track).decision.is_approved
        factories.create_baseline(sprint=track.sprint, at="9" * 40, passed=4)
        (why,) = ready(track).decision.stale
        assert why.startswith("The baseline is of 9999999 now; these gates are closed there: no fewer tests")

    def test_that_is_gone_closes_the_gate_of_merging_and_the_decision(self, track):
        say(track)
        actions.note_bases(track.sprint.project, {}, now=NOON)
        assert ready(track).decision.stale == ("The base branch is gone from the repository.",)
        (gate,) = ready(track).closed
        assert gate.kind is GateKind.MERGES and "is gone" in gate.sentence

    def test_with_new_commits_on_a_branch_that_it_took_in_they_are_new(self, track):
        say(track)
        self.move(track)
        merges(track, base=self.NEW, head=track.head, patch_id="", commits=0)
        push(track, "9" * 40)
        merges(track, base=self.NEW, head="9" * 40)
        assert "new commits" in ready(track).decision.stale[0]
        push(track, "8" * 40)
        merges(track, base=self.NEW, head="8" * 40, patch_id="", commits=0)
        assert ready(track).decision.is_approved

    def test_that_had_all_of_the_branch_already_has_new_commits_of_it_not(self, track):
        track.sprint.project.mergeabilities.update(patch_id="", authors=[], commits=0)
        say(track)
        assert ready(track).decision.is_approved
        retest(track, at="9" * 40, passed=3)
        assert "new commits" in ready(track).decision.stale[0]

    def test_that_took_the_branch_in_leaves_it_approved(self, track):
        say(track)
        self.move(track)
        merges(track, base=self.NEW, head=track.head, patch_id="", commits=0)
        actions.note_gone(track.sprint.project, {}, now=NOON)
        assert ready(track).decision.is_approved


class TestDependencies:
    @pytest.fixture
    def other(self, track) -> Track:
        other = create_ready_track(sprint=track.sprint, key="B")
        track.depends_on.set([other])
        return other

    def test_keep_a_track_from_being_approved_until_they_are(self, track, other):
        with pytest.raises(InvalidInput, match="what it depends on is approved"):
            say(track)
        say(other)
        assert say(track)
        assert ready(track).decision.is_approved

    def test_take_their_approval_back_with_them(self, track, other):
        say(other)
        say(track)
        push(other, "f" * 40)
        (why,) = ready(track).decision.stale
        assert "Track B, which it waits for, is not approved any more: Its approval is stale." in why
        push(other, other.head)
        assert ready(track).decision.is_approved
        say(other, DecisionKind.REJECTED)
        assert "It is rejected." in ready(track).decision.stale[0]


def test_its_owner_its_claimants_and_who_owns_a_condition_are_told(track):
    project = track.sprint.project
    olaf, dev, tess = (
        factories.create_member(project=project, name=name) for name in ("Olaf", "Dev", "Tess")
    )
    Track.objects.filter(pk=track.pk).update(owner=olaf)
    finding = factories.create_finding(track=track, severity=Severity.LOW)
    claim = actions.findings.claim_fix([finding], sha=track.head, note="", by=dev, now=NOON)
    factories.play(claim.run, passed=3)
    condition = ConditionGiven(text="Mend it", severity=Severity.LOW, due=TODAY, finding=finding, owner=tess)
    say(track, CONDITIONAL, conditions=[condition])
    told = Notice.objects.filter(kind="a track of mine is decided on")
    assert {str(each.user) for each in told} == {"Olaf", "Dev", "Tess"}
    assert f"Lena decided “approved with conditions” on {track.head[:7]}" in told[0].text


def test_a_sprint_costs_as_many_queries_with_six_tracks_as_with_two(track):
    def cost() -> int:
        sprint = Sprint.objects.select_related("project").get(pk=track.sprint_id)
        with CaptureQueriesContext(connection) as captured:
            found = readiness_of(sprint, now=NOON)
        assert all(each.decision.is_approved for each in found.values())
        return len(captured)

    def add(key: str) -> Track:
        other = create_ready_track(sprint=track.sprint, key=key)
        finding = factories.create_finding(track=other, severity=Severity.LOW)
        given = ConditionGiven(text="Mend it", severity=Severity.LOW, due=TODAY, finding=finding)
        say(other, CONDITIONAL, conditions=[given])
        retest(other, at=other.head, passed=3)
        return other

    first = add("B")
    track.depends_on.set([first])
    say(track)
    few = cost()
    for key in "CDEF":
        add(key).depends_on.set([])
    assert cost() == few
