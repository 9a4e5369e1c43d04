"""A diagnosis in words: its verdicts in groups, its progress, its cost.

verdicts  [{"test": 3, "kind": "flaky", …}]   ──>   Group("flaky", "warn", tests)
          [{"test": 4, "commits": ["264a…"]}]  ──>  Group(commits of the track's run, tests)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, log2
from typing import Any

from reports.culprits import CulpritKind
from reports.models import Diagnosis, DiagnosisStep
from reports.stability import ROUNDS, Stability
from reports.statuses import DiagnosisKind, StepPart
from tracks.web.shapes import about

TITLES = {
    DiagnosisKind.STABILITY: "Newly broken tests, run again",
    DiagnosisKind.CULPRIT: "Commits that broke tests",
}
PARTS: dict[str, str] = {
    StepPart.HEAD: "each test by itself, at the head",
    StepPart.BASE: "each test by itself, at the base",
    StepPart.ORDER: "one test after others, at the head",
    StepPart.COMMIT: "the tests at this commit",
}


@dataclass(frozen=True, slots=True)
class Word:
    """How a kind of verdict is called; ``mark`` says its tone in one sign."""

    label: str
    tone: str
    mark: str
    meaning: str


WORDS: dict[str, Word] = {
    Stability.REAL: Word("really broken", "bad", "✕", "They fail by themselves, here and not at the base."),
    Stability.FLAKY: Word("flaky", "warn", "~", "At one commit, under the same conditions, they do both."),
    Stability.ORDER_DEPENDENT: Word(
        "dependent on the order", "warn", "⇅", "They pass by themselves and fail after other tests."
    ),
    Stability.BROKEN_AT_BASE: Word(
        "broken at the base too", "info", "=", "It is not the branch that broke them."
    ),
    Stability.ENVIRONMENT: Word(
        "the environment's", "info", "⌂", "Something outside of the code differs, or could not be had."
    ),
    Stability.UNDECIDED: Word("undecided", "", "?", "There are too few results for a verdict."),
    CulpritKind.COMMIT: Word("commit found", "bad", "✕", ""),
    CulpritKind.RANGE: Word("one of several commits", "warn", "…", ""),
    CulpritKind.NOT_AT_HEAD: Word(
        "not broken again",
        "info",
        "~",
        "Run together with the other newly broken tests, they pass at the head.",
    ),
    CulpritKind.AT_BASE: Word(
        "broken at the merge base too", "info", "=", "They broke before the branch left the base branch."
    ),
    CulpritKind.UNTOLD: Word("not told", "", "?", "One end of the branch gave no result."),
}


@dataclass(frozen=True)
class Verdict:
    """``after`` are the tests that break it when they run before it."""

    test: int
    node_id: str
    sentence: str
    after: list[tuple[int, str]]


@dataclass(frozen=True)
class Group:
    """Tests of one verdict; of a search for commits also those commits, oldest first, and which of them said
    nothing and why."""

    word: Word
    tests: list[Verdict]
    commits: list[Mapping[str, str]]
    skipped: list[Mapping[str, str]]

    @property
    def sentence(self) -> str:
        """What is said of all of them alike; empty where it differs."""
        said = {verdict.sentence for verdict in self.tests}
        return said.pop() if len(said) == 1 else ""


def numbers_in(diagnosis: Diagnosis) -> set[int]:
    """Of all tests that its verdicts name."""
    named = {verdict["test"] for verdict in diagnosis.verdicts}
    return named.union(*(verdict.get("after", ()) for verdict in diagnosis.verdicts))


def groups(diagnosis: Diagnosis, names: Mapping[int, str]) -> list[Group]:
    """The verdicts in groups, the gravest first, then the largest."""
    known = {commit["sha"]: commit for commit in diagnosis.head.commits}
    found: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for verdict in diagnosis.verdicts:
        found.setdefault((verdict["kind"], *verdict.get("commits", ())), []).append(verdict)
    order = {kind: place for place, kind in enumerate(WORDS)}
    return [
        Group(
            word=WORDS[kind],
            tests=[_verdict(verdict, names) for verdict in verdicts],
            commits=[known.get(sha, {"sha": sha}) for sha in commits],
            skipped=verdicts[0].get("skipped", []),
        )
        for (kind, *commits), verdicts in sorted(
            found.items(), key=lambda item: (order[item[0][0]], -len(item[1]), item[0])
        )
    ]


def _verdict(verdict: Mapping[str, Any], names: Mapping[int, str]) -> Verdict:
    after = [(test, names[test]) for test in verdict.get("after", ())]
    return Verdict(verdict["test"], names[verdict["test"]], verdict["sentence"], after)


def subject_of(diagnosis: Diagnosis, sha: str) -> str:
    """What the commit's author says of it; empty for one of the base branch."""
    return next((commit["subject"] for commit in diagnosis.head.commits if commit["sha"] == sha), "")


def summary(diagnosis: Diagnosis) -> list[tuple[int, Word]]:
    """How many tests have each verdict, the gravest first."""
    kinds = [verdict["kind"] for verdict in diagnosis.verdicts]
    return [(kinds.count(kind), word) for kind, word in WORDS.items() if kind in kinds]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a diagnosis is: ``done`` of about ``total`` runs; ``left`` may be empty."""

    doing: str
    done: float
    total: int
    left: str


def progress(diagnosis: Diagnosis, steps: Sequence[DiagnosisStep], *, now: datetime) -> Progress | None:
    """None for one that has ended."""
    if not diagnosis.is_going:
        return None
    if diagnosis.kind == DiagnosisKind.CULPRIT:
        total = 2 + ceil(log2(max(2, len(diagnosis.commits) - 1)))
        doing = f"Checkout {len(steps)} of about {max(total, len(steps))}"
    else:
        total, doing = _rounds(steps)
    total = max(total, len(steps))
    done = sum(_share_done(step) for step in steps)
    seconds = (now - diagnosis.started_at).total_seconds() * (total - done) / done if done else 0
    return Progress(doing, round(done, 2), total, f"{about(seconds)} left" if seconds else "")


def _rounds(steps: Sequence[DiagnosisStep]) -> tuple[int, str]:
    if any(step.part == StepPart.ORDER for step in steps):
        return len(steps) + 1, "Looking for the tests that break others"
    heads = sum(step.part == StepPart.HEAD for step in steps)
    return 2 * ROUNDS, f"Round {heads} of at most {ROUNDS}"


def _share_done(step: Any) -> float:
    if step.run.ended_at:
        return 1.0
    return min(1.0, step.run.reported / step.size) if step.size else 0.0
