"""The report's own page, publishing it there, and an edition's page."""

from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from reports import actions
from reports.models import Comparison, Publication
from reports.outstanding import Work
from tests import factories
from tests.factories import NOON
from tests.reports.publishing import alter, fresh, publish
from tests.tracks.web.pages import member, queries_of, words
from tracks.actions import cancel
from tracks.models import Sprint
from tracks.statuses import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def sprint(tested_sprint, db) -> Sprint:
    return fresh(tested_sprint)


@pytest.fixture
def tess(sprint) -> Client:
    return member(sprint.project, Role.TESTER)


def place(sprint: Sprint, rest: str = "report/") -> str:
    return f"/p/{sprint.project.slug}/s/{sprint.slug}/{rest}"


def said(response) -> str:
    return unescape(words(response))


def press_publish(client: Client, sprint: Sprint, **typed: str):
    """As on the page: with what it showed."""
    seen = client.get(place(sprint)).context["sealed"]
    return client.post(place(sprint, "report/publish/"), {"seen": seen} | typed)


def test_a_sprint_that_nothing_was_tested_of_says_what_to_do():
    sprint = factories.create_sprint()
    response = member(sprint.project, Role.TESTER).get(place(sprint))
    assert "Nothing to report yet" in said(response)
    assert "Publish" not in said(response)


def test_the_report_says_what_it_cannot_tell_yet(tess, sprint):
    factories.create_track(sprint=sprint, key="B")
    running = factories.start_run(track=factories.create_track(sprint=sprint, key="C"))
    cancel(factories.start_run(track=factories.create_track(sprint=sprint, key="D")), by=None, now=NOON)
    Comparison.objects.all().delete()
    text = said(tess.get(place(sprint)))
    assert "Track B was not tested yet." in text
    assert "Track D was not tested yet." in text
    assert f"Run {running.pk} goes on: the report does not know yet how it ends." in text
    assert Work.COMPARING in text


def test_publishing_leads_to_the_edition_which_says_who_when_and_that_it_is_intact(tess, sprint):
    response = press_publish(tess, sprint, note="after retest 1")
    assert response.url == place(sprint, "reports/1/")
    text = said(tess.get(response.url))
    assert "Report 1" in text
    assert "by Tess" in text
    assert "after retest 1" in text
    assert "it matches" in text
    assert text.count("Figures lead to what is known now") == 1
    assert "report 1" in said(tess.get(place(sprint)))
    assert "report 1" in said(tess.get(f"/p/{sprint.project.slug}/"))


def test_where_a_figure_moved_the_page_says_which_and_keeps_what_was_typed(tess, sprint):
    seen = tess.get(place(sprint)).context["sealed"]
    factories.create_run(track=sprint.tracks.get(), passed=3)
    response = tess.post(place(sprint, "report/publish/"), {"seen": seen, "note": "at last"})
    assert response.status_code == 422
    assert "passed in A: 3; you saw 2." in said(response)
    assert 'value="at last"' in response.content.decode()
    assert not Publication.objects.exists()


def test_a_seal_that_was_changed_or_is_of_another_sprint_is_refused(tess, sprint):
    other = factories.create_sprint(project=sprint.project, name="Sprint 2")
    factories.create_baseline(sprint=other, passed=1)
    of_other = tess.get(place(other)).context["sealed"]
    for seen in ("", "x", of_other):
        response = tess.post(place(sprint, "report/publish/"), {"seen": seen})
        assert response.status_code == 422
    assert "did not come back whole" in said(response)
    assert not Publication.objects.exists()


def test_a_reader_reads_and_is_told_why_nothing_is_published(sprint):
    reader = member(sprint.project, Role.READER)
    response = reader.get(place(sprint))
    assert "Publish this report" not in said(response)
    assert "may write, publish and share reports" in unescape(response.content.decode())
    assert reader.post(place(sprint, "report/publish/")).status_code == 403


def test_an_older_edition_leads_to_the_newest(tess, sprint):
    lena = sprint.project.created_by
    for _ in range(3):
        publish(sprint, by=lena)
    assert "There is a newer edition: report 3" in said(tess.get(place(sprint, "reports/1/")))
    assert "newer edition" not in said(tess.get(place(sprint, "reports/3/")))
    assert tess.get(place(sprint, "reports/4/")).status_code == 404


def test_an_edition_that_was_altered_says_so_wherever_it_is_shown(tess, sprint):
    for _ in range(2):
        made = publish(sprint, by=sprint.project.created_by)
    _, token = actions.share(made, label="", days=1, by=made.by, now=timezone.now())
    alter(made)
    for page in (place(sprint, "reports/2/"), place(sprint, "reports/2/since/1/"), f"/r/{token}/"):
        assert "does not match: somebody has altered" in said(tess.get(page)), page
    assert "does not match" not in said(tess.get(place(sprint, "reports/1/")))


def test_an_edition_stays_as_it_was_whatever_comes(tess, sprint):
    publish(sprint, by=sprint.project.created_by)
    before = tess.get(place(sprint, "reports/1/")).context["shown"]
    factories.create_run(track=sprint.tracks.get(), passed=3)
    assert tess.get(place(sprint, "reports/1/")).context["shown"] == before


def test_the_report_costs_the_same_however_many_tracks_and_retests_there_are(tess, sprint):
    before = queries_of(tess, place(sprint))
    for key in "BCD":
        track = factories.create_track(sprint=sprint, key=key)
        for _ in range(2):
            factories.create_run(track=track, passed=1, failed=2)
    assert queries_of(tess, place(sprint)) == before


def test_an_edition_costs_the_same_however_many_there_are(tess, sprint, django_assert_max_num_queries):
    for _ in range(4):
        publish(sprint, by=sprint.project.created_by)
    with django_assert_max_num_queries(11):
        tess.get(place(sprint, "reports/1/"))
