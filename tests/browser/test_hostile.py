"""Every page, with an attack in everything that a branch, a result or a person can say: nothing runs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from django.utils import timezone

from tests import factories
from tests.contracts.addresses import World, addresses
from tests.hostile import TEXTS
from tests.tracks.web.repository import make_repository
from tracks import actions, doorbell
from tracks.events import Log
from tracks.models import Run
from tracks.permissions import Permission
from tracks.statuses import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

FILES = {"tracks:log", "tracks:attachment", "reports:findings_csv", "reports:findings_markdown"}
"""Addresses that give a file to keep, not a page."""


@pytest.fixture
def hostile(tmp_path, settings, monkeypatch) -> World:
    """The contracts' world, with each attack as a node id, a message, a title and a name somewhere."""
    settings.ALLOW_LOCAL_REPOSITORIES = True
    monkeypatch.setattr(doorbell, "ring", lambda *_, **__: None)
    world = World(repository=make_repository(tmp_path / "ledger", "main", "branch-a"))
    everything = " ".join(TEXTS)
    results = {f"tests/{text}.py::test_{number}[{text}]": "failed" for number, text in enumerate(TEXTS)}
    world.run = factories.create_run(track=world.track, results=results, message=everything)
    commits = [{"sha": "c" * 40, "author": text, "subject": text, "date": text, "parents": []} for text in TEXTS]
    Run.objects.update(
        branch=TEXTS[0], commits=commits, reason=everything, remedy=everything, detail=everything,
        environment={"python": TEXTS[2], "lock": TEXTS[3], "tier": "none", "test": everything, "root": TEXTS[4]},
    )
    for text in TEXTS:
        world.run.log.create(text=f"{text}\n")
    for row, name in ((world.project, "name"), (world.sprint, "name"), (world.track, "name"), (world.track, "branch")):
        setattr(row, name, TEXTS[3])
        row.save(update_fields=[name])
    for member in (*world.members.values(), world.olga):
        member.first_name = TEXTS[4]
        member.save(update_fields=["first_name"])
    return world
