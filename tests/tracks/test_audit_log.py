"""The audit log can only grow, and what was altered behind the product's back is found."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, OperationalError, ProgrammingError, connection, connections, transaction

from tests import factories
from tracks import actions, chain, queries, tasks
from tracks.actions import audit
from tracks.models import AuditEntry, AuditLink
from tracks.statuses import NoticeKind
from tracks.web.accounts import InvitedOnly

pytestmark = pytest.mark.django_db

REFUSED = (InternalError, ProgrammingError)


def leave(count: int = 1, *, action: str = "thing.done") -> None:
    for number in range(count):
        audit.audit(action, AuditEntry(pk=number), actor=None, project=None, after={"ü": [number, 0.1]})


def verify(**options: str) -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out, **options)
    return out.getvalue()


@contextmanager
def tampering():
    """As somebody works who has all rights in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # those of what the test made itself
        cursor.execute("SET session_replication_role = replica")
        yield cursor
        cursor.execute("SET session_replication_role = DEFAULT")


class TestItCanOnlyGrow:
    @pytest.mark.parametrize(
        "change",
        [
            lambda: AuditEntry.objects.update(action="x"),
            lambda: AuditEntry.objects.filter(link=None).delete(),
            lambda: AuditLink.objects.update(digest="x"),
            lambda: AuditLink.objects.all().delete(),
        ],
        ids=["an entry changed", "an entry deleted", "a link changed", "a link deleted"],
    )
    def test_the_database_refuses(self, change):
        leave()
        actions.link_entries()
        leave()
        with pytest.raises(REFUSED, match="append-only"), transaction.atomic():
            change()

    def test_a_project_and_a_person_may_go_and_their_names_stay(self):
        lena = factories.create_user(name="Lena")
        project = factories.create_project(by=lena, name="Ledger of Lena")
        key = lena.pk
        project.delete()
        lena.delete()
        entry = AuditEntry.objects.select_related("actor", "project").get(action="project.created")
        assert (entry.actor_id, entry.actor_name, entry.project_slug) == (key, "Lena", "ledger-of-lena")
        assert entry.actor is None and entry.project is None


