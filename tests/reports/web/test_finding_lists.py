"""Findings in lists: filters, search, changes of many, files, those of a track and one's own."""

import csv
from io import StringIO
from urllib.parse import urlencode

import pytest

from tests import factories
from tests.tracks.web.pages import member, queries_of, words
from tracks.finding_statuses import FindingKind, FindingStatus, Severity
from tracks.models import Finding, Track
from tracks.statuses import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def track() -> Track:
    return factories.create_track(branch="fix/prices")


@pytest.fixture
def project(track):
    return track.sprint.project


@pytest.fixture
def tess(project):
    return member(project)


@pytest.fixture
def several(track) -> list[Finding]:
    """Four findings on two tracks, that differ in everything."""
    other = factories.create_track(sprint=track.sprint, key="B", branch="other")
    lena = track.sprint.project.created_by
    return [
        factories.create_finding(track=track, title="Seeding fails", evidence="The seed data lack prices."),
        factories.create_finding(
            track=track, title="run_seed_data is slow", severity=Severity.LOW, assignee=lena
        ),
        factories.create_finding(track=other, title="Nobody can pay", severity=Severity.CRITICAL),
        factories.create_finding(track=other, title="Good tests", kind=FindingKind.PRAISE),
    ]


def path(project, rest: str = "", **query: object) -> str:
    return f"/p/{project.slug}/findings{rest or '/'}" + (f"?{urlencode(query)}" if query else "")


def listed(client, project, **query: object) -> list[str]:
    return [str(each) for each in client.get(path(project, **query)).context["findings"]]


def test_a_project_without_findings_says_how_one_is_recorded(project, tess):
    assert "No finding is recorded" in words(tess.get(path(project)))
    assert "No such finding" in words(tess.get(path(project, severity="low")))


def test_a_list_is_narrowed_by_everything_in_its_address(project, tess, several):
    lena = project.created_by
    for query, names in (
        ({}, ["B-1", "B-2", "A-1", "A-2"]),
        ({"track": "A"}, ["A-1", "A-2"]),
        ({"branch": "other"}, ["B-1", "B-2"]),
        ({"sprint": "sprint-1", "severity": "critical"}, ["B-1"]),
        ({"sprint": "no-such"}, []),
        ({"kind": "praise"}, ["B-2"]),
        ({"status": "to mend"}, ["B-1", "A-1", "A-2"]),
        ({"status": "noted"}, ["B-2"]),
        ({"assignee": lena.pk}, ["A-2"]),
        ({"assignee": "nobody", "track": "A"}, ["A-1"]),
        (
            {"assignee": "x", "severity": "terrible", "status": "x\0", "sort": "?"},
            ["B-1", "B-2", "A-1", "A-2"],
        ),
        ({"sort": "oldest"}, ["A-1", "A-2", "B-1", "B-2"]),
        ({"sort": "place"}, ["A-1", "A-2", "B-1", "B-2"]),
    ):
        assert listed(tess, project, **query) == names, query


def test_findings_are_found_by_words_by_a_part_of_the_title_and_by_name(project, tess, several):
    for text, names in (
        ("seeds price", ["A-1"]),
        ("seed_data", ["A-1", "A-2"]),
        ("n_seed", ["A-2"]),
        ('"seed data"', ["A-1", "A-2"]),
        ("b-1", ["B-1"]),
        ("A-99", []),
        ("'); DROP TABLE x; --", []),
        ("& | ! <-> :*", []),
        ("pay\0", ["B-1"]),
    ):
        assert sorted(listed(tess, project, q=text)) == names, text


def test_a_list_costs_the_same_however_long_it_is(project, tess, several):
    few = queries_of(tess, path(project))
    for finding in several * 3:
        factories.create_finding(track=finding.track, assignee=project.created_by)
    assert queries_of(tess, path(project)) == few <= 16


