"""A lead's way in a browser: gates ─ a push meanwhile ─ approval with a condition ─ another push ─ stale."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import factories
from tests.omc_qa.cli.repositories import commit, create_repository, git
from tests.reports.approving import lead, retest
from tracks import doorbell
from tracks.finding_statuses import Severity
from tracks.models import Track

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def repository(tmp_path):
    repository = create_repository(tmp_path / "ledger", {"prices.py": "BTC = 1\n"})
    commit(repository, {"prices.py": "BTC = 2\n"}, branch="fix/prices")
    return repository


@pytest.fixture
def track(repository, monkeypatch, sign_in: Callable) -> Track:
    """Tested at its head, where it came out as its baseline did."""
    monkeypatch.setattr(doorbell, "ring", lambda *_, **__: None)
    monkeypatch.setattr(doorbell, "tell_of_heads", lambda _: None)
    project = factories.create_project(repository=str(repository))
    project.trusted = True
    project.save()
    sprint = factories.create_sprint(project=project)
    factories.create_baseline(sprint=sprint, at=git(repository, "rev-parse", "main"), passed=3)
    track = factories.create_track(sprint=sprint, branch="fix/prices")
    retest(track, at=git(repository, "rev-parse", "HEAD"), passed=3)
    sign_in(lead(track))
    return track


def test_what_is_pushed_while_a_lead_decides_is_seen_and_what_is_pushed_later_makes_it_stale(
    quiet_page: Page, live_server, track, repository
):
    page, place = quiet_page, f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}"
    finding = factories.create_finding(track=track, severity=Severity.LOW)
    page.goto(f"{live_server.url}{place}/")
    page.get_by_role("region", name="Waiting for you").get_by_role("link", name="A").click()
    expect(page.get_by_text("The gates speak for: approve")).to_be_visible()

    pushed = commit(repository, {"prices.py": "BTC = 3\n"})
    page.get_by_label("approved", exact=True).check()
    page.get_by_label("Rationale").fill("The prices are **right**.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text(f"The branch is at {pushed[:7]}; you saw")).to_be_visible()
    expect(page.get_by_label("Rationale")).to_have_value("The prices are **right**.")
    expect(page.get_by_label("approved", exact=True)).to_be_disabled()

    retest(track, at=pushed, passed=3)
    page.goto(f"{live_server.url}{place}/t/A/decide")
    expect(page.get_by_label("What has to follow").first).to_be_hidden()
    page.get_by_label("approved with conditions").check()
    page.get_by_label("Rationale").fill("The prices are **right**.")
    page.get_by_label("What has to follow").first.fill("A test of it")
    page.get_by_label("It is met when").first.select_option(f"finding:{finding.pk}")
    page.get_by_label("Due, the last day").first.fill(timezone.now().date().isoformat())
    page.get_by_role("button", name="Decide").click()
    decision = page.locator("#decision")
    expect(decision).to_contain_text(f"by Lena on {pushed[:7]}")
    expect(decision).to_contain_text("A test of it")

    again = commit(repository, {"prices.py": "BTC = 4\n"})
    page.get_by_role("button", name="Look for new commits").click()
    expect(decision).to_contain_text(f"The branch has new commits: it is at {again[:7]}")
    page.goto(f"{live_server.url}{place}/")
    expect(page.get_by_role("link", name="approved with conditions, stale")).to_be_visible()


def test_on_a_narrow_screen_nothing_overflows(quiet_page: Page, live_server, track):
    other = factories.create_track(sprint=track.sprint, key="B", name="W" * 120)
    other.depends_on.set([track])
    place = f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}"
    quiet_page.set_viewport_size({"width": 390, "height": 800})
    for path in ("/", "/t/A/", "/t/A/decide", "/t/B/decide"):
        quiet_page.goto(f"{live_server.url}{place}{path}")
        assert quiet_page.evaluate("document.documentElement.scrollWidth") <= 390, path
