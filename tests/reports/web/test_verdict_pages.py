"""What retests show of findings, on the pages of track and finding; confirming it and overruling it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.models import RedFirst, Verification
from reports.statuses import Progress, RedFirstKind
from tests import factories
from tests.factories import NOON
from tests.reports.recorded import create_claim, create_finding
from tests.tracks.web.pages import member, queries_of, words
from tracks.models import Finding, Ruling, Run, TestCase, Track
from tracks.statuses import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_edited")]
ONE, TWO = "tests/test_a.py::test_one", "tests/test_a.py::test_two"
BROKEN = {ONE: "failed", TWO: "error"}
HOSTILE = "<script>alert(1)</script>\u202e"


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def track() -> Track:
    track = factories.create_track()
    factories.create_baseline(sprint=track.sprint, results=dict.fromkeys(BROKEN, "passed"))
    return track


@pytest.fixture
def initial(track) -> Run:
    return factories.create_run(track=track, results=BROKEN, message="ValueError: no price at 12")


@pytest.fixture
def finding(track, initial) -> Finding:
    return create_finding(track=track, found_in=initial, tests=BROKEN)


def retest(track: Track, **results: str) -> Run:
    """With outcomes of the two tests, passed where none is given."""
    outcomes = {ONE: results.get("one", "passed"), TWO: results.get("two", "passed")}
    return factories.create_run(track=track, results=outcomes, message="ValueError: no price at 13")


def verdicts(run: Run) -> str:
    return f"/p/{run.project.slug}/runs/{run.pk}/verdicts"


def rule_path(finding: Finding, run: Run) -> str:
    found = Verification.objects.get(finding=finding, run=run)
    return f"/p/{run.project.slug}/verifications/{found.pk}/rule"


def test_each_finding_has_its_verdict_whose_claim_it_is_and_what_to_say_to_it(track, finding):
    run = factories.start_run(track=track)
    create_claim(finding, run)
    factories.play(run, results={ONE: "passed", TWO: "passed"})
    said = words(member(run.project).get(verdicts(run)))
    for part in (
        "A-1 Prices are missing",
        "✓ verified fixed",
        "All 2 affected tests ran and passed",
        f"claimed at {run.sha[:7]} by Lena",
        "Confirm",
        "Overrule",
    ):
        assert part in said
    assert "of another commit" not in said


def test_a_retest_of_another_commit_than_the_claimed_one_says_so(track, finding):
    run = factories.start_run(track=track)
    create_claim(finding, run, sha="f" * 40)
    factories.play(run, results={ONE: "passed", TWO: "passed"})
    assert f"claimed at fffffff by Lena ; this retest is of another commit, {run.sha[:7]}" in words(
        member(run.project).get(verdicts(run))
    )


@pytest.mark.parametrize(
    ("outcome", "answer", "status"), [("passed", "yes", "verified fixed"), ("failed", "no", "open")]
)
def test_a_tester_confirms_what_the_machine_says_without_a_word_more(track, finding, outcome, answer, status):
    run = retest(track, one=outcome, two=outcome)
    response = member(run.project).post(rule_path(finding, run), {"fixed": answer})
    assert response.status_code == 302
    finding.refresh_from_db()
    ruling = Ruling.objects.get()
    assert (finding.status, ruling.fixed, ruling.overrules) == (status, answer == "yes", False)
    said = words(member(run.project).get(verdicts(run)))
    assert f"confirmed: {'fixed' if answer == 'yes' else 'not fixed'} by Tess" in said
    assert "Overrule" not in said


def test_overruling_takes_a_reason_and_loses_nothing_while_there_is_none(track, finding):
    run = retest(track, one="failed")
    client = member(run.project)
    said = words(client.get(rule_path(finding, run)))
    assert "◐ partly fixed" in said
    refused = client.post(rule_path(finding, run), {"fixed": "yes", "reason": "  "})
    assert refused.status_code == 422
    assert "Say why you overrule it" in words(refused)
    too_long = client.post(rule_path(finding, run), {"fixed": "yes", "reason": "x" * 20_001})
    assert too_long.status_code == 422
    assert "x" * 20_001 in words(too_long)
    assert not Ruling.objects.exists()
    assert client.post(rule_path(finding, run), {"fixed": "yes", "reason": HOSTILE}).status_code == 302
    finding.refresh_from_db()
    assert finding.status == "verified fixed"
    page = client.get(verdicts(run)).content.decode()
    assert "overruled: fixed" in page
    assert "<script>alert" not in page


def test_who_comes_second_is_told_what_the_first_has_said(track, finding):
    run = retest(track)
    client = member(run.project)
    client.post(rule_path(finding, run), {"fixed": "yes"})
    second = client.post(rule_path(finding, run), {"fixed": "no", "reason": "I saw it fail."})
    assert second.status_code == 422
    assert "Tess has ruled on A-1" in words(second)
    assert "I saw it fail." in words(second)


def test_null_characters_in_a_reason_are_refused(track, finding):
    run = retest(track)
    response = member(run.project).post(rule_path(finding, run), {"fixed": "no", "reason": "a\0b"})
    assert response.status_code == 422


@pytest.mark.parametrize("role", [Role.READER, Role.DEVELOPER])
def test_who_may_not_rule_sees_why_and_is_refused(track, finding, role):
    run = retest(track)
    client = member(run.project, role, "Dev")
    page = client.get(verdicts(run)).content.decode()
    assert page.count('disabled title="Only a tester or lead may record findings') == 2
    assert client.post(rule_path(finding, run), {"fixed": "yes"}).status_code == 403


def test_clear_verdicts_are_confirmed_together_and_the_others_left(track, initial):
    both, other = (create_finding(track=track, found_in=initial, tests=[each]) for each in (ONE, TWO))
    vague = create_finding(track=track, found_in=initial)
    run = factories.start_run(track=track)
    create_claim(other, run)
    factories.play(run, results={ONE: "passed", TWO: "error"})
    client = member(run.project)
    assert "Confirm all 2" in words(client.get(verdicts(run)))
    client.post(f"{verdicts(run)}/confirm")
    for each, status in ((both, "verified fixed"), (other, "open"), (vague, "open")):
        each.refresh_from_db()
        assert each.status == status
    assert set(Ruling.objects.values_list("finding", flat=True)) == {both.pk, other.pk}
    other.refresh_from_db()
    assert other.attempts == 1


def test_a_claim_of_another_commit_is_not_answered_together_with_others(track, initial):
    claimed, other = (create_finding(track=track, found_in=initial, tests=[each]) for each in (ONE, TWO))
    run = factories.start_run(track=track)
    create_claim(claimed, run, sha="f" * 40)
    factories.play(run, results={ONE: "failed", TWO: "passed"})
    member(run.project).post(f"{verdicts(run)}/confirm")
    assert list(Ruling.objects.values_list("finding", flat=True)) == [other.pk]


def test_what_an_older_retest_shows_is_not_confirmed_together_with_others(track, initial):
    for each in (ONE, TWO):
        create_finding(track=track, found_in=initial, tests=[each])
    old, new = retest(track), retest(track, one="failed")
    client = member(old.project)
    assert "Confirm all" not in words(client.get(verdicts(old)))
    client.post(f"{verdicts(old)}/confirm")
    assert not Ruling.objects.exists()
    client.post(f"{verdicts(new)}/confirm")
    assert Ruling.objects.get().fixed


def test_a_retest_of_another_commit_cannot_undo_a_claim_and_its_buttons_say_why(track, finding):
    old = retest(track, one="failed")
    create_claim(finding, factories.start_run(track=track))
    client = member(old.project)
    why = f"A-1 is claimed to be fixed at {finding.claims.get().sha[:7]}; this run is of {old.sha[:7]}."
    assert client.get(verdicts(old)).content.decode().count(f'disabled title="{why}"') == 2
    assert f"{why} Rule on the claim" in words(client.get(rule_path(finding, old)))
    refused = client.post(rule_path(finding, old), {"fixed": "no"})
    assert refused.status_code == 422
    assert why in words(refused)


def test_what_was_verified_and_comes_back_is_opened_again_with_one_click(track, finding):
    client = member(track.sprint.project)
    fixed = retest(track)
    client.post(rule_path(finding, fixed), {"fixed": "yes"})
    assert "A-1" not in words(client.get(verdicts(retest(track))))
    broken = retest(track, one="failed", two="failed")
    assert "It was verified as fixed, and comes back." in words(client.get(verdicts(broken)))
    client.post(rule_path(finding, broken), {"fixed": "no"})
    finding.refresh_from_db()
    assert finding.status == "open"


def test_where_the_machine_cannot_tell_a_tester_decides(track, initial):
    finding = create_finding(track=track, found_in=initial)
    run = retest(track)
    client = member(run.project)
    said = words(client.get(verdicts(run)))
    assert "Decide" in said
    assert "Not fixed" not in said
    assert client.post(rule_path(finding, run), {"fixed": "yes"}).status_code == 422
    client.post(rule_path(finding, run), {"fixed": "yes", "reason": "I looked."})
    finding.refresh_from_db()
    assert finding.status == "verified fixed"


def test_verdicts_that_wait_for_repetitions_cannot_be_ruled_on_and_are_followed(track, finding):
    Finding.objects.update(flaky=True)
    run = retest(track)
    client = member(run.project)
    page = client.get(verdicts(run))
    assert "4 repetitions of its tests at this commit" in words(page)
    assert 'hx-trigger="every 2s"' in page.content.decode()
    assert "Overrule" not in words(page)
    assert client.post(rule_path(finding, run), {"fixed": "yes"}).status_code == 422
    assert not Ruling.objects.exists()


def test_a_finding_shows_every_retest_the_newest_first(track, finding):
    client = member(track.sprint.project)
    path = f"/p/{track.sprint.project.slug}/findings/{finding.pk}/verdicts"
    assert "Not retested yet" in words(client.get(path))
    retest(track, one="failed", two="failed")
    retest(track)
    said = words(client.get(path))
    assert said.index("retest 2") < said.index("verified fixed") < said.index("retest 1")
    assert said.index("retest 1") < said.index("same error persists")


def test_the_evidence_shows_both_texts_with_what_differs_marked(track, finding):
    run = retest(track, one="failed")
    found = Verification.objects.get(run=run)
    response = member(run.project).get(f"/p/{run.project.slug}/verifications/{found.pk}/evidence")
    page, said = response.content.decode(), words(response)
    assert "test_one" in said
    assert "fails with the same error" in said
    assert "The same error; what differs is marked." in said
    assert "<mark>E       ValueError: no price at 12</mark>" in page
    assert "<mark>E       ValueError: no price at 13</mark>" in page


def test_tests_that_still_fail_are_listed_before_those_that_pass(track, finding, monkeypatch):
    monkeypatch.setattr("reports.web.evidence.FIRST", 1)
    run = retest(track, two="error")
    found = Verification.objects.get(run=run)
    said = words(member(run.project).get(f"/p/{run.project.slug}/verifications/{found.pk}/evidence"))
    assert "test_two" in said
    assert "test_one" not in said
    assert "The first 1 of 2 tests." in said


def test_names_and_texts_of_a_branch_are_data(track):
    name = f"tests/test_a.py::test_x[{HOSTILE}]"
    initial = factories.create_run(track=track, results={name: "failed"}, message=f"ValueError: {HOSTILE} 1")
    finding = create_finding(track=track, found_in=initial, tests=[name], title=HOSTILE)
    run = factories.create_run(track=track, results={name: "failed"}, message=f"ValueError: {HOSTILE} 2")
    client = member(run.project)
    found = Verification.objects.get(run=run)
    for path in (
        verdicts(run),
        f"/p/{run.project.slug}/findings/{finding.pk}/verdicts",
        f"/p/{run.project.slug}/verifications/{found.pk}/evidence",
        rule_path(finding, run),
    ):
        assert "<script>alert" not in client.get(path).content.decode()


def test_its_queries_do_not_grow_with_findings_and_tests(track, initial):
    create_finding(track=track, found_in=initial, tests=BROKEN)
    run = retest(track, one="failed")
    client = member(track.sprint.project)
    few = queries_of(client, verdicts(run))
    page = f"/p/{run.project.slug}/s/{track.sprint.slug}/t/{track.key}/"
    few_of_track = queries_of(client, page)
    for number in range(5):
        finding = create_finding(track=track, found_in=initial, tests=BROKEN, title=f"Finding {number}")
        create_claim(finding, run)
        Verification.objects.create(finding=finding, run=run, repetitions=1, begun_at=NOON)
    assert queries_of(client, verdicts(run)) == few
    assert queries_of(client, page) == few_of_track


def test_the_iterations_tell_their_findings(track, finding):
    run = retest(track)
    member(track.sprint.project).post(rule_path(finding, run), {"fixed": "yes"})
    said = words(
        member(track.sprint.project).get(f"/p/{run.project.slug}/s/{track.sprint.slug}/t/{track.key}/")
    )
    assert "1 new, 1 open" in said
    assert "1 fixed" in said


def proofs(run: Run) -> str:
    return f"/p/{run.project.slug}/runs/{run.pk}/red-first"


def test_what_tests_prove_is_asked_with_one_click_and_waits_for_a_worker_with_the_repository(track):
    run = retest(track)
    client = member(run.project, Role.DEVELOPER, "Dev")
    assert words(client.get(proofs(run))).count("Find out") == 2
    response = client.post(f"{proofs(run)}/start", {"kind": "new tests"}, headers={"HX-Request": "true"})
    assert "waits for a worker that has the repository" in words(response)
    assert RedFirst.objects.get().kind == RedFirstKind.NEW_TESTS
    assert client.post(f"{proofs(run)}/start", {"kind": "x"}).status_code == 400


def test_no_vectors_are_read_to_follow_what_tests_prove(track):
    run = retest(track, one="passed")
    client = member(run.project)
    client.get(proofs(run))
    with CaptureQueriesContext(connection) as captured:
        client.get(proofs(run))
    assert not [query for query in captured if '"outcomes"' in query["sql"]]


def test_what_they_prove_is_told_with_what_needs_a_look_first(track):
    run = retest(track)
    one, two = TestCase.objects.order_by("number").values_list("number", flat=True)
    RedFirst.objects.create(
        kind=RedFirstKind.NEW_TESTS,
        base=run.sprint.baseline,
        head=run,
        run=factories.start_run(track=track),
        tests=[one, two],
        verdicts={
            "red without the branch's code, as it should be": [one],
            "green without the branch's code: it proves nothing": [two],
        },
        state=Progress.DONE,
        started_at=NOON,
    )
    RedFirst.objects.create(
        kind=RedFirstKind.OLD_TESTS,
        base=run.sprint.baseline,
        head=run,
        note="The branch changed no file of the baseline's tests.",
        state=Progress.DONE,
        started_at=NOON,
    )
    said = words(member(run.project).get(proofs(run)))
    assert said.index("it proves nothing") < said.index("as it should be")
    assert "The branch changed no file of the baseline&#x27;s tests." in said
    assert "Once more" in said


def test_a_reader_sees_why_nothing_can_be_asked(track):
    run = retest(track)
    page = member(run.project, Role.READER, "Dev").get(proofs(run)).content.decode()
    assert page.count('disabled title="Only a developer, tester or lead may start and cancel runs."') == 2
