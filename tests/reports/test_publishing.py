"""Publishing a report: what was seen is what is frozen, or nothing is."""

import json
from datetime import UTC, timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from pypdf import PdfReader

from reports.actions.publications import ReportMoved
from reports.models import Publication
from reports.publication_queries import edition_of, is_intact, latest_editions
from reports.rendering.files import file_of
from reports.statuses import Format
from tests import factories
from tests.factories import NOON
from tests.reports.publishing import alter, fresh, publish, saw
from tracks.errors import InvalidInput
from tracks.models import AuditEntry, Sprint, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def sprint() -> Sprint:
    sprint = factories.create_sprint()
    factories.create_baseline(sprint=sprint, passed=3)
    track = factories.create_track(sprint=sprint)
    factories.create_run(track=track, passed=2, failed=1)
    return fresh(sprint)


@pytest.fixture
def tess(sprint) -> User:
    return factories.create_member(project=sprint.project, name="Tess")


def test_an_edition_keeps_what_was_seen_and_who_published_it_and_when(sprint, tess):
    seen = saw(sprint)
    made = Publication.objects.get(pk=publish(sprint, by=tess, note=" after retest 1 ", seen=seen).pk)
    assert (made.number, made.by, made.by_name, made.at) == (1, tess, "Tess", NOON)
    assert made.note == "after retest 1"
    assert made.content["figures"]["track.A.passed"]["value"] == 2
    assert is_intact(made)


def test_editions_are_numbered_in_their_sprint(sprint, tess):
    other = factories.create_sprint(project=sprint.project, name="Sprint 2")
    numbers = [publish(each, by=tess).number for each in (sprint, other, sprint)]
    assert numbers == [1, 1, 2]
    latest = latest_editions(sprint.project)
    assert {each.sprint_id: each.number for each in latest.values()} == {sprint.pk: 2, other.pk: 1}


def test_what_moved_since_it_was_seen_is_told_and_nothing_is_published(sprint, tess):
    seen = saw(sprint)
    factories.create_run(track=sprint.tracks.get(), passed=3)
    with pytest.raises(ReportMoved) as refused:
        publish(sprint, by=tess, seen=seen)
    assert "passed in A: 3; you saw 2." in " ".join(refused.value.differences)
    assert not Publication.objects.exists()


@pytest.mark.parametrize("note", ["two\nlines", "x" * 201, "a\0b"])
def test_a_note_that_cannot_be_kept_is_refused(sprint, tess, note):
    with pytest.raises(InvalidInput) as refused:
        publish(sprint, by=tess, note=note)
    assert refused.value.field == "note"


def test_the_database_refuses_to_alter_an_edition(sprint, tess):
    made = publish(sprint, by=tess)
    with pytest.raises(DatabaseError), transaction.atomic():
        Publication.objects.filter(pk=made.pk).update(by_name="Olga")


def test_whoever_gets_past_that_is_found_out_wherever_the_edition_is_read(sprint, tess):
    publish(sprint, by=tess)
    altered = alter(Publication.objects.get())
    assert not is_intact(altered)
    for kind in (Format.MARKDOWN, Format.HTML, Format.JSON, Format.PDF):
        made = file_of(kind, altered.content, edition_of(altered))
        told = (
            "".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages) if kind == "pdf" else ""
        )
        told = told or made.decode()
        assert "does not match" in told or '"is_intact": false' in told, kind


def test_who_has_the_json_alone_can_compute_its_digest(sprint, tess):
    """As docs/report.md says, and with nothing of the product."""
    made = publish(sprint, by=tess, note="after rêtest 1")
    told = json.loads(file_of(Format.JSON, made.content, edition_of(made)))
    digest, edition = told.pop("digest"), told.pop("edition")
    whole = {"content": told} | {key: edition[key] for key in ("number", "by", "at", "note")}
    canonical = json.dumps(whole, sort_keys=True, separators=(",", ":"))
    assert sha256(canonical.encode()).hexdigest() == digest == made.digest


def test_a_number_of_an_edition_that_was_deleted_is_not_given_again(sprint, tess):
    publish(sprint, by=tess)
    publish(sprint, by=tess).delete()
    assert publish(sprint, by=tess).number == 3


def test_an_account_that_is_removed_leaves_the_edition_as_it_was(sprint, tess):
    made = publish(sprint, by=tess)
    tess.delete()
    made = Publication.objects.get(pk=made.pk)
    assert (made.by, made.by_name) == (None, "Tess")
    assert is_intact(made)


def test_the_digest_is_over_the_moment_wherever_it_is_told(sprint, tess):
    here = (NOON + timedelta(microseconds=7)).astimezone(UTC)
    assert is_intact(Publication.objects.get(pk=publish(sprint, by=tess, now=here).pk))


def test_a_publication_leaves_an_entry(sprint, tess):
    made = publish(sprint, by=tess)
    entry = AuditEntry.objects.get(action="publication.made")
    assert (entry.actor, entry.after["digest"]) == (tess, made.digest)


def test_a_number_is_given_once(sprint, tess):
    made = publish(sprint, by=tess)
    made.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)
