"""A report is fetched as a file: what is made at once, and the PDF, which is asked for and followed."""

import io
import json

import pytest
from pypdf import PdfReader

from reports import actions, tasks
from reports.models import Rendering
from tests import factories
from tests.reports.publishing import publish
from tests.tracks.web.pages import member, words
from tracks import doorbell
from tracks.statuses import Role

pytestmark = pytest.mark.django_db
FOLDER = "/p/{0.project.slug}/s/{0.slug}"


@pytest.fixture(autouse=True)
def _this_is_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)
    monkeypatch.setattr(doorbell, "tell_of_rendering", lambda _: None)


@pytest.fixture
def sprint():
    return factories.create_sprint(project=factories.create_project(name="Shop"))


@pytest.fixture
def tess(sprint):
    return member(sprint.project)


def publish_first(sprint):
    return publish(sprint, by=factories.create_member(project=sprint.project, role=Role.LEAD, name="Lena"))


@pytest.mark.parametrize("kind", ["html", "json", "md"])
@pytest.mark.parametrize(("where", "name"), [("report", "draft"), ("reports/1", "1")])
def test_what_takes_no_time_is_an_attachment(sprint, tess, kind, where, name):
    publish_first(sprint)
    answer = tess.get(f"{FOLDER.format(sprint)}/{where}/files/{kind}")
    assert (
        answer.headers["Content-Disposition"] == f'attachment; filename="report-{sprint.slug}-{name}.{kind}"'
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert sprint.name in answer.content.decode()


def test_an_edition_stays_as_it_was_published(sprint, tess):
    published = publish_first(sprint)
    factories.create_track(sprint=sprint)
    answer = tess.get(f"{FOLDER.format(sprint)}/reports/1/files/json")
    told = json.loads(answer.content)
    assert told["digest"] == published.digest
    assert {key: told[key] for key in published.content} == published.content


@pytest.mark.parametrize("kind", ["pdf", "exe"])
def test_nothing_else_is_made_at_once(sprint, tess, kind):
    assert tess.get(f"{FOLDER.format(sprint)}/report/files/{kind}").status_code == 404


@pytest.mark.parametrize(
    ("where", "told"), [("report", "Draft"), ("reports/1", "Report 1, published by Lena")]
)
def test_a_pdf_is_asked_for_followed_and_fetched(sprint, tess, where, told):
    publish_first(sprint)
    asked = tess.post(f"{FOLDER.format(sprint)}/{where}/ask-for-pdf")
    rendering = Rendering.objects.latest("pk")
    assert "waits for a worker" in words(tess.get(asked.url))
    assert tess.get(f"{asked.url}live?seen=waits for a worker").status_code == 204
    assert tess.get(f"{asked.url}file").status_code == 404
    tasks.render(rendering.pk)
    live = tess.get(f"{asked.url}live?seen=waits for a worker").content.decode()
    assert f'href="{asked.url}file"' in live
    assert "hx-get" not in live
    answer = tess.get(f"{asked.url}file")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert told in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()


def test_a_page_says_how_long_a_pdf_takes(sprint, tess):
    asked = tess.post(f"{FOLDER.format(sprint)}/report/ask-for-pdf")
    tasks.render(Rendering.objects.get().pk)
    factories.create_track(sprint=sprint)
    asked = tess.post(f"{FOLDER.format(sprint)}/report/ask-for-pdf")
    assert actions.claim_rendering(Rendering.objects.latest("pk").pk, now=factories.NOON)
    assert "being made for" in words(tess.get(asked.url))
    assert "the last ones took" in words(tess.get(asked.url))


def test_a_pdf_that_could_not_be_made_says_why_and_is_asked_for_again(sprint, tess):
    asked = tess.post(f"{FOLDER.format(sprint)}/report/ask-for-pdf")
    Rendering.objects.update(draft={})
    tasks.render(Rendering.objects.get().pk)
    page = words(tess.get(asked.url))
    assert "OMC QA itself went wrong" in page
    assert "Make the PDF again" in page


def test_the_file_of_another_project_is_not_there(sprint):
    olga = member(factories.create_project(name="Other"), name="Olga")
    member(sprint.project).post(f"{FOLDER.format(sprint)}/report/ask-for-pdf")
    rendering = Rendering.objects.get()
    for page in ("", "live", "file"):
        path = f"/p/{{}}/report-files/{rendering.pk}/{page}"
        assert olga.get(path.format("other")).status_code == (200 if page == "live" else 404)
        assert olga.get(path.format(sprint.project.slug)).status_code == 404


def test_a_page_asks_no_more_for_a_file_that_is_gone(sprint, tess):
    asked = tess.post(f"{FOLDER.format(sprint)}/report/ask-for-pdf")
    Rendering.objects.all().delete()
    answer = tess.get(f"{asked.url}live?seen=waits for a worker")
    assert "no longer kept" in words(answer)
    assert "hx-get" not in answer.content.decode()
