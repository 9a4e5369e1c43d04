"""What a retest shows of the findings of its track, and what is to be said to that.

Verification ── claim, ruling ──> Row(finding, verdict's word, whose claim, what confirming means)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from reports.models import Verification
from reports.statuses import VerdictKind
from reports.verification import shows_fixed
from reports.verifying import claim_on, comes_back
from tracks import queries
from tracks.actions.findings import reason_against_answering
from tracks.finding_statuses import TO_MEND, FindingStatus
from tracks.models import Claim, Finding, Ruling, Run


@dataclass(frozen=True, slots=True)
class Word:
    """``mark`` says it in one sign, for who cannot tell the tones apart; ``hint`` says what to do."""

    tone: str
    mark: str
    hint: str


WORDS = {
    VerdictKind.VERIFIED: Word("good", "✓", ""),
    VerdictKind.SAME: Word("bad", "=", ""),
    VerdictKind.DIFFERENT: Word("bad", "≠", "The first fault may be fixed and have hidden this one."),
    VerdictKind.PARTLY: Word("warn", "◐", ""),
    VerdictKind.CANNOT: Word("warn", "?", "Look at what became of its tests, and say what you make of it."),
    VerdictKind.FLAKY: Word("warn", "~", "Mark the finding flaky, so that its tests are run more often."),
    VerdictKind.NONE: Word("", "…", "Test the branch again."),
}


@dataclass(frozen=True)
class Row:
    """``claim`` counts where ``is_claimed_commit``. ``may_rule``: nobody has, and it is to be mended or comes
    back; ``reason`` says why it cannot be ruled on all the same. ``is_latest``: it is of the last retest."""

    verification: Verification
    finding: Finding
    word: Word
    claim: Claim | None
    is_claimed_commit: bool
    ruling: Ruling | None
    may_rule: bool
    reason: str
    comes_back: bool
    is_latest: bool

    @property
    def says_fixed(self) -> bool:
        return self.verification.kind == VerdictKind.VERIFIED

    @property
    def is_decided(self) -> bool:
        """Whether the machine says fixed or not fixed, so that there is something to confirm."""
        return shows_fixed(VerdictKind(self.verification.kind)) is not None

    @property
    def is_clear(self) -> bool:
        """Whether it may be confirmed together with others: it answers the claim, or is good news, and is the
        last word."""
        answers = self.is_claimed_commit if self.finding.status == FindingStatus.CLAIMED else self.says_fixed
        return self.may_rule and self.is_latest and self.is_decided and answers


def rows_of_run(run: Run) -> list[Row]:
    """One for each finding that the run verified, by number; of those that were verified before, only what
    comes back."""
    found = _with_words(Verification.objects.filter(run=run)).order_by("finding__number")
    rows = [_row(each) for each in found]
    return [row for row in rows if row.ruling or row.may_rule or row.finding.status != FindingStatus.VERIFIED]


def rows_of_finding(finding: Finding) -> list[Row]:
    """One for each retest, the newest first."""
    return [
        _row(each) for each in _with_words(Verification.objects.filter(finding=finding)).order_by("-run_id")
    ]


def row_of(verification: Verification) -> Row:
    return _row(_with_words(Verification.objects.filter(pk=verification.pk)).get())


def clear_ones(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.is_clear]


def _with_words(found: QuerySet[Verification]) -> QuerySet[Verification]:
    """With all that is read of each, in a fixed number of queries."""
    blobs = [f"run__{blob}" for blob in queries.BLOBS]
    later = Verification.objects.filter(finding=OuterRef("finding"), run__gt=OuterRef("run"))
    return (
        found.select_related("finding__track__sprint", "run")
        .defer(*blobs)
        .annotate(is_superseded=Exists(later))
        .prefetch_related(
            Prefetch("repeats", Run.objects.order_by("pk").defer(*queries.BLOBS)),
            Prefetch("finding__claims", Claim.objects.select_related("by").order_by("id")),
            Prefetch("finding__rulings", Ruling.objects.select_related("by")),
        )
    )


def _row(found: Any) -> Row:
    finding, claim = found.finding, claim_on(found.finding)
    ruling = next((each for each in finding.rulings.all() if each.run_id == found.run_id), None)
    is_claimed = claim is not None and claim.sha == found.run.sha
    is_back = comes_back(found)
    return Row(
        verification=found,
        finding=finding,
        word=WORDS[VerdictKind(found.kind)],
        claim=claim,
        is_claimed_commit=is_claimed,
        ruling=ruling,
        may_rule=ruling is None and not found.is_going and (finding.status in TO_MEND or is_back),
        reason=reason_against_answering(finding, found.run, claim),
        comes_back=is_back,
        is_latest=not found.is_superseded,
    )
