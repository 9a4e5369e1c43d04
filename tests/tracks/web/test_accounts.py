"""Signing in: by password, by link, within limits; and the page where a person lands."""

import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tracks import actions
from tracks.models import Project, User
from tracks.statuses import Role
from tracks.web import accounts
from tracks.web.accounts import sign_in_path

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _cheap_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def tess() -> User:
    return factories.create_user(name="Tess", email="tess@example.org", password=PASSWORD)


def sign_in(client: Client, password: str, email: str = "tess@example.org"):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def signed_in_as(client: Client) -> int | None:
    return int(client.session["_auth_user_id"]) if "_auth_user_id" in client.session else None


class TestPassword:
    def test_the_right_one_signs_in_and_leads_home(self, client, tess):
        response = sign_in(client, PASSWORD)
        assert (response.status_code, response.url) == (302, reverse("home"))
        assert signed_in_as(client) == tess.pk

    def test_the_address_may_be_typed_in_capitals(self, client, tess):
        assert sign_in(client, PASSWORD, "TESS@EXAMPLE.ORG").status_code == 302

    def test_a_wrong_one_keeps_the_address_and_says_so(self, client, tess):
        page = sign_in(client, "wrong").content.decode()
        assert "not correct" in page
        assert 'value="tess@example.org"' in page
        assert signed_in_as(client) is None

    def test_the_sixth_wrong_one_in_five_minutes_is_refused_and_then_the_right_one_too(self, client, tess):
        for _ in range(5):
            assert "not correct" in sign_in(client, "wrong").content.decode()
        assert "Too many failed" in sign_in(client, "wrong").content.decode()
        assert "Too many failed" in sign_in(client, PASSWORD).content.decode()
        assert signed_in_as(client) is None

    def test_one_persons_wrong_passwords_do_not_keep_another_out(self, client, tess):
        factories.create_user(name="Dev", email="dev@example.org", password=PASSWORD)
        for _ in range(6):
            sign_in(client, "wrong")
        assert sign_in(client, PASSWORD, "dev@example.org").status_code == 302

    def test_a_flood_from_one_address_meets_the_limit_page(self, client):
        for number in range(30):
            sign_in(client, "wrong", f"nobody{number}@example.org")
        response = sign_in(client, "wrong", "nobody@example.org")
        assert response.status_code == 429
        assert "Wait a minute" in response.content.decode()

    def test_a_closed_account_stays_out(self, client, tess):
        User.objects.filter(pk=tess.pk).update(is_active=False)
        sign_in(client, PASSWORD)
        assert signed_in_as(client) is None

    def test_nobody_can_sign_up(self, client):
        assert client.get("/accounts/signup/").status_code == 404

    def test_a_forgotten_one_is_set_anew_by_mail(self, client, tess):
        client.post(reverse("account_reset_password"), {"email": "tess@example.org"})
        (letter,) = mail.outbox
        assert letter.subject == "A new password for OMC QA"
        link = re.search(r"http://\S+", letter.body)[0]
        page = client.get(link, follow=True)
        new = {"password1": "another long one", "password2": "another long one"}
        client.post(page.request["PATH_INFO"], new)
        assert sign_in(client, "another long one").status_code == 302

    def test_a_forgotten_one_of_a_stranger_sends_no_mail_and_tells_nothing(self, client):
        response = client.post(reverse("account_reset_password"), {"email": "olga@example.org"})
        assert response.url == reverse("account_reset_password_done")
        assert mail.outbox == []

    def test_operators_sign_in_on_the_same_page_with_the_same_limits(self, client):
        response = client.get("/admin/login/?next=/admin/")
        assert response.url.startswith(reverse("account_login"))
        assert client.post("/admin/login/", {"username": "x", "password": "x"}).status_code == 302


