"""Which tracks make a test fail together, as few as can be; pure steps, replayed from answers.

    order A B C D E, test 7 passes on each alone and fails with all

    A B C D E    fails again            the whole is confirmed first
    (base)       passes                 the base is not to blame
    A B C        fails    ┐
    A B          passes   ┘             the shortest prefix, by bisection: C is needed
    C            passes                 not alone
    A C          passes
    B C          fails    B   passes    the pair

A test that B alone fixes is searched from B instead of the base: which track takes the fix away.
Nothing is said of a combination that was not run. Every run asks for all the tests, so that an answer serves
each of them; ``budget`` is the highest number of combinations.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from reports.facts import Try

Combination = tuple[str, ...]
"""The keys of the tracks that are merged into the base, in the order of merging."""
Answers = Mapping[Combination, Mapping[int, Try] | None]
"""What the tests did with each combination; None where its tracks cannot be merged by themselves."""


class InteractionKind(StrEnum):
    PAIR = "two tracks"
    SEVERAL = "several tracks"
    """No two of them that were run fail."""
    ALONE = "one track on the base"
    """No interaction: its own run was made on another base, or the test is flaky."""
    BASE = "the base itself"
    UNSTABLE = "not again"
    """It failed with the whole suite, and not when it was run again."""
    UNTOLD = "not told"


@dataclass(frozen=True, slots=True)
class Subject:
    """A test that fails together only. ``core`` are the tracks that fix it alone, none where the baseline
    does not break it."""

    test: int
    core: Combination = ()


@dataclass(frozen=True, slots=True)
class Search:
    """Raises ValueError for a budget that does not even allow the first step."""

    order: Combination
    subjects: tuple[Subject, ...]
    answers: Answers
    budget: int = 20

    def __post_init__(self) -> None:
        if self.budget < 1:
            raise ValueError("interactions cannot be searched without a single run")


@dataclass(frozen=True, slots=True)
class Interaction:
    """``keys`` are the tracks that fail together, or alone; none where nothing is known to."""

    test: int
    kind: InteractionKind
    keys: Combination
    sentence: str


class _UnansweredError(Exception):
    def __init__(self, keys: Combination) -> None:
        super().__init__(keys)
        self.keys = keys


class _UntoldError(Exception):
    """A combination that the search cannot do without gave no answer."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def next_combinations(search: Search) -> tuple[Combination, ...]:
    """What is to be run next, all tests each time; nothing when all is said or the budget is spent."""
    wanted = dict.fromkeys(_wanted(search))
    return tuple(wanted)[: max(0, search.budget - len(search.answers))]


def conclude(search: Search) -> tuple[Interaction, ...]:
    """What is known of each test from the answers that there are."""
    return tuple(_concluded(search, subject) for subject in search.subjects)


def _wanted(search: Search) -> Iterator[Combination]:
    for subject in search.subjects:
        try:
            _Looking(search, subject).interaction()
        except _UnansweredError as unanswered:
            yield unanswered.keys


def _concluded(search: Search, subject: Subject) -> Interaction:
    try:
        return _Looking(search, subject).interaction()
    except _UnansweredError:
        return _unfinished(search, subject)


def _unfinished(search: Search, subject: Subject) -> Interaction:
    """The fewest tracks that are known to fail, where no more could be run."""
    failing = [
        keys
        for keys, answer in search.answers.items()
        if answer
        and (found := answer.get(subject.test))
        and found.is_broken
        and set(subject.core) < set(keys)
    ]
    if not failing:
        return Interaction(subject.test, InteractionKind.UNTOLD, (), "Nothing smaller could be run.")
    fewest = min(failing, key=lambda keys: (len(keys), keys))
    kind = InteractionKind.PAIR if len(fewest) == 2 else InteractionKind.SEVERAL
    if len(fewest) == 1:
        kind = InteractionKind.ALONE
    spent = f"The search has spent its {search.budget} combinations: fewer tracks may do."
    return Interaction(subject.test, kind, fewest, f"It fails with {in_words(fewest)} merged. {spent}")


