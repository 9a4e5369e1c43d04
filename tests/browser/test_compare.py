"""The compare page in a browser: its list is narrowed, walked by keys, chosen from the picture."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tracks import doorbell
from tracks.models import Run
from tracks.statuses import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEFORE = {f"app/{file}.py::{test}": "passed" for file in "ab" for test in ("one", "two", "three")}
AFTER = BEFORE | {"app/a.py::one": "failed", "app/b.py::one": "failed", "app/b.py::two": "error"}


@pytest.fixture
def address(live_server, sign_in: Callable, monkeypatch) -> str:
    monkeypatch.setattr(doorbell, "ring", lambda *_, **__: None)
    sprint = factories.create_sprint()
    base: Run = factories.create_baseline(sprint=sprint, results=BEFORE)
    head = factories.create_run(
        track=factories.create_track(sprint=sprint), results=AFTER, markers={"slow": ("app/b.py::two",)}
    )
    sign_in(factories.create_member(project=sprint.project, role=Role.TESTER))
    return f"{live_server.url}/p/{sprint.project.slug}/compare?base={base.pk}&head={head.pk}"


def rows(page: Page) -> list[str]:
    return page.locator("[data-item]").all_inner_texts()


def test_the_list_is_narrowed_walked_through_and_opened(quiet_page: Page, address):
    quiet_page.goto(address)
    quiet_page.get_by_label("In folder, file or class").fill("app/b.py")
    quiet_page.get_by_role("button", name="Filter").click()
    quiet_page.wait_for_url("**path=app*")
    assert rows(quiet_page) == ["app/b.py::one", "app/b.py::two"]
    for key, focused in (("j", "app/b.py::one"), ("j", "app/b.py::two"), ("k", "app/b.py::one")):
        quiet_page.keyboard.press(key)
        expect(quiet_page.locator(":focus")).to_have_text(focused)
    quiet_page.keyboard.press("Enter")
    expect(quiet_page.get_by_role("region", name="Traceback")).to_contain_text("ledger/prices.py:12")
    quiet_page.go_back()
    quiet_page.get_by_role("link", name="Without: in app/b.py").click()
    quiet_page.wait_for_url(lambda url: "path" not in url)
    assert len(rows(quiet_page)) == 3


def test_a_marker_is_chosen_from_those_that_there_are(quiet_page: Page, address):
    quiet_page.goto(address)
    quiet_page.get_by_label("Marked").select_option("slow")
    quiet_page.get_by_role("button", name="Filter").click()
    quiet_page.wait_for_url("**marker=slow*")
    assert rows(quiet_page) == ["app/b.py::two"]


@pytest.mark.parametrize("width", [390, 1280])
def test_a_ribbon_leads_to_its_tests_and_no_label_lies_over_another(quiet_page: Page, address, width):
    quiet_page.set_viewport_size({"width": width, "height": 900})
    quiet_page.goto(address)
    assert quiet_page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = [label.bounding_box() for label in quiet_page.locator(".flow text").all()]
    assert len(boxes) == 4  # passed; passed, failed, error
    for side in (boxes[:1], boxes[1:]):
        for upper, lower in pairwise(side):
            assert upper["y"] + upper["height"] <= lower["y"]
    quiet_page.locator(".flow a").filter(has_text="2 passed → failed").click()
    quiet_page.wait_for_url("**to=failed*")
    assert rows(quiet_page) == ["app/a.py::one", "app/b.py::one"]
