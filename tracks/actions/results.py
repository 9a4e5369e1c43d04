"""Writing results in bulk: test numbers, failures with their texts and signatures, skips, sets of
tests, checks.

All of it is safe to write twice. Texts are cleaned before they reach here (tracks.execution.tail). What
two runs may insert at once is inserted in one order, or they would wait for each other.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import connection, transaction

from tracks import signatures, vectors
from tracks.events import CheckFinished, TestFinished
from tracks.models import (
    CheckResult,
    Failure,
    FailureSignature,
    FailureText,
    Project,
    Run,
    Shard,
    Skip,
    TestCase,
    TestSet,
)
from tracks.queries import digest_of
from tracks.statuses import SetKind

# Numbers are handed out in the order of the tests, under the project's row lock: a second run that brings
# the same new tests waits, and then finds them known.
_NUMBER_NEW = """
    WITH new AS (
        SELECT given.digest, given.node_id, row_number() OVER (ORDER BY given.place) - 1 AS offset_
        FROM unnest(%(digests)s::uuid[], %(node_ids)s::text[])
            WITH ORDINALITY AS given(digest, node_id, place)
        LEFT JOIN tracks_testcase AS known ON known.project_id = %(project)s AND known.digest = given.digest
        WHERE known.id IS NULL
    ), counter AS (
        UPDATE tracks_project SET next_number = next_number + (SELECT count(*) FROM new)
        WHERE id = %(project)s RETURNING next_number - (SELECT count(*) FROM new) AS first
    )
    INSERT INTO tracks_testcase (project_id, number, node_id, digest)
    SELECT %(project)s, counter.first + new.offset_, new.node_id, new.digest FROM new, counter
"""

# One array: a parameter for each of 5,000 tests takes the worker twice as long.
_KNOWN = """
    SELECT digest, number FROM tracks_testcase
    WHERE project_id = %(project)s AND digest = ANY(%(digests)s)
"""


@transaction.atomic
def number_tests(project: Project, tests: Sequence[str]) -> dict[str, int]:
    """The number of each test in its project; new ones are numbered in their order."""
    by_digest = {digest_of(test): test for test in tests}
    numbers = _known_numbers(project, by_digest)
    if len(numbers) < len(by_digest):
        Project.objects.select_for_update(no_key=True).only("pk").get(pk=project.pk)
        with connection.cursor() as cursor:
            cursor.execute(
                _NUMBER_NEW,
                {"project": project.pk, "digests": list(by_digest), "node_ids": list(by_digest.values())},
            )
        numbers = _known_numbers(project, by_digest)
    return numbers


def store_failures(run: Run, results: Sequence[TestFinished], tests: dict[str, int]) -> None:
    """Keep why tests broke. ``tests`` gives the primary key of each test by node id."""
    texts = {digest_of(result.text): result.text for result in results}
    FailureText.objects.bulk_create(
        [FailureText(digest=digest, text=texts[digest]) for digest in sorted(texts)], ignore_conflicts=True
    )
    root = str(run.environment.get("root", ""))
    masks = run.project.masks
    signed = {
        id(result): signatures.sign(result.text, result.message, root=root, masks=masks) for result in results
    }
    keys = signature_keys(run.project, signed.values())
    Failure.objects.bulk_create(
        [
            Failure(
                run=run,
                test_id=tests[result.test],
                outcome=result.outcome,
                phase=result.phase,
                message=result.message,
                signature_id=keys[signed[id(result)].digest],
                text_id=digest_of(result.text),
                fixture=result.fixture,
                fixture_scope=result.fixture_scope,
            )
            for result in results
        ],
        update_conflicts=True,
        unique_fields=["run", "test"],
        update_fields=["outcome", "phase", "message", "signature", "text", "fixture", "fixture_scope"],
    )


def store_skips(run: Run, results: Sequence[TestFinished], tests: dict[str, int]) -> None:
    """Keep why tests were skipped or expected to fail."""
    Skip.objects.bulk_create(
        [
            Skip(run=run, test_id=tests[result.test], outcome=result.outcome, reason=result.message)
            for result in results
        ],
        update_conflicts=True,
        unique_fields=["run", "test"],
        update_fields=["outcome", "reason"],
    )


def store_checks(run: Run, results: Sequence[CheckFinished]) -> None:
    """Keep what came of checks; of one that was looked at again, the latest."""
    latest = {result.criterion: result for result in results}
    told = ["standing", "figure", "sentence", "exit_code", "output", "seconds"]
    CheckResult.objects.bulk_create(
        [
            CheckResult(run=run, criterion=key, **{name: getattr(result, name) for name in told})
            for key, result in latest.items()
        ],
        update_conflicts=True,
        unique_fields=["run", "criterion"],
        update_fields=told,
    )


def store_sets(shard: Shard, sets: Mapping[tuple[SetKind, str], Collection[int]]) -> None:
    """Keep which tests of the shard's run bear each marker, or were deselected, by their numbers."""
    TestSet.objects.bulk_create(
        [
            TestSet(
                run_id=shard.run_id,
                shard=shard.number,
                kind=kind,
                name=name,
                tests=vectors.pack_numbers(sorted(numbers)),
            )
            for (kind, name), numbers in sets.items()
        ],
        update_conflicts=True,
        unique_fields=["run", "shard", "kind", "name"],
        update_fields=["tests"],
    )


def keys_of(project: Project, tests: Iterable[str]) -> dict[str, int]:
    """The primary key of each of the project's tests, by node id."""
    digests = [digest_of(test) for test in tests]
    rows = TestCase.objects.filter(project=project, digest__in=digests).values_list("node_id", "pk")
    return dict(rows)


def _known_numbers(project: Project, by_digest: dict[uuid.UUID, str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"project": project.pk, "digests": list(by_digest)})
        return {by_digest[digest]: number for digest, number in cursor.fetchall()}


def signature_keys(project: Project, signed: Iterable[signatures.Signature]) -> dict[str, int]:
    """The primary key of each of these signatures by its digest; what the project does not have is kept."""
    by_digest = {signature.digest: signature for signature in signed}
    FailureSignature.objects.bulk_create(
        [
            FailureSignature(
                project=project,
                version=signature.version,
                digest=signature.digest,
                exception=signature.exception,
                message=signature.message,
                frame=signature.frame,
                title=signature.title,
                chain=[step._asdict() for step in signature.chain],
            )
            for _, signature in sorted(by_digest.items())
        ],
        ignore_conflicts=True,
    )
    rows = FailureSignature.objects.filter(
        project=project, version=signatures.VERSION, digest__in=list(by_digest)
    ).values_list("digest", "pk")
    return dict(rows)
