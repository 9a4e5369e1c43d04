"""People are told what concerns them, as they have chosen, and in batches by e-mail."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import get_connection

from tests import factories
from tests.factories import NOON
from tracks import actions, queries
from tracks.finding_statuses import FindingKind, FindingStatus
from tracks.models import Notice, Track, User
from tracks.statuses import NoticeKind, Role

pytestmark = pytest.mark.django_db

AFTER = timedelta(minutes=5)
KIND = NoticeKind.CLAIMED


@pytest.fixture
def track() -> Track:
    return factories.create_track()


@pytest.fixture
def tess(track) -> User:
    return factories.create_member(project=track.sprint.project, role=Role.TESTER)


def tell(
    track: Track, *people: User, text: str = "A-1 is claimed.", by: User | None = None, now=NOON
) -> None:
    actions.tell(KIND, people, text, track=track, by=by, now=now)


def send(now=NOON + AFTER) -> None:
    actions.send_mail_due(after=AFTER, root="https://qa.example.org", now=now)


def test_who_did_it_is_not_told(track, tess):
    tell(track, tess, by=tess)
    assert not Notice.objects.exists()


def test_a_closed_account_is_not_told(track, tess):
    tess.is_active = False
    tell(track, tess)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("on_page", "by_mail", "notices", "messages"),
    [(True, True, 1, 1), (True, False, 1, 0), (False, True, 0, 1), (False, False, 0, 0)],
)
def test_everybody_is_told_as_they_have_chosen(track, tess, on_page, by_mail, notices, messages):
    actions.choose(tess, KIND, on_page=on_page, by_mail=by_mail)
    tell(track, tess)
    send()
    assert queries.unread_notices(tess) == queries.notices_of(tess).count() == notices
    assert len(mail.outbox) == messages


def test_another_kind_is_not_switched_off_with_it(track, tess):
    actions.choose(tess, NoticeKind.COMMENTED, on_page=False, by_mail=False)
    tell(track, tess)
    assert queries.unread_notices(tess) == 1


def test_what_gathers_in_a_while_goes_into_one_message(track, tess):
    tell(track, tess, text="A-1 is claimed.")
    tell(track, tess, text="A-2 is claimed.", now=NOON + AFTER / 2)
    send(NOON + AFTER / 2)
    assert mail.outbox == []
    send()
    (message,) = mail.outbox
    assert message.to == [tess.email]
    assert message.subject == "2 news from OMC QA"
    assert message.body.index("A-1") < message.body.index("A-2")
    path = f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}/t/A/"
    assert f"https://qa.example.org{path}" in message.body


def test_a_message_is_sent_once(track, tess):
    tell(track, tess)
    send()
    send()
    assert len(mail.outbox) == 1


def test_a_text_of_many_lines_makes_a_subject_of_one(track, tess):
    tell(track, tess, text="one\r\nBcc: everybody@example.org")
    send()
    assert mail.outbox[0].subject == "one Bcc: everybody@example.org"
    assert mail.outbox[0].recipients() == [tess.email]


def test_a_mail_server_that_says_nothing_is_not_waited_for_for_ever():
    assert 0 < get_connection("django.core.mail.backends.smtp.EmailBackend").timeout <= 60


@pytest.mark.parametrize("problem", [ConnectionRefusedError, ValueError], ids=["of the net", "of ours"])
def test_what_cannot_be_sent_stays_due_and_keeps_nobody_elses(track, tess, monkeypatch, problem):
    lena = factories.create_member(project=track.sprint.project, role=Role.LEAD, name="Lena")
    tell(track, tess, lena)

    def refuse(subject, body, sender, recipients):
        if recipients == [tess.email]:
            raise problem
        sent.append(recipients)

    sent: list[list[str]] = []
    monkeypatch.setattr("tracks.actions.notices.send_mail", refuse)
    send()
    assert sent == [[lena.email]]
    assert [notice.user for notice in Notice.objects.filter(mail_due=True)] == [tess]


def test_who_left_the_project_no_longer_sees_what_it_told(track, tess):
    tell(track, tess)
    actions.remove_member(tess.memberships.get(), by=track.sprint.project.created_by)
    tell(track, tess)
    send()
    assert not queries.notices_of(tess)
    assert queries.unread_notices(tess) == 0
    assert mail.outbox == []


class TestWhomAFindingConcerns:
    """Told on the page; Lena records it, Dev is to mend it."""

    @pytest.fixture
    def dev(self, track) -> User:
        return factories.create_member(project=track.sprint.project, role=Role.DEVELOPER, name="Dev")

    @pytest.fixture
    def lena(self, track) -> User:
        return track.sprint.project.created_by

    def told(self) -> list[tuple[str, str]]:
        return list(Notice.objects.order_by("pk").values_list("user__first_name", "kind"))

    def test_who_is_assigned(self, track, dev, lena, tess):
        finding = factories.create_finding(track=track, assignee=dev)
        assert self.told() == [("Dev", NoticeKind.ASSIGNED)]
        actions.findings.change_findings([finding], assignee=tess, by=lena, now=NOON)
        assert self.told()[1:] == [("Tess", NoticeKind.ASSIGNED)]

    def test_who_recorded_it_when_it_is_claimed_and_who_claimed_it_when_it_is_ruled(self, track, dev, tess):
        finding = factories.create_finding(track=track)
        claim = actions.findings.claim_fix([finding], sha="a" * 40, note="", by=dev, now=NOON)
        assert self.told() == [("Lena", NoticeKind.CLAIMED)]
        retest = factories.play(claim.run, passed=1)
        actions.findings.rule(
            finding, retest, fixed=False, verdict="same error persists", reason="", by=tess, now=NOON
        )
        assert sorted(self.told()[1:]) == [("Dev", NoticeKind.RULED), ("Lena", NoticeKind.RULED)]

    def test_everybody_who_has_a_part_in_it_when_somebody_comments(self, track, dev, tess):
        finding = factories.create_finding(track=track, assignee=dev)
        actions.findings.comment(finding, text="Which price?", by=tess, now=NOON)
        actions.findings.comment(finding, text="That of BTC.", by=dev, now=NOON)
        assert sorted(self.told()[1:]) == sorted(
            [
                ("Lena", NoticeKind.COMMENTED),
                ("Dev", NoticeKind.COMMENTED),
                ("Lena", NoticeKind.COMMENTED),
                ("Tess", NoticeKind.COMMENTED),
            ]
        )

    def test_who_has_a_part_in_it_when_its_status_is_set(self, track, dev, lena, tess):
        finding = factories.create_finding(track=track, assignee=dev)
        actions.findings.set_status([finding], FindingStatus.WONT_FIX, note="So.", by=tess, now=NOON)
        assert sorted(self.told()[1:]) == [("Dev", NoticeKind.RULED), ("Lena", NoticeKind.RULED)]
        assert "set it to “won't fix”" in Notice.objects.first().text

    def test_who_asked_when_a_question_is_decided_and_the_leads_when_it_is_open_again(self, track, lena):
        olga = factories.create_member(project=track.sprint.project, role=Role.LEAD, name="Olga")
        question = factories.create_question(track=track)
        actions.findings.decide_question(question, choice=0, reason="So.", by=olga, now=NOON)
        assert self.told()[1:] == [("Lena", NoticeKind.RULED)]
        assert "Olga decided for “The first”" in Notice.objects.first().text
        actions.findings.set_status([question], FindingStatus.OPEN, note="No.", by=lena, now=NOON)
        assert self.told()[2:] == [("Olga", NoticeKind.DECIDE)]

    def test_the_leads_when_a_finding_becomes_a_question(self, track, lena):
        factories.create_member(project=track.sprint.project, role=Role.LEAD, name="Olga")
        options = [{"text": each, "pros": "", "cons": ""} for each in ("Yes", "No")]
        finding = factories.create_finding(track=track, options=options)
        actions.findings.change_findings([finding], kind=FindingKind.QUESTION, by=lena, now=NOON)
        assert self.told() == [("Olga", NoticeKind.DECIDE)]

    def test_the_leads_of_a_question(self, track, tess):
        other = factories.create_member(project=track.sprint.project, role=Role.LEAD, name="Olga")
        factories.create_question(track=track)
        assert self.told() == [("Olga", NoticeKind.DECIDE)]
        assert Notice.objects.get().user == other
