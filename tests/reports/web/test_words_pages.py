"""Writing a section of the report: refusals, previews, what others wrote meanwhile, figures that moved."""

from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from reports.models import Narrative, Publication
from reports.narrative_queries import token_of
from reports.summarising import summary_of
from reports.web.report.forms import seal
from tests import factories
from tests.factories import NOON
from tests.hostile import TEXTS
from tests.reports.publishing import fresh
from tests.tracks.web.pages import htmx, member, words
from tracks.models import AuditEntry, Sprint
from tracks.statuses import Role

pytestmark = pytest.mark.django_db

TEXT = "Track A is not there yet: {{track.A.passed}} passed."


@pytest.fixture
def sprint(tested_sprint, db) -> Sprint:
    return fresh(tested_sprint)


@pytest.fixture
def tess(sprint) -> Client:
    return member(sprint.project, Role.TESTER, name="Tess")


@pytest.fixture
def lena(sprint) -> Client:
    return member(sprint.project, Role.LEAD, name="Lena")


def path(sprint: Sprint, rest: str = "report/words/concerns/") -> str:
    return f"/p/{sprint.project.slug}/s/{sprint.slug}/{rest}"


def seen(sprint: Sprint) -> str:
    """Which words an editor that is opened now begins with."""
    return token_of(Narrative.objects.filter(sprint=sprint).first())


def write(client: Client, sprint: Sprint, text: str = TEXT, **other: str):
    return client.post(path(sprint), {"text": text, "seen": seen(sprint)} | other)


def said(response) -> str:
    return unescape(words(response))


def move(sprint: Sprint) -> None:
    """A retest in which other figures come out."""
    factories.create_run(track=sprint.tracks.get(), passed=3)


def test_what_is_written_stands_in_the_report_with_the_figures_of_today(tess, sprint):
    assert write(tess, sprint).url == path(sprint, "report/")
    assert "Track A is not there yet: 2 passed." in said(tess.get(path(sprint, "report/")))
    assert Narrative.objects.get().figures == {"track.A.passed": "2"}
    move(sprint)
    assert "Track A is not there yet: 3 passed." in said(tess.get(path(sprint, "report/")))


def test_a_preview_changes_nothing_with_and_without_a_script(tess, sprint):
    typed = {"text": TEXT, "seen": "", "preview": "1"}
    whole = tess.post(path(sprint), typed)
    assert "not there yet: 2 passed." in said(whole)
    assert TEXT in unescape(whole.content.decode())
    assert "no such figure" not in said(whole)
    part = htmx(tess, path(sprint), **typed)
    assert "not there yet: 2 passed." in said(part)
    assert "<!doctype" not in part.content.decode()
    assert "no such figure" in said(htmx(tess, path(sprint), text="{{track.Z.passed}}", preview="1"))
    assert not Narrative.objects.exists()


REFUSED = [
    ("", "says nothing"),
    (" \n ", "says nothing"),
    ("x" * 20_001, "at most 20000 characters"),
    ("a\0b", "Null characters"),
    ("{{track.Z.passed}} passed", "There is no such figure: {{track.Z.passed}}."),
]


def test_a_text_that_cannot_stand_is_refused_and_stays_typed(tess, sprint):
    for text, problem in REFUSED:
        response = tess.post(path(sprint), {"text": text, "seen": ""})
        assert response.status_code == 422
        assert problem in said(response)
    assert "{{track.Z.passed}} passed</textarea>" in response.content.decode()
    assert not Narrative.objects.exists()


def test_numbers_that_are_typed_by_hand_are_warned_of(tess, sprint):
    assert "Typed by hand" in said(htmx(tess, path(sprint), text="12 passed.", preview="1"))
    write(tess, sprint, "12 passed.")
    assert "Typed by hand, and so never checked: 12." in said(tess.get(path(sprint, "report/")))


def test_of_two_who_write_at_once_neither_loses_a_word(tess, lena, sprint):
    before = seen(sprint)
    write(lena, sprint, "Lena's words.")
    response = write(tess, sprint, "Tess's words.", seen=before)
    assert response.status_code == 422
    text = said(response)
    assert "Lena changed this section while you edited it" in text
    assert "Lena's words." in text
    assert "Tess's words." in text
    again = {"text": "Both.", "seen": response.context["form"]["seen"].value()}
    assert tess.post(path(sprint), again).status_code == 302
    assert Narrative.objects.get().text == "Both."


