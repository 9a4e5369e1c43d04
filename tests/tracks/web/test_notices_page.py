"""The page of a person's notices."""

import pytest
from django.test import Client

from tests import factories
from tests.factories import NOON
from tests.tracks.web.pages import queries_of, words
from tracks import actions
from tracks.models import Notice
from tracks.statuses import NoticeKind

pytestmark = pytest.mark.django_db

PATH = "/notices/"


@pytest.fixture
def track():
    return factories.create_track()


@pytest.fixture
def tess(track):
    return factories.create_member(project=track.sprint.project)


@pytest.fixture
def browser(tess) -> Client:
    client = Client()
    client.force_login(tess)
    return client


def tell(track, *people, text: str = "A-1 is claimed.") -> None:
    actions.tell(NoticeKind.CLAIMED, people, text, track=track, now=NOON)


def test_it_says_when_there_is_nothing(browser):
    assert "Nothing to tell yet" in words(browser.get(PATH))


def test_a_notice_that_is_opened_leads_to_its_place_and_is_read(browser, track, tess):
    tell(track, tess)
    assert "Notices 1 unread" in words(browser.get(PATH))
    notice = Notice.objects.get()
    answer = browser.get(f"{PATH}{notice.pk}/")
    assert answer.url == f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}/t/A/"
    assert "unread" not in words(browser.get(PATH))


def test_all_are_marked_as_read_at_once(browser, track, tess):
    tell(track, tess)
    tell(track, tess, text="A-2 is claimed.")
    assert browser.post(f"{PATH}read", follow=True).status_code == 200
    assert not Notice.objects.filter(read_at=None).exists()


def test_nobody_opens_anothers(browser, track):
    tell(track, factories.create_member(project=track.sprint.project, name="Lena"))
    assert browser.get(f"{PATH}{Notice.objects.get().pk}/").status_code == 404


def test_what_is_switched_off_stays_off(browser, track, tess):
    browser.post(f"{PATH}choices", {"page": [NoticeKind.COMMENTED.value], "mail": []})
    tell(track, tess)
    assert not Notice.objects.exists()
    page = browser.get(PATH).content.decode()
    assert page.count(" checked") == 1


def test_the_page_costs_the_same_however_many_there_are(browser, track, tess):
    tell(track, tess)
    before = queries_of(browser, PATH)
    for number in range(20):
        tell(track, tess, text=f"A-{number} is claimed.")
    assert queries_of(browser, PATH) == before
