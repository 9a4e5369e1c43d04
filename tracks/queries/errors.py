"""The errors of runs, and which of their tests break by one."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from django.db.models import Count

from tracks.models import Failure, FailureSignature, Project, Run
from tracks.vectors import Numbers


@dataclass(frozen=True, slots=True)
class ErrorOfRuns:
    """An error and how many tests break by it in one or more of the runs."""

    digest: str
    title: str
    tests: int


def largest_errors(runs: Collection[Run], *, limit: int) -> list[ErrorOfRuns]:
    """The errors that most tests of the runs break by."""
    counted = (
        Failure.objects.filter(run__in=[run.pk for run in runs])
        .values_list("signature__digest", "signature__title")
        .annotate(tests=Count("test", distinct=True))
        .order_by("-tests", "signature__title", "signature__digest")
    )
    return [ErrorOfRuns(*row) for row in counted[:limit]]


def numbers_with_error(runs: Collection[Run], digest: str) -> Numbers:
    """The numbers of the tests that break by that error in any of the runs."""
    broken = Failure.objects.filter(run__in=[run.pk for run in runs], signature__digest=digest)
    return np.unique(np.fromiter(broken.values_list("test__number", flat=True), np.intp))


def title_of_error(project: Project, digest: str) -> str:
    """What the project's error of that digest says; empty where it has none."""
    known = FailureSignature.objects.filter(project=project, digest=digest).order_by("-version")
    return known.values_list("title", flat=True).first() or ""
