"""Which status follows which, who may set it, and what claims and rulings make of it."""

import pytest

from tests import factories
from tracks.actions import findings
from tracks.errors import InvalidInput, NotPermitted, QAError
from tracks.finding_statuses import FAULT_KINDS, FINDING_TRANSITIONS, FIRST_STATUS, FindingKind, FindingStatus
from tracks.models import AuditEntry, Claim, Finding, Ruling, Run
from tracks.permissions import ROLES
from tracks.statuses import Role

pytestmark = pytest.mark.django_db

BY_HAND = {
    FindingStatus.OPEN,
    FindingStatus.WONT_FIX,
    FindingStatus.ACCEPTED_RISK,
    FindingStatus.NOTED,
    FindingStatus.WITHDRAWN,
}
OF_KINDS = [(kind, status) for kind in sorted(FindingKind) for status in sorted(FINDING_TRANSITIONS[kind])]


@pytest.fixture
def track():
    return factories.create_track()


@pytest.fixture
def dev(track):
    return factories.create_member(project=track.sprint.project, role=Role.DEVELOPER, name="Dev")


@pytest.fixture
def tess(track):
    return factories.create_member(project=track.sprint.project)


def status_of(finding: Finding) -> str:
    return Finding.objects.get(pk=finding.pk).status


def test_every_kind_begins_in_a_status_that_it_knows():
    for kind in FindingKind:
        assert FIRST_STATUS[kind] in FINDING_TRANSITIONS[kind]
        assert set().union(*FINDING_TRANSITIONS[kind].values()) == set(FINDING_TRANSITIONS[kind])


@pytest.mark.parametrize(("kind", "status"), OF_KINDS, ids=lambda each: each.value)
def test_by_hand_only_what_the_table_allows_is_set(kind, status, now):
    finding = factories.in_status(status, kind=kind)
    lena = finding.track.sprint.project.created_by
    allowed = FINDING_TRANSITIONS[kind][status] & BY_HAND
    if status is FindingStatus.CLAIMED:
        allowed -= {FindingStatus.OPEN}
    for wanted in sorted(FindingStatus):
        Finding.objects.filter(pk=finding.pk).update(
            status=status, choice=0 if status is FindingStatus.DECIDED else None
        )
        if wanted in allowed:
            findings.set_status([finding], wanted, note="So be it.", by=lena, now=now)
            assert status_of(finding) == wanted
        else:
            with pytest.raises(InvalidInput):
                findings.set_status([finding], wanted, note="So be it.", by=lena, now=now)
            assert status_of(finding) == status


@pytest.mark.parametrize("status", sorted(BY_HAND))
@pytest.mark.parametrize("role", sorted(Role))
def test_who_may_set_a_status_is_told_before_and_after(role, status, now):
    kind = FindingKind.PRAISE if status in FINDING_TRANSITIONS[FindingKind.PRAISE] else FindingKind.DEFECT
    before = next(each for each, next_ in FINDING_TRANSITIONS[kind].items() if status in next_)
    before = FindingStatus.WONT_FIX if status is FindingStatus.OPEN else before
    finding = factories.in_status(before, kind=kind)
    person = factories.create_member(project=finding.track.sprint.project, role=role)
    may = role in ROLES[findings.SET_BY_HAND[status]]
    assert (dict(findings.choices_for(finding, role))[status] == "") == may
    if may:
        findings.set_status([finding], status, note="Yes.", by=person, now=now)
    else:
        with pytest.raises(NotPermitted):
            findings.set_status([finding], status, note="Yes.", by=person, now=now)
    assert (status_of(finding) == status) == may


def test_a_status_needs_a_note(tess, track, now):
    finding = factories.create_finding(track=track)
    with pytest.raises(InvalidInput, match="note"):
        findings.set_status([finding], FindingStatus.WONT_FIX, note=" ", by=tess, now=now)


