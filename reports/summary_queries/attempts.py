"""What was tried of a finding: claims and retests, what these showed, and what a tester said of that.

Verification ──> Retest ┐
Claim, Ruling           ┴──> AttemptTold …, oldest first
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Func, IntegerField, JSONField

from reports.models import Verification
from reports.statuses import VerdictKind
from reports.summary.facts import LISTED, AttemptTold
from tracks.models import Claim, Finding, Ruling, Run, Sprint

_FIRST = f"jsonb_path_query_array(%(expressions)s, '$[0 to {LISTED - 1}]')"


@dataclass(frozen=True)
class Retest:
    """What a run showed of a finding; ``tests`` are the first LISTED of ``total``, as ``Verification.tests``
    has them."""

    run: int
    iteration: int | None
    sha: str
    kind: str
    sentence: str
    at: datetime
    tests: Sequence[Mapping[str, Any]]
    total: int


def retests_of(sprint: Sprint) -> dict[int, list[Retest]]:
    """By the finding's primary key, oldest first."""
    rows = Verification.objects.filter(finding__track__sprint=sprint).order_by("run_id")
    first = Func(F("tests"), template=_FIRST, output_field=JSONField())
    total = Func(F("tests"), function="jsonb_array_length", output_field=IntegerField())
    fields = ("finding", "run", "run__iteration", "run__sha", "kind", "sentence", "begun_at")
    found: dict[int, list[Retest]] = defaultdict(list)
    for finding, *shown in rows.values_list(*fields, first, total):
        found[finding].append(Retest(*shown))
    return dict(found)


def attempts_told(
    row: Finding, retests: Iterable[Retest], names: Mapping[int, str]
) -> tuple[AttemptTold, ...]:
    """Its claims with what their retests showed, and what other retests showed of it."""
    shown = {each.run: each for each in retests}
    ruled = {each.run_id: each for each in row.rulings.all()}
    claims = list(row.claims.all())
    claimed = {claim.run_id for claim in claims}
    unsaid = (_unsaid(each) for run, each in shown.items() if run not in claimed)
    found = (
        _attempt(each, shown.get(each.run_id or 0), ruled.get(each.run_id or 0), names)
        for each in (*claims, *unsaid)
    )
    return tuple(sorted(found, key=lambda each: (each.at, each.iteration or 0, each.claim or 0)))


def _unsaid(retest: Retest) -> Claim:
    """The claim that nobody made of what a retest showed."""
    return Claim(sha=retest.sha, run=Run(pk=retest.run, iteration=retest.iteration), at=retest.at)


def _attempt(
    claim: Claim, retest: Retest | None, ruling: Ruling | None, names: Mapping[int, str]
) -> AttemptTold:
    return AttemptTold(
        claim=claim.pk,
        sha=claim.sha,
        note=claim.note,
        by=str(claim.by or ""),
        at=claim.at,
        iteration=claim.run.iteration if claim.run else None,
        verdict=VerdictKind(retest.kind) if retest else None,
        sentence=retest.sentence if retest else "",
        tests=_tests(retest, names) if retest else (),
        ruled_fixed=ruling.fixed if ruling else None,
        ruled_by=str(ruling.by or "") if ruling else "",
        reason=ruling.reason if ruling else "",
        tests_total=retest.total if retest else 0,
    )


def _tests(retest: Retest, names: Mapping[int, str]) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (names[each["test"]], each["before"] or "", ", ".join(each["after"]))
        for each in retest.tests
        if each["test"] in names
    )
