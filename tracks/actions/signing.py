"""With what the failures of a run are signed, and signing them again.

    failures' texts ──signatures.sign(…, the project's masks)──> signatures;  Run.signed names the scheme

Signatures that nothing uses any more stay: a worker may be about to point to one again, pages may show it,
and one takes less than the text of one failure.
"""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Case, CharField, F, Value, When

from tracks import queries, signatures
from tracks.actions.results import signature_keys
from tracks.models import Failure, Project, Run
from tracks.models.run import MIXED

_AT_ONCE = 5000
"""Failures that one statement changes."""


def signed_with(project: Project) -> Case:
    """What ``Run.signed`` becomes when failures are signed with this project's masks: another worker's shard
    may have signed some with those that the project had before."""
    scheme = signatures.scheme(project.masks)
    return Case(
        When(signed__in=["", scheme], then=Value(scheme)),
        default=Value(MIXED),
        output_field=CharField(),
    )


def resign(*runs: Run) -> int:
    """Sign the failures of these runs with today's version and their project's masks. Returns how many
    failures were signed.

    A run changes in one transaction. One that was signed so already is left alone; one that still goes on,
    too: its worker signs it.
    """
    projects = Project.objects.filter(pk__in={run.project_id for run in runs})
    masks = dict(projects.values_list("pk", "masks"))
    return sum(_resign(run, masks[run.project_id]) for run in runs)


def _resign(run: Run, masks: Sequence[str]) -> int:
    scheme = signatures.scheme(masks)
    run.refresh_from_db(fields=["signed", "ended_at"])
    if run.ended_at is None or run.signed in ("", scheme):
        return 0
    # Signatures are kept before the transaction: a worker that brings the same ones in another order would
    # wait for it, and it for the worker.
    signed = 0
    moved: dict[int, list[int]] = {}
    for batch in queries.signed_anew(run, masks):
        keys = signature_keys(run.project, [signature for _, signature in batch])
        for failure, signature in batch:
            moved.setdefault(keys[signature.digest], []).append(failure.pk)
        signed += len(batch)
    _point(run, moved, scheme)
    return signed


@transaction.atomic
def _point(run: Run, failures: Mapping[int, Sequence[int]], scheme: str) -> None:
    """Let the run's failures, given by the primary keys of their signatures, point to these."""
    Run.objects.filter(pk=run.pk).update(signed=scheme, revision=F("revision") + 1)
    for signature, keys in sorted(failures.items()):
        for start in range(0, len(keys), _AT_ONCE):
            chunk = Failure.objects.filter(pk__in=keys[start : start + _AT_ONCE])
            chunk.exclude(signature=signature).update(signature=signature)
    run.signed = scheme