def test_a_lead_decides_a_question_and_it_can_be_opened_again(track, tess, now):
    question = factories.create_question(track=track)
    lena = track.sprint.project.created_by
    with pytest.raises(NotPermitted):
        findings.decide_question(question, choice=1, reason="Cheaper.", by=tess, now=now)
    for choice, reason in ((2, "Cheaper."), (-1, "Cheaper."), (1, "")):
        with pytest.raises(InvalidInput):
            findings.decide_question(question, choice=choice, reason=reason, by=lena, now=now)
    assert findings.decide_question(question, choice=1, reason="Cheaper.", by=lena, now=now).choice == 1
    entry = AuditEntry.objects.get(action="finding.decided")
    assert (entry.after["option"], entry.after["reason"]) == ("The second", "Cheaper.")
    findings.set_status([question], FindingStatus.OPEN, note="Prices rose.", by=tess, now=now)
    assert Finding.objects.get().choice is None


def test_a_claim_starts_the_retest_of_its_commit(track, dev, now):
    factories.create_run(track=track, failed=1)
    first, second = factories.create_finding(track=track), factories.create_finding(track=track)
    sha = factories.sha()
    claim = findings.claim_fix([first, second], sha=sha, note="Mended.", by=dev, now=now)
    assert claim.run.sha == sha
    assert claim.run.iteration == 1
    assert {status_of(first), status_of(second)} == {FindingStatus.CLAIMED}
    entry = AuditEntry.objects.filter(action="finding.claimed").first()
    assert (entry.actor, entry.after["sha"], entry.after["run"]) == (dev, sha, claim.run_id)


def test_a_claim_takes_the_run_of_that_commit_that_goes_on(track, dev, now):
    going = factories.start_run(track=track)
    claim = findings.claim_fix(
        [factories.create_finding(track=track)], sha=going.sha, note="", by=dev, now=now
    )
    assert claim.run == going
    assert Run.objects.count() == 1


@pytest.mark.parametrize(("kind", "status"), OF_KINDS, ids=lambda each: each.value)
def test_only_open_faults_are_claimed(kind, status, now):
    finding = factories.in_status(status, kind=kind)
    by = finding.track.sprint.project.created_by
    if kind in FAULT_KINDS and status is FindingStatus.OPEN:
        assert findings.claim_fix([finding], sha=factories.sha(), note="", by=by, now=now)
    else:
        assert findings.reason_against_claiming(finding)
        with pytest.raises(InvalidInput):
            findings.claim_fix([finding], sha=factories.sha(), note="", by=by, now=now)
        assert not Claim.objects.exists()
        assert not Run.objects.exists()


def test_a_claim_is_of_one_track_and_of_a_whole_commit(track, dev, now):
    other = factories.create_finding(track=factories.create_track(sprint=track.sprint, key="B"))
    mine = factories.create_finding(track=track)
    for chosen, sha in (([mine, other], factories.sha()), ([], factories.sha()), ([mine], "--upload-pack=x")):
        with pytest.raises(InvalidInput):
            findings.claim_fix(chosen, sha=sha, note="", by=dev, now=now)
    assert not Run.objects.exists()


def test_a_claim_is_withdrawn_by_who_made_it_or_by_a_tester(track, dev, tess, now):
    finding = factories.create_finding(track=track)
    other = factories.create_member(project=track.sprint.project, role=Role.DEVELOPER, name="Dev")
    claim = findings.claim_fix([finding], sha=factories.sha(), note="", by=dev, now=now)
    with pytest.raises(NotPermitted):
        findings.withdraw_claim(claim, by=other, now=now)
    findings.withdraw_claim(claim, by=dev, now=now)
    assert Finding.objects.get().status == FindingStatus.OPEN
    assert Finding.objects.get().attempts == 0
    again = findings.claim_fix([finding], sha=factories.sha(), note="", by=dev, now=now)
    with pytest.raises(InvalidInput):
        findings.withdraw_claim(claim, by=dev, now=now)
    findings.withdraw_claim(again, by=tess, now=now)
    assert status_of(finding) == FindingStatus.OPEN


