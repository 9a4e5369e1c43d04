"""Recording findings and changing them: what is kept, what is refused, and two people at once."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tracks.actions import findings
from tracks.errors import InvalidInput
from tracks.finding_statuses import FindingKind, FindingStatus, Severity
from tracks.models import AuditEntry, Finding
from tracks.statuses import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def track():
    return factories.create_track()


@pytest.fixture
def tess(track):
    return factories.create_member(project=track.sprint.project)


def change(finding: Finding, *, by, now, version: int | None = None, **content) -> Finding:
    finding = Finding.objects.get(pk=finding.pk)
    said = replace(findings.content_of(finding), **content)
    return findings.change_finding(finding, said, version=version or finding.version, by=by, now=now)


def test_findings_are_numbered_on_their_track(track):
    other = factories.create_track(sprint=track.sprint, key="B")
    names = [str(factories.create_finding(track=each)) for each in (track, other, track)]
    assert names == ["A-1", "B-1", "A-2"]


def test_what_is_recorded_is_tidied_and_kept(track):
    run = factories.create_run(track=track, passed=1, failed=2)
    finding = factories.create_finding(
        track=track, title="  No prices ", tests=[3, 2, 3], found_in=run, effort_hours=Decimal("1.5")
    )
    finding.refresh_from_db()
    assert (finding.title, finding.tests, finding.found_in) == ("No prices", [2, 3], run)
    assert finding.status == FindingStatus.OPEN
    assert factories.create_finding(track=track, kind=FindingKind.PRAISE).status == FindingStatus.NOTED


OUT_OF_BOUNDS = {
    "no title": ({"title": "  "}, "title"),
    "title of two lines": ({"title": "one\ntwo"}, "title"),
    "title too long": ({"title": "x" * 201}, "title"),
    "text too long": ({"root_cause": "x" * 20_001}, "root_cause"),
    "null character": ({"evidence": "a\0b"}, "evidence"),
    "unknown test": ({"tests": [999]}, "tests"),
    "too many tests": ({"tests": range(5_001)}, "tests"),
    "too many files": ({"files": [{"path": f"{n}.py", "lines": ""} for n in range(51)]}, "files"),
    "no lines": ({"files": [{"path": "a.py", "lines": "12; rm"}]}, "files"),
    "no path": ({"files": [{"path": "", "lines": ""}]}, "files"),
    "too many options": ({"options": [{"text": "x", "pros": "", "cons": ""}] * 11}, "options"),
    "question without options": ({"kind": FindingKind.QUESTION}, "options"),
    "negative effort": ({"effort_hours": Decimal(-1)}, "effort_hours"),
}


@pytest.mark.parametrize("case", sorted(OUT_OF_BOUNDS))
def test_what_is_out_of_bounds_is_refused_at_its_field(track, case):
    content, field = OUT_OF_BOUNDS[case]
    with pytest.raises(InvalidInput) as refused:
        factories.create_finding(track=track, **content)
    assert refused.value.field == field
    assert not Finding.objects.exists()


def test_only_members_are_assigned(track, tess):
    olga = factories.create_user(name="Olga")
    with pytest.raises(InvalidInput, match="Olga is no member"):
        factories.create_finding(track=track, assignee=olga)
    assert factories.create_finding(track=track, assignee=tess).assignee == tess


def test_a_change_says_in_the_history_what_was_and_what_is(track, tess, now):
    finding = factories.create_finding(track=track)
    changed = change(finding, by=tess, now=now, severity=Severity.CRITICAL, impact="Nobody can pay.")
    entry = AuditEntry.objects.get(subject=f"finding:{finding.pk}", action="finding.changed")
    assert entry.actor == tess
    assert entry.before == {"severity": "medium", "impact": ""}
    assert entry.after == {"severity": "critical", "impact": "Nobody can pay.", "version": 2}
    assert changed.version == 2


def test_saving_without_a_change_leaves_no_trace(track, tess, now):
    finding = factories.create_finding(track=track)
    assert change(finding, by=tess, now=now).version == 1
    assert not AuditEntry.objects.filter(action="finding.changed").exists()


def test_who_edits_an_older_version_is_told_what_the_other_changed_and_nothing_is_saved(track, tess, now):
    finding = factories.create_finding(track=track, title="No prices")
    lena = track.sprint.project.created_by
    change(finding, by=lena, now=now, title="Prices are late", severity=Severity.HIGH)
    change(finding, by=lena, now=now, title="Prices are old")
    with pytest.raises(findings.Changed, match="Lena changed this finding") as told:
        change(finding, by=tess, now=now, version=1, title="Prices?")
    assert told.value.before == {"title": "No prices", "severity": "medium"}
    assert told.value.theirs == {"title": "Prices are old", "severity": "high"}
    assert told.value.version == 3
    assert Finding.objects.get().title == "Prices are old"


def test_a_new_kind_keeps_the_status_where_it_has_a_place_there(track, tess, now):
    finding = factories.create_finding(track=track)
    assert change(finding, by=tess, now=now, kind=FindingKind.PRAISE).status == FindingStatus.NOTED
    assert change(finding, by=tess, now=now, kind=FindingKind.DEFECT).status == FindingStatus.OPEN
    entry = AuditEntry.objects.filter(action="finding.changed").earliest("id")
    assert (entry.before["status"], entry.after["status"]) == ("open", "noted")
    claimed = factories.in_status(FindingStatus.CLAIMED)
    by = claimed.track.sprint.project.created_by
    assert change(claimed, by=by, now=now, kind=FindingKind.REGRESSION).status == FindingStatus.CLAIMED
    with pytest.raises(InvalidInput, match="cannot become a praise"):
        change(claimed, by=by, now=now, kind=FindingKind.PRAISE)


def test_a_selection_is_changed_whole_or_not_at_all(track, tess, now):
    first, second = factories.create_finding(track=track), factories.create_finding(track=track)
    praise = factories.create_finding(track=track, kind=FindingKind.PRAISE)
    findings.change_findings([first, second], by=tess, now=now, severity=Severity.LOW, assignee=tess)
    assert set(Finding.objects.filter(assignee=tess, severity="low")) == {first, second}
    with pytest.raises(InvalidInput, match="A-3, a praise, is noted: it cannot become won't fix"):
        findings.change_findings(
            [first, praise],
            by=tess,
            now=now,
            severity=Severity.HIGH,
            status=FindingStatus.WONT_FIX,
            note="No.",
        )
    assert not Finding.objects.filter(severity="high").exists()
    for nothing in ({"severity": Severity.LOW}, {}):
        with pytest.raises(InvalidInput):
            findings.change_findings([] if nothing else [first], by=tess, now=now, **nothing)


def test_what_a_selection_becomes_is_checked_once(track, tess, now):
    factories.create_run(track=track, results={"t.py::one": "failed"})
    found = [factories.create_finding(track=track, tests=[1]) for _ in range(8)]

    def queries_for(some: list[Finding], severity: Severity) -> int:
        with CaptureQueriesContext(connection) as captured:
            findings.change_findings(some, by=tess, now=now, severity=severity)
        return len(captured)

    few, many = queries_for(found[:2], Severity.LOW), queries_for(found, Severity.HIGH)
    assert (many - few) / 6 == 2, "it is saved, and its history is"
    outsider = factories.create_user(name="Olga")
    with pytest.raises(InvalidInput, match="no member"):
        findings.change_findings(found, by=tess, now=now, assignee=outsider)


def test_a_comment_is_in_the_history(track, now):
    finding = factories.create_finding(track=track)
    dev = factories.create_member(project=track.sprint.project, role=Role.DEVELOPER, name="Dev")
    said = findings.comment(finding, text=" I see. ", by=dev, now=now)
    assert (said.text, said.by) == ("I see.", dev)
    assert AuditEntry.objects.get(action="finding.commented").after == {"comment": said.pk}
    with pytest.raises(InvalidInput):
        findings.comment(finding, text=" ", by=dev, now=now)
