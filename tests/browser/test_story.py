"""A finding's whole life in a browser, with a real repository, real commits and real pytest.

Tess records it from its cause ─ Dev claims ─ same error persists ─ Tess confirms ─ Dev claims again ─ fixed
"""

import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.factories import NOON
from tests.omc_qa.cli.repositories import commit, create_repository, git
from tests.working import work_until_idle
from tracks.actions import start_baseline, start_track_run
from tracks.models import Finding, Track, User
from tracks.statuses import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TESTS = """
import prices

def test_bitcoin(): assert prices.of("BTC") == 1
def test_ether(): assert prices.of("ETH") == 2
"""
GOOD = "PRICES = {'BTC': 1, 'ETH': 2}\ndef of(coin): return PRICES[coin]\n"
BAD = "PRICES = {}\ndef of(coin): raise LookupError('no prices were loaded')\n"


@pytest.fixture
def commits() -> dict[str, str]:
    return {}


@pytest.fixture
def track(tmp_path, worker, commits) -> Track:
    """Its branch breaks two tests; the next commit mends nothing, the one after does. Tested at the first."""
    repository = create_repository(tmp_path / "ledger", {"test_prices.py": TESTS, "prices.py": GOOD})
    base = git(repository, "rev-parse", "HEAD")
    git(repository, "checkout", "--quiet", "-b", "load-prices")
    for name, text in (("breaks", BAD), ("in vain", BAD + "# loaded\n"), ("mends", GOOD + "# loaded\n")):
        commits[name] = commit(repository, {"prices.py": text})
    project = factories.create_project(
        repository=str(repository),
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        python=sys.executable,
    )
    project.trusted = True
    project.save()
    track = factories.create_track(sprint=factories.create_sprint(project=project), branch="load-prices")
    start_baseline(track.sprint, sha=base, by=project.created_by, now=NOON)
    start_track_run(track, sha=commits["breaks"], by=project.created_by, now=NOON)
    work_until_idle()
    return track


@pytest.fixture
def tess(track) -> User:
    return factories.create_member(project=track.sprint.project, role=Role.TESTER)


@pytest.fixture
def dev(track) -> User:
    dev = factories.create_member(project=track.sprint.project, role=Role.DEVELOPER, name="Dev")
    Track.objects.filter(pk=track.pk).update(owner=dev)
    return dev


@pytest.mark.timeout(180)
def test_a_fix_is_claimed_disproved_claimed_again_and_verified(
    quiet_page: Page, live_server, sign_in: Callable, track, commits, tess, dev
):
    page, home = quiet_page, live_server.url
    board = f"{home}/p/{track.sprint.project.slug}/s/{track.sprint.slug}/"
    waiting = page.get_by_role("region", name="Waiting for you")

    sign_in(tess)
    page.goto(board)
    expect(waiting).to_contain_text("Causes without a finding 1")
    waiting.get_by_role("link", name="1 on A").click()
    cause = page.locator("#causes .fold").first
    cause.locator("> summary").click()
    cause.get_by_role("link", name="Record a finding").click()
    expect(page.get_by_label("Title")).to_have_value("LookupError: no prices were loaded")
    page.get_by_label("Severity").select_option("high")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("heading", name="LookupError")).to_be_visible()
    finding = Finding.objects.get()
    assert (finding.kind, len(finding.tests), finding.found_in.iteration) == ("regression", 2, 0)
    page.goto(board)
    expect(waiting).to_have_count(0)

    sign_in(dev)
    page.goto(board)
    waiting.get_by_role("link", name="A-1").click()
    page.get_by_label("Commit").fill(commits["in vain"])
    page.get_by_label("What was done").fill("The prices are loaded **now**.")
    page.get_by_role("button", name="Claim that it is fixed").click()
    expect(page.get_by_text(f"A-1 claimed at {commits['in vain'][:7]}.")).to_be_visible()
    work_until_idle()

    sign_in(tess)
    page.goto(board)
    waiting.get_by_role("link", name="A-1").click()
    verdicts = page.locator("#verdicts")
    expect(verdicts).to_contain_text("same error persists")
    expect(verdicts).to_contain_text("2 of 2 fail with the same error")
    verdicts.get_by_text("before and after").click()
    expect(verdicts.locator(".evidence")).to_contain_text("no prices were loaded")
    verdicts.get_by_role("button", name="A-1 is not fixed").click()
    finding.refresh_from_db()
    assert (finding.status, finding.attempts) == ("open", 1)

    sign_in(dev)
    page.goto(f"{home}/p/{track.sprint.project.slug}/branches/load-prices/")
    expect(page.get_by_text("What was tried before")).to_be_visible()
    page.get_by_label("A-1 is fixed").check()
    page.get_by_role("button", name="Claim and retest").click()
    expect(page.get_by_text(f"A-1 claimed at {commits['mends'][:7]}.")).to_be_visible()
    work_until_idle()

    sign_in(tess)
    page.goto(f"{board}t/A/")
    retest = page.locator("#retest")
    expect(retest).to_contain_text("verified fixed")
    expect(retest).to_contain_text("All 2 affected tests ran and passed.")
    retest.get_by_role("button", name="Confirm that A-1 is fixed").click()
    expect(retest).to_contain_text("confirmed: fixed")
    expect(page.get_by_role("row", name="retest 2")).to_contain_text("1 fixed")
    finding.refresh_from_db()
    assert finding.status == "verified fixed"

    sign_in(dev)
    page.goto(f"{home}/notices/")
    expect(page.get_by_text("Tess confirmed that it is fixed")).to_be_visible()
    expect(page.get_by_text("Tess found it not fixed")).to_be_visible()
