"""What changed between two editions: decisions, findings, and figures with their direction."""

import re
from html import unescape

import pytest
from django.test import Client

from reports.models import Narrative
from reports.statuses import DecisionKind
from reports.summary.differences import MovedFigure
from reports.web.report.changes_shown import shown_figures
from tests import factories
from tests.factories import NOON
from tests.reports.approving import create_ready_track, lead, say
from tests.reports.publishing import publish
from tests.tracks.web.pages import member, words
from tracks.models import Track
from tracks.statuses import Role


@pytest.fixture
def track(db) -> Track:
    return create_ready_track()


@pytest.fixture
def reader(track) -> Client:
    return member(track.sprint.project, Role.READER)


def path(track: Track, rest: str) -> str:
    return f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}/reports/{rest}"


def said(response) -> str:
    return unescape(words(response))


def test_two_editions_of_the_same_say_so(track, reader):
    for _ in range(2):
        publish(track.sprint, by=lead(track))
    assert "Nothing changed" in said(reader.get(path(track, "2/since/1/")))


def test_what_was_decided_found_and_measured_since_is_told(track, reader):
    publish(track.sprint, by=lead(track))
    say(track, DecisionKind.APPROVED)
    finding = factories.create_finding(track=track, title="The price is wrong", tests=[1])
    factories.create_run(track=track, passed=2, failed=1)
    publish(track.sprint, by=lead(track))
    text = said(reader.get(path(track, "2/since/1/")))
    assert "approved by Lena" in text
    assert f"{finding} The price is wrong new" in text
    assert "passed in A 3 2 ▼ worse" in text
    assert "failed in A 0 1 ▲ worse" in text
    assert "figures that are new" in text
    assert "passed in A 2 3 ▲ better" in said(reader.get(path(track, "1/since/2/")))


def test_editions_that_differ_in_words_alone_say_so(track, reader):
    publish(track.sprint, by=lead(track))
    Narrative.objects.create(sprint=track.sprint, section="concerns", text="None.", at=NOON)
    publish(track.sprint, by=lead(track))
    text = said(reader.get(path(track, "2/since/1/")))
    assert re.search(r"concerns .*\bNone\.", text)
    assert "Nothing changed" not in text


def test_an_edition_is_compared_with_any_other(track, reader):
    for _ in range(3):
        publish(track.sprint, by=lead(track))
    page = said(reader.get(path(track, "2/")))
    assert "report 1," in page
    assert "report 3," in page
    assert reader.get(path(track, "2/since/?other=3")).url == path(track, "2/since/3/")
    for other in ("4", "", "x", "1" * 30):
        assert reader.get(path(track, f"2/since/?other={other}")).url == path(track, "2/")
    assert reader.get(path(track, "2/since/4/")).status_code == 404


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("track.A.passed", 1, ("▲", "better")),
        ("track.A.passed", -1, ("▼", "worse")),
        ("track.A.failed", 2, ("▲", "worse")),
        ("track.A.gates.open", 1, ("▲", "better")),
        ("sprint.findings.open.high", 1, ("▲", "worse")),
        ("sprint.findings", 1, ("▲", "")),
        ("integration.conflicts.C", 1, ("▲", "worse")),
        ("integration.together.A-B", -1, ("▼", "better")),
        ("integration.passed", 1, ("▲", "better")),
        ("track.A.seconds", -1, ("▼", "")),
        ("track.A.commits", 0, ("", "")),
    ],
)
def test_more_is_better_of_some_figures_and_worse_of_others(name, change, told):
    (shown,) = shown_figures([MovedFigure(name, "it", "1", "2", change)]).moved
    assert (shown.arrow, shown.meaning) == told


def test_what_another_figure_says_already_is_folded():
    names = ["track.A.gates.open", "track.A.gates.closed", "track.A.change.passed"]
    shown = shown_figures([MovedFigure(name, name, "1", "2", 1) for name in names])
    assert [each.figure.name for each in shown.moved] == ["track.A.gates.open"]
    assert [each.name for each in shown.implied] == names[1:]


def test_what_matters_comes_before_what_it_is_made_of_and_before_the_rest():
    names = ["track.A.seconds", "track.A.1.passed", "track.A.passed"]
    shown = shown_figures([MovedFigure(name, name, "1", "2", 1) for name in names]).moved
    assert [each.figure.name for each in shown] == ["track.A.passed", "track.A.1.passed", "track.A.seconds"]
