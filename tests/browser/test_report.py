"""A tester's way to a report: write, preview, publish, a retest, still right, publish, compare, share."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import factories
from tests.reports.approving import create_ready_track, lead, retest
from tests.reports.publishing import publish
from tracks.models import Track

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def track(monkeypatch, sign_in: Callable) -> Track:
    monkeypatch.setattr("tracks.doorbell.ring", lambda *_, **__: None)
    monkeypatch.setattr("tracks.doorbell.tell_of_rendering", lambda _: None)
    track = create_ready_track(passed=2, failed=1)
    sign_in(factories.create_member(project=track.sprint.project, name="Tess"))
    return track


def test_a_tester_writes_publishes_compares_and_shares(
    quiet_page: Page, browser: Browser, live_server, track
):
    page, place = quiet_page, f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}"
    page.goto(f"{live_server.url}{place}/")
    page.get_by_role("link", name="Report", exact=True).click()
    page.get_by_role("link", name="Edit Key concerns").click()
    page.get_by_label("Your words").fill("Only ")
    page.get_by_label("Find a figure").fill("track.A.passed")
    page.get_by_role("button", name="{{track.A.passed}}").click()
    expect(page.get_by_label("Your words")).to_have_value("Only {{track.A.passed}}")
    page.get_by_label("Your words").press_sequentially(" tests pass.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview")).to_contain_text("Only 2 tests pass.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("“Key concerns” is saved.")).to_be_visible()

    page.get_by_label("What this edition is").fill("before the retest")
    page.get_by_role("button", name="Publish this report").click()
    expect(page.get_by_text("✓ it matches")).to_be_visible()
    expect(page.get_by_text("Only 2 tests pass.")).to_be_visible()

    retest(track, passed=3)
    page.goto(f"{live_server.url}{place}/report/")
    expect(page.get_by_role("button", name="Publish this report")).to_be_disabled()
    page.get_by_role("button", name="Still right").click()
    page.get_by_role("button", name="Publish this report").click()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("row", name="passed in A 2 3")).to_contain_text("better")

    page.goto(f"{live_server.url}{place}/reports/2/")
    page.get_by_label("For whom").fill("The customer")
    page.get_by_role("button", name="Make a link").click()
    address = page.locator("#share-address").inner_text()
    stranger = browser.new_context()
    reading = stranger.new_page()
    reading.goto(address)
    expect(reading.get_by_text("Only 3 tests pass.")).to_be_visible()
    page.get_by_role("link", name="Report", exact=True).click()
    page.get_by_role("link", name="report 2", exact=True).first.click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Revoke").click()
    page.get_by_text("revoked or expired").click()
    expect(page.get_by_role("cell", name="revoked")).to_be_visible()
    reading.reload()
    expect(reading.get_by_text("Nothing to read here")).to_be_visible()
    stranger.close()


def test_on_a_narrow_screen_nothing_overflows(quiet_page: Page, live_server, track):
    place = f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}"
    for note in ("W" * 200, "again"):
        publish(track.sprint, by=lead(track), note=note)
        retest(track, passed=3)
    quiet_page.set_viewport_size({"width": 390, "height": 800})
    for path in ("/report/", "/report/words/concerns/", "/reports/1/", "/reports/2/since/1/"):
        quiet_page.goto(f"{live_server.url}{place}{path}")
        assert quiet_page.evaluate("document.documentElement.scrollWidth") <= 390, path