def test_those_that_are_chosen_are_changed_together(project, tess, several):
    keys = [each.pk for each in several[:2]]
    change = path(project, "/change", track="A")
    done = tess.post(change, {"finding": keys, "severity": "high", "assignee": project.created_by.pk})
    assert done.headers["Location"] == path(project, track="A")
    assert set(Finding.objects.filter(severity="high", assignee=project.created_by)) == set(several[:2])
    tess.post(change, {"finding": keys, "status": "won't fix", "note": "Too old.", "assignee": "nobody"})
    assert set(Finding.objects.filter(status="won't fix", assignee=None)) == set(several[:2])


def test_what_cannot_be_changed_together_is_said_and_the_choice_is_kept(project, tess, several):
    keys = [each.pk for each in several]
    told = tess.post(path(project, "/change"), {"finding": keys, "status": "won't fix", "note": "Too old."})
    assert told.status_code == 422
    assert "B-2, a praise, is noted: it cannot become won" in words(told)
    assert told.content.decode().count(" checked>") == len(keys)
    assert ">Too old.</textarea>" in told.content.decode()
    assert not Finding.objects.filter(status=FindingStatus.WONT_FIX).exists()
    assert tess.post(path(project, "/change"), {"finding": keys[:1]}).status_code == 422
    assert tess.post(path(project, "/change"), {"severity": "high"}).status_code == 422


def test_findings_of_other_projects_are_not_changed(project, tess):
    strange = factories.create_finding()
    assert tess.post(path(project, "/change"), {"finding": strange.pk, "severity": "low"}).status_code == 422
    strange.refresh_from_db()
    assert strange.severity == Severity.MEDIUM


def test_the_csv_holds_what_the_list_shows_and_no_formula(project, tess, track, several):
    factories.create_finding(track=track, title='=HYPERLINK("x")', evidence="+1\n@2", severity=Severity.HIGH)
    answer = tess.get(path(project, ".csv", track="A"))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"), newline="")))
    assert [row["finding"] for row in rows] == ["A-3", "A-1", "A-2"]
    assert rows[0]["title"] == '\'=HYPERLINK("x")'
    assert rows[0]["evidence"] == "'+1\n@2"
    assert rows[1]["address"].endswith("/t/A/findings/1/")


def test_the_markdown_stays_a_table(project, tess, track):
    factories.create_finding(track=track, title="a | b\\ `c` <d>")
    text = b"".join(tess.get(path(project, ".md")).streaming_content).decode()
    assert text.splitlines()[2].startswith(r"| A-1 | a \| b\\ \`c\` \<d\> | defect |")


def test_an_export_costs_the_same_however_long_it_is(project, tess, several, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        b"".join(tess.get(path(project, ".csv")).streaming_content)


def test_the_track_says_what_is_to_be_mended(project, tess, track):
    address = f"/p/{project.slug}/s/{track.sprint.slug}/t/A/findings/"
    assert "Nothing is recorded yet" in words(tess.get(address))
    finding = factories.create_finding(track=track, severity=Severity.HIGH)
    assert "1 to mend" in words(tess.get(address))
    assert "1 high" in words(tess.get(address))
    Finding.objects.filter(pk=finding.pk).update(status=FindingStatus.VERIFIED)
    assert "Everything that was recorded is settled" in words(tess.get(address))


def test_my_findings_are_those_of_all_my_projects(project, several):
    lena = project.created_by
    elsewhere = factories.create_track(
        sprint=factories.create_sprint(project=factories.create_project(by=lena))
    )
    factories.create_finding(track=elsewhere, title="Elsewhere", assignee=lena, severity=Severity.HIGH)
    client = member(project, Role.READER, name="Dev")
    assert "Nothing waits for you" in words(client.get("/findings/"))
    client.force_login(lena)
    assert [each.title for each in client.get("/findings/").context["findings"]] == [
        "Elsewhere",
        "run_seed_data is slow",
    ]
    lena.memberships.filter(project=elsewhere.sprint.project).delete()
    assert [each.title for each in client.get("/findings/").context["findings"]] == ["run_seed_data is slow"]
