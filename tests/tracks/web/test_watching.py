"""Many open pages of one run: what they are shown, what they cost, and when one is asked for again."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.tracks.web.pages import member
from tracks import actions
from tracks.models import Membership, Run, User
from tracks.statuses import Role
from tracks.web import watching

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Run:
    return factories.play(factories.start_run(), passed=3, ended=False)


def path(run: Run, query: str = "") -> str:
    return f"/p/{run.project.slug}/runs/{run.pk}/live{query}"


def opened(run: Run, role: Role = Role.TESTER) -> Client:
    """The browser of a member who has the run's page open."""
    client = member(run.project, role)
    assert client.get(f"/p/{run.project.slug}/runs/{run.pk}/").status_code == 200
    return client


def cost(client: Client, *paths: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        for each in paths:
            assert client.get(each).status_code in (200, 204)
    return len(queries)


def stale(monkeypatch) -> None:
    """From now on the database is asked at each poll."""
    monkeypatch.setattr(watching, "FRESH_SECONDS", 0)


def test_many_pages_ask_the_database_what_one_asks(run, monkeypatch):
    monkeypatch.setattr(watching, "FRESH_SECONDS", 60)
    pages = [opened(run) for _ in range(20)]
    first = cost(pages[0], path(run))
    assert first > 0
    assert sum(cost(page, path(run), path(run, f"?seen={run.revision}")) for page in pages) == 0


def test_a_page_is_shown_what_has_changed_once_that_is_asked_for(run, monkeypatch):
    page = opened(run)
    assert page.get(path(run)).status_code == 200
    assert page.get(path(run, f"?seen={run.revision}")).status_code == 204
    actions.cancel(run, by=run.requested_by, now=factories.NOON)
    stale(monkeypatch)
    assert "Cancelled by" in page.get(path(run, f"?seen={run.revision}")).content.decode()


def test_each_reader_finds_a_token_of_their_own_in_what_is_shared(run):
    first, second = opened(run), opened(run)
    shown = [page.get(path(run)).content.decode() for page in (first, second)]
    tokens = [watching.OWN_TOKEN.search(html)[0] for html in shown]
    assert tokens[0] != tokens[1]
    assert all(len(token) > 60 for token in tokens)
    enforcing = Client(enforce_csrf_checks=True)
    enforcing.cookies = second.cookies
    token = tokens[1].rpartition('"')[2]
    answer = enforcing.post(f"/p/{run.project.slug}/runs/{run.pk}/cancel", {"csrfmiddlewaretoken": token})
    assert answer.status_code == 302


def test_who_is_permitted_less_is_not_shown_more(run):
    tester, reader = opened(run), opened(run, Role.READER)
    assert "disabled title=" not in tester.get(path(run)).content.decode()
    assert "disabled title=" in reader.get(path(run)).content.decode()


def test_a_filter_has_a_fragment_of_its_own(run):
    page = opened(run)
    everything = page.get(path(run)).content.decode()
    assert page.get(path(run, "?outcome=failed")).content.decode() != everything


@pytest.mark.parametrize("how", ["signed out", "removed", "closed"])
def test_who_may_not_see_it_any_more_is_shown_nothing_more(run, how, django_capture_on_commit_callbacks):
    page = opened(run)
    page.get(path(run))
    user = Membership.objects.latest("pk").user
    with django_capture_on_commit_callbacks(execute=True):
        if how == "signed out":
            page.logout()
        elif how == "removed":
            actions.remove_member(user.memberships.get(), by=run.requested_by)
        else:
            user.is_active = False
            user.save()
    assert page.get(path(run)).status_code in (302, 404)


def test_a_pass_for_one_run_opens_no_other(run):
    other = factories.play(factories.start_run(), passed=1, ended=False)
    opened(other).get(path(other))
    page = opened(run)
    page.cookies[watching.COOKIE]["path"] = "/"
    assert page.get(path(other)).status_code == 404


def test_a_pass_that_was_written_by_somebody_else_is_none(run):
    page = opened(run)
    page.get(path(run))
    page.cookies[watching.COOKIE] = "forged:pass"
    assert cost(page, path(run)) > 0


def test_without_a_cache_the_database_is_asked(run):
    page = opened(run)
    page.get(path(run))
    cache.clear()
    assert cost(page, path(run)) > 0
    assert User.objects.exists()
