"""What waits for whom: by role, and gone once it is done."""

import pytest
from django.utils import timezone

from reports.models import Verification
from reports.queries import causes_of
from reports.statuses import Progress, VerdictKind
from reports.waiting import Situation, WaitsFor, waiting_for
from tests import factories
from tests.factories import NOON
from tracks import actions, queries
from tracks.finding_statuses import FindingKind, FindingStatus, Severity
from tracks.models import Finding, Run, Track, User
from tracks.statuses import Role, RunState

pytestmark = pytest.mark.django_db

ALL = {"t.py::one": "failed", "t.py::two": "failed"}
NEW_HEAD = "f" * 40


@pytest.fixture
def track() -> Track:
    track = factories.create_track()
    factories.create_baseline(sprint=track.sprint, results=dict.fromkeys(ALL, "passed"))
    return track


@pytest.fixture
def run(track) -> Run:
    """Its tests end with one new error."""
    return factories.create_run(track=track, results=ALL)


def situation(track: Track) -> Situation:
    sprint = track.sprint
    sprint.refresh_from_db()
    tracks = list(sprint.tracks.all())
    latest = queries.latest_runs(sprint, ended=True)
    causes = causes_of([*(run.pk for run in latest.values()), sprint.baseline_id])
    return Situation(sprint, tracks, latest, causes, queries.with_new_commits(tracks))


def waiting(track: Track, role: Role, user: User | None = None) -> dict[str, list[str]]:
    """What waits, as ``A`` for a track and ``A-1`` for a finding."""
    user = user or factories.create_member(project=track.sprint.project, role=role)
    found = waiting_for(user, role, situation(track))
    return {what: [str(item.finding or item.track.key) for item in items] for what, items in found.items()}


def finding_of(run: Run, **content) -> Finding:
    """A finding for the run's only error, with its tests."""
    failure = run.failures.select_related("signature").first()
    numbers = sorted(run.failures.values_list("test__number", flat=True))
    return factories.create_finding(
        track=run.track, signature=failure.signature, tests=numbers, found_in=run, **content
    )


def shown(finding: Finding, run: Run, kind: VerdictKind, state: Progress = Progress.DONE) -> None:
    Verification.objects.create(
        finding=finding, run=run, kind=kind, state=state, repetitions=1, begun_at=NOON
    )


def claim(finding: Finding, by: User):
    return actions.findings.claim_fix([finding], sha="e" * 40, note="", by=by, now=NOON)


def test_nothing_waits_for_a_reader(track, run):
    assert waiting(track, Role.READER) == {}


class TestCausesWithoutAFinding:
    def test_wait_for_testers_and_leads(self, track, run):
        assert waiting(track, Role.TESTER) == {WaitsFor.TRIAGE: ["A"]}
        assert waiting(track, Role.LEAD) == {WaitsFor.TRIAGE: ["A"]}
        assert waiting(track, Role.DEVELOPER) == {}

    def test_wait_no_longer_once_recorded_by_their_error(self, track, run):
        signature = run.failures.select_related("signature").first().signature
        factories.create_finding(track=track, signature=signature)
        assert WaitsFor.TRIAGE not in waiting(track, Role.TESTER)

    def test_wait_no_longer_once_recorded_by_their_tests(self, track, run):
        factories.create_finding(track=track, tests=[run.failures.first().test.number])
        assert WaitsFor.TRIAGE not in waiting(track, Role.TESTER)

    def test_wait_no_longer_once_somebody_will_not_fix_them(self, track, run):
        finding = factories.create_finding(track=track, tests=[run.failures.first().test.number])
        Finding.objects.filter(pk=finding.pk).update(status=FindingStatus.WONT_FIX)
        assert WaitsFor.TRIAGE not in waiting(track, Role.TESTER)

    def test_do_not_wait_if_the_baseline_has_them(self, track):
        factories.create_baseline(sprint=track.sprint, results=ALL)
        factories.create_run(track=track, results=ALL)
        assert waiting(track, Role.TESTER) == {}

    def test_wait_on_each_track_by_itself(self, track, run):
        other = factories.create_track(sprint=track.sprint, key="B")
        found = factories.create_run(track=other, results=ALL)
        finding_of(found)
        assert waiting(track, Role.TESTER)[WaitsFor.TRIAGE] == ["A"]


class TestTracksToRetest:
    def test_are_those_with_new_commits(self, track):
        factories.create_run(track=track, results=dict.fromkeys(ALL, "passed"))
        actions.note_heads(track.sprint.project, {track.branch: NEW_HEAD}, now=NOON)
        assert waiting(track, Role.TESTER) == {WaitsFor.RETEST: ["A"]}

    @pytest.mark.parametrize("state", sorted([RunState.CANCELLED, RunState.FAULTED, RunState.LOST]))
    def test_are_those_whose_claims_retest_did_not_take_place(self, track, run, state):
        dev = factories.create_member(project=track.sprint.project, role=Role.DEVELOPER)
        claimed = claim(finding_of(run), dev)
        assert WaitsFor.RETEST not in waiting(track, Role.TESTER)
        Run.objects.filter(pk=claimed.run_id).update(state=state, ended_at=timezone.now())
        assert waiting(track, Role.TESTER)[WaitsFor.RETEST] == ["A"]


