"""Listens to what ``tracks`` announces."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from reports import actions
from reports.models import DiagnosisStep
from tracks.models import Run
from tracks.signals import run_ended


@receiver(run_ended, dispatch_uid="reports.compare")
def compare_when_ended(sender: type[Run], run: Run, **_: Any) -> None:
    if run.sprint:
        # First: the board follows until the comparison is there.
        actions.judge_due(run.sprint)
        actions.compare_due(run.sprint)
        actions.diagnose_due(run.sprint, now=timezone.now())


@receiver(run_ended, dispatch_uid="reports.diagnose")
def advance_when_ended(sender: type[Run], run: Run, **_: Any) -> None:
    for step in DiagnosisStep.objects.filter(run=run).only("diagnosis_id"):
        actions.advance(step.diagnosis_id, now=timezone.now())
