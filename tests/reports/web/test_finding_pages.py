"""Recording, reading and editing findings on their pages."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from reports import actions as conclusions
from reports.models import Diagnosis, Verification
from reports.statuses import DiagnosisKind, DiagnosisState
from tests import factories
from tests.tracks.web.pages import member, queries_of, words
from tracks.actions import findings
from tracks.finding_statuses import FindingKind, FindingStatus, Severity
from tracks.models import Attachment, CheckResult, Comment, Finding, Run, Track
from tracks.statuses import CriterionKind, Role, Standing

pytestmark = pytest.mark.django_db

RESULTS = {"a.py::one": "passed", "a.py::two": "passed", "b.py::three": "failed", "b.py::four": "passed"}
BROKEN = RESULTS | {"a.py::one": "failed", "a.py::two": "error"}


@pytest.fixture
def track() -> Track:
    sprint = factories.create_sprint()
    factories.create_baseline(sprint=sprint, results=RESULTS)
    sprint.refresh_from_db()
    return factories.create_track(sprint=sprint, branch="fix/prices")


@pytest.fixture
def run(track) -> Run:
    return factories.create_run(track=track, results=BROKEN)


@pytest.fixture
def tess(track):
    return member(track.sprint.project)


def path(track: Track, rest: str = "") -> str:
    return f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}/t/{track.key}/findings/{rest}"


def numbers(run: Run, *names: str) -> list[int]:
    tests = run.project.tests.filter(node_id__in=names) if names else run.project.tests.all()
    return sorted(tests.values_list("number", flat=True))


def form_of(page) -> dict[str, object]:
    """What the page's form would post as it is."""
    return {
        field.html_name: field.value() if field.value() is not None else ""
        for field in page.context["form"]
        if field.value() is not False
    }


def test_a_cause_fills_the_form_in_and_one_click_records_it(track, run, tess):
    again = factories.create_run(track=track, results=BROKEN)
    digest = run.failures.first().signature.digest
    address = path(track, f"new?run={again.pk}&signature={digest}")
    page = tess.get(address)
    filled = form_of(page)
    assert filled["title"] == "ValueError: no price for BTC"
    assert filled["kind"] == "regression"
    assert filled["tests"].splitlines() == ["a.py::one", "a.py::two", "b.py::three"]
    assert filled["files"] == "ledger/prices.py:12"
    assert f"3 tests fail in run {again.pk} (Track A · retest 1)" in filled["evidence"]
    assert "On the baseline, 2 of 3 did not." in filled["evidence"]
    assert tess.post(address, filled).status_code == 302
    finding = Finding.objects.get()
    assert finding.found_in == run
    assert finding.signature.digest == digest
    assert finding.tests == numbers(run, "a.py::one", "a.py::two", "b.py::three")


def test_chosen_tests_are_what_the_finding_is_about(track, run, tess):
    chosen = numbers(run, "a.py::one", "b.py::four")
    filled = form_of(
        tess.get(path(track, f"new?run={run.pk}&test={chosen[0]}&test={chosen[1]}&test=0&test=x"))
    )
    assert filled["tests"].splitlines() == ["a.py::one", "b.py::four"]


def test_the_commit_that_a_search_found_is_kept(track, run, tess):
    [number] = numbers(run, "a.py::one")
    Run.objects.filter(pk=run.pk).update(commits=[{"sha": "c" * 40, "subject": "Drop `BTC`"}])
    Diagnosis.objects.create(
        kind=DiagnosisKind.CULPRIT,
        base=track.sprint.baseline,
        head=run,
        tests=[number],
        state=DiagnosisState.DONE,
        verdicts=[{"test": number, "kind": "commit", "sentence": "", "commits": ["c" * 40]}],
        started_at=timezone.now(),
    )
    address = path(track, f"new?run={run.pk}&test={number}")
    filled = form_of(tess.get(address))
    assert f"The first commit at which they fail is `{'c' * 40}`, `` Drop `BTC` ``." in filled["evidence"]
    tess.post(address, filled)
    assert Finding.objects.get().culprit == "c" * 40


