"""Badges: what they tell, to whom, and for how long."""

from html import unescape
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client

from reports.models import Badge
from reports.statuses import DecisionKind
from reports.web.report.badge_picture import draw
from tests.hostile import TEXTS
from tests.reports.approving import create_ready_track, say
from tests.tracks.web.pages import member, words
from tracks.models import Sprint, Track
from tracks.statuses import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def track() -> Track:
    return create_ready_track()


@pytest.fixture
def tess(track) -> Client:
    return member(track.sprint.project, Role.TESTER)


def place(sprint: Sprint) -> str:
    return f"/p/{sprint.project.slug}/s/{sprint.slug}/report/"


def make(client: Client, sprint: Sprint, track: str = "") -> str:
    """The address of a badge that is made."""
    client.post(f"{place(sprint)}badges/", {"track": track})
    return f"/badges/{Badge.objects.latest('pk').token}.svg"


def told(response) -> str:
    cache.clear()  # what comes next is asked for half a minute later
    return ElementTree.fromstring(response.content).attrib["aria-label"]


def test_a_badge_tells_how_far_the_sprint_is(tess, track):
    address = make(tess, track.sprint)
    assert told(Client().get(address)) == f"{track.sprint.name}: 0 of 1 approved"
    say(track, DecisionKind.APPROVED)
    assert told(Client().get(address)) == f"{track.sprint.name}: 1 of 1 approved"


def test_a_badge_tells_the_word_on_a_track(tess, track):
    address = make(tess, track.sprint, "A")
    assert told(Client().get(address)) == "track A: not decided"
    say(track, DecisionKind.REJECTED)
    assert told(Client().get(address)) == "track A: rejected"


def test_the_page_shows_the_line_for_a_readme(tess, track):
    address = make(tess, track.sprint, "A")
    text = unescape(words(tess.get(place(track.sprint))))
    page = f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}/t/A/"
    assert f"[![status](http://testserver{address})](http://testserver{page})" in text


def test_there_is_one_badge_of_each_and_one_that_is_removed_is_unknown(tess, track):
    address = make(tess, track.sprint)
    assert make(tess, track.sprint) == address
    badge = Badge.objects.get()
    tess.post(f"/p/{track.sprint.project.slug}/report-badges/{badge.pk}/remove/")
    response = Client().get(address)
    assert (response.status_code, told(response)) == (200, "report: unknown")
    assert make(tess, track.sprint) != address


def test_a_badge_is_half_a_minute_old_here_and_half_a_minute_where_it_is_shown(tess, track):
    address = make(tess, track.sprint, "A")
    first = Client().get(address)
    assert first["Cache-Control"] == "max-age=30"
    assert first["Content-Type"] == "image/svg+xml"
    assert first["X-Content-Type-Options"] == "nosniff"
    say(track, DecisionKind.APPROVED)
    assert Client().get(address).content == first.content
    cache.clear()
    assert told(Client().get(address)) == "track A: approved"


def test_a_badge_that_did_not_change_is_not_sent_again(tess, track):
    address = make(tess, track.sprint)
    first = Client().get(address)
    assert Client().get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("token", ["%00", "x", "x" * 44, "%00" * 43, "\u00e4" * 43])
def test_what_was_never_a_badge_is_not_looked_for(client, token):
    assert client.get(f"/badges/{token}.svg").status_code == 404


def test_who_may_not_share_makes_none(track):
    reader = member(track.sprint.project, Role.READER)
    assert reader.post(f"{place(track.sprint)}badges/").status_code == 403
    assert not Badge.objects.exists()


def test_a_track_that_is_not_there_has_none(tess, track):
    for key in ("Z", "a\0b", "A" * 5000):
        assert tess.post(f"{place(track.sprint)}badges/", {"track": key}).status_code == 404


def test_a_badge_costs_the_same_however_many_tracks_there_are(tess, track, django_assert_max_num_queries):
    for key in "BCD":
        create_ready_track(sprint=track.sprint, key=key)
    address = make(tess, track.sprint)
    with django_assert_max_num_queries(22):
        Client().get(address)
    with django_assert_max_num_queries(1):  # the badge itself: one that is removed says so at once
        Client().get(address)


@pytest.mark.parametrize("text", [*TEXTS, "a\ufffe\u202eb", "日本語" * 40, ""])
def test_a_picture_stays_one_whatever_it_tells(text):
    drawn = ElementTree.fromstring(draw(text, text, "good"))
    assert [each.tag.rpartition("}")[2] for each in drawn] == ["title", "rect", "rect", "g"]
    assert float(drawn.attrib["width"]) < 1200
