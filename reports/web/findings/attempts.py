"""What was tried on a finding, and what a tester said of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracks.models import Claim, Ruling


@dataclass(frozen=True, slots=True)
class Attempt:
    claim: Claim
    ruling: Ruling | None


def attempts_of(claims: Iterable[Claim], rulings: Iterable[Ruling]) -> list[Attempt]:
    """The claims in their order, each with the ruling on its retest."""
    by_run = {ruling.run_id: ruling for ruling in rulings}
    return [Attempt(claim, by_run.get(claim.run_id or 0)) for claim in claims]
