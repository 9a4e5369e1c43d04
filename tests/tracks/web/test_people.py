"""A project's people: who sees them, who changes them, and how an invitation is taken up."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tracks import actions
from tracks.errors import InvalidInput
from tracks.models import AuditEntry, Invitation, Membership, User
from tracks.statuses import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def lena() -> User:
    return factories.create_user(name="Lena", email="lena@example.org")


@pytest.fixture
def project(lena):
    return factories.create_project(name="Ledger", by=lena)


@pytest.fixture
def lead(client, lena) -> Client:
    client.force_login(lena)
    return client


def url(name: str, *rest: object) -> str:
    return reverse(f"tracks:{name}", args=["ledger", *rest])


def role_of(user: User) -> str | None:
    return Membership.objects.filter(user=user).values_list("role", flat=True).first()


def invited(project, *, role: Role = Role.TESTER, email: str = "tess@example.org") -> str:
    """The path of an open invitation's link."""
    token = actions.invite(project, email=email, role=role, by=project.created_by, now=timezone.now())
    return reverse("tracks:invitation", args=[token])


class TestThePage:
    def test_a_member_sees_who_is_in_and_why_there_are_no_forms(self, client, project):
        client.force_login(factories.create_member(project=project, role=Role.TESTER))
        page = client.get(url("people")).content.decode()
        assert "lena@example.org" in page
        assert "Only a lead may change the project" in page
        assert reverse("tracks:invite", args=["ledger"]) not in page

    def test_open_invitations_are_for_leads_only(self, client, project):
        invited(project)
        client.force_login(factories.create_member(project=project, role=Role.READER))
        assert "tess@example.org" not in client.get(url("people")).content.decode()

    def test_twenty_people_cost_as_many_queries_as_two(self, lead, project, django_assert_num_queries):
        def fill(count: int) -> None:
            for number in range(count):
                factories.create_member(project=project, name=f"Dev{number}")
                invited(project, email=f"x{Invitation.objects.count()}@example.org")

        fill(1)
        with django_assert_num_queries(7):  # session, person, notices, project, role; members, invitations
            lead.get(url("people"))
        fill(10)
        with django_assert_num_queries(7):
            lead.get(url("people"))


class TestRoles:
    def test_a_lead_gives_another_role(self, lead, project):
        dev = factories.create_member(project=project, role=Role.DEVELOPER, name="Dev")
        lead.post(url("change_role", dev.pk), {"role": "tester"})
        assert role_of(dev) == Role.TESTER
        assert AuditEntry.objects.filter(action="member.set", after={"role": "tester"}).exists()

    def test_the_only_lead_stays_one(self, lead, project, lena):
        for response in (
            lead.post(url("change_role", lena.pk), {"role": "reader"}, follow=True),
            lead.post(url("remove_member", lena.pk), follow=True),
        ):
            assert "Lena is the only lead of this project. Make another member a lead first." in (
                response.content.decode()
            )
        assert role_of(lena) == Role.LEAD

    def test_leads_who_remove_each_other_at_once_wait_for_each_other(self, project, lena):
        tess = factories.create_member(project=project, role=Role.LEAD, name="Tess")
        with CaptureQueriesContext(connection) as queries:
            actions.remove_member(Membership.objects.get(user=tess), by=lena)
        assert any("FOR UPDATE" in query["sql"] for query in queries)

    def test_one_of_two_leads_may_leave(self, lead, project, lena):
        factories.create_member(project=project, role=Role.LEAD, name="Tess")
        assert lead.post(url("remove_member", lena.pk)).url == reverse("home")
        assert lead.get(url("people")).status_code == 404

    def test_who_was_removed_sees_nothing_any_more(self, lead, project):
        dev = factories.create_member(project=project, name="Dev")
        lead.post(url("remove_member", dev.pk))
        devs = Client()
        devs.force_login(dev)
        assert devs.get(url("people")).status_code == 404

    def test_a_role_that_does_not_exist_changes_nothing(self, lead, project):
        dev = factories.create_member(project=project, role=Role.DEVELOPER, name="Dev")
        assert lead.post(url("change_role", dev.pk), {"role": "emperor"}).status_code == 400
        assert role_of(dev) == Role.DEVELOPER

    def test_members_of_other_projects_are_out_of_reach(self, lead, project):
        olga = factories.create_member(project=factories.create_project(), role=Role.LEAD, name="Olga")
        assert lead.post(url("remove_member", olga.pk)).status_code == 404
        assert role_of(olga) == Role.LEAD