def test_a_criterion_that_does_not_hold_fills_the_form_in(track, run, tess, now):
    criterion = factories.create_criterion(track=track, text="12 collectors", kind=CriterionKind.CHECK)
    run = factories.create_run(track=track, passed=1)
    CheckResult.objects.create(
        run=run, criterion=criterion.pk, standing=Standing.FAILS, sentence="7 files", output="x.py", seconds=1
    )
    filled = form_of(tess.get(path(track, f"new?run={run.pk}&criterion={criterion.pk}")))
    assert filled["title"] == "Does not hold: 12 collectors"
    assert "`7 files`" in filled["evidence"]
    assert filled["kind"] == "incomplete"


def test_the_form_is_empty_without_a_run_and_404_with_a_strange_one(track, run, tess):
    other = factories.create_run(passed=1)
    assert form_of(tess.get(path(track, "new")))["title"] == ""
    for strange in (f"run={other.pk}", "run=x", "run=99999999999999", f"run={run.pk}&criterion=1"):
        assert tess.get(path(track, f"new?{strange}")).status_code == 404


def test_what_may_be_recorded_already_is_told_before_it_is_recorded_twice(track, run, tess):
    broken = numbers(run, "a.py::one", "a.py::two")
    first = factories.create_finding(track=track, title="Late prices", tests=broken)
    page = tess.get(path(track, f"new?run={run.pk}&test={broken[0]}"))
    assert "This may be recorded already A-1 Late prices" in words(page)
    filled = form_of(tess.get(path(track, "new"))) | {"title": "Prices", "tests": "a.py::one\na.py::two"}
    told = tess.post(path(track, "new"), filled)
    assert told.status_code == 422
    assert "A-1 Late prices" in words(told)
    assert form_of(told)["title"] == "Prices"
    assert tess.post(path(track, "new"), form_of(told)).status_code == 302
    assert Finding.objects.exclude(pk=first.pk).get().title == "Prices"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"tests": "a.py::one\nno.py::such"}, "This project has no test 'no.py::such'."),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"title": "a\0b"}, "Null characters are not allowed"),
        ({"files": "x" * 501}, "500 are kept at most"),
        ({"kind": "question to decide", "options": "Only one"}, "needs two options"),
        ({"severity": "terrible"}, "Select a valid choice"),
        ({"effort_hours": "-1"}, "greater than or equal to 0"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_lost(track, run, tess, typed, said):
    filled = form_of(tess.get(path(track, "new"))) | {"title": "Prices", "evidence": "I saw it."} | typed
    told = tess.post(path(track, "new"), filled)
    assert told.status_code == 422
    assert said in unescape(words(told))
    assert form_of(told)["evidence"] == "I saw it."
    assert not Finding.objects.exists()


def test_the_second_of_two_editors_sees_both_texts_and_loses_nothing(track, run, tess, now):
    finding = factories.create_finding(track=track, title="No prices", impact="Some.")
    address = path(track, f"{finding.number}/edit")
    mine = form_of(tess.get(address))
    lena = member(track.sprint.project, Role.LEAD, name="Lena")
    lena.post(address, mine | {"title": "Prices are late", "severity": "high", "tests": "a.py::one"})
    told = tess.post(address, mine | {"title": "Prices?", "impact": "All."})
    assert told.status_code == 422
    said = words(told)
    assert "Lena changed this finding while you edited it" in said
    assert "theirs, saved Prices are late" in said
    assert "yours, not saved yet Prices?" in said
    assert "as you had not touched it: severity, affected tests" in said
    merged = form_of(told)
    assert (merged["title"], merged["impact"], merged["severity"]) == ("Prices?", "All.", "high")
    assert tess.post(address, merged).status_code == 302
    finding.refresh_from_db()
    assert (finding.title, finding.impact, finding.severity) == ("Prices?", "All.", "high")
    assert finding.tests == numbers(run, "a.py::one")


def test_a_finding_shows_what_was_recorded_and_what_its_tests_are_now(track, run, tess):
    finding = factories.create_finding(
        track=track,
        title="<b>No</b> prices",
        evidence="**late** <script>alert(1)</script>",
        tests=numbers(run, "a.py::one", "b.py::four"),
        files=[{"path": "app/prices.py", "lines": "12-20"}],
        found_in=run,
        culprit="c" * 40,
    )
    page = tess.get(path(track, "1/"))
    text = page.content.decode()
    assert "&lt;b&gt;No&lt;/b&gt; prices" in text
    assert "<strong>late</strong>" in text
    assert "<script>alert" not in text
    said = words(page)
    assert "failed a.py:: one" in said
    assert "passed b.py:: four" in said
    assert f"ledger/src/commit/{run.sha}/app/prices.py#L12-L20" in text
    assert "recorded it: defect, medium severity" in said
    assert str(finding) in said


def test_the_history_tells_of_everything_in_words(track, tess, now):
    project = track.sprint.project
    finding = factories.create_finding(track=track)
    dev = factories.create_member(project=project, role=Role.DEVELOPER, name="Dev")
    lead = project.created_by
    findings.change_findings([finding], by=lead, now=now, severity=Severity.HIGH, assignee=dev)
    findings.comment(finding, text="I *see*.", by=dev, now=now)
    claim = findings.claim_fix([finding], sha="d" * 40, note="Mended.", by=dev, now=now)
    factories.play(claim.run, passed=1)
    claim.run.refresh_from_db()
    findings.rule(
        finding, claim.run, fixed=False, verdict="same error persists", reason="No.", by=lead, now=now
    )
    findings.set_status([finding], FindingStatus.WONT_FIX, note="Too old.", by=lead, now=now)
    said = unescape(words(tess.get(path(track, "1/"))))
    for part in (
        "severity: medium → high",
        "assignee: nobody → Dev",
        "Dev said",
        "I see .",
        "claimed that ddddddd fixes it",
        "Lena confirmed the verdict 'same error persists': not fixed",
        "set it from open to won't fix",
        "Too old.",
        "1 failed attempt",
    ):
        assert part in said, part


def test_a_finding_costs_the_same_however_much_was_said_of_it(track, run, tess, now):
    finding = factories.create_finding(
        track=track, tests=numbers(run), assignee=track.sprint.project.created_by
    )
    by = track.sprint.project.created_by
    findings.comment(finding, text="One.", by=by, now=now)
    claim = findings.claim_fix([finding], sha=factories.sha(), note="", by=by, now=now)
    findings.withdraw_claim(claim, by=by, now=now)
    few = queries_of(tess, path(track, "1/"))
    for _ in range(4):
        findings.comment(finding, text="More.", by=by, now=now)
        claim = findings.claim_fix([finding], sha=factories.sha(), note="", by=by, now=now)
        findings.withdraw_claim(claim, by=by, now=now)
    assert queries_of(tess, path(track, "1/")) == few <= 22


def test_what_its_retests_showed_costs_the_same_however_many_there_were(track, run, tess, now):
    finding = factories.create_finding(track=track, tests=numbers(run))
    address = f"/p/{track.sprint.project.slug}/findings/{finding.pk}/verdicts"

    def retest() -> None:
        retested = factories.create_run(track=track, results={"a.py::one": "failed"})
        Verification.objects.get_or_create(
            finding=finding, run=retested, defaults={"repetitions": 1, "begun_at": now}
        )

    retest()
    few = queries_of(tess, address)
    for _ in range(3):
        retest()
    assert queries_of(tess, address) == few <= 12


def test_who_may_not_is_told_by_the_disabled_buttons(track):
    factories.create_finding(track=track)
    page = member(track.sprint.project, Role.DEVELOPER, name="Dev").get(path(track, "1/")).content.decode()
    assert re.search(r"<button[^>]*disabled[^>]*Only a tester or lead may record findings[^>]*>Edit<", page)
    assert re.search(r"<button[^>]*disabled[^>]*>Set it<", page)
    assert re.search(r'<button class="btn primary">Claim that it is fixed<', page)
    reader = member(track.sprint.project, Role.READER, name="Dev").get(path(track, "1/")).content.decode()
    assert re.search(r"<button[^>]*disabled[^>]*>Claim that it is fixed<", reader)
    assert re.search(r"<button[^>]*disabled[^>]*>Comment<", reader)


def test_a_status_is_set_with_a_note_which_is_not_lost_when_it_cannot_be(track, tess):
    factories.create_finding(track=track)
    refused = tess.post(path(track, "1/status"), {"status": "verified fixed", "note": "It is <fine>."})
    assert refused.status_code == 422
    assert "It is &lt;fine&gt;.</textarea>" in refused.content.decode()
    assert tess.post(path(track, "1/status"), {"status": "accepted risk", "note": "So."}).status_code == 403
    assert tess.post(path(track, "1/status"), {"status": "won't fix", "note": "So."}).status_code == 302
    assert Finding.objects.get().status == FindingStatus.WONT_FIX


def test_a_lead_decides_a_question_on_its_page(track, tess):
    factories.create_question(track=track)
    lena = member(track.sprint.project, Role.LEAD, name="Lena")
    assert lena.post(path(track, "1/decide"), {"choice": "7", "reason": "So."}).status_code == 422
    assert tess.post(path(track, "1/decide"), {"choice": "1", "reason": "So."}).status_code == 403
    assert lena.post(path(track, "1/decide"), {"choice": "1", "reason": "So."}).status_code == 302
    assert "The second chosen" in words(tess.get(path(track, "1/")))


def test_a_comment_is_added_and_an_empty_one_refused(track, tess):
    factories.create_finding(track=track)
    assert tess.post(path(track, "1/comment"), {"text": "  "}).status_code == 422
    assert tess.post(path(track, "1/comment"), {"text": "Seen."}).status_code == 302
    assert Comment.objects.get().text == "Seen."


def test_a_file_is_attached_and_can_be_fetched(track, tess):
    factories.create_finding(track=track)
    for nothing in ({}, {"file": SimpleUploadedFile("empty.txt", b"")}):
        assert tess.post(path(track, "1/attach"), nothing).status_code == 422
    file = SimpleUploadedFile("../<log>.txt", b"12 failed")
    assert tess.post(path(track, "1/attach"), {"file": file}).status_code == 302
    page = tess.get(path(track, "1/"))
    assert "attached &lt;log&gt;.txt" in words(page)
    kept = Attachment.objects.get()
    fetched = tess.get(f"/p/{track.sprint.project.slug}/attachments/{kept.pk}/")
    assert fetched.content == b"12 failed"
    reader = member(track.sprint.project, Role.READER, name="Dev")
    assert reader.post(path(track, "1/attach"), {"file": file}).status_code == 403


@pytest.mark.parametrize("kind", sorted(FindingKind))
def test_each_kind_has_a_page(track, tess, kind):
    question = {"options": [{"text": each, "pros": "", "cons": ""} for each in "ab"]}
    factories.create_finding(track=track, kind=kind, **(question if kind is FindingKind.QUESTION else {}))
    said = words(tess.get(path(track, "1/")))
    assert ("Claim that it is fixed" in said) == (kind not in (FindingKind.QUESTION, FindingKind.PRAISE))


def test_the_pages_of_results_lead_to_the_form(track, run, tess):
    project = track.sprint.project
    new = path(track, "new")
    digest = run.failures.first().signature.digest
    [number] = numbers(run, "a.py::one")
    clusters = unescape(tess.get(f"/p/{project.slug}/runs/{run.pk}/clusters").content.decode())
    assert f"{new}?run={run.pk}&signature={digest}" in clusters
    failure = unescape(tess.get(f"/p/{project.slug}/runs/{run.pk}/tests/{number}/").content.decode())
    assert f"{new}?run={run.pk}&test={number}" in failure
    base = track.sprint.baseline
    conclusions.kept_comparison(base, run)
    for page in (f"runs/{run.pk}/", f"compare?base={base.pk}&head={run.pk}"):
        text = tess.get(f"/p/{project.slug}/{page}").content.decode()
        assert f'action="{new}"' in text
        assert re.search(rf'<input type="checkbox" name="test" value="{number}" form="chosen-tests"', text)


def test_a_cause_names_the_findings_that_were_recorded_of_it(track, run, tess):
    address = f"/p/{track.sprint.project.slug}/runs/{run.pk}/clusters"
    assert "A-1" not in words(tess.get(address))
    signature = run.failures.first().signature
    factories.create_finding(track=track, title="Late prices", signature=signature)
    few = queries_of(tess, address)
    factories.create_finding(track=track, title="The same again", signature=signature)
    said = words(tess.get(address))
    assert "A-1 open" in said
    assert "A-2 The same again" in said
    assert queries_of(tess, address) == few
