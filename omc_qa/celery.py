"""The Celery app: the doorbell. What there is to do stands in the database (see ``tracks.tasks``)."""

import os
import signal
from collections.abc import Callable
from threading import Thread
from typing import Any

from celery import Celery, bootsteps
from celery.signals import celeryd_init, worker_process_init
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu.entity import Queue

from omc_qa.local.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omc_qa.settings")

HOUR = 3600


class Beside:
    """Calls in a thread of its own what may wait for another machine; not while the last call goes on."""

    def __init__(self, function: Callable[[], None]) -> None:
        self._function = function
        self._thread: Thread | None = None

    def __call__(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = Thread(target=self._call, daemon=True, name=self._function.__name__)
            self._thread.start()

    def _call(self) -> None:
        from django.db import connections

        try:
            self._function()
        finally:
            connections.close_all()  # this thread's; nobody else would


class Watch(bootsteps.StartStopStep):  # type: ignore[misc]  # celery ships no types
    """Every worker tells that it lives, and looks after lost and forgotten runs, missing comparisons,
    tracks to merge, files of reports, new commits, unsent messages and audit entries without a link, on its
    own timer: beat's messages wait while all slots are busy."""

    requires = {"celery.worker.components:Timer", "celery.worker.components:Pool"}

    def start(self, worker: Any) -> None:
        from django.conf import settings

        from reports.tasks import merge_tracks, render_due, repair
        from tracks.tasks import link_all_entries, link_entries, look_for_commits, reap, see, send_mail

        see(worker.hostname, worker.concurrency)
        link_all = Beside(link_all_entries)
        link_all()
        repeat = worker.timer.call_repeatedly
        self._entries = [
            repeat(settings.HEARTBEAT_SECONDS, see, (worker.hostname, worker.concurrency)),
            repeat(settings.REAPER_SECONDS, reap, (worker.hostname,)),
            repeat(settings.REAPER_SECONDS, repair),
            repeat(settings.REAPER_SECONDS, Beside(merge_tracks)),
            repeat(settings.REAPER_SECONDS, Beside(render_due)),
            repeat(settings.REAPER_SECONDS, Beside(look_for_commits)),
            repeat(settings.REAPER_SECONDS, Beside(send_mail)),
            repeat(settings.REAPER_SECONDS, Beside(link_entries)),
            repeat(HOUR, link_all),
        ]

    def stop(self, worker: Any) -> None:
        from tracks.tasks import dismiss

        for entry in self._entries:
            entry.cancel()
        dismiss(worker.hostname)

    terminate = stop  # what a worker that was told to hurry calls instead


@celeryd_init.connect  # type: ignore[untyped-decorator]
def listen(conf: Any, **_: Any) -> None:
    """A worker takes messages for any worker, and for those with its tags."""
    from tracks.doorbell import QUEUE, queue_for
    from tracks.tasks import tags

    names = (QUEUE, *map(queue_for, tags()))
    conf.task_queues = [Queue(name) for name in names]  # type: ignore[no-untyped-call]


@worker_process_init.connect  # type: ignore[untyped-decorator]
def die_with_the_worker(**_: Any) -> None:
    """A pool's process does not outlive its worker, however that ends; its job ends with it."""
    die_with_parent(signal.SIGKILL)


app = Celery("omc_qa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"] |= {DjangoStructLogInitStep, Watch}
