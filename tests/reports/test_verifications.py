"""What retests show of findings: made when a run ends, repeated where that is asked for, said once."""

from datetime import timedelta

import pytest

from reports import actions
from reports.models import Comparison, CriterionResult, Verification
from reports.statuses import Progress
from tests import factories
from tests.factories import NOON
from tests.reports.recorded import create_claim, create_finding
from tracks.actions import cancel, findings
from tracks.criteria import Rule, TestsDefinition
from tracks.execution.spec import RunSpec
from tracks.finding_statuses import FindingKind, FindingStatus
from tracks.models import Failure, Finding, Notice, Run, Sprint, Track
from tracks.statuses import CriterionKind, NoticeKind, Role, RunKind, RunState, Standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_edited")]
ONE, TWO = "tests/test_a.py::test_one", "tests/test_a.py::test_two"
BROKEN = {ONE: "failed", TWO: "error"}
FIXED = {ONE: "passed", TWO: "passed"}
ALL_PASS = TestsDefinition(Rule.EACH_PASSES).to_json()


@pytest.fixture(autouse=True)
def _announce_at_once(monkeypatch):
    """The end of a run is announced on commit, which a test's transaction never reaches."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda callback, **_: callback())
    monkeypatch.setattr("tracks.doorbell.ring", lambda *_, **__: None)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def track() -> Track:
    track = factories.create_track()
    factories.create_baseline(sprint=track.sprint, results=FIXED)
    return track


@pytest.fixture
def initial(track) -> Run:
    return factories.create_run(track=track, results=BROKEN)


def retest(track: Track, results: dict[str, str], **rest: str) -> Run:
    return factories.create_run(track=track, results=results, **rest)


def shown(finding: Finding, run: Run) -> Verification:
    return Verification.objects.get(finding=finding, run=run)


def waiting(verification: Verification) -> list[Run]:
    return list(verification.repeats.filter(state=RunState.QUEUED).order_by("pk"))


@pytest.mark.parametrize(
    ("results", "message", "kind"),
    [
        (FIXED, "", "verified fixed"),
        (BROKEN, "", "same error persists"),
        (BROKEN, "KeyError: 'volume'", "different error now"),
        ({ONE: "passed", TWO: "error"}, "", "partly fixed"),
        ({ONE: "passed", TWO: "skipped"}, "", "cannot verify"),
        ({ONE: "passed"}, "", "cannot verify"),
    ],
)
def test_a_retest_says_of_each_finding_what_became_of_its_tests(track, initial, results, message, kind):
    finding = create_finding(track=track, found_in=initial, tests=BROKEN)
    found = shown(finding, retest(track, results, message=message))
    assert found.kind == kind
    assert found.state == Progress.DONE
    assert [each["before"] for each in found.tests] == ["failed", "error"]
    assert {each["before_run"] for each in found.tests} == {initial.pk}
    assert [each["after"] for each in found.tests] == [[results.get(ONE)], [results.get(TWO, "absent")]]


def test_an_error_that_comes_back_after_another_one_is_the_same(track, initial):
    finding = create_finding(track=track, found_in=initial, tests=BROKEN)
    assert shown(finding, retest(track, BROKEN, message="KeyError: 'volume'")).kind == "different error now"
    third = shown(finding, retest(track, BROKEN))
    assert third.kind == "same error persists"
    assert {each["before_run"] for each in third.tests} == {initial.pk}


def test_an_error_that_the_iteration_before_brought_is_the_same_too(track, initial):
    finding = create_finding(track=track, found_in=initial, tests=BROKEN)
    second = retest(track, {ONE: "failed", TWO: "passed"}, message="KeyError: 'volume'")
    third = shown(finding, retest(track, {ONE: "failed", TWO: "error"}, message="KeyError: 'volume'"))
    assert [each["before_run"] for each in third.tests] == [second.pk, initial.pk]
    assert [each["showing"] for each in third.tests] == [
        "fails with the same error",
        "fails with another error",
    ]


@pytest.mark.parametrize("touch", ["own", "fixtures"])
def test_a_test_that_the_branch_edited_since_the_finding_proves_nothing(track, initial, touch, monkeypatch):
    finding = create_finding(track=track, found_in=initial, tests=BROKEN)
    real = actions.kept_comparison

    def edited(base: Run, head: Run):
        stored = real(base, head)
        stored.touched = {touch: finding.tests[:1]}
        stored.save()
        return stored

    monkeypatch.setattr("reports.actions.verifications.kept_comparison", edited)
    found = shown(finding, retest(track, FIXED))
    assert found.kind == "cannot verify"
    assert [bool(each["edited"]) for each in found.tests] == [True, False]


def test_a_finding_that_names_an_error_only_is_that_of_the_tests_that_broke_by_it(track, initial):
    error = Failure.objects.filter(run=initial, test__node_id=ONE).get().signature
    finding = create_finding(track=track, found_in=initial, signature=error)
    found = shown(finding, retest(track, FIXED))
    assert found.kind == "verified fixed"
    assert len(found.tests) == Failure.objects.filter(run=initial, signature=error).count()


@pytest.mark.parametrize(
    ("standing", "kind"), [("holds", "verified fixed"), ("fails", "same error persists")]
)
def test_a_finding_without_tests_goes_by_its_criterion(track, initial, standing, kind):
    criterion = factories.create_criterion(track=track, kind=CriterionKind.CHECK)
    finding = create_finding(track=track, found_in=initial, criterion=criterion)
    run = factories.create_run(track=track, results=FIXED, checks={criterion.pk: Standing(standing)})
    assert shown(finding, run).kind == kind


def test_a_finding_that_names_nothing_cannot_be_verified(track, initial):
    found = shown(create_finding(track=track, found_in=initial), retest(track, FIXED))
    assert found.kind == "cannot verify"
    assert "nothing here that a machine could verify" in found.sentence


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": FindingKind.PRAISE, "status": FindingStatus.NOTED},
        {"kind": FindingKind.QUESTION},
        {"status": FindingStatus.WONT_FIX},
    ],
)
def test_what_is_not_to_be_mended_is_not_verified(track, initial, fields):
    create_finding(track=track, found_in=initial, tests=BROKEN, **fields)
    retest(track, FIXED)
    assert not Verification.objects.exists()


def test_what_was_verified_is_looked_at_once_more_and_who_recorded_it_is_told_when_it_comes_back(
    track, initial
):
    project = track.sprint.project
    finding = create_finding(
        track=track,
        found_in=initial,
        tests=BROKEN,
        status=FindingStatus.VERIFIED,
        raised_by=project.created_by,
        flaky=True,
    )
    good = shown(finding, retest(track, FIXED))
    assert (good.kind, good.state) == ("verified fixed", Progress.DONE), "it is not repeated again"
    assert not Notice.objects.filter(kind=NoticeKind.VERIFIED).exists()
    assert shown(finding, retest(track, BROKEN)).kind == "same error persists"
    assert "it was verified, and a retest shows same error persists" in Notice.objects.get().text


def test_a_retest_of_the_commit_at_which_it_was_found_shows_that_it_is_flaky(track, initial):
    finding = create_finding(track=track, found_in=initial, tests=BROKEN)
    found = shown(finding, retest(track, FIXED, at=initial.sha))
    assert (found.kind, found.state) == ("flaky", Progress.DONE)
    assert "failed in up to 1 of 2 runs" in found.sentence


def test_edits_count_since_the_iteration_before_a_finding_that_names_no_run(track, initial, monkeypatch):
    finding = create_finding(track=track, tests=BROKEN)
    last = retest(track, FIXED)
    assert shown(finding, last).kind == "verified fixed"
    Verification.objects.all().delete()
    Comparison.objects.filter(base=initial, head=last).update(touched={"own": finding.tests})
    actions.verify_due(now=NOON)
    assert shown(finding, last).kind == "cannot verify"


def test_a_finding_from_before_any_run_is_held_against_the_baseline(track):
    finding = create_finding(track=track, tests=BROKEN, now=NOON - timedelta(days=1))
    first = retest(track, FIXED)
    assert shown(finding, first).kind == "verified fixed"
    Sprint.objects.update(baseline=None)
    second = retest(track, FIXED)
    finding.verifications.all().delete()
    Run.objects.filter(pk=first.pk).delete()
    actions.verify_due(now=NOON)
    found = shown(finding, second)
    assert found.kind == "cannot verify"
    assert "there is no run from before it" in found.sentence


class TestGitCouldNotBeAsked:
    @pytest.fixture
    def unread(self, track, initial, monkeypatch) -> Verification:
        with monkeypatch.context() as patched:
            patched.setattr("reports.repository.read_sources", lambda *_: "there is no copy of it here")
            finding = create_finding(track=track, found_in=initial, tests=BROKEN)
            return shown(finding, retest(track, FIXED))

    @pytest.fixture(autouse=True)
    def _is_here(self, monkeypatch):
        monkeypatch.setattr("reports.repository.is_here", lambda *_: True)

    def test_nothing_is_verified_until_it_is_and_then_it_is_judged_again(self, unread):
        assert (unread.kind, unread.state) == ("cannot verify", Progress.DONE)
        assert "is not known: there is no copy of it here." in unread.sentence
        actions.ask_git_again(now=NOON)
        actions.advance_verifications(now=NOON)
        unread.refresh_from_db()
        assert (unread.kind, unread.state) == ("verified fixed", Progress.DONE)

    def test_what_a_tester_has_ruled_on_stays_as_it_was_then(self, unread):
        by = unread.run.requested_by
        findings.rule(
            unread.finding, unread.run, fixed=True, verdict=unread.kind, reason="I looked.", by=by, now=NOON
        )
        actions.ask_git_again(now=NOON)
        actions.advance_verifications(now=NOON)
        unread.refresh_from_db()
        assert unread.kind == "cannot verify"


def test_a_criterion_that_nobody_has_judged_yet_is_judged_first(track, initial):
    criterion = factories.create_criterion(track=track, kind=CriterionKind.TESTS, definition=ALL_PASS)
    finding = create_finding(track=track, found_in=initial, tests=BROKEN, criterion=criterion)
    run = retest(track, FIXED)
    Verification.objects.all().delete()
    CriterionResult.objects.all().delete()
    actions.verify_due(now=NOON)
    assert shown(finding, run).kind == "verified fixed"


def test_a_run_says_nothing_of_what_was_found_in_it_or_later(track, initial):
    create_finding(track=track, found_in=initial, tests=BROKEN)
    create_finding(track=track, tests=BROKEN, now=NOON.replace(hour=13))
    actions.verify_due(now=NOON)
    assert not Verification.objects.exists()


def test_what_was_claimed_for_a_run_that_went_on_already_is_verified_by_it(track, initial):
    run = factories.start_run(track=track)
    finding = create_finding(track=track, found_in=initial, tests=BROKEN, now=NOON.replace(hour=13))
    create_claim(finding, run)
    factories.play(run, results=FIXED)
    assert shown(finding, run).kind == "verified fixed"


def test_a_worker_that_died_over_it_or_a_second_one_changes_nothing(track, initial):
    finding = create_finding(track=track, found_in=initial, tests=BROKEN)
    run = retest(track, FIXED)
    Verification.objects.all().delete()
    for _ in range(2):
        actions.verify_due(now=NOON)
        actions.advance_verifications(now=NOON)
    assert shown(finding, run).kind == "verified fixed"
    assert Verification.objects.count() == 1


@pytest.fixture
def repeated(track, initial) -> Verification:
    """Of a finding that is marked flaky, after a retest that passed."""
    finding = create_finding(track=track, found_in=initial, tests=BROKEN, flaky=True)
    return shown(finding, retest(track, FIXED))


def test_tests_of_a_flaky_finding_are_run_five_times_each_by_itself(repeated):
    assert repeated.is_going
    assert repeated.kind == "no verdict"
    runs = waiting(repeated)
    assert len(runs) == 4
    for run in runs:
        spec = RunSpec.from_json(run.spec)
        assert (run.kind, run.sha) == (RunKind.SELECTION, repeated.run.sha)
        assert sorted(spec.selection) == sorted(BROKEN)
        assert spec.fresh


@pytest.mark.parametrize(
    ("last", "kind", "sentence"),
    [
        (FIXED, "verified fixed", "All 2 affected tests ran and passed, 5 times each."),
        (BROKEN, "flaky", "failed in up to 1 of 5 runs"),
    ],
)
def test_the_repetitions_decide_when_the_last_of_them_has_ended(repeated, last, kind, sentence):
    *runs, final = waiting(repeated)
    for run in runs:
        factories.play(run, results=FIXED)
    repeated.refresh_from_db()
    assert repeated.is_going
    factories.play(final, results=last)
    repeated.refresh_from_db()
    assert (repeated.state, repeated.kind) == (Progress.DONE, kind)
    assert sentence in repeated.sentence
    assert {len(each["after"]) for each in repeated.tests} == {5}


def test_a_repetition_that_was_cancelled_leaves_too_few_results_for_a_verdict(repeated):
    first, *runs = waiting(repeated)
    cancel(first, by=repeated.run.requested_by, now=NOON)
    for run in runs:
        factories.play(run, results=FIXED)
    repeated.refresh_from_db()
    assert (repeated.state, repeated.kind) == (Progress.DONE, "no verdict")
    assert not waiting(repeated)


def test_a_project_may_ask_for_repetitions_of_every_finding(track, initial):
    project = track.sprint.project
    project.repetitions = 3
    project.save()
    finding = create_finding(track=track, found_in=initial, tests=BROKEN)
    assert len(waiting(shown(finding, retest(track, FIXED)))) == 2


def test_what_still_fails_is_not_repeated(track, initial):
    finding = create_finding(track=track, found_in=initial, tests=BROKEN, flaky=True)
    assert shown(finding, retest(track, {ONE: "passed", TWO: "error"})).state == Progress.DONE


def test_too_many_tests_to_start_each_by_itself_are_repeated_together(track, initial, monkeypatch):
    monkeypatch.setattr("reports.actions.verifications.actions.MAX_FRESH", 1)
    finding = create_finding(track=track, found_in=initial, tests=BROKEN, flaky=True)
    (run, *_) = waiting(shown(finding, retest(track, FIXED)))
    assert not RunSpec.from_json(run.spec).fresh


def test_who_recorded_and_who_claimed_are_told_what_the_retest_of_a_claim_shows(track, initial):
    finding = create_finding(track=track, found_in=initial, tests=BROKEN)
    dev = factories.create_member(project=track.sprint.project, role=Role.DEVELOPER, name="Dev")
    Finding.objects.update(raised_by=track.sprint.project.created_by)
    claim = findings.claim_fix([finding], sha="c" * 40, note="", by=dev, now=NOON)
    factories.play(claim.run, results=BROKEN)
    told = Notice.objects.filter(kind=NoticeKind.VERIFIED).order_by("user__first_name")
    assert [notice.user.first_name for notice in told] == ["Dev", "Lena"]
    assert "the retest shows same error persists" in told[0].text
    retest(track, BROKEN)
    assert told.count() == 2, "a run at another commit answers no claim"
