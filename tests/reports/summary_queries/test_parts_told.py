"""What a report tells beside runs and comparisons, held against what was planted."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports import actions
from reports.models import AcceptedLoss, Changeset, Narrative, Verification, Waiver
from reports.statuses import DecisionKind, GateKind, LossKind, Progress, VerdictKind
from reports.summary.facts import CLUSTERS, COMMITS, SummaryFacts
from reports.summary_queries import facts_of
from reports.summary_queries.changesets import PATCH
from reports.summary_queries.clusters import EVIDENCE
from reports.summary_queries.criteria import OUTPUT
from tests import factories
from tests.factories import NOON
from tests.reports import approving, integrating
from tests.reports.recorded import create_claim, create_finding
from tracks.actions.findings import decide_question
from tracks.execution.git import MAX_COMMITS
from tracks.models import CheckResult, FailureSignature, FailureText, Finding, Ruling, Run, Sprint, Tick
from tracks.statuses import CriterionKind, Role, RunState, Standing

pytestmark = pytest.mark.django_db
ONE, TWO = "t.py::one", "t.py::two"


@pytest.fixture
def sprint() -> Sprint:
    """Of track A, on which one test is broken by an error that the baseline has too, and one passes."""
    sprint = factories.create_sprint()
    factories.create_baseline(sprint=sprint, results={ONE: "failed", TWO: "failed"})
    factories.create_run(track=factories.create_track(sprint=sprint), results={ONE: "failed", TWO: "passed"})
    return sprint


def told(sprint: Sprint) -> SummaryFacts:
    return facts_of(Sprint.objects.get(pk=sprint.pk), now=NOON)


def first_run(sprint: Sprint) -> Run:
    return Run.objects.get(sprint=sprint, iteration=0)


def test_errors_are_told_with_their_tests_their_evidence_and_their_findings(sprint):
    signature = FailureSignature.objects.get()
    create_finding(track=sprint.tracks.get(), signature=signature)
    create_finding(track=sprint.tracks.get(), signature=signature, status="withdrawn")
    facts = told(sprint)
    (known,) = facts.baseline_clusters
    assert (known.tests, known.first, known.at_baseline) == (2, (ONE, TWO), True)
    assert known.evidence.endswith("ledger/prices.py:12: ValueError")
    (cluster,) = facts.tracks[0].clusters
    assert (cluster.tests, cluster.first, cluster.findings) == (1, (ONE,), ("A-1",))
    assert cluster.at_baseline and cluster.evidence == ""
    assert cluster.title == signature.title and cluster.signature == signature.digest


def test_of_a_long_traceback_the_end_is_told(sprint):
    FailureText.objects.update(text="x" * 50_000 + "\nE  AssertionError")
    evidence = told(sprint).baseline_clusters[0].evidence
    assert len(evidence) == EVIDENCE and evidence.endswith("E  AssertionError")


def test_an_error_that_the_baseline_has_not_is_new(sprint):
    factories.create_run(track=sprint.tracks.get(), results={ONE: "failed"}, message="KeyError: 'id'")
    (cluster,) = told(sprint).tracks[0].clusters
    assert not cluster.at_baseline and "KeyError" in cluster.title and cluster.evidence


def test_of_very_many_errors_the_largest_are_told(sprint):
    track, run = sprint.tracks.get(), first_run(sprint)
    failure = run.failures.get()
    results = {f"t.py::test_{number}": "failed" for number in range(CLUSTERS + 3)}
    many = factories.create_run(track=track, results=results)
    for number, row in enumerate(many.failures.order_by("pk")[: CLUSTERS + 1]):
        row.signature = FailureSignature.objects.create(
            project=run.project, version=1, digest=f"{number:064}", exception="E", title=f"E {number}"
        )
        row.save()
    (iteration,) = (each for each in told(sprint).tracks[0].iterations if each.run.run == many.pk)
    clusters = told(sprint).tracks[0].clusters
    assert iteration.run.errors == CLUSTERS + 2 and len(clusters) == CLUSTERS
    assert (clusters[0].signature, clusters[0].tests) == (failure.signature.digest, 2)


def test_criteria_are_told_with_the_end_of_their_output_and_with_who_looked():
    track = factories.create_track()
    check = factories.create_criterion(track=track, text="The seeds are there", kind=CriterionKind.CHECK)
    looked = factories.create_criterion(track=track, text="The page looks right")
    run = factories.create_run(track=track, passed=1, checks={check.pk: Standing.FAILS})
    loud = "a" * 50_000 + "\x1b[31mseeds are missing\x1b[0m"
    CheckResult.objects.update(output=loud, exit_code=3)
    tess = factories.create_user()
    Tick.objects.create(
        criterion=looked.pk, text=looked.text, run=run, holds=True, evidence="Seen *it*", by=tess, at=NOON
    )
    first, second = told(track.sprint).tracks[0].criteria
    assert (first.text, first.standing, first.exit_code) == ("The seeds are there", Standing.FAILS, 3)
    assert len(first.output) == OUTPUT and first.output.endswith("aseeds are missing")
    assert (second.standing, second.evidence, second.by) == (Standing.HOLDS, "Seen *it*", "Tess")


def test_a_finding_is_told_with_its_claim_the_retest_and_the_testers_word(sprint):
    track, run = sprint.tracks.get(), first_run(sprint)
    finding = create_finding(
        track=track, found_in=run, tests=[ONE], effort_hours=2.5, files=[{"path": "a.py", "lines": "3"}]
    )
    retest = factories.create_run(track=track, results={ONE: "passed", TWO: "passed"})
    claim = create_claim(finding, retest)
    verified(finding, retest, VerdictKind.VERIFIED)
    Ruling.objects.create(
        finding=finding, run=retest, fixed=False, overrules=True, reason="Not in the page.", at=NOON
    )
    (found,) = told(sprint).tracks[0].findings
    assert (found.name, found.tests, found.first, found.files) == ("A-1", 1, (ONE,), ("a.py",))
    assert found.effort and float(found.effort) == 2.5
    (attempt,) = found.attempts
    assert (attempt.claim, attempt.iteration, attempt.verdict) == (claim.pk, 1, VerdictKind.VERIFIED)
    assert attempt.tests == ((ONE, "failed", "passed, passed"),) and attempt.tests_total == 1
    assert (attempt.ruled_fixed, attempt.reason) == (False, "Not in the page.")


def test_a_retest_of_what_nobody_claimed_is_an_attempt_too(sprint):
    finding = create_finding(track=sprint.tracks.get(), tests=[ONE])
    retest = factories.create_run(track=sprint.tracks.get(), results={ONE: "failed"})
    verified(finding, retest, VerdictKind.SAME)
    (attempt,) = told(sprint).tracks[0].findings[0].attempts
    assert (attempt.claim, attempt.iteration, attempt.sha) == (None, 1, retest.sha)
    assert attempt.verdict is VerdictKind.SAME


def test_a_claim_that_was_taken_back_is_not_told(sprint):
    claim = create_claim(create_finding(track=sprint.tracks.get()), first_run(sprint))
    claim.withdrawn_at = NOON
    claim.save()
    assert told(sprint).tracks[0].findings[0].attempts == ()


def test_questions_and_attachments_are_told(sprint):
    question = factories.create_question(track=sprint.tracks.get())
    question.attachments.create(name="page.png", size=5, content=b"12345", at=NOON)
    (found,) = told(sprint).tracks[0].findings
    assert found.options == (("The first", "", ""), ("The second", "", "")) and found.answer is None
    assert found.attachments == ("page.png",)


def test_a_question_that_is_decided_is_told_with_its_answer(sprint):
    lead = factories.create_member(project=sprint.project, role=Role.LEAD, name="Lea")
    question = factories.create_question(track=sprint.tracks.get())
    decide_question(question, choice=1, reason="It is *simpler*.", by=lead, now=NOON)
    (found,) = told(sprint).tracks[0].findings
    assert found.answer
    assert (found.answer.option, found.answer.reason, found.answer.by) == (
        "The second",
        "It is *simpler*.",
        "Lea",
    )


def test_gates_decisions_and_waivers_are_told_as_they_stand():
    track = approving.create_ready_track()
    decided = approving.say(track)
    gate = GateKind.NEWLY_BROKEN
    until = NOON + timedelta(days=2)
    Waiver.objects.create(track=track, gate=gate, sha=decided.sha, reason="Known", expires_at=until, at=NOON)
    found = told(track.sprint).tracks[0]
    assert found.is_approved and (found.approvals, found.approvals_needed) == (1, 1)
    (decision,) = found.decisions
    assert (decision.kind, decision.by, decision.counts) == (DecisionKind.APPROVED, "Lena", True)
    (waived,) = (each for each in found.gates if each.waived_by)
    assert (waived.kind, waived.waived_for, waived.waived_until) == (gate, "Known", until.date())


def test_an_approval_that_is_stale_does_not_count_and_says_why():
    track = approving.create_ready_track()
    approving.say(track)
    approving.push(track, factories.sha())
    (decision,) = told(track.sprint).tracks[0].decisions
    assert not decision.counts and decision.stale


def test_the_trial_integration_is_told_with_what_fails_together():
    sprint = integrating.create_tested_sprint()
    found = integrating.integrate(sprint)
    actions.advance_integration(found.pk, now=NOON)
    found.refresh_from_db()
    number = found.interactions[0]["test"]
    found.interactions = [
        {"test": number, "signature": "", "fixers": [], "kind": "fail together", "keys": ["A", "C"]}
    ]
    found.interactions[0]["sentence"] = "A and C fail together."
    conflict = {"path": "a.py", "kind": "content", "with": ["A"], "hunks": []}
    found.left_out = [{"key": "D", "why": "It conflicts.", "files": 1, "conflicts": [conflict]}]
    found.state, found.ended_at = "done", NOON
    found.save()
    integration = told(sprint).integration
    assert integration and integration.merged == ("A", "C") and integration.passed is False
    (interaction,) = integration.interactions
    assert (interaction.keys, interaction.tests, interaction.first) == (("A", "C"), 1, ("a.py::one",))
    assert integration.together == found.figures["suspects"] and integration.alone == ()
    assert integration.shas == {each["key"]: each["sha"] for each in found.tracks}
    (left,) = integration.left_out
    assert (left.key, left.files, left.conflicts) == ("D", 1, (("a.py", ("A",)),))
    assert integration.run and integration.run.run == found.run_id


def test_what_one_track_breaks_on_todays_base_is_no_interaction():
    sprint = integrating.create_tested_sprint()
    found = integrating.integrate(sprint)
    actions.advance_integration(found.pk, now=NOON)
    found.refresh_from_db()
    alone = {"kind": "fails with one track on today's base", "keys": ["A"], "sentence": "A breaks it."}
    found.interactions = [each | alone for each in found.interactions]
    found.state, found.ended_at = "done", NOON
    found.save()
    integration = told(sprint).integration
    assert integration and (integration.interactions, integration.together) == ((), 0)
    assert [(each.keys, each.tests) for each in integration.alone] == [(("A",), len(found.interactions))]


def test_what_a_branch_and_an_attempt_changed_is_told_and_of_patches_those_that_findings_name(sprint):
    track, run = sprint.tracks.get(), first_run(sprint)
    retest = factories.create_run(track=track, results={ONE: "passed"})
    create_finding(track=track, files=[{"path": "a.py", "lines": ""}])
    patches = [
        {"sha": retest.sha, "path": path, "text": "+" * (PATCH + 1), "is_cut": False}
        for path in ("a.py", "b.py")
    ]
    common = {"project": run.project, "read_at": NOON, "file_count": 2, "added": 3, "removed": 1}
    branch = Changeset.objects.create(base=Sprint.objects.get().baseline.sha, head=retest.sha, **common)
    attempt = Changeset.objects.create(base=run.sha, head=retest.sha, patches=patches, **common)
    found = told(sprint).tracks[0]
    assert found.changes and found.changes.changeset == branch.pk and found.changes.patches == ()
    latest = found.iterations[1].attempt
    assert latest and (latest.changeset, latest.files, latest.added, latest.removed) == (attempt.pk, 2, 3, 1)
    (patch,) = latest.patches
    assert patch.path == "a.py" and patch.is_cut and len(patch.text) == PATCH
    assert latest.patches_total == 1 and latest.commits_total == 0 and not latest.is_rewritten
    assert found.iterations[0].attempt is None


def test_of_very_many_commits_the_first_are_told_and_it_is_said_that_there_may_be_more(sprint):
    commit = {"sha": factories.sha(), "author": "Dev", "subject": "Try again"}
    for many, is_cut in ((COMMITS + 1, False), (MAX_COMMITS, True)):
        Run.objects.filter(iteration=0).update(commits=[commit] * many)
        track = told(sprint).tracks[0]
        assert (len(track.commits), track.commits_total, track.commits_cut) == (COMMITS, many, is_cut)


def test_of_commits_that_git_could_not_tell_of_nothing_is_told(sprint):
    run = first_run(sprint)
    base = Sprint.objects.get().baseline.sha
    Changeset.objects.create(project=run.project, base=base, head=run.sha, unread="gone", read_at=NOON)
    assert told(sprint).tracks[0].changes is None


def test_it_was_updated_when_anything_happened_last(sprint):
    assert told(sprint).updated_at == NOON
    later = NOON + timedelta(hours=1)
    finding = create_finding(track=sprint.tracks.get(), now=later)
    assert told(sprint).updated_at == later
    run, track = first_run(sprint), sprint.tracks.get()
    said = (
        (Ruling, {"finding": finding, "run": run, "fixed": True}),
        (Tick, {"criterion": 1, "run": run, "holds": True}),
        (AcceptedLoss, {"track": track, "test": 1, "kind": LossKind.VANISHED, "reason": "Old"}),
        (Narrative, {"sprint": sprint, "section": "concerns", "text": "None."}),
    )
    for hours, (model, row) in enumerate(said, start=1):
        model.objects.create(**row, at=later + timedelta(hours=hours))
        assert told(sprint).updated_at == later + timedelta(hours=hours)


def test_a_sprint_with_only_a_broken_run_says_so():
    track = factories.create_track()
    run = factories.create_run(track=track, passed=0)
    Run.objects.filter(pk=run.pk).update(state=RunState.BROKEN, reason="conftest.py cannot be imported")
    (iteration,) = told(track.sprint).tracks[0].iterations
    assert (iteration.run.state, iteration.run.reason) == (RunState.BROKEN, "conftest.py cannot be imported")
    assert not iteration.run.is_measured and iteration.base is None


def test_the_number_of_queries_hangs_on_nothing(sprint):
    grow(sprint, tracks="A", iterations=1, tests=5)
    with CaptureQueriesContext(connection) as few:
        told(sprint)
    grow(sprint, tracks="ABC", iterations=4, tests=120)
    with CaptureQueriesContext(connection) as many:
        told(sprint)
    assert len(many) == len(few)


def grow(sprint: Sprint, *, tracks: str, iterations: int, tests: int) -> None:
    """Of each track so many more runs of so many tests, each with a finding that was claimed and retested."""
    for key in tracks:
        track = sprint.tracks.filter(key=key).first() or factories.create_track(sprint=sprint, key=key)
        for _ in range(iterations):
            run = factories.create_run(track=track, failed=tests, passed=tests)
            finding = create_finding(track=track, tests=[ONE], found_in=run)
            create_claim(finding, run)
            verified(finding, run, VerdictKind.SAME)
    actions.compare_due(sprint)


def verified(finding: Finding, run: Run, kind: VerdictKind) -> Verification:
    number = finding.tests[0]
    shown = {"test": number, "before": "failed", "after": ["passed", "passed"], "edited": "", "reason": ""}
    return Verification.objects.create(
        finding=finding,
        run=run,
        kind=kind,
        tests=[shown],
        repetitions=2,
        state=Progress.DONE,
        begun_at=NOON,
        ended_at=NOON,
    )
