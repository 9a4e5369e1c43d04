"""The report from a terminal: ``omc-qa report`` and ``manage.py report`` give the same file."""

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from typer.testing import CliRunner

from omc_qa.cli import app
from reports import report_files
from reports.report_files import hand_over, report_file, sprint_called
from reports.statuses import Format
from tests import factories
from tests.factories import NOON
from tests.reports.publishing import publish
from tracks.errors import InvalidInput
from tracks.models import Sprint

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made_sprint(django_db_setup, django_db_blocker) -> Iterator[Sprint]:
    with django_db_blocker.unblock(), transaction.atomic():
        sprint = factories.create_sprint(project=factories.create_project(name="Ledger"))
        factories.create_baseline(sprint=sprint, passed=3)
        factories.create_run(track=factories.create_track(sprint=sprint), passed=2, failed=1)
        sprint.refresh_from_db()
        yield sprint
        transaction.set_rollback(True)


@pytest.fixture
def sprint(made_sprint, db) -> Sprint:
    """Each test's own changes are rolled back to it."""
    return made_sprint


@pytest.fixture
def nothing_is_made(monkeypatch):
    """What is wrong is found before the report is made, which takes seconds."""
    monkeypatch.setattr(report_files, "file_of", lambda *_: pytest.fail("It was made in vain."))


@pytest.mark.parametrize(
    ("form", "begins"),
    [("md", b"# "), ("html", b"<!doctype html>"), ("pdf", b"%PDF-"), ("json", b"{")],
)
def test_a_report_is_written_in_the_format_that_its_file_is_called_by(sprint, tmp_path, form, begins):
    path = tmp_path / f"report.{form}"
    call_command("report", "ledger/sprint-1", output=path)
    assert path.read_bytes().startswith(begins)


def test_a_format_that_is_named_counts_more_than_the_file(sprint, tmp_path):
    call_command("report", "sprint-1", format=Format.JSON, output=tmp_path / "report.md")
    assert (tmp_path / "report.md").read_bytes().startswith(b"{")


def test_a_file_called_by_no_format_is_refused(sprint, tmp_path):
    with pytest.raises(CommandError, match=r"written as \.docx\. Name a format: "):
        call_command("report", "sprint-1", output=tmp_path / "report.docx")
    assert not list(tmp_path.iterdir())


def test_both_commands_write_the_same(sprint, tmp_path):
    """Two reports of a sprint in which nothing happens are the same to the byte."""
    command = ["report", "sprint-1", "--format", "json", "-o"]
    done = CliRunner().invoke(app, [*command, str(tmp_path / "one")])
    assert done.exit_code == 0, done.output
    call_command(*command, str(tmp_path / "two"))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_without_a_file_it_is_printed_as_markdown(sprint):
    done = CliRunner().invoke(app, ["report", "sprint-1"])
    assert done.stdout.startswith("# ")
    assert "Draft, not published" in done.stdout


def test_an_edition_stays_as_it_was_published(sprint):
    publish(sprint, by=sprint.project.created_by)
    factories.create_run(track=sprint.tracks.get(), passed=3)
    edition, today = (
        json.loads(report_file(sprint, Format.JSON, number=number, now=NOON)) for number in (1, None)
    )
    assert edition["edition"]["number"] == 1
    assert today["edition"] is None
    assert "track.A.1.passed" in today["figures"]
    assert "track.A.1.passed" not in edition["figures"]


def test_an_edition_that_is_not_there_is_said_so(sprint):
    with pytest.raises(InvalidInput, match="no published report 1") as told:
        report_file(sprint, Format.JSON, number=1, now=NOON)
    assert "None is published yet" in told.value.remedy
    publish(sprint, by=sprint.project.created_by)
    with pytest.raises(InvalidInput, match="no published report -1") as told:
        report_file(sprint, Format.JSON, number=-1, now=NOON)
    assert "Published, newest first: 1." in told.value.remedy


def test_who_mistypes_a_sprint_is_told_those_there_are(sprint):
    with pytest.raises(InvalidInput) as told:
        sprint_called("sprint-7")
    assert "ledger/sprint-1" in told.value.remedy


def test_of_two_sprints_of_one_name_the_project_tells(sprint):
    factories.create_sprint(project=factories.create_project(name="Shop"))
    with pytest.raises(InvalidInput) as told:
        sprint_called("sprint-1")
    assert {"ledger/sprint-1", "shop/sprint-1"} <= set(told.value.remedy.strip(".").replace(",", "").split())
    assert sprint_called("ledger/sprint-1") == sprint


@pytest.mark.parametrize("name", ["sprint-1\0", "led\0ger/sprint-1"])
def test_no_sprint_has_a_nul_in_its_name(sprint, name):
    with pytest.raises(InvalidInput, match="There is no sprint"):
        sprint_called(name)


@pytest.mark.parametrize(
    ("place", "why"), [("none/report.md", "there is no such folder"), ("", "it is a folder")]
)
def test_a_file_that_cannot_be_written_is_named_at_once(sprint, tmp_path, nothing_is_made, place, why):
    with pytest.raises(CommandError, match=f"could not be written: {why}"):
        call_command("report", "sprint-1", output=tmp_path / place)


def test_a_pdf_is_not_poured_into_a_terminal(sprint, monkeypatch, nothing_is_made):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    with pytest.raises(CommandError, match="Name a file for it with -o"):
        call_command("report", "sprint-1", format=Format.PDF)


def test_what_stood_there_stays_until_all_is_written(tmp_path, monkeypatch):
    def is_full(path: Path, _: bytes) -> int:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    report = tmp_path / "report.md"
    report.write_text("of yesterday")
    monkeypatch.setattr(Path, "write_bytes", is_full)
    with pytest.raises(InvalidInput, match="No space left on device"):
        hand_over(b"of today", report)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("report.md", "of yesterday")]


def test_a_device_is_written_into_and_not_replaced():
    hand_over(b"gone", Path(os.devnull))
    assert Path(os.devnull).is_char_device()
