"""Every page, with an attack in everything that a branch, a result or a person can say: nothing runs."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.contracts.addresses import World, addresses
from tests.factories import NOON
from tests.hostile import TEXTS
from tests.tracks.web.repository import make_repository
from tracks import actions, doorbell
from tracks.checks import CheckDefinition, CheckKind
from tracks.finding_statuses import FindingKind
from tracks.models import Attachment, Criterion, Failure, FailureSignature, Notice, Run, Tick
from tracks.statuses import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ALL = " ".join(TEXTS)
SHORT = TEXTS[3]
CHECK = CheckDefinition(CheckKind.CONTAINS, path=SHORT, pattern="window").to_json()


@pytest.fixture
def world(tmp_path, settings, monkeypatch) -> World:
    """The contracts' world, with every attack as a node id, a message and a title, and some as names."""
    settings.ALLOW_LOCAL_REPOSITORIES = True
    monkeypatch.setattr(doorbell, "ring", lambda *_, **__: None)
    world = World(repository=make_repository(tmp_path / "ledger", "main", "branch-a"))
    lena = world.members[Role.LEAD]
    results = {f"tests/{text}.py::test[{text}]": "failed" for text in TEXTS}
    world.run = factories.create_run(track=world.track, results=results, message=ALL)
    tests = sorted(world.run.failures.values_list("test__number", flat=True))
    for text in TEXTS:
        world.finding = factories.create_finding(
            track=world.track,
            title=" ".join(text.split()),
            evidence=f"{text}\n\n    {text}",
            root_cause=text,
            files=[{"path": text, "lines": ""}],
            tests=tests,
            found_in=world.run,
        )
        actions.findings.comment(world.finding, text=text, by=lena, now=NOON)
        world.run.log.create(text=f"{text}\n")
    world.question = factories.create_finding(
        track=world.track,
        title=SHORT,
        kind=FindingKind.QUESTION,
        options=[{"text": text, "pros": text, "cons": text} for text in TEXTS[:10]],
    )
    commits = [
        {"sha": "c" * 40, "author": text, "subject": text, "date": text, "parents": []} for text in TEXTS
    ]
    told = {"python": SHORT, "lock": SHORT, "tier": "none", "test": ALL, "root": SHORT}
    Run.objects.update(branch=SHORT, commits=commits, reason=ALL, remedy=ALL, detail=ALL, environment=told)
    Failure.objects.update(fixture=SHORT)
    FailureSignature.objects.update(title=ALL, frame=ALL, chain=[{"said": ALL, "link": "cause"}] * 2)
    Criterion.objects.update(text=SHORT)
    known = {"kind": "check", "weight": "blocking", "definition": CHECK}
    numbered = enumerate(TEXTS, start=world.criterion.pk)
    frozen = [{"id": number, "text": text} | known for number, text in numbered]
    told_of_each = {"standing": "fails", "figure": SHORT, "sentence": ALL, "output": ALL, "exit_code": 1}
    world.run.check_results.all().delete()
    for each in frozen:
        world.run.check_results.create(criterion=each["id"], seconds=1, **told_of_each)
    Run.objects.update(criteria=frozen)
    Tick.objects.update(evidence=ALL)
    Attachment.objects.update(name=SHORT)
    Notice.objects.update(text=ALL)
    for row, field in (
        (world.project, "name"),
        (world.project, "test"),
        (world.sprint, "name"),
        (world.track, "name"),
        (world.track, "branch"),
        *((member, "first_name") for member in world.members.values()),
    ):
        setattr(row, field, SHORT)
        row.save(update_fields=[field])
    return world


@pytest.fixture
def attacked(page: Page) -> Iterator[list[str]]:
    """What got through on the pages that were opened; dialogs are dismissed."""
    got_through: list[str] = []
    page.on("dialog", lambda dialog: (got_through.append(dialog.message), dialog.dismiss()))
    page.on(
        "console",
        lambda said: got_through.append(said.text) if "Content Security Policy" in said.text else None,
    )
    yield got_through


def opens(page: Page, url: str) -> bool:
    """Open the address, and all that its page fetches and folds away, if it is a page and no form's target or
    file to keep."""
    answer = page.request.get(url)
    if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
        return False
    page.goto(url)
    if "<!doctype html>" in answer.text():  # a part of a page has no script that would fetch more
        expect(page.locator("[hx-trigger=load][hx-swap=outerHTML]")).to_have_count(0)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    return True


@pytest.mark.timeout(300)
def test_nothing_runs_on_any_page(page: Page, live_server, sign_in, world, attacked):
    sign_in(world.members[Role.LEAD])
    opened = 0
    for address in addresses():
        if opens(page, live_server.url + world.path(address)):
            assert page.evaluate("window.pwned") is None, address
            assert attacked == [], address
            opened += 1
    assert opened > 40


def test_an_attack_that_got_through_would_be_seen(page: Page, live_server, attacked):
    page.goto(live_server.url + "/accounts/login/")
    with page.expect_console_message():
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.pwned=1>')")
    assert attacked
