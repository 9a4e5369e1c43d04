"""Listens to what ``tracks`` announces."""

from typing import Any

from django.dispatch import receiver

from reports import actions
from tracks.models import Run
from tracks.signals import run_ended


@receiver(run_ended, dispatch_uid="reports.compare")
def compare_when_ended(sender: type[Run], run: Run, **_: Any) -> None:
    if run.sprint:
        actions.compare_due(run.sprint)
