"""The Celery app: the doorbell. What there is to do stands in the database (see ``tracks.tasks``)."""

import os
import signal
from typing import Any

from celery import Celery, bootsteps
from celery.signals import worker_process_init
from django_structlog.celery.steps import DjangoStructLogInitStep

from omc_qa.local.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omc_qa.settings")


class Reaper(bootsteps.StartStopStep):  # type: ignore[misc]  # celery ships no types
    """Every worker looks after lost and forgotten runs, and missing comparisons, on its own timer."""

    requires = {"celery.worker.components:Timer"}

    def start(self, worker: Any) -> None:
        from django.conf import settings

        from reports.tasks import repair
        from tracks.tasks import reap

        repeat = worker.timer.call_repeatedly
        self._entries = [repeat(settings.REAPER_SECONDS, work) for work in (reap, repair)]

    def stop(self, worker: Any) -> None:
        for entry in self._entries:
            entry.cancel()


@worker_process_init.connect  # type: ignore[untyped-decorator]
def die_with_the_worker(**_: Any) -> None:
    """A pool's process does not outlive its worker, however that ends; its job ends with it."""
    die_with_parent(signal.SIGKILL)


app = Celery("omc_qa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"] |= {DjangoStructLogInitStep, Reaper}
