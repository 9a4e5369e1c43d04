"""In which order the tracks of a sprint are best merged, and why; pure.

what waits for whom, who is approved, what clashes  ──>  [Step("C", NOW, "Merge C now."),
                                                          Step("A", REWORK, "A after rework: …"),
                                                          Step("B", AFTER, "B after A.")]

What could come next is ranked: approved first, then what clashes with the fewest, then what changes the fewest
files. Who comes later has to give way: of two that clash, the later one is reworked onto the earlier.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reports.interactions import in_words


class Stand(StrEnum):
    """What a track's leads say of it."""

    APPROVED = "approved"
    REJECTED = "rejected"
    UNDECIDED = "undecided"
    """Or the decision is stale, deferred, or not yet that of enough leads."""


class Action(StrEnum):
    NOW = "now"
    AFTER = "after"
    """Once others are merged."""
    DECIDE = "decide"
    """Once it is approved."""
    REWORK = "rework"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A track. ``reason``, where it is not approved, is a sentence; ``files``: how many it changes."""

    key: str
    stand: Stand
    reason: str = ""
    depends_on: tuple[str, ...] = ()
    files: int = 0


@dataclass(frozen=True, slots=True)
class Clash:
    """Tracks that do not go together, by key, and why: the end of a sentence, "both change pytest.ini"."""

    keys: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Step:
    """``reasons`` are sentences on the place in the order and on the action."""

    key: str
    action: Action
    sentence: str
    reasons: tuple[str, ...]


def plan(candidates: Sequence[Candidate], clashes: Iterable[Clash]) -> tuple[Step, ...]:
    """One step for each candidate. What a candidate depends on counts only where it is a candidate too, or
    else is taken to be merged; of a cycle, the first comes first."""
    found = tuple(clashes)
    steps: list[Step] = []
    left = list(candidates)
    while left:
        done = {step.key for step in steps}
        open_ = [each for each in left if not set(each.depends_on) & {other.key for other in left}] or left
        chosen = min(open_, key=lambda each: _rank(each, found))
        left.remove(chosen)
        against = [clash for clash in found if chosen.key in clash.keys and set(clash.keys) & done]
        steps.append(_step(chosen, steps, against))
    return tuple(steps)


def _rank(candidate: Candidate, clashes: Sequence[Clash]) -> tuple[bool, int, int, str]:
    clashing = sum(candidate.key in clash.keys for clash in clashes)
    return candidate.stand is not Stand.APPROVED, clashing, candidate.files, candidate.key


def _step(candidate: Candidate, before: Sequence[Step], clashes: Sequence[Clash]) -> Step:
    key = candidate.key
    waits = [step for step in before if step.key in candidate.depends_on]
    reasons = [f"It depends on {in_words(tuple(step.key for step in waits))}."] if waits else []
    reasons += [f"It clashes with {_others(clash, key)}: {clash.why}." for clash in clashes]
    reasons += [candidate.reason] if candidate.reason else []
    if candidate.stand is Stand.REJECTED or clashes:
        onto = _onto(clashes, before, key)
        why = f" onto {in_words(onto)}" if onto else ""
        return Step(key, Action.REWORK, f"{key} after rework{why}.", tuple(reasons))
    if candidate.stand is Stand.UNDECIDED:
        return Step(key, Action.DECIDE, f"{key} once it is approved.", tuple(reasons))
    if late := tuple(step.key for step in waits if step.action is not Action.NOW):
        return Step(key, Action.AFTER, f"{key} after {in_words(late)}.", tuple(reasons))
    reasons += [] if waits else ["It is approved, and waits for nothing."]
    return Step(key, Action.NOW, f"Merge {key} now.", tuple(reasons))


def _others(clash: Clash, key: str) -> str:
    return in_words(tuple(other for other in clash.keys if other != key))


def _onto(clashes: Sequence[Clash], before: Sequence[Step], key: str) -> tuple[str, ...]:
    """The tracks of the clashes that come earlier, in their order."""
    with_it = {other for clash in clashes for other in clash.keys} - {key}
    return tuple(step.key for step in before if step.key in with_it)
