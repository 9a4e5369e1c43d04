"""What was tried of a finding: claims and retests, what these showed, and what a tester said of that."""

from collections.abc import Mapping

from reports.models import Verification
from reports.statuses import VerdictKind
from reports.summary.facts import LISTED, AttemptTold
from tracks.models import Claim, Finding, Ruling


def attempts_told(row: Finding, names: Mapping[int, str]) -> tuple[AttemptTold, ...]:
    """Its claims with what their retests showed, and what other retests showed of it; oldest first."""
    verified = {each.run_id: each for each in row.verifications.all()}
    ruled = {each.run_id: each for each in row.rulings.all()}
    claims = list(row.claims.all())
    unclaimed = verified.keys() - {claim.run_id for claim in claims}
    retests = (_unsaid(verified[run]) for run in sorted(unclaimed))
    found = (
        _attempt(each, verified.get(each.run_id or 0), ruled.get(each.run_id or 0), names)
        for each in (*claims, *retests)
    )
    return tuple(sorted(found, key=lambda each: (each.at, each.iteration or 0, each.claim or 0)))


def _unsaid(verified: Verification) -> Claim:
    """The claim that nobody made of a retest."""
    return Claim(sha=verified.run.sha, run=verified.run, at=verified.begun_at)


def _attempt(
    claim: Claim, verified: Verification | None, ruling: Ruling | None, names: Mapping[int, str]
) -> AttemptTold:
    return AttemptTold(
        claim=claim.pk,
        sha=claim.sha,
        note=claim.note,
        by=str(claim.by or ""),
        at=claim.at,
        iteration=claim.run.iteration if claim.run else None,
        verdict=VerdictKind(verified.kind) if verified else None,
        sentence=verified.sentence if verified else "",
        tests=_tests(verified, names) if verified else (),
        ruled_fixed=ruling.fixed if ruling else None,
        ruled_by=str(ruling.by or "") if ruling else "",
        reason=ruling.reason if ruling else "",
    )


def _tests(verification: Verification, names: Mapping[int, str]) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (names[each["test"]], each["before"] or "", ", ".join(each["after"]))
        for each in verification.tests[:LISTED]
        if each["test"] in names
    )
