"""Share links: made on an edition's page, opened by anybody who has one, until they are revoked or expire."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from reports import actions
from reports.models import Publication, Rendering, ShareLink
from tests import factories
from tests.hostile import TEXTS
from tests.reports.publishing import publish
from tests.tracks.web.pages import member, words
from tracks.actions import digest
from tracks.models import AuditEntry
from tracks.statuses import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def published(tested_sprint, django_db_blocker) -> Publication:
    with django_db_blocker.unblock():
        return publish(tested_sprint, by=tested_sprint.project.created_by, note="for the board")


@pytest.fixture
def publication(published, db) -> Publication:
    return Publication.objects.select_related("sprint__project__created_by", "by").get(pk=published.pk)


@pytest.fixture
def tess(publication) -> Client:
    return member(publication.sprint.project, Role.TESTER)


def path(publication: Publication, rest: str = "") -> str:
    sprint = publication.sprint
    return f"/p/{sprint.project.slug}/s/{sprint.slug}/reports/{publication.number}/{rest}"


def make_link(client: Client, publication: Publication, **typed: object) -> str:
    """The address that the page shows."""
    response = client.post(path(publication, "share/"), {"days": 30} | typed)
    found = re.search(r"http://testserver(/r/[\w-]+/)", response.content.decode())
    assert found, unescape(words(response))
    return found[1]


def said(response) -> str:
    return unescape(words(response))


def test_whoever_has_the_link_reads_the_edition_and_is_led_nowhere_else(tess, publication):
    response = Client().get(make_link(tess, publication, label="The customer"))
    text = said(response)
    assert response.status_code == 200
    assert publication.sprint.name in text
    assert "for the board" in text
    assert publication.digest in text
    assert "The customer" not in text
    inside = re.findall(r'href="(?!#|/static/)([^"]*)"', response.content.decode())
    assert inside == ["report.md", "report.html", "report.json"]


def test_no_cache_keeps_it_no_search_engine_lists_it_and_it_tells_nobody_where_it_is(tess, publication):
    address = make_link(tess, publication)
    for response in (Client().get(address), Client().get("/r/unknown/")):
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        assert "sessionid" not in response.cookies


def test_only_the_digest_of_the_token_is_kept_and_it_is_shown_once(tess, publication):
    address = make_link(tess, publication)
    token = address.split("/")[2]
    assert len(token) >= 43
    assert ShareLink.objects.get().token_digest == digest(token)
    assert token not in tess.get(path(publication)).content.decode()
    assert token not in str(list(AuditEntry.objects.values_list("before", "after")))


def test_an_opening_is_a_page_that_was_read_and_costs_few_queries(
    tess, publication, django_assert_num_queries
):
    address = make_link(tess, publication)
    Client().head(address)
    Client().get(f"{address}report.md")
    Client().get(f"{address}report.exe")
    assert ShareLink.objects.get().opened_at is None
    with django_assert_num_queries(3):  # the link with its edition; the count; whether there is a PDF
        Client().get(address)
    assert ShareLink.objects.get().opened == 1


def test_the_edition_is_a_file_too(tess, publication):
    rendering = Rendering.objects.get(publication=publication, format="pdf")
    actions.claim_rendering(rendering.pk, now=timezone.now())
    rendering.refresh_from_db()
    actions.keep_file(rendering, b"%PDF-1.7", now=timezone.now())
    address = make_link(tess, publication)
    page = Client().get(address).content.decode()
    for kind, begins in (("md", b"# "), ("html", b"<!doctype"), ("json", b"{"), ("pdf", b"%PDF")):
        assert f"report.{kind}" in page
        response = Client().get(f"{address}report.{kind}")
        assert response.content.startswith(begins)
        assert response["Content-Disposition"].endswith(f'-{publication.number}.{kind}"')
        assert response["Cache-Control"] == "private, no-cache"
        known = {"If-None-Match": response["ETag"]}
        assert Client().get(f"{address}report.{kind}", headers=known).status_code == 304
    ShareLink.objects.update(revoked_at=timezone.now())
    assert Client().get(f"{address}report.pdf", headers=known).status_code == 404


def test_a_file_that_is_not_there_is_told_like_a_link_that_is_not(tess, publication):
    address = make_link(tess, publication)
    for kind in ("pdf", "exe"):
        response = Client().get(f"{address}report.{kind}")
        assert response.status_code == 404
        assert "Nothing to read here" in said(response)


def test_revoked_expired_and_unknown_are_told_in_the_same_words(tess, publication):
    revoked, expired = (make_link(tess, publication) for _ in range(2))
    first, second = ShareLink.objects.order_by("pk")
    tess.post(f"/p/{publication.sprint.project.slug}/share-links/{first.pk}/revoke/")
    ShareLink.objects.filter(pk=second.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    answers = [Client().get(each) for each in (revoked, expired, "/r/unknown/", f"/r/{'x' * 5000}/")]
    assert {each.status_code for each in answers} == {404}
    assert len({each.content for each in answers}) == 1
    assert ShareLink.objects.filter(opened=0).count() == 2
    page = tess.get(path(publication))
    assert page.context["links"] == []
    assert "revoked" in said(page)
    assert "expired" in said(page)


REFUSED = [
    ({"days": "0"}, "greater than or equal to 1"),
    ({"days": "366"}, "less than or equal to 365"),
    ({"days": "soon"}, "whole number"),
    ({"days": "30", "label": "x" * 121}, "at most 120"),
    ({"days": "30", "label": "a\0b"}, "Null characters"),
]


def test_a_link_that_cannot_be_made_is_refused(tess, publication):
    for typed, problem in REFUSED:
        response = tess.post(path(publication, "share/"), typed)
        assert response.status_code == 422
        assert problem in said(response)
    assert not ShareLink.objects.exists()


def test_an_edition_has_so_many_links_and_no_more(tess, publication, monkeypatch):
    monkeypatch.setattr("reports.actions.sharing.LINKS", 1)
    make_link(tess, publication)
    response = tess.post(path(publication, "share/"), {"days": 30})
    assert "has 1 links already" in said(response)


def test_links_that_work_are_listed_on_the_report_of_the_sprint(tess, publication):
    make_link(tess, publication, label="The customer")
    make_link(tess, publication, label="Of last year")
    ShareLink.objects.filter(label="Of last year").update(expires_at=timezone.now())
    report = path(publication).replace(f"reports/{publication.number}/", "report/")
    text = said(tess.get(report))
    assert "The customer report 1" in text
    assert "Of last year" not in text
    reader = member(publication.sprint.project, Role.READER)
    assert "The customer" not in said(reader.get(report))


def test_who_may_not_share_sees_no_links(tess, publication):
    make_link(tess, publication, label="The customer")
    reader = member(publication.sprint.project, Role.READER)
    assert "The customer" not in said(reader.get(path(publication)))
    assert reader.post(path(publication, "share/"), {"days": 30}).status_code == 403


def test_a_link_of_another_project_is_revoked_by_nobody_here(tess, publication):
    make_link(tess, publication)
    other = member(factories.create_project(), Role.LEAD)
    link = ShareLink.objects.get()
    assert (
        other.post(f"/p/{publication.sprint.project.slug}/share-links/{link.pk}/revoke/").status_code == 404
    )


def test_hostile_labels_are_shown_as_they_are(tess, publication):
    labels = [" ".join(text.replace("\0", "").split())[:100] for text in TEXTS]
    for label in labels:
        actions.share(publication, label=label, days=1, by=publication.by, now=timezone.now())
    response = tess.get(path(publication))
    assert "<script>alert" not in response.content.decode()
    assert all(escape(label) in response.content.decode() for label in labels if label.isprintable())