def test_words_that_were_dropped_and_written_anew_are_others(tess, lena, sprint):
    write(tess, sprint)
    before = seen(sprint)
    lena.post(path(sprint, "report/words/concerns/drop/"), {"seen": before})
    assert not Narrative.objects.exists()
    write(lena, sprint, "Anew.")
    assert write(tess, sprint, "Over it.", seen=before).status_code == 422
    assert Narrative.objects.get().text == "Anew."


class TestFiguresThatMoved:
    @pytest.fixture(autouse=True)
    def _moved(self, tess, sprint):
        Narrative.objects.create(
            sprint=sprint, section="concerns", text=TEXT, figures={"track.A.passed": "2"}, at=NOON
        )
        move(sprint)

    def publish(self, client: Client, sprint: Sprint):
        sealed = seal(sprint, summary_of(sprint, now=timezone.now()))
        return client.post(path(sprint, "report/publish/"), {"seen": sealed})

    def confirm(self, client: Client, sprint: Sprint, figures: str):
        posted = {"seen": seen(sprint), "figures": figures}
        return client.post(path(sprint, "report/words/concerns/confirm/"), posted)

    def test_are_pointed_out_and_hold_up_publishing(self, tess, sprint):
        for page in ("report/", "report/words/concerns/"):
            text = said(tess.get(path(sprint, page)))
            assert "“ Track A is not there yet: 3 passed. ”" in text
            assert "passed in A: 2 → 3" in text
        response = self.publish(tess, sprint)
        assert response.status_code == 422
        assert "have moved or are gone: concerns." in said(response)
        assert not Publication.objects.exists()

    def test_are_still_right_once_somebody_says_so(self, tess, sprint):
        shown = tess.get(path(sprint, "report/")).context["doubtful"][0]
        self.confirm(tess, sprint, shown.figures)
        assert "moved since" not in said(tess.get(path(sprint, "report/")))
        assert self.publish(tess, sprint).url == path(sprint, "reports/1/")
        assert AuditEntry.objects.filter(action="narrative.confirmed").count() == 1

    def test_are_not_confirmed_unseen(self, tess, sprint):
        shown = tess.get(path(sprint, "report/")).context["doubtful"][0]
        factories.create_run(track=sprint.tracks.get(), passed=4)
        response = self.confirm(tess, sprint, shown.figures)
        assert response.status_code == 400
        assert "moved again" in said(response)

    def test_are_not_confirmed_by_what_no_page_sends(self, tess, sprint):
        for figures in ("", "[]", "{", '{"nothing": "1"}', '{"track.A.passed": ["3"]}'):
            assert self.confirm(tess, sprint, figures).status_code == 400
        assert Narrative.objects.get().figures == {"track.A.passed": "2"}

    def test_that_are_gone_have_to_be_written_anew(self, tess, sprint):
        Narrative.objects.update(text="{{track.gone.passed}} passed.", figures={})
        assert "is no figure of the report any more" in said(tess.get(path(sprint, "report/")))
        assert self.publish(tess, sprint).status_code == 422
        write(tess, sprint, "Nothing is known.")
        assert self.publish(tess, sprint).status_code == 302


def test_every_figure_can_be_named_and_the_draft_stands_beside(tess, sprint):
    response = tess.get(path(sprint))
    text = said(response)
    assert "{{track.A.passed}}" in text
    assert "{{baseline.passed}}" in text
    assert response.context["shown"].words.draft in unescape(response.content.decode())


def test_a_section_that_nobody_writes_is_not_there(tess, sprint):
    assert tess.get(path(sprint, "report/words/metrics/")).status_code == 404
    assert tess.post(path(sprint, "report/words/metrics/drop/")).status_code == 404


@pytest.mark.parametrize("role", [Role.READER, Role.DEVELOPER])
def test_who_does_not_write_reports_is_told_so(sprint, role):
    client = member(sprint.project, role)
    assert client.get(path(sprint)).status_code == 403
    assert "Edit" in said(client.get(path(sprint, "report/")))


def test_hostile_words_are_shown_as_they_are(tess, sprint):
    text = "\n\n".join(each.replace("\0", "").replace("{{", "{ {") for each in TEXTS)[:19_000]
    assert write(tess, sprint, text).status_code == 302
    for page in ("report/", "report/words/concerns/"):
        assert "<script>alert" not in tess.get(path(sprint, page)).content.decode()
