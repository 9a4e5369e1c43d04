"""Listens to what ``tracks`` announces."""

from typing import Any

from django.db.models import Q
from django.dispatch import receiver
from django.utils import timezone

from reports import actions
from reports.models import DiagnosisStep, Integration, RedFirst, Verification
from tracks.models import Project, Run
from tracks.signals import heads_noted, run_ended


@receiver(run_ended, dispatch_uid="reports.compare")
def compare_when_ended(sender: type[Run], run: Run, **_: Any) -> None:
    if run.sprint:
        now = timezone.now()
        actions.judge_due(run.sprint, now=now)  # first: the board follows until the comparison is there
        actions.compare_due(run.sprint)
        actions.verify_due(run.sprint, now=now)
        actions.diagnose_due(run.sprint, now=now)
        actions.prove_tests_due(run.sprint, now=now)


@receiver(run_ended, dispatch_uid="reports.advance")
def advance_when_ended(sender: type[Run], run: Run, **_: Any) -> None:
    now = timezone.now()
    for step in DiagnosisStep.objects.filter(run=run).only("diagnosis_id"):
        actions.advance(step.diagnosis_id, now=now)
    for verification in Verification.objects.filter(repeats=run).only("pk"):
        actions.advance_verification(verification.pk, now=now)
    for red_first in RedFirst.objects.filter(run=run).only("pk"):
        actions.advance_red_first(red_first.pk, now=now)
    for integration in Integration.objects.filter(Q(run=run) | Q(steps__run=run)).only("pk"):
        actions.advance_integration(integration.pk, now=now)


@receiver(run_ended, dispatch_uid="reports.merges")
def ask_git_when_ended(sender: type[Run], run: Run, **_: Any) -> None:
    actions.read_merges_due(run.project, now=timezone.now())
    actions.read_changesets_due(run.project, now=timezone.now())


@receiver(heads_noted, dispatch_uid="reports.heads")
def ask_git_of_new_heads(sender: type[Project], project: Project, **_: Any) -> None:
    actions.read_merges_due(project, fetches=True, now=timezone.now())
    actions.read_changesets_due(project, fetches=True, now=timezone.now())
