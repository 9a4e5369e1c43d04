"""Which tracks fail together only, found by running smaller combinations; a pure step, replayed from answers.

A test that each track passes alone, and that fails with all of A … E merged, in this order:
    A B C D E    fails      all of them again, this test alone: what passes now is flaky, or depends on others
    base         passes     with nothing merged; for a test that B mends, it is base + B from here on
    A B          passes   ┐
    A B C        fails    ┘ the first prefix that fails, by bisection: C is needed
    C            passes     alone it does not fail: else it is C that breaks it on today's base
    A C          fails      the pairs with C, in order: A and C fail together

The verdict names the smallest combination that was run and failed, never one that was not run. One that
cannot be merged by itself, or gave no result, is passed over and told. Tests of the same error are asked
together, so that a combination is made once for all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from reports.facts import NO_RESULT, Try
from reports.wording import listed

Keys = tuple[str, ...]
"""Of tracks, in the order of merging; () is the base alone."""
Answers = Mapping[Keys, Mapping[int, Try]]
"""What the tests did on each combination that was run; none of them where it could not be."""


class InteractionKind(StrEnum):
    TOGETHER = "fail together"
    ALONE = "fails with one track on today's base"
    BASE = "fails on today's base"
    FLAKY = "passes by itself"
    """It is flaky, or depends on other tests: on their order, on what they leave behind."""
    UNKNOWN = "not searched"


CONVICTIONS = frozenset({InteractionKind.TOGETHER, InteractionKind.ALONE})
"""What names tracks."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A test that is broken with all tracks merged, and by none of them alone."""

    test: int
    signature: str
    fixers: Keys = ()
    """The tracks that alone mend it: every combination has them."""


@dataclass(frozen=True, slots=True)
class Search:
    """``order`` are all merged tracks; ``budget`` is the highest number of combinations."""

    order: Keys
    suspects: tuple[Suspect, ...]
    answers: Answers
    budget: int


