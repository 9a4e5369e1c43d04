"""The dashboard in a browser: it follows a run, and works from the keyboard and on a narrow screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tracks import doorbell, repositories
from tracks.errors import SubjectError
from tracks.models import Run, Sprint, User
from tracks.statuses import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEFORE = {"app/a.py::one": "passed", "app/a.py::two": "failed", "app/b.py::three": "passed"}
AFTER = {"app/a.py::one": "failed", "app/a.py::two": "passed", "app/b.py::three": "error"}


@pytest.fixture(autouse=True)
def _nobody_rings(monkeypatch):
    monkeypatch.setattr(doorbell, "ring", lambda *_, **__: None)


@pytest.fixture
def sprint() -> Sprint:
    sprint = factories.create_sprint(name="Sprint 7")
    factories.create_baseline(sprint=sprint, results=BEFORE)
    return sprint


@pytest.fixture
def tess(sprint: Sprint, sign_in: Callable[[User], None]) -> User:
    user = factories.create_member(project=sprint.project, role=Role.TESTER, name="Tess")
    sign_in(user)
    return user


def board(sprint: Sprint) -> str:
    return f"/p/{sprint.project.slug}/s/{sprint.slug}/"


def page_of(run: Run) -> str:
    return f"/p/{run.project.slug}/runs/{run.pk}/"


def test_any_failing_test_is_two_clicks_from_the_board(quiet_page: Page, live_server, sprint, tess):
    factories.create_run(track=factories.create_track(sprint=sprint), results=AFTER)
    quiet_page.goto(live_server.url + board(sprint))
    quiet_page.get_by_role("link", name="1 newly failing").click()
    quiet_page.get_by_role("link", name="app/a.py::one").click()
    expect(quiet_page.get_by_role("region", name="Traceback")).to_contain_text("ledger/prices.py:12")


def test_a_run_page_follows_the_run_and_stops_asking(quiet_page: Page, live_server, sprint, tess):
    run = factories.start_run(track=factories.create_track(sprint=sprint))
    asked: list[str] = []
    quiet_page.on("request", lambda request: asked.append(request.url) if "/live" in request.url else None)
    quiet_page.goto(live_server.url + page_of(run))
    expect(quiet_page.get_by_text("Waiting for a worker")).to_be_visible()
    with quiet_page.expect_request("**/live*"):
        pass
    factories.play(run, results=AFTER)
    expect(quiet_page.get_by_text("the books balance")).to_be_visible(timeout=2000)
    expect(quiet_page.get_by_role("link", name="app/a.py::one").first).to_be_visible()
    expect(quiet_page.get_by_role("heading", name="What it changed")).to_be_visible()
    asked.clear()
    quiet_page.wait_for_timeout(2500)  # that nothing comes takes a while to see
    assert asked == []


def test_a_finished_test_appears_within_two_seconds(quiet_page: Page, live_server, sprint, tess):
    run = factories.start_run(track=factories.create_track(sprint=sprint))
    quiet_page.goto(live_server.url + page_of(run))
    factories.play(run, results={"app/a.py::one": "failed"}, ended=False)
    expect(quiet_page.get_by_role("link", name="app/a.py::one")).to_be_visible(timeout=2000)


def test_the_focus_survives_an_update(quiet_page: Page, live_server, sprint, tess):
    run = factories.start_run(track=factories.create_track(sprint=sprint))
    quiet_page.goto(live_server.url + page_of(run))
    cancel = quiet_page.get_by_role("button", name="Cancel")
    cancel.focus()
    factories.play(run, results={"app/a.py::one": "failed"}, ended=False)
    expect(quiet_page.get_by_role("link", name="app/a.py::one")).to_be_visible(timeout=2000)
    expect(cancel).to_be_focused()


def test_the_board_follows_and_stops(quiet_page: Page, live_server, sprint, tess):
    run = factories.start_run(track=factories.create_track(sprint=sprint))
    quiet_page.goto(live_server.url + board(sprint))
    expect(quiet_page.get_by_text("when it has ended")).to_be_visible()
    factories.play(run, results=AFTER)
    expect(quiet_page.get_by_role("link", name="1 newly failing")).to_be_visible(timeout=3000)
    assert quiet_page.locator("#board[hx-get]").count() == 0


def test_a_cause_loads_its_traceback_when_it_is_unfolded(quiet_page: Page, live_server, sprint, tess):
    run = factories.create_run(track=factories.create_track(sprint=sprint), results=AFTER)
    quiet_page.goto(live_server.url + page_of(run))
    quiet_page.locator("#causes .fold summary").first.click()
    expect(quiet_page.locator("#causes .fold .text").first).to_contain_text("ledger/prices.py:12")


def test_cancelling_asks_first(quiet_page: Page, live_server, sprint, tess):
    run = factories.start_run(track=factories.create_track(sprint=sprint))
    quiet_page.goto(live_server.url + page_of(run))
    posted: list[str] = []
    quiet_page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    quiet_page.once("dialog", lambda dialog: dialog.dismiss())
    quiet_page.get_by_role("button", name="Cancel").click()
    with quiet_page.expect_response("**/live*"):  # whatever the click has sent was sent before this
        pass
    assert posted == []
    quiet_page.once("dialog", lambda dialog: dialog.accept())
    quiet_page.get_by_role("button", name="Cancel").click()
    expect(quiet_page.get_by_text("Cancelled by Tess.")).to_be_visible()


def test_a_button_that_is_pressed_while_an_update_arrives_is_clicked(
    quiet_page: Page, live_server, sprint, tess
):
    run = factories.start_run(track=factories.create_track(sprint=sprint))
    quiet_page.goto(live_server.url + page_of(run))
    quiet_page.get_by_role("button", name="Cancel").hover()
    quiet_page.mouse.down()
    factories.play(run, results={"app/a.py::one": "failed"}, ended=False)
    with quiet_page.expect_response(lambda response: "/live" in response.url and response.status == 200):
        pass
    quiet_page.once("dialog", lambda dialog: dialog.accept())
    quiet_page.mouse.up()
    expect(quiet_page.get_by_text("Cancelled by Tess.")).to_be_visible()


def test_a_refused_start_says_why_on_the_same_page(quiet_page: Page, live_server, sprint, tess, monkeypatch):
    def gone(project, branch):
        raise SubjectError("There is no such branch.", remedy="Did you mean branch-b?")

    monkeypatch.setattr(repositories, "resolve_branch", gone)
    factories.create_track(sprint=sprint)
    quiet_page.goto(live_server.url + board(sprint))
    quiet_page.get_by_role("button", name="Test", exact=True).click()
    expect(quiet_page.get_by_role("alert")).to_contain_text("Did you mean branch-b?")
    assert quiet_page.url.endswith(board(sprint))


def test_the_keyboard_moves_through_tests_and_tracebacks(quiet_page: Page, live_server, sprint, tess):
    run = factories.create_run(track=factories.create_track(sprint=sprint), results=AFTER)
    quiet_page.goto(live_server.url + page_of(run) + "?outcome=broken")
    items = quiet_page.locator("#results [data-item]")
    items.first.focus()
    quiet_page.keyboard.press("j")
    expect(items.nth(1)).to_be_focused()
    quiet_page.keyboard.press("k")
    quiet_page.keyboard.press("Enter")
    expect(quiet_page.get_by_text("Failing test 1 of 2")).to_be_visible()
    quiet_page.keyboard.press("j")
    expect(quiet_page.get_by_text("Failing test 2 of 2")).to_be_visible()
    quiet_page.keyboard.press("?")
    expect(quiet_page.get_by_role("dialog")).to_be_visible()
    quiet_page.keyboard.press("Escape")
    quiet_page.keyboard.press("/")
    expect(quiet_page.get_by_role("searchbox", name="Find a test by a part of its name")).to_be_focused()
    quiet_page.keyboard.type("three\n")
    expect(quiet_page.get_by_role("link", name="app/b.py::three")).to_be_visible()


def test_the_first_tab_leads_past_the_head(quiet_page: Page, live_server, sprint, tess):
    quiet_page.goto(live_server.url + board(sprint))
    quiet_page.keyboard.press("Tab")
    expect(quiet_page.get_by_role("link", name="Skip to the content")).to_be_focused()


def test_no_page_is_wider_than_a_narrow_screen(quiet_page: Page, live_server, sprint, tess):
    long = "app/" + "deep_folder/" * 12 + "test_x.py::Test" + "Long" * 30 + "::test[" + "y" * 200 + "\u202e]"
    run = factories.create_run(track=factories.create_track(sprint=sprint), results=AFTER | {long: "failed"})
    number = run.failures.order_by("-test__number")[0].test.number
    project = f"/p/{sprint.project.slug}"
    compare = f"{project}/compare?base={Sprint.objects.get().baseline_id}&head={run.pk}"
    test = f"{project}/tests/{number}/"
    failure = f"{page_of(run)}tests/{number}/"
    track = board(sprint) + "t/A/"
    quiet_page.set_viewport_size({"width": 390, "height": 844})
    for path in (
        f"{project}/",
        board(sprint),
        track,
        page_of(run),
        failure,
        compare,
        test,
        f"{project}/tests/",
    ):
        quiet_page.goto(live_server.url + path)
        quiet_page.wait_for_load_state("networkidle")
        assert quiet_page.evaluate("document.documentElement.scrollWidth") <= 390, path