class _Looking:
    """The search for one test, from the start, as far as the answers go."""

    def __init__(self, search: Search, subject: Subject) -> None:
        self._search = search
        self._subject = subject
        self._core = self._ordered(subject.core)
        self._others = tuple(key for key in search.order if key not in subject.core)

    def interaction(self) -> Interaction:
        """Raises _UnansweredError with the combination that has to be run next."""
        try:
            return self._interaction()
        except _UntoldError as untold:
            return self._told(InteractionKind.UNTOLD, (), untold.sentence)

    def _interaction(self) -> Interaction:
        if not self._fails(self._search.order):
            again = "It failed with the whole suite; run again by itself, on the same commit, it passes."
            return self._told(InteractionKind.UNSTABLE, (), again)
        if self._fails(self._core):
            return self._without_others()
        needed = self._shortest_prefix()
        last = self._others[needed - 1]
        if needed == 1 or self._may_fail((*self._core, last)):
            return self._together((*self._core, last))
        for other in self._others[: needed - 1]:
            if self._may_fail((*self._core, other, last)):
                return self._smallest((*self._core, other, last), other)
        return self._together((*self._core, *self._others[:needed]))

    def _without_others(self) -> Interaction:
        if not self._core:
            return self._told(InteractionKind.BASE, (), "It fails on the base itself, without any track.")
        return self._together(self._core)

    def _smallest(self, keys: Combination, other: str) -> Interaction:
        """The other one alone may do it too: that was not run yet."""
        alone = (*self._core, other)
        return self._together(alone if self._may_fail(alone) else keys)

    def _shortest_prefix(self) -> int:
        """How many of the others it takes in their order: with so many it fails, with one less it passes."""
        passing, failing = 0, len(self._others)
        while failing - passing > 1:
            middle = (passing + failing) // 2
            if self._fails((*self._core, *self._others[:middle])):
                failing = middle
            else:
                passing = middle
        return failing

    def _together(self, keys: Iterable[str]) -> Interaction:
        ordered = self._ordered(keys)
        if len(ordered) == 1:
            alone = f"It fails with {ordered[0]} alone merged into the base: no other track is to blame."
            return self._told(InteractionKind.ALONE, ordered, alone)
        parts = [tuple(key for key in ordered if key != left_out) for left_out in ordered]
        passing = [_alone(part) for part in parts if self._is_known_to_pass(part)]
        but = f"; it passes with {', and with '.join(passing)}" if passing else ""
        return self._told(_kind(ordered), ordered, f"It fails with {in_words(ordered)} merged{but}.")

    def _is_known_to_pass(self, keys: Combination) -> bool:
        answer = self._search.answers.get(keys)
        found = answer.get(self._subject.test) if answer else None
        return found is not None and found.told and not found.is_broken

    def _fails(self, keys: Iterable[str]) -> bool:
        ordered = self._ordered(keys)
        answer = self._answer(ordered)
        if answer is None:
            themselves = "itself" if len(ordered) == 1 else "themselves"
            raise _UntoldError(f"{in_words(ordered)} cannot be merged into the base by {themselves}.")
        found = answer.get(self._subject.test)
        if found is None or not found.told:
            raise _UntoldError(f"With {in_words(ordered)} merged it gave no result.")
        return found.is_broken

    def _may_fail(self, keys: Iterable[str]) -> bool:
        """Whether it is known to fail; what cannot be merged or gave no result is not."""
        return _is_broken(self._answer(self._ordered(keys)), self._subject.test)

    def _answer(self, keys: Combination) -> Mapping[int, Try] | None:
        if keys not in self._search.answers:
            raise _UnansweredError(keys)
        return self._search.answers[keys]

    def _ordered(self, keys: Iterable[str]) -> Combination:
        wanted = set(keys)
        return tuple(key for key in self._search.order if key in wanted)

    def _told(self, kind: InteractionKind, keys: Combination, sentence: str) -> Interaction:
        return Interaction(self._subject.test, kind, keys, sentence)


def _is_broken(answer: Mapping[int, Try] | None, test: int) -> bool:
    found = answer.get(test) if answer else None
    return found is not None and found.is_broken


def _kind(keys: Combination) -> InteractionKind:
    few = {1: InteractionKind.ALONE, 2: InteractionKind.PAIR}
    return few.get(len(keys), InteractionKind.SEVERAL)


def in_words(keys: Combination) -> str:
    """A, B and C; nothing where there are none."""
    if not keys:
        return "nothing"
    *others, last = keys
    return f"{', '.join(others)} and {last}" if others else last


def _alone(keys: Combination) -> str:
    return f"{keys[0]} alone" if len(keys) == 1 else in_words(keys)
