"""The way from nothing to a baseline, as a lead walks it in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.tracks.web.repository import make_repository
from tracks.models import Project, Run
from tracks.web.accounts import sign_in_path

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def repository(tmp_path, settings) -> str:
    settings.ALLOW_LOCAL_REPOSITORIES = True
    return make_repository(tmp_path / "ledger", "main", "release", "it's-a-branch")


@pytest.fixture
def lena():
    return factories.create_user(name="Lena", email="lena@example.org")


def test_a_lead_sets_up_a_project_a_sprint_and_a_track(quiet_page, live_server, sign_in, lena, repository):
    page: Page = quiet_page
    sign_in(lena)
    page.goto(live_server.url)
    page.get_by_role("link", name="Add a project").click()
    page.get_by_label("Name of the project").fill("Ledger")
    page.get_by_label("Repository").fill(repository)
    page.get_by_label("Repository").press("Enter")
    page.get_by_label("Default branch").select_option("it's-a-branch")
    page.get_by_role("button", name="Go on").click()

    page.get_by_label("Before the tests").fill("make db")
    expect(page.get_by_text("The repository has 3 branches")).to_be_visible()
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("run once")).to_be_visible()
    factories.play(Run.objects.get(), passed=5, failed=1)
    expect(page.get_by_text("6 tests were collected: 5 passed, 1 failed.")).to_be_visible()
    page.get_by_role("link", name="Back to the commands").click()
    expect(page.get_by_label("Before the tests")).to_have_value("make db")
    page.get_by_role("link", name="The last trial").click()
    page.get_by_role("button", name="Save project").click()

    page.get_by_label("Name of the sprint").fill("Sprint 1")
    expect(page.get_by_label("Base branch")).to_have_value("it's-a-branch")
    page.get_by_role("button", name="Set up the sprint").click()
    page.get_by_role("link", name="Add the first track").click()
    page.get_by_label("Name", exact=True).fill("Data")
    page.get_by_label("Branch").fill("relase")
    page.get_by_role("button", name="Add the track").click()
    expect(page.get_by_text("has no branch named 'relase'")).to_be_visible()
    page.get_by_label("Branch").fill("release")
    page.get_by_role("button", name="Add the track").click()
    expect(page.get_by_role("row", name=re.compile("A Data"))).to_contain_text("release")

    page.get_by_role("button", name="Start the baseline").click()
    expect(page).to_have_url(re.compile("/runs/"))
    project = Project.objects.get()
    assert (project.draft, project.before) == (False, "make db")
    assert Run.objects.filter(sprint__name="Sprint 1", branch="it's-a-branch").exists()


def test_a_link_signs_in_with_the_keyboard_alone(quiet_page, live_server, lena):
    quiet_page.goto(live_server.url + sign_in_path(lena))
    expect(quiet_page.get_by_role("button", name="Sign in as Lena")).to_be_focused()
    quiet_page.keyboard.press("Enter")
    expect(quiet_page.get_by_text("You are in no project yet")).to_be_visible()


def test_a_lead_invites_and_changes_people(quiet_page, live_server, sign_in, lena):
    project = factories.create_project(name="Ledger", by=lena)
    factories.create_member(project=project, name="Dev")
    sign_in(lena)
    page: Page = quiet_page
    page.goto(f"{live_server.url}/p/ledger/people/")
    page.get_by_label("E-mail address").fill("tess@example.org")
    page.get_by_label("Role", exact=True).last.select_option("tester")
    page.get_by_role("button", name="Invite").click()
    expect(page.locator("#link")).to_contain_text("/invitations/")
    page.get_by_role("button", name="Revoke the invitation of tess@example.org").click()
    expect(page.get_by_text("its link does nothing any more")).to_be_visible()
    page.get_by_text("Change Dev").click()
    page.get_by_role("button", name="Remove Dev").click()
    expect(page.get_by_text("Dev is no member of Ledger any more.")).to_be_visible()


@pytest.mark.parametrize(
    "path", ["projects/new/", "p/ledger/people/", "p/ledger/settings/", "p/ledger/sprints/new/"]
)
def test_nothing_is_wider_than_a_phone(quiet_page, live_server, sign_in, lena, repository, path):
    factories.create_project(name="Ledger", by=lena, repository=repository)
    sign_in(lena)
    quiet_page.set_viewport_size({"width": 390, "height": 844})
    quiet_page.goto(f"{live_server.url}/{path}")
    assert quiet_page.evaluate("document.documentElement.scrollWidth") <= 390
