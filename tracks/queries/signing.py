"""Which runs were signed with what, and their failures as they would be signed now."""

from collections.abc import Iterator, Sequence

from tracks import signatures
from tracks.models import Failure, Project, Run
from tracks.models.run import MIXED

BATCH = 200
"""Failures that are held at once; the text of one has at most 64 KiB."""


def runs_signed_otherwise(project: Project) -> list[int]:
    """The primary keys of the project's runs that have ended and whose signatures are not today's."""
    runs = Run.objects.filter(project=project, ended_at__isnull=False).order_by("pk")
    todays = ["", signatures.scheme(project.masks)]
    return list(runs.exclude(signed__in=todays).values_list("pk", flat=True))


def signed_alike(*runs: Run) -> bool:
    """Whether the signatures of these runs may be compared."""
    schemes = {run.signed for run in runs} - {""}
    return len(schemes) < 2 and MIXED not in schemes


def signed_anew(run: Run, masks: Sequence[str]) -> Iterator[list[tuple[Failure, signatures.Signature]]]:
    """The run's failures with the signatures that today's version and these masks give them, in batches."""
    root = str(run.environment.get("root", ""))
    failures = Failure.objects.filter(run=run).select_related("text", "test").order_by("pk")
    last = 0
    while batch := list(failures.filter(pk__gt=last)[:BATCH]):
        yield [
            (failure, signatures.sign(failure.text.text, failure.message, root=root, masks=masks))
            for failure in batch
        ]
        last = batch[-1].pk
