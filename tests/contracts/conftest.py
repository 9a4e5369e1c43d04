"""One world for all tests of a module; each test's own changes are rolled back to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from tests.contracts.addresses import World
from tests.tracks.web.repository import make_repository


@pytest.fixture(scope="module")
def made_world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("world")
    with django_db_blocker.unblock(), transaction.atomic():
        yield World(repository=make_repository(folder / "ledger", "main", "branch-a"))
        transaction.set_rollback(True)


@pytest.fixture
def world(made_world: World, db: None, settings) -> World:
    settings.ALLOW_LOCAL_REPOSITORIES = True
    return made_world