class TestVerdictsToConfirm:
    @pytest.fixture
    def retested(self, track, run) -> tuple[Finding, Run]:
        finding = finding_of(run)
        dev = factories.create_member(project=track.sprint.project, role=Role.DEVELOPER)
        retest = claim(finding, dev).run
        assert retest
        return finding, factories.play(retest, results=ALL)

    def test_are_those_of_claimed_findings_until_somebody_rules(self, track, retested):
        finding, retest = retested
        shown(finding, retest, VerdictKind.SAME)
        assert waiting(track, Role.TESTER) == {WaitsFor.CONFIRM: ["A-1"]}
        tess = factories.create_member(project=track.sprint.project)
        actions.findings.rule(
            finding, retest, fixed=False, verdict=VerdictKind.SAME, reason="", by=tess, now=NOON
        )
        assert waiting(track, Role.TESTER) == {}

    def test_do_not_wait_while_they_are_not_said(self, track, retested):
        shown(*retested, VerdictKind.NONE, Progress.GOING)
        assert waiting(track, Role.TESTER) == {}

    @pytest.mark.parametrize(
        ("kind", "waits_for"),
        [(VerdictKind.CANNOT, WaitsFor.CONFIRM), (VerdictKind.NONE, WaitsFor.RETEST)],
    )
    def test_are_to_be_decided_where_only_a_person_can_tell_and_retested_where_nothing_was_said(
        self, track, retested, kind, waits_for
    ):
        shown(*retested, kind)
        found = waiting(track, Role.TESTER)
        assert list(found) == [waits_for]

    def test_are_not_those_of_another_commit_than_the_claimed_one(self, track, run):
        finding = finding_of(run)
        other = factories.create_run(track=track, results=ALL)
        shown(finding, other, VerdictKind.SAME)
        dev = factories.create_member(project=track.sprint.project, role=Role.DEVELOPER)
        retest = claim(finding, dev).run
        assert waiting(track, Role.TESTER) == {}
        Run.objects.filter(pk=retest.pk).update(state=RunState.CANCELLED, ended_at=timezone.now())
        assert waiting(track, Role.TESTER) == {WaitsFor.RETEST: ["A"]}

    def test_are_those_of_the_claimed_commit_though_another_was_tested_since(self, track, retested):
        shown(*retested, VerdictKind.SAME)
        factories.create_run(track=track, results=ALL)
        assert waiting(track, Role.TESTER) == {WaitsFor.CONFIRM: ["A-1"]}

    def test_are_those_of_what_was_verified_and_comes_back(self, track, run):
        finding = finding_of(run)
        Finding.objects.update(status=FindingStatus.VERIFIED)
        retest = factories.create_run(track=track, results=ALL)
        shown(finding, retest, VerdictKind.VERIFIED)
        assert waiting(track, Role.TESTER) == {}
        Verification.objects.update(kind=VerdictKind.SAME)
        assert waiting(track, Role.TESTER) == {WaitsFor.CONFIRM: ["A-1"]}

    def test_wait_of_an_open_finding_only_where_it_is_fixed(self, track, run):
        finding = finding_of(run)
        retest = factories.create_run(track=track, results=ALL)
        shown(finding, retest, VerdictKind.SAME)
        assert WaitsFor.CONFIRM not in waiting(track, Role.TESTER)
        Verification.objects.update(kind=VerdictKind.VERIFIED)
        assert waiting(track, Role.TESTER)[WaitsFor.CONFIRM] == ["A-1"]


class TestFindingsToClaim:
    def test_are_those_assigned_to_the_person(self, track, run):
        dev = factories.create_member(project=track.sprint.project, role=Role.DEVELOPER, name="Dev")
        finding_of(run, assignee=dev)
        assert waiting(track, Role.DEVELOPER, dev) == {WaitsFor.CLAIM: ["A-1"]}
        assert waiting(track, Role.DEVELOPER) == {}

    def test_are_those_of_nobody_on_the_persons_track(self, track, run):
        dev = factories.create_member(project=track.sprint.project, role=Role.DEVELOPER, name="Dev")
        Track.objects.filter(pk=track.pk).update(owner=dev)
        finding_of(run)
        assert waiting(track, Role.DEVELOPER, dev) == {WaitsFor.CLAIM: ["A-1"]}

    def test_are_not_those_that_are_claimed(self, track, run):
        dev = factories.create_member(project=track.sprint.project, role=Role.DEVELOPER, name="Dev")
        claim(finding_of(run, assignee=dev), dev)
        assert waiting(track, Role.DEVELOPER, dev) == {}

    def test_come_the_worst_first(self, track, run):
        dev = factories.create_member(project=track.sprint.project, role=Role.DEVELOPER, name="Dev")
        other = factories.create_track(sprint=track.sprint, key="B")
        for on, severity in ((track, Severity.LOW), (track, Severity.HIGH), (other, Severity.CRITICAL)):
            factories.create_finding(track=on, severity=severity, assignee=dev)
        assert waiting(track, Role.DEVELOPER, dev) == {WaitsFor.CLAIM: ["B-1", "A-2", "A-1"]}

    def test_are_none_that_is_praise(self, track, run):
        dev = factories.create_member(project=track.sprint.project, role=Role.DEVELOPER, name="Dev")
        factories.create_finding(track=track, kind=FindingKind.PRAISE, assignee=dev)
        assert waiting(track, Role.DEVELOPER, dev) == {}


def test_open_questions_wait_for_a_lead(track):
    question = factories.create_question(track=track)
    assert waiting(track, Role.LEAD) == {WaitsFor.DECIDE: ["A-1"]}
    assert waiting(track, Role.TESTER) == {}
    lena = factories.create_member(project=track.sprint.project, role=Role.LEAD)
    actions.findings.decide_question(question, choice=0, reason="It is.", by=lena, now=NOON)
    assert waiting(track, Role.LEAD) == {}
