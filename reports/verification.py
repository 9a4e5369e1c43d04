"""What a retest shows of one finding; pure.

Each affected test is one of these, from what it did before, in the retest and in its repetitions:

    SAME       broken in every result, by the error that it had before
    DIFFERENT  broken in every result, by another error, or its error before is not known
    MIXED      broken in some results and passed in others, at one commit; its track's earlier runs count
    GONE       not in the retest, and the comparison knows why it vanished
    MUTED      skipped or expected to fail
    EDITED     passes, but the branch edited it or its fixtures since the finding
    SHORT      passes, but not often enough; or gave no result, and nobody knows why
    PASSED     passes in the retest and in as many repetitions as are needed

The finding's verdict is that of the first row that fits; "–" is none, "." is any number:

    run             broken  PASSED  MIXED  GONE, MUTED, EDITED  SHORT   verdict
    did not finish  .       .       .             .             .     no verdict
    finished        some    some    .             .             .     partly fixed
                    some    –       .             .             .     same error if one has it, or different
                    –       .       some          .             .     flaky
                    –       .       –             some          .     cannot verify
                    –       .       –             –             some  no verdict
                    –       all     –             –             –     verified fixed; cannot verify where
                                                                      nobody knows what the branch edited

Without tests its criterion decides: holds is fixed, fails is not, unknown is no verdict. With both, a
criterion that fails makes "verified" partly fixed, and one that is unknown no verdict. Without either there
is nothing that a machine could verify.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reports.facts import Try
from reports.statuses import VerdictKind
from tracks.statuses import Outcome, RunState, Standing

FLAKY_REPETITIONS = 5
"""How often the tests of a finding that is marked flaky must pass."""
_MUTED = frozenset({Outcome.SKIPPED, Outcome.XFAILED, Outcome.XPASSED})
"""A test that is expected to fail can pass and prove nothing: it could not have failed."""


class Showing(StrEnum):
    """What the retest shows of one test."""

    SAME = "fails with the same error"
    DIFFERENT = "fails with another error"
    MIXED = "fails and passes at this commit"
    GONE = "vanished"
    MUTED = "was switched off"
    EDITED = "was edited on this branch"
    SHORT = "did not run often enough"
    PASSED = "passes"


BROKEN = (Showing.SAME, Showing.DIFFERENT)
UNVERIFIABLE = (Showing.GONE, Showing.MUTED, Showing.EDITED)


@dataclass(frozen=True, slots=True)
class Affected:
    """One test of the finding. ``tries``: the retest first, then the repetitions; never empty.

    ``before`` is what it did where the finding was made, or at the iteration before if it breaks as it did
    there; None where that is not known. ``edited`` names what the branch changed of it since the finding,
    ``reason`` says why it is not in the retest; both are empty where nothing is known. ``others`` is what it
    did in earlier runs of the same commit: they prove no fix, but can show that there is none.
    """

    test: int
    before: Try | None
    tries: tuple[Try, ...]
    edited: str = ""
    reason: str = ""
    others: tuple[Try, ...] = ()

    @property
    def results(self) -> list[Try]:
        """All that it did at the retest's commit, as far as that says broken or not."""
        said = (each for each in self.others if each.is_broken or each.outcome is Outcome.PASSED)
        return [*(each for each in self.tries if each.told), *said]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of a finding after a retest; ``needed`` counts the retest itself.

    ``unread`` says why it is not known which tests the branch edited, if so.
    """

    state: RunState
    tests: tuple[Affected, ...]
    needed: int = 1
    criterion: Standing | None = None
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: VerdictKind
    sentence: str
    showings: Mapping[int, Showing]
    """Of each affected test, by its number."""


def judge(evidence: Evidence) -> Verdict:
    """What the retest and its repetitions show of the finding."""
    showings = {each.test: showing_of(each, evidence.needed) for each in evidence.tests}
    if evidence.state is not RunState.FINISHED:
        return Verdict(
            VerdictKind.NONE, f"The retest is {evidence.state.value}: it proves nothing.", showings
        )
    if not evidence.tests:
        return Verdict(*_by_criterion(evidence.criterion), showings)
    kind, sentence = _by_tests(evidence, showings)
    return Verdict(kind, sentence, showings)


def missing_repetitions(evidence: Evidence) -> int:
    """How often the tests are still to be run; 0 where more runs could change nothing."""
    if evidence.state is not RunState.FINISHED or not evidence.tests:
        return 0
    if any(showing_of(each, 1) is not Showing.PASSED for each in evidence.tests):
        return 0
    return max(0, evidence.needed - min(len(each.tries) for each in evidence.tests))


def shows_fixed(kind: VerdictKind) -> bool | None:
    """Whether a verdict says that the finding is fixed; None where it says neither."""
    if kind in (VerdictKind.CANNOT, VerdictKind.NONE):
        return None
    return kind is VerdictKind.VERIFIED


def showing_of(affected: Affected, needed: int) -> Showing:
    """What the tries show of one test."""
    results = [each for each in affected.tries if each.told]
    if not results:
        return Showing.GONE if affected.reason else Showing.SHORT
    broken = [each for each in affected.results if each.is_broken]
    if broken:
        return _how_broken(affected, broken) if len(broken) == len(affected.results) else Showing.MIXED
    if any(each.outcome in _MUTED for each in results):
        return Showing.MUTED
    if not affected.tries[0].told:
        return Showing.GONE if affected.reason else Showing.SHORT
    if affected.edited:
        return Showing.EDITED
    return Showing.PASSED if len(results) >= needed else Showing.SHORT


def _how_broken(affected: Affected, broken: list[Try]) -> Showing:
    known = affected.before.signature if affected.before else ""
    is_same = known != "" and any(each.signature == known for each in broken)
    return Showing.SAME if is_same else Showing.DIFFERENT


def _by_criterion(standing: Standing | None) -> tuple[VerdictKind, str]:
    match standing:
        case Standing.HOLDS:
            return VerdictKind.VERIFIED, "Its criterion holds now."
        case Standing.FAILS:
            return VerdictKind.SAME, "Its criterion still does not hold."
        case Standing.UNKNOWN:
            return VerdictKind.NONE, "Whether its criterion holds could not be told in this run."
    return VerdictKind.CANNOT, "It names no test and no criterion: nothing here that a machine could verify."


def _by_tests(evidence: Evidence, showings: Mapping[int, Showing]) -> tuple[VerdictKind, str]:
    counts, total = Counter(showings.values()), len(showings)
    broken, passed = sum(counts[each] for each in BROKEN), counts[Showing.PASSED]
    figures = _figures(evidence, counts)
    if broken and passed:
        return VerdictKind.PARTLY, f"{passed} of {total} pass; {figures}."
    if broken:
        return (VerdictKind.SAME if counts[Showing.SAME] else VerdictKind.DIFFERENT), f"{figures}."
    if counts[Showing.MIXED]:
        return VerdictKind.FLAKY, f"{figures}: {_chances(evidence, showings)}."
    if any(counts[each] for each in UNVERIFIABLE):
        return VerdictKind.CANNOT, f"{figures}."
    if counts[Showing.SHORT]:
        results = "1 result of each is" if evidence.needed == 1 else f"{evidence.needed} results of each are"
        return VerdictKind.NONE, f"{figures}: {results} needed."
    return _all_passed(evidence)


def _all_passed(evidence: Evidence) -> tuple[VerdictKind, str]:
    if evidence.criterion is Standing.FAILS:
        return VerdictKind.PARTLY, "All affected tests pass, but its criterion does not hold."
    if evidence.criterion is Standing.UNKNOWN:
        return VerdictKind.NONE, "All affected tests pass, but whether its criterion holds could not be told."
    total = len(evidence.tests)
    subject = (
        "The affected test ran and passed" if total == 1 else f"All {total} affected tests ran and passed"
    )
    runs = min(len(each.tries) for each in evidence.tests)
    often = f", {runs} times each" if runs > 1 and total > 1 else f" {runs} times" if runs > 1 else ""
    if evidence.unread:
        doubt = f"but whether the branch edited its tests is not known: {evidence.unread}"
        return VerdictKind.CANNOT, f"{subject}{often}, {doubt}."
    return VerdictKind.VERIFIED, f"{subject}{often}."


def _figures(evidence: Evidence, counts: Counter[Showing]) -> str:
    """``2 of 3 fail with the same error, 1 of 3 vanished``."""
    said = [
        f"{counts[showing]} of {len(evidence.tests)} {_PLURAL[showing] if counts[showing] > 1 else showing}"
        for showing in Showing
        if counts[showing] and showing is not Showing.PASSED
    ]
    return ", ".join(said)


_PLURAL = {
    Showing.SAME: "fail with the same error",
    Showing.DIFFERENT: "fail with another error",
    Showing.MIXED: "fail and pass at this commit",
    Showing.GONE: "vanished",
    Showing.MUTED: "were switched off",
    Showing.EDITED: "were edited on this branch",
    Showing.SHORT: "did not run often enough",
}


def _chances(evidence: Evidence, showings: Mapping[int, Showing]) -> str:
    """``failed in 2 of 5 runs``; of several tests, of the one that failed most often."""
    mixed = [each for each in evidence.tests if showings[each.test] is Showing.MIXED]
    broken, results = max((sum(run.is_broken for run in each.results), len(each.results)) for each in mixed)
    return f"failed in {'up to ' if len(mixed) > 1 else ''}{broken} of {results} runs"
