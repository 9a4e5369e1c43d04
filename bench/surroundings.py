"""What a bench is carried out in: the product's own servers, in a home that is gone at its end.

    nothing()          () for benches that see to it themselves
    servers()          (): PostgreSQL and Valkey, migrated, Django set up: no worker, no web server
    installation(web)  (Installation,): what `omc-qa up` starts, with one slot, as durable as in production

Each yields what the bench is given. Django can be set up once a process: each bench has one of its own.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command

from omc_qa.local import servers as local
from omc_qa.local.home import Home
from omc_qa.local.supervisor import Installation


@contextmanager
def nothing() -> Iterator[tuple[()]]:
    yield ()


@contextmanager
def servers() -> Iterator[tuple[()]]:
    with _home() as home, local.running(home) as environment:
        os.environ.update(environment, DJANGO_SETTINGS_MODULE="omc_qa.settings", OMC_QA_LOG_LEVEL="WARNING")
        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        yield ()


@contextmanager
def installation(*, web: bool) -> Iterator[tuple[Installation]]:
    with _home() as home, Installation(home, jobs=1, say=lambda text: None).running(web=web) as running:
        yield (running,)


@contextmanager
def _home() -> Iterator[Home]:
    with tempfile.TemporaryDirectory(prefix="omc-qa-bench-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL runs as another user where we are root
        home = Home(Path(folder) / "home")
        try:
            yield home
        finally:
            home.remove()
