"""Findings in a browser: tests are chosen by keys, the finding is recorded; no page is wider than a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tracks import doorbell
from tracks.finding_statuses import Severity
from tracks.statuses import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RESULTS = {"app/a.py::one": "failed", "app/a.py::two": "error", "app/a.py::three": "failed"}


@pytest.fixture
def track(sign_in: Callable, monkeypatch):
    monkeypatch.setattr(doorbell, "ring", lambda *_, **__: None)
    track = factories.create_track(branch="fix/prices")
    sign_in(factories.create_member(project=track.sprint.project, role=Role.TESTER))
    return track


def test_chosen_tests_become_a_finding_without_a_mouse(quiet_page: Page, live_server, track):
    run = factories.create_run(track=track, results=RESULTS)
    quiet_page.goto(f"{live_server.url}/p/{track.sprint.project.slug}/runs/{run.pk}/")
    for test in ("app/a.py::one", "app/a.py::three"):
        quiet_page.get_by_label(f"Choose {test}").focus()
        quiet_page.keyboard.press("Space")
    quiet_page.get_by_role("button", name="Record a finding of the chosen tests").focus()
    quiet_page.keyboard.press("Enter")
    expect(quiet_page.get_by_label("Affected tests")).to_have_value("app/a.py::one\napp/a.py::three")
    quiet_page.get_by_label("Title").fill("No price for BTC")
    quiet_page.keyboard.press("Enter")
    expect(quiet_page.get_by_role("heading", level=1)).to_have_text("A-1 No price for BTC")
    expect(quiet_page.get_by_role("status")).to_have_text("A-1 is recorded.")


def test_the_first_field_that_is_refused_has_the_focus(quiet_page: Page, live_server, track):
    place = f"{live_server.url}/p/{track.sprint.project.slug}/s/{track.sprint.slug}/t/{track.key}"
    quiet_page.goto(f"{place}/findings/new")
    quiet_page.get_by_label("Title").fill("No price for BTC")
    quiet_page.get_by_label("Affected tests").fill("app/a.py::nowhere")
    quiet_page.get_by_role("button", name="Record it").click()
    expect(quiet_page.get_by_label("Affected tests")).to_be_focused()
    expect(quiet_page.get_by_text("This project has no test 'app/a.py::nowhere'.")).to_be_in_viewport()


def test_all_of_a_page_are_chosen_at_once(quiet_page: Page, live_server, track):
    for title in ("One", "Two"):
        factories.create_finding(track=track, title=title)
    quiet_page.goto(f"{live_server.url}/p/{track.sprint.project.slug}/findings/")
    quiet_page.get_by_label("Choose all on this page").check()
    quiet_page.get_by_text("Change what is chosen").click()
    quiet_page.locator("#all-severity").select_option("critical")
    quiet_page.get_by_role("button", name="Change them").click()
    expect(quiet_page.get_by_text("critical")).to_have_count(2 + 2)  # in the table and to be chosen from


def test_on_a_narrow_screen_nothing_overflows(quiet_page: Page, live_server, track):
    run = factories.create_run(track=track, results=RESULTS)
    finding = factories.create_finding(
        track=track, title="W" * 200, severity=Severity.CRITICAL, evidence=f"`{'w' * 400}`", tests=[1, 2]
    )
    project, track_path = track.sprint.project.slug, f"s/{track.sprint.slug}/t/{track.key}"
    quiet_page.set_viewport_size({"width": 390, "height": 800})
    for path in (
        "findings/",
        "branches/fix/prices/",
        f"{track_path}/findings/{finding.number}/",
        f"{track_path}/findings/new?run={run.pk}&test=1",
    ):
        quiet_page.goto(f"{live_server.url}/p/{project}/{path}")
        assert quiet_page.evaluate("document.documentElement.scrollWidth") <= 390, path
