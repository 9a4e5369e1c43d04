"""Judging the criteria about tests when a run has ended, and keeping what was found."""

from datetime import datetime
from functools import partial

from django.db import transaction

from reports.actions.comparisons import kept_comparison
from reports.criteria import evaluate
from reports.criteria_queries import definitions_of, runs_to_judge, test_facts, with_baseline
from reports.models import CriterionResult
from tracks.apart import each_apart
from tracks.criteria import Rule
from tracks.models import Run, Sprint


def judge_due(sprint: Sprint | None = None, *, now: datetime) -> None:
    """Judge the runs that are due, of one sprint or of all: those not judged yet, and those held against
    another baseline than today's. One that cannot be judged keeps no other from it."""
    steps = (partial(judge_run, run) for run in runs_to_judge(sprint, now=now))
    each_apart(steps, failed="the criteria of a run could not be judged")


def judge_run(run: int) -> None:
    """Judge one run, by its primary key, against today's baseline; what goes wrong is raised."""
    judge(*with_baseline(run))


def judge(run: Run, base: Run | None) -> None:
    """Say of each criterion about tests what the run shows, held against ``base`` if there is one."""
    definitions = definitions_of(run)
    compares = any(each.rule is Rule.NOTHING_WORSE for each in definitions.values())
    comparison = kept_comparison(base, run) if base and compares else None
    facts = test_facts(run, comparison)
    with transaction.atomic():
        for key, definition in definitions.items():
            found = evaluate(definition, facts)
            CriterionResult.objects.update_or_create(
                run=run,
                criterion=key,
                defaults={
                    "base": base,
                    "standing": found.standing,
                    "figure": found.figure,
                    "sentence": found.sentence,
                    "tests": list(found.tests),
                },
            )