RULINGS = [
    (FindingStatus.CLAIMED, True, FindingStatus.VERIFIED, 0),
    (FindingStatus.CLAIMED, False, FindingStatus.OPEN, 1),
    (FindingStatus.OPEN, True, FindingStatus.VERIFIED, 0),
    (FindingStatus.OPEN, False, FindingStatus.OPEN, 0),
    (FindingStatus.VERIFIED, True, FindingStatus.VERIFIED, 0),
    (FindingStatus.VERIFIED, False, FindingStatus.OPEN, 0),
]


@pytest.mark.parametrize(("before", "fixed", "after", "attempts"), RULINGS)
def test_a_ruling_makes_of_a_finding(before, fixed, after, attempts, now):
    finding = factories.in_status(before)
    claim = findings.latest_claim(finding)
    run = factories.create_run(track=finding.track, passed=1, at=claim.sha if claim else "")
    by = finding.track.sprint.project.created_by
    findings.rule(finding, run, fixed=fixed, verdict="", reason="I looked.", by=by, now=now)
    found = Finding.objects.get()
    assert (found.status, found.attempts) == (after, attempts)
    assert AuditEntry.objects.get(action="finding.ruled").after["status"] == after


@pytest.mark.parametrize(
    ("verdict", "fixed", "overrules"),
    [
        ("verified fixed", True, False),
        ("verified fixed", False, True),
        ("same error persists", False, False),
        ("same error persists", True, True),
    ],
)
def test_overruling_the_machine_needs_a_reason(track, tess, now, verdict, fixed, overrules):
    finding = factories.create_finding(track=track)
    run = factories.create_run(track=track, passed=1)
    if overrules:
        with pytest.raises(InvalidInput, match=verdict):
            findings.rule(finding, run, fixed=fixed, verdict=verdict, reason=" ", by=tess, now=now)
        assert not Ruling.objects.exists()
    reason = "I looked." if overrules else ""
    ruling = findings.rule(finding, run, fixed=fixed, verdict=verdict, reason=reason, by=tess, now=now)
    assert ruling.overrules == overrules


@pytest.mark.parametrize("fixed", [False, True])
def test_only_a_run_of_the_claimed_commit_answers_a_claim(track, dev, tess, now, fixed):
    finding = factories.create_finding(track=track)
    old = factories.create_run(track=track, passed=1)
    claim = findings.claim_fix([finding], sha=factories.sha(), note="", by=dev, now=now)
    with pytest.raises(InvalidInput, match=f"claimed to be fixed at {claim.sha[:7]}"):
        findings.rule(finding, old, fixed=fixed, verdict="", reason="I looked.", by=tess, now=now)
    assert (status_of(finding), Finding.objects.get().attempts) == (FindingStatus.CLAIMED, 0)


def test_several_verdicts_are_confirmed_all_or_none(track, tess, now):
    one, other = factories.create_finding(track=track), factories.create_finding(track=track)
    run = factories.create_run(track=track, passed=1)
    verdicts = [(one, run, "verified fixed"), (other, run, "same error persists")]
    findings.rule(other, run, fixed=False, verdict="", reason="", by=tess, now=now)
    with pytest.raises(InvalidInput, match="has ruled on"):
        findings.confirm(verdicts, by=tess, now=now)
    assert status_of(one) == FindingStatus.OPEN
    findings.confirm(verdicts[:1], by=tess, now=now)
    assert status_of(one) == FindingStatus.VERIFIED


def test_there_is_one_ruling_a_run_and_none_on_what_says_nothing(track, tess, now):
    finding = factories.create_finding(track=track)
    run = factories.create_run(track=track, passed=1)
    going = factories.start_run(track=track)
    other = factories.create_run(track=factories.create_track(sprint=track.sprint, key="B"), passed=1)
    findings.rule(finding, run, fixed=False, verdict="", reason="", by=tess, now=now)
    for each in (run, going, other):
        with pytest.raises(QAError):
            findings.rule(finding, each, fixed=True, verdict="", reason="So.", by=tess, now=now)
    praise = factories.create_finding(track=track, kind=FindingKind.PRAISE)
    with pytest.raises(InvalidInput, match="nothing to rule on"):
        findings.rule(praise, run, fixed=True, verdict="", reason="So.", by=tess, now=now)