class TestInviting:
    def test_shows_the_link_once_and_sends_it(self, lead, project):
        page = lead.post(url("invite"), {"email": "tess@example.org", "role": "tester"}).content.decode()
        (letter,) = mail.outbox
        assert letter.to == ["tess@example.org"]
        link = next(line for line in letter.body.splitlines() if line.startswith("http"))
        assert link in page
        assert link not in lead.get(url("people")).content.decode()

    def test_without_a_mail_server_the_page_says_to_hand_the_link_over(self, lead, project, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
        page = lead.post(url("invite"), {"email": "tess@example.org", "role": "tester"}).content.decode()
        assert "Hand over the link yourself" in page
        assert "/invitations/" in page

    def test_a_mail_server_that_refuses_does_not_lose_the_link(self, lead, project, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        page = lead.post(url("invite"), {"email": "tess@example.org", "role": "tester"}).content.decode()
        assert "Hand over the link yourself" in page

    def test_a_member_is_not_invited_again(self, lead, project):
        response = lead.post(url("invite"), {"email": "LENA@example.org", "role": "tester"})
        assert response.status_code == 422
        page = response.content.decode()
        assert "is a member of this project already" in page
        assert 'value="LENA@example.org"' in page

    def test_a_bad_address_is_refused_at_its_field(self, lead, project):
        response = lead.post(url("invite"), {"email": "tess at home", "role": "tester"})
        assert response.status_code == 422
        assert response.context["form"].errors["email"]

    def test_inviting_again_makes_the_first_link_useless(self, lead, project):
        first = invited(project)
        second = invited(project)
        assert Client().get(first).status_code == 410
        assert Client().get(second).status_code == 200

    def test_a_revoked_link_is_refused(self, lead, project):
        path = invited(project)
        page = lead.post(url("revoke_invitation", Invitation.objects.get().pk), follow=True).content.decode()
        assert "The invitation of tess@example.org is revoked" in page
        assert Client().get(path).status_code == 410

    def test_an_accepted_invitation_cannot_be_revoked(self, lead, project):
        invited(project)
        Invitation.objects.update(accepted_at=timezone.now())
        page = lead.post(url("revoke_invitation", Invitation.objects.get().pk), follow=True).content.decode()
        assert "This invitation is not open any more" in page


class TestTakingUpAnInvitation:
    answers = {"name": "Tess", "password": "correct horse battery"}

    def test_an_outsider_makes_an_account_and_is_a_member_signed_in(self, client, project):
        path = invited(project)
        assert "invites" in client.get(path).content.decode()
        assert client.post(path, self.answers).url == reverse("home")
        tess = User.objects.get(email="tess@example.org")
        assert (str(tess), role_of(tess)) == ("Tess", Role.TESTER)
        assert client.session["_auth_user_id"] == str(tess.pk)

    def test_it_works_once(self, client, project):
        path = invited(project)
        client.post(path, self.answers)
        response = Client().post(path, self.answers | {"name": "Olga"})
        assert response.status_code == 410
        assert "Ask a lead of the project for a new one" in response.content.decode()

    def test_a_weak_password_is_refused_at_its_field_and_the_name_is_kept(self, client, project):
        response = client.post(invited(project), self.answers | {"password": "password12"})
        assert response.status_code == 422
        assert "too common" in str(response.context["form"].errors["password"])
        assert 'value="Tess"' in response.content.decode()
        assert not User.objects.filter(email="tess@example.org").exists()

    def test_a_person_with_an_account_signs_in_first_and_comes_back(self, client, project):
        tess = factories.create_user(name="Tess", email="tess@example.org", password="correct horse battery")
        path = invited(project)
        page = client.get(path).content.decode()
        assert f"{reverse('account_login')}?next={path}" in page
        assert 'name="password"' not in page
        client.force_login(tess)
        assert client.post(path).url == reverse("home")
        assert role_of(tess) == Role.TESTER

    def test_another_account_is_told_which_one_becomes_the_member(self, client, project):
        client.force_login(factories.create_user(name="Dev", email="dev@example.org"))
        assert "another address than the invited one" in client.get(invited(project)).content.decode()

    def test_a_members_role_does_not_change_by_a_link(self, lead, project, lena):
        page = lead.post(invited(project, role=Role.READER)).content.decode()
        assert "You are a member of this project already" in page
        assert role_of(lena) == Role.LEAD
        assert Invitation.objects.filter(accepted_at=None).exists()

    def test_after_a_fortnight_it_is_refused(self, client, project):
        path = invited(project)
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert client.get(path).status_code == 410
        assert client.post(path, self.answers).status_code == 410

    def test_an_unknown_token_is_refused(self, client):
        assert client.get(reverse("tracks:invitation", args=["nothing"])).status_code == 410

    def test_an_action_on_an_expired_invitation_makes_no_account(self, project):
        invited(project)
        invitation = Invitation.objects.get()
        with pytest.raises(InvalidInput, match="has expired"):
            actions.join(invitation, name="Tess", password="correct horse battery", now=invitation.expires_at)
        assert not User.objects.filter(email="tess@example.org").exists()
