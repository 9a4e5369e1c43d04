"""The broken tests of one run, grouped by the error that they share.

    outcomes    [1 2 3 3 1 3]                      Cluster 9f0c…  tests 2 3 5   0 failed, 3 errors
    signatures  {1: "77ab…", 2: "9f0c…", …}  ──>   Cluster 77ab…  tests 1       1 failed, 0 errors

The largest cluster comes first. Every broken test is in exactly one cluster; those without a
signature share one, whose signature is empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.facts import RunFacts
from tracks.statuses import BROKEN_OUTCOMES, Outcome
from tracks.vectors import CODES, numbers_with

NO_ERROR_RECORDED = "The error was not recorded"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Broken tests of one run with one error.

    ``signature`` is the error's digest, ``tests`` are test numbers, ascending; ``failed`` and
    ``errors`` count them by outcome. ``example`` is the test whose traceback stands for all.
    """

    signature: str
    title: str
    tests: tuple[int, ...]
    failed: int
    errors: int
    example: int


def find_clusters(run: RunFacts, titles: Mapping[str, str]) -> tuple[Cluster, ...]:
    """The clusters of a run, by number of tests descending, then by title.

    ``titles`` gives the title of a signature by its digest; where it has none the digest stands in.
    """
    tests_by_signature: dict[str, list[int]] = {}
    for test in numbers_with(run.outcomes, BROKEN_OUTCOMES).tolist():
        tests_by_signature.setdefault(run.signatures.get(test, ""), []).append(test)
    clusters = [
        _cluster(signature, titles.get(signature, signature or NO_ERROR_RECORDED), tests, run)
        for signature, tests in tests_by_signature.items()
    ]
    return tuple(sorted(clusters, key=lambda each: (-len(each.tests), each.title, each.signature)))


def _cluster(signature: str, title: str, tests: list[int], run: RunFacts) -> Cluster:
    failed = int((run.outcomes[tests] == CODES[Outcome.FAILED]).sum())
    return Cluster(
        signature=signature,
        title=title,
        tests=tuple(tests),
        failed=failed,
        errors=len(tests) - failed,
        example=tests[0],
    )