class TestLinking:
    def test_every_entry_is_linked_once_in_order(self, monkeypatch):
        monkeypatch.setattr(audit, "AT_ONCE", 3)
        leave(8)
        actions.link_entries()
        actions.link_entries(everywhere=True)
        links = AuditLink.objects.order_by("number")
        assert [link.number for link in links] == [*range(1, links.count() + 1)]
        assert [link.entry_id for link in links] == sorted(AuditEntry.objects.values_list("pk", flat=True))
        assert verify().startswith("8 entries are linked; 0 are not linked yet.\nThe chain holds.")

    def test_it_follows_the_commit(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            leave(2)
            assert not AuditLink.objects.exists()
        assert AuditLink.objects.count() == 2

    def test_an_entry_that_comes_late_is_linked_behind_later_ones(self):
        leave(2)
        early, late = AuditEntry.objects.order_by("pk")
        AuditLink.objects.create(
            number=1, entry=late, digest=chain.digest(chain.FIRST, 1, queries.chained(late))
        )
        audit.link_latest_entries()
        assert AuditLink.objects.get(number=2).entry == early
        assert "The chain holds." in verify()

    def test_what_is_very_late_is_found_by_who_looks_everywhere(self, monkeypatch):
        monkeypatch.setattr(audit, "LATE", 1)
        leave(3)
        last = AuditEntry.objects.first()
        AuditLink.objects.create(
            number=1, entry=last, digest=chain.digest(chain.FIRST, 1, queries.chained(last))
        )
        audit.link_latest_entries()
        tasks.link_entries()
        assert AuditLink.objects.count() == 1
        tasks.link_all_entries()
        assert AuditLink.objects.count() == 3

    def test_a_long_log_is_linked_some_at_a_time(self, monkeypatch):
        monkeypatch.setattr(audit, "AT_ONCE", 2)
        monkeypatch.setattr(audit, "TIMES", 3)
        leave(10)
        tasks.link_entries()
        assert AuditLink.objects.count() == 6
        tasks.link_entries()
        assert AuditLink.objects.count() == 10
        assert "The chain holds." in verify()

    def test_a_database_that_does_not_answer_ends_no_timer(self, monkeypatch):
        def silent(**_: object) -> None:
            raise OperationalError

        monkeypatch.setattr(actions, "link_entries", silent)
        tasks.link_entries()
        tasks.link_all_entries()


@pytest.mark.django_db(transaction=True)
def test_many_who_link_at_the_same_moment_make_one_chain():
    start = threading.Barrier(6)

    def act() -> None:
        start.wait(10)
        try:
            for _ in range(5):
                with transaction.atomic():
                    leave(2)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert verify().startswith("60 entries are linked; 0 are not linked yet.")


class TestWhatWasAlteredIsNamed:
    @pytest.fixture(autouse=True)
    def _chain(self):
        leave(2)
        leave(action="thing.third")
        leave(2)
        actions.link_entries()
        self.third = AuditEntry.objects.get(action="thing.third")

    def broken(self) -> str:
        with pytest.raises(CommandError) as raised:
            verify()
        assert raised.value.returncode == 1
        return str(raised.value)

    @pytest.mark.parametrize(
        "change",
        [
            "action = 'thing.other'",
            "after = '{}'",
            "at = at + interval '1 microsecond'",
            "actor_name = 'Olga'",
            "actor_id = 7",
            "request_id = 'x'",
            "subject = 'run:1'",
            "project_slug = 'x'",
        ],
    )
    def test_an_entry_that_was_changed(self, change):
        with tampering() as cursor:
            cursor.execute(f"UPDATE tracks_auditentry SET {change} WHERE id = %s", [self.third.pk])
        assert f"at link 3: its entry was changed. Entry {self.third.pk}, thing." in self.broken()

    def test_an_entry_that_is_missing(self):
        with tampering() as cursor:
            cursor.execute("DELETE FROM tracks_auditentry WHERE id = %s", [self.third.pk])
        assert f"at link 3: its entry {self.third.pk} is missing" in self.broken()

    def test_an_entry_that_is_missing_with_its_link(self):
        with tampering() as cursor:
            cursor.execute("DELETE FROM tracks_auditlink WHERE number = 3")
            cursor.execute("DELETE FROM tracks_auditentry WHERE id = %s", [self.third.pk])
        assert "at link 3: its link is missing" in self.broken()

    def test_a_digest_that_was_changed(self):
        with tampering() as cursor:
            cursor.execute("UPDATE tracks_auditlink SET digest = %s WHERE number = 3", ["0" * 64])
        assert "at link 3: its digest was changed" in self.broken()

    def test_the_last_entry_that_was_changed(self):
        with tampering() as cursor:
            cursor.execute("UPDATE tracks_auditentry SET after = '{}' WHERE id = %s", [self.third.pk + 2])
        assert "at link 5: its entry or its digest was changed" in self.broken()

    def test_an_end_that_was_cut_off_is_found_by_who_wrote_its_digest_down(self):
        head = verify().rsplit(" ", 1)[1].strip()
        assert "The chain holds." in verify(expect=head)
        with tampering() as cursor:
            cursor.execute("DELETE FROM tracks_auditlink WHERE number = 5")
            cursor.execute("DELETE FROM tracks_auditentry WHERE id = %s", [self.third.pk + 2])
        assert "The chain holds." in verify()
        with pytest.raises(CommandError, match="does not lead back to link 5"):
            verify(expect=head)


def test_it_is_walked_some_links_at_a_time(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("tracks.queries.audit._CHUNK", 4)
    leave(9)
    actions.link_entries()
    with django_assert_num_queries(7):  # three times links and their entries, and the end
        assert queries.first_break() is None


def test_a_digest_does_not_depend_on_the_time_zone_or_the_order_of_keys():
    berlin = factories.NOON.astimezone(tz=None)
    one = {"at": factories.NOON, "after": {"a": 1, "b": 2}}
    other = {"after": {"b": 2, "a": 1}, "at": berlin}
    assert chain.digest(chain.FIRST, 1, one) == chain.digest(chain.FIRST, 1, other)
    later = one | {"at": factories.NOON + timedelta(microseconds=1)}
    assert chain.digest(chain.FIRST, 1, one) != chain.digest(chain.FIRST, 1, later)


@pytest.mark.parametrize("expect", ["x", "1", "1:", ":abc"])
def test_what_is_expected_has_a_form(expect):
    with pytest.raises(CommandError, match="its number, a colon and its digest"):
        verify(expect=expect)


class TestWhatAnEntryTells:
    def last(self, action: str) -> AuditEntry:
        return AuditEntry.objects.filter(action=action).latest("pk")

    def test_of_a_track_its_owner_and_what_it_depends_on(self):
        track = factories.create_track()
        other = factories.create_track(sprint=track.sprint, key="B")
        lena = track.sprint.project.created_by
        told = {"name": track.name, "branch": track.branch, "checks_only": False}
        actions.change_track(track, by=lena, owner=lena, depends_on=[other], **told)
        entry = self.last("track.changed")
        assert (entry.before["owner"], entry.before["depends_on"]) == (None, [])
        assert (entry.after["owner"], entry.after["depends_on"]) == ("Lena", ["B"])

    def test_of_a_secret_whom_it_was_and_is_given_to_and_never_its_value(self):
        project = factories.create_project()
        for every_branch in (False, True):
            actions.set_secret(
                project,
                name="TOKEN",
                value="0123456789",
                every_branch=every_branch,
                by=project.created_by,
                now=factories.NOON,
            )
        entry = self.last("secret.set")
        assert (entry.before["every_branch"], entry.after["every_branch"]) == (False, True)
        assert "0123456789" not in str([entry.before, entry.after])

    def test_of_an_account_that_it_was_made(self):
        tess = factories.create_user(name="Tess", email="tess@example.org")
        assert self.last("user.created").subject == f"user:{tess.pk}"

    def test_of_a_choice_of_notices_only_one_that_changes_something(self):
        tess = factories.create_user()
        for on_page in (True, False, False):
            actions.choose(tess, NoticeKind.COMMITS, on_page=on_page, by_mail=True)
        (entry,) = AuditEntry.objects.filter(action="notices.chosen")
        assert (entry.before["on_page"], entry.after["on_page"]) == (True, False)

    def test_of_another_password_that_there_is_one(self):
        tess = factories.create_user()
        InvitedOnly().set_password(tess, "a better staple")
        assert self.last("user.password_changed").actor == tess
