"""What a run shows of a criterion about its tests; pure.

TestsDefinition, TestFacts   ──>   Found(standing, figure, sentence, the numbers of the tests at fault)

A run in which results are missing can already fail a criterion, but only what is there can make one hold:
"at least 12 exist" may, "at most 0 failed" may not.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tracks.criteria import Rule, TestsDefinition
from tracks.statuses import Outcome, RunState, Standing
from tracks.vectors import CODES, OutcomeVector

NAMED = 200
"""Tests at fault that are kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Against:
    """What became of each test that changed for the worse against the baseline, by number; the node ids of
    those of them that the baseline had, and the markers that its tests bore."""

    worse: Mapping[int, str]
    names: Mapping[int, str]
    markers: Mapping[str, Collection[int]]


@dataclass(frozen=True, slots=True, eq=False)
class TestFacts:
    """One run that has ended. ``names`` are the node ids of all that ran, by number.

    ``modules`` are the entries that stand for a module and are no tests. ``against`` is None where there is
    nothing to compare with. ``checks_only``: no test was to be run.
    """

    __test__ = False

    state: RunState
    outcomes: OutcomeVector
    names: Mapping[int, str]
    markers: Mapping[str, Collection[int]]
    modules: Collection[int] = frozenset()
    against: Against | None = None
    checks_only: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    standing: Standing
    figure: str
    sentence: str
    tests: tuple[int, ...] = ()


def evaluate(definition: TestsDefinition, facts: TestFacts) -> Found:
    if facts.checks_only:
        return Found(Standing.UNKNOWN, "", "No test is run here: the track was of checks alone.")
    present, empty = definition.selection.chosen(facts.names, facts.markers)
    match definition.rule:
        case Rule.NOTHING_WORSE:
            return _nothing_worse(definition, present, facts)
        case Rule.AT_LEAST:
            return _at_least(definition, present - set(facts.modules), facts)
        case Rule.EACH_PASSES:
            return _each_passes(present, empty, facts)
        case Rule.AT_MOST_BROKEN:
            return _at_most_broken(definition, present, facts)


def _at_least(definition: TestsDefinition, tests: Collection[int], facts: TestFacts) -> Found:
    figure = f"{len(tests)} (≥ {definition.least})"
    if len(tests) >= definition.least:
        return Found(Standing.HOLDS, figure, f"{_tests(len(tests))} exist.")
    return _unless_complete(facts, Found(Standing.FAILS, figure, f"Only {_tests(len(tests))} exist."))


def _nothing_worse(definition: TestsDefinition, present: frozenset[int], facts: TestFacts) -> Found:
    """A test is meant if it is now, or was in the baseline: what vanished bears no marker any more."""
    if facts.against is None:
        return Found(Standing.UNKNOWN, "", "There is no baseline that has ended in order to compare with.")
    before, _ = definition.selection.chosen(facts.against.names, facts.against.markers)
    worse = sorted((present | before) & facts.against.worse.keys())
    if not worse:
        if not present:
            said = "There is no test that is meant: nothing is shown."
            return _unless_complete(facts, Found(Standing.FAILS, "0 worse", said))
        return _unless_complete(facts, Found(Standing.HOLDS, "0 worse", "No test changed for the worse."))
    kinds: dict[str, int] = {}
    for number in worse:
        kind = facts.against.worse[number]
        kinds[kind] = kinds.get(kind, 0) + 1
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    sure = any(number in facts.names for number in worse)
    found = Found(
        Standing.FAILS, f"{len(worse)} worse", f"Changed for the worse: {told}.", tuple(worse[:NAMED])
    )
    return found if sure else _unless_complete(facts, found)


def _each_passes(present: Collection[int], empty: Collection[str], facts: TestFacts) -> Found:
    others = sorted(number for number in present if _outcome(facts, number) is not Outcome.PASSED)
    figure = f"{len(present) - len(others)} of {len(present)} passed"
    if broken := [number for number in others if _is_broken(facts, number)]:
        said = f"{_tests(len(broken))} failed or ended with an error."
        return Found(Standing.FAILS, figure, said, tuple(broken[:NAMED]))
    if not present or empty:
        where = f" in {' and '.join(sorted(empty)[:3])}" if empty else " that is meant"
        return _unless_complete(facts, Found(Standing.FAILS, figure, f"There is no test{where}."))
    if others:
        said = f"{_tests(len(others))} did not pass: skipped, or expected to fail."
        return Found(Standing.FAILS, figure, said, tuple(others[:NAMED]))
    return _unless_complete(facts, Found(Standing.HOLDS, figure, f"{_tests(len(present))} passed."))


def _at_most_broken(definition: TestsDefinition, present: Collection[int], facts: TestFacts) -> Found:
    failed = sorted(number for number in present if _outcome(facts, number) is Outcome.FAILED)
    errors = sorted(number for number in present if _outcome(facts, number) is Outcome.ERROR)
    figure = f"{len(failed)} failed (≤ {definition.failed}), {len(errors)} errors (≤ {definition.errors})"
    if len(failed) > definition.failed or len(errors) > definition.errors:
        said = f"Of {_tests(len(present))} {len(failed)} failed and {len(errors)} ended with an error."
        return Found(Standing.FAILS, figure, said, tuple([*failed, *errors][:NAMED]))
    if not present:
        said = "There is no test that is meant: none can be broken, and nothing is shown."
        return _unless_complete(facts, Found(Standing.FAILS, figure, said))
    said = f"{_tests(len(present))}, no more broken than allowed."
    return _unless_complete(facts, Found(Standing.HOLDS, figure, said))


def _unless_complete(facts: TestFacts, found: Found) -> Found:
    """What rests on tests that may be missing cannot be told of a run that did not finish."""
    if facts.state is RunState.FINISHED:
        return found
    said = f"It cannot be told: the run is {facts.state}, and results are missing."
    return Found(Standing.UNKNOWN, "", said)


def _outcome(facts: TestFacts, number: int) -> Outcome:
    return _OUTCOMES[int(facts.outcomes[number])]


def _is_broken(facts: TestFacts, number: int) -> bool:
    return _outcome(facts, number) in (Outcome.FAILED, Outcome.ERROR)


def _tests(count: int) -> str:
    return f"{count} test{'' if count == 1 else 's'}"


_OUTCOMES = {code: outcome for outcome, code in CODES.items()}
