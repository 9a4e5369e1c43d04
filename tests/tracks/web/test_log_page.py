"""A run's log: coloured, searched, downloaded, followed, by part."""

import pytest

from tests import factories
from tests.factories import NOON
from tests.tracks.web.pages import member
from tracks import actions
from tracks.events import Heartbeat, Log
from tracks.models import LogChunk, Run

pytestmark = pytest.mark.django_db

COLOURED = "\x1b[32mok\x1b[0m <b>bold</b>\nsecond line\nTHIRD Line\n"


def printed(text: str = COLOURED, **testing: object) -> Run:
    """A run that goes on and has printed this."""
    project = factories.create_project(**testing)
    run = factories.start_run(track=factories.create_track(sprint=factories.create_sprint(project=project)))
    recording = actions.Recording(factories.claim(run), now=NOON)
    recording.record(Log(text), now=NOON)
    recording.record(Heartbeat(), now=factories.NOON.replace(second=30))
    return run


def path(run: Run, rest: str = "log") -> str:
    return f"/p/{run.project.slug}/runs/{run.pk}/{rest}"


def look(run: Run, rest: str = "log") -> str:
    return member(run.project).get(path(run, rest)).content.decode()


@pytest.mark.parametrize("rest", ["", "log"])
def test_colours_are_shown_as_classes_and_everything_else_is_escaped(rest):
    page = look(printed(), rest)
    assert '<span class="a-green">ok</span> &lt;b&gt;bold&lt;/b&gt;' in page
    assert "\x1b" not in page


def test_the_download_is_the_whole_log_as_it_was_printed():
    run = printed()
    response = member(run.project).get(path(run, "log?raw"))
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="run-{run.pk}-part-1.log"'
    assert b"".join(response.streaming_content).decode() == COLOURED


def test_what_is_looked_for_is_marked_in_its_lines_whatever_its_case():
    page = look(printed(), "log?q=LINE")
    assert "2 lines with" in page
    assert "second <mark>line</mark>" in page
    assert "THIRD <mark>Line</mark>" in page
    assert ">2</th>" in page and ">3</th>" in page


def test_what_is_looked_for_is_data():
    page = look(printed("<script>x</script>\n"), "log?q=%3Cscript%3E")
    assert "<mark>&lt;script&gt;</mark>x" in page
    assert "<script>x" not in page


def test_what_is_not_there_is_said():
    assert "0 lines with “nowhere”" in look(printed(), "log?q=nowhere")


def test_the_open_page_is_given_what_has_come_since_and_no_more():
    run = printed()
    page = look(run)
    last = LogChunk.objects.latest("pk").pk
    assert f'hx-get="?after={last}&amp;part=1"' in page
    assert member(run.project).get(path(run, f"log?after={last}")).status_code == 204
    LogChunk.objects.create(run=run, text="later\n")
    more = look(run, f"log?after={last}")
    assert more.startswith("later\n<div id=")
    assert f"?after={last + 1}" in more


def test_a_run_that_has_ended_is_not_asked_again():
    run = printed()
    actions.cancel(run, by=run.requested_by, now=NOON)
    assert "hx-trigger" not in look(run, "log?after=1")


def test_each_part_has_a_log_of_its_own():
    run = printed(shards=2)
    LogChunk.objects.create(run=run, shard=1, text="of the second\n")
    assert "of the second" not in look(run)
    assert "of the second" not in look(run, "log?part=1")
    assert "of the second" in look(run, "log?part=2")
    assert "second line" not in look(run, "log?part=2&q=line")


def test_of_a_log_that_is_too_long_for_a_page_the_end_is_shown(monkeypatch):
    monkeypatch.setattr("tracks.web.logs.LIMIT", 30)
    run = printed("the beginning of it all\n" * 2)
    LogChunk.objects.create(run=run, text="the very end\n")
    page = look(run)
    assert "the very end" in page
    assert "the beginning" not in page
    assert "The download has all of it" in page


@pytest.mark.parametrize("query", ["part=x", "part=-1", "part=99", "after=x", "after=99999999999", "q="])
def test_a_strange_address_is_no_error(query):
    run = printed()
    assert member(run.project).get(path(run, f"log?{query}")).status_code in (200, 204)


def test_a_log_that_has_ended_empty_says_what_belongs_there():
    run = factories.start_run()
    actions.cancel(run, by=run.requested_by, now=NOON)
    assert "Nothing was printed" in look(run)