class TestSignInLink:
    def test_opening_it_signs_nobody_in(self, client, tess):
        page = client.get(sign_in_path(tess)).content.decode()
        assert "Sign in as Tess" in page
        assert signed_in_as(client) is None

    def test_its_button_signs_in_again_and_again(self, tess):
        path = sign_in_path(tess)
        for client in (Client(), Client()):
            assert client.post(path).url == reverse("home")
            assert signed_in_as(client) == tess.pk

    def test_it_ends_whoever_was_signed_in_before(self, client, tess):
        client.force_login(factories.create_user(name="Lena"))
        client.post(sign_in_path(tess))
        assert signed_in_as(client) == tess.pk

    def test_after_a_day_it_says_so_and_what_to_do(self, client, tess, monkeypatch):
        path = sign_in_path(tess)
        monkeypatch.setattr(accounts, "LINK_LASTS", timedelta(seconds=-1))
        for response in (client.get(path), client.post(path)):
            assert response.status_code == 410
            assert "older than a day" in response.content.decode()
            assert "Ask whoever gave it to you" in response.content.decode()
        assert signed_in_as(client) is None

    @pytest.mark.parametrize("spoil", [lambda path: path[:-4] + "/", lambda path: path.replace(":", "x", 1)])
    def test_a_link_that_was_changed_is_refused(self, client, tess, spoil):
        assert client.post(spoil(sign_in_path(tess))).status_code == 410

    def test_a_new_password_ends_it(self, client, tess):
        path = sign_in_path(tess)
        tess.set_password("another long one")
        tess.save()
        assert client.post(path).status_code == 410

    def test_a_closed_account_has_none(self, client, tess):
        path = sign_in_path(tess)
        User.objects.filter(pk=tess.pk).update(is_active=False)
        assert client.post(path).status_code == 410

    def test_a_person_without_a_password_can_set_one(self, client):
        dev = factories.create_user(name="Dev", email="dev@example.org")
        client.post(sign_in_path(dev))
        assert client.get(reverse("account_change_password")).url == reverse("account_set_password")
        new = {"password1": PASSWORD, "password2": PASSWORD}
        assert client.post(reverse("account_set_password"), new).url == reverse("home")
        assert sign_in(Client(), PASSWORD, "dev@example.org").status_code == 302


class TestCookies:
    def test_the_session_is_out_of_reach_of_scripts_and_other_sites(self, client, tess):
        sign_in(client, PASSWORD)
        cookie = client.cookies["sessionid"]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")

    def test_where_the_site_is_served_by_https_cookies_travel_by_it_only(self):
        names = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"]
        code = f"from omc_qa import settings; print([getattr(settings, name) for name in {names}])"
        told = subprocess.run(
            ["env", "OMC_QA_HTTPS=1", sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert told.stdout.strip() == "[True, True, True, 31536000]"


class TestHome:
    @pytest.fixture(autouse=True)
    def _tess_is_signed_in(self, client, tess):
        client.force_login(tess)

    def test_without_a_project_it_says_what_to_do(self, client):
        page = client.get("/").content.decode()
        assert "You are in no project yet" in page
        assert reverse("tracks:new_project") in page

    def test_one_project_with_a_sprint_leads_to_its_board(self, client, tess):
        sprint = factories.create_sprint(project=factories.create_project(name="Ledger", by=tess))
        response = client.get("/")
        assert response.url == reverse("reports:sprint", args=["ledger", sprint.slug])
        assert "Ledger" in client.get(reverse("tracks:projects")).content.decode()

    def test_a_project_without_a_sprint_asks_for_its_first_one(self, client, tess):
        factories.create_project(name="Ledger", by=tess)
        assert reverse("tracks:new_sprint", args=["ledger"]) in client.get("/").content.decode()

    def test_a_reader_is_told_who_sets_up_sprints(self, client, tess):
        project = factories.create_project()
        actions.add_member(project, tess, Role.READER, by=None)
        page = client.get("/").content.decode()
        assert "a tester or a lead sets one up" in page
        assert reverse("tracks:new_sprint", args=[project.slug]) not in page

    def test_of_several_projects_each_shows_its_newest_sprint(self, client, tess):
        for name in ("Ledger", "Wallet"):
            project = factories.create_project(name=name, by=tess)
            factories.create_sprint(project=project, name=f"{name} 1")
            newest = factories.create_sprint(project=project, name=f"{name} 2")
            type(newest).objects.filter(pk=newest.pk).update(created_at=timezone.now())
        page = client.get("/").content.decode()
        assert "Ledger 2" in page and "Wallet 2" in page
        assert "Ledger 1" not in page

    def test_others_projects_and_drafts_are_not_there(self, client):
        factories.create_project(name="Secret")
        draft = factories.create_project(name="Draft")
        Project.objects.filter(pk=draft.pk).update(draft=True)
        page = client.get("/").content.decode()
        assert "Secret" not in page and "Draft" not in page

    def test_a_draft_of_ones_own_leads_back_into_the_wizard(self, client, tess):
        draft = factories.create_project(name="Ledger", by=tess)
        Project.objects.filter(pk=draft.pk).update(draft=True)
        assert reverse("tracks:commands", args=["ledger"]) in client.get("/").content.decode()

    def test_ten_projects_cost_as_many_queries_as_two(self, client, tess, django_assert_num_queries):
        for number in range(2):
            factories.create_sprint(project=factories.create_project(name=f"P{number}", by=tess))
        with django_assert_num_queries(5):  # session, person, notices; the choice, the list
            client.get("/")
        for number in range(2, 10):
            factories.create_sprint(project=factories.create_project(name=f"P{number}", by=tess))
        with django_assert_num_queries(5):
            client.get("/")
