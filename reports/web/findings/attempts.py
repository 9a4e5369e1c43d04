"""What was tried on a finding, what its retest showed, and what a tester said of that."""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.models import Verification
from tracks.models import Claim, Ruling


@dataclass(frozen=True, slots=True)
class Attempt:
    claim: Claim
    verification: Verification | None
    ruling: Ruling | None


def attempts_of(
    claims: Iterable[Claim], verifications: Iterable[Verification], rulings: Iterable[Ruling]
) -> list[Attempt]:
    """The claims in their order, each with what is known of its retest."""
    verified = {each.run_id: each for each in verifications}
    ruled = {each.run_id: each for each in rulings}
    return [Attempt(each, verified.get(each.run_id or 0), ruled.get(each.run_id or 0)) for each in claims]