@dataclass(frozen=True, slots=True)
class Combine:
    """Merge each of these combinations, run its tests, and ask again with the answers."""

    combinations: Mapping[Keys, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``keys`` is the smallest combination that was run and failed; ``sentence`` says what is known of it."""

    test: int
    kind: InteractionKind
    keys: Keys
    sentence: str


_BY_ITSELF = "Run by itself with all tracks merged, it passes: it is flaky, or depends on other tests"


class _UnansweredError(Exception):
    def __init__(self, keys: Keys) -> None:
        super().__init__(keys)
        self.keys = keys


def next_step(search: Search) -> Combine | tuple[Verdict, ...]:
    """The combinations to run next, or a verdict for each suspect once nothing is left to ask or the budget
    is spent."""
    looks = [_Look(search, suspect) for suspect in search.suspects]
    asked: dict[Keys, set[int]] = {}
    for look in looks:
        try:
            look.verdict()
        except _UnansweredError as unanswered:
            alike = (each for each in search.suspects if each.signature == look.suspect.signature)
            wanted = {look.suspect.test, *(each.test for each in alike)}
            known = search.answers.get(unanswered.keys, {}).keys()
            asked.setdefault(unanswered.keys, set()).update(wanted - known)
    new = sorted((keys for keys in asked if keys not in search.answers), key=lambda keys: (-len(keys), keys))
    again = sorted(keys for keys in asked if keys in search.answers)  # other tests on the same commit
    chosen = again + new[: max(0, search.budget - len(search.answers))]
    if chosen:
        return Combine({keys: tuple(sorted(asked[keys])) for keys in chosen})
    return tuple(look.verdict_if_stopped() for look in looks)


@dataclass
class _Look:
    """The search of one test through all answers."""

    search: Search
    suspect: Suspect
    passed_over: set[Keys] = field(default_factory=set)

    def verdict(self) -> Verdict:
        """Raises _UnansweredError for the combination that decides next."""
        order, fixers = self.search.order, self.suspect.fixers
        whole = self._fails(order)
        if whole is None:
            return self._say(InteractionKind.UNKNOWN, (), "With all tracks merged it gave no result again")
        if not whole:
            return self._say(InteractionKind.FLAKY, (), _BY_ITSELF)
        if self._fails(self._with()):
            return self._failing_at_once()
        others = [key for key in order if key not in fixers]
        length = self._first_failing(others)
        last = others[length - 1]
        if self._fails(self._with(last)):
            return self._found()
        for other in others[: length - 1]:
            if self._fails(self._with(other, last)):
                self._fails(self._with(other))  # asked for: it may be the other one alone
                return self._found()
        return self._found()

    def verdict_if_stopped(self) -> Verdict:
        try:
            return self.verdict()
        except _UnansweredError:
            if self._failed():
                return self._found(stopped=f"the budget of {self.search.budget} combinations is spent")
            return self._say(
                InteractionKind.UNKNOWN, (), "No smaller combination was run: the budget was spent"
            )

    def _failing_at_once(self) -> Verdict:
        fixers = self.suspect.fixers
        if not fixers:
            return self._say(InteractionKind.BASE, (), "It fails on today's base with nothing merged")
        if len(fixers) == 1:
            text = f"With {fixers[0]} alone, which mended it, it fails on today's base"
            return self._say(InteractionKind.ALONE, fixers, text)
        return self._found()

    def _first_failing(self, others: Sequence[str]) -> int:
        """The length of the shortest prefix of the tracks that was run and failed: by bisection, past those
        that gave no answer."""
        passing, failing = 0, len(others)
        lengths = list(range(1, failing))
        while lengths:
            middle = lengths[len(lengths) // 2]
            fails = self._fails(self._with(*others[:middle]))
            if fails is None:
                lengths.remove(middle)
                continue
            passing, failing = (passing, middle) if fails else (middle, failing)
            lengths = [length for length in lengths if passing < length < failing]
        return failing

    def _found(self, *, stopped: str = "") -> Verdict:
        keys = min(self._failed(), key=lambda keys: (len(keys), keys))
        if len(keys) == 1:
            text = f"With {keys[0]} alone it fails on today's base"
            return self._say(InteractionKind.ALONE, keys, text)
        text = f"It fails with {listed(keys)} merged; no smaller combination that was run fails"
        return self._say(InteractionKind.TOGETHER, keys, f"{text}; {stopped}" if stopped else text)

    def _failed(self) -> list[Keys]:
        """Without the tracks that mend it a test fails of itself: such a combination convicts nobody."""
        fixers = set(self.suspect.fixers)
        held = (keys for keys in self.search.answers if fixers <= set(keys))
        return [keys for keys in held if self._answer(keys).is_broken]

    def _with(self, *keys: str) -> Keys:
        wanted = {*keys, *self.suspect.fixers}
        return tuple(key for key in self.search.order if key in wanted)

    def _fails(self, keys: Keys) -> bool | None:
        """None where it could not be run, or gave no result."""
        if keys not in self.search.answers or self._is_open(keys):
            raise _UnansweredError(keys)
        answer = self._answer(keys)
        if not answer.told:
            self.passed_over.add(keys)
            return None
        return answer.is_broken

    def _is_open(self, keys: Keys) -> bool:
        """It was run, but without this test."""
        told = self.search.answers[keys]
        return bool(told) and self.suspect.test not in told

    def _answer(self, keys: Keys) -> Try:
        return self.search.answers[keys].get(self.suspect.test, NO_RESULT)

    def _say(self, kind: InteractionKind, keys: Keys, text: str) -> Verdict:
        return Verdict(self.suspect.test, kind, keys, f"{text}{''.join(self._notes())}.")

    def _notes(self) -> Iterator[str]:
        if self.passed_over:
            listed = ", ".join("+".join(keys) or "the base" for keys in sorted(self.passed_over))
            yield f"; no answer came of {listed}"
