"""In which order the tracks of a sprint are best merged, and why; pure.

C ready, smallest        ──>  1. Merge C now.
A ready, B waits for it  ──>  2. Merge A now.    3. Merge B after A: it depends on A.
D conflicts with A       ──>  4. Merge D after A: they conflict, rebase D on it.
E rejected               ──>  5. Merge E after rework: it is rejected.

What a track depends on comes before it, whatever else speaks for another order.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class Stand(IntEnum):
    """How far a track is, the nearest to its merge first."""

    READY = 0
    APPROVED = 1
    UNDECIDED = 2
    STALE = 3
    REJECTED = 4


_HINDERED = {
    Stand.APPROVED: ("once its gates are open", "it is approved, but not every gate is open"),
    Stand.UNDECIDED: ("once it is decided", "nobody has decided on it yet"),
    Stand.STALE: ("once it is decided again", "its decision does not count any more"),
    Stand.REJECTED: ("after rework", "it is rejected"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A track that may be merged. ``conflicts`` and ``breaks`` are keys of others: with these it cannot be
    merged by git, or fails together; ``size`` is how many lines it changes."""

    key: str
    stand: Stand
    waits_for: tuple[str, ...] = ()
    conflicts: frozenset[str] = frozenset()
    breaks: frozenset[str] = frozenset()
    size: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    sentence: str
    """What to do: "Merge B after A."."""
    reasons: tuple[str, ...]
    """Why it stands here, without a full stop."""
    is_now: bool
    """Nothing but the steps before it stands in its way."""


def in_order(waits_for: Mapping[str, Sequence[str]], rank: Callable[[str], Any] = str) -> tuple[str, ...]:
    """The keys so that each comes after those that it waits for, the lowest ``rank`` first where several may.

    ValueError where they wait for each other.
    """
    left, ordered = dict(waits_for), []
    while left:
        free = [key for key, needs in left.items() if not set(needs) & left.keys()]
        if not free:
            raise ValueError(f"{', '.join(sorted(left))} wait for each other")
        chosen = min(free, key=rank)
        ordered.append(chosen)
        del left[chosen]
    return tuple(ordered)


def plan(candidates: Sequence[Candidate]) -> tuple[Step, ...]:
    """Ready tracks first, of these the ones that stand in fewest others' way, then the smaller ones."""
    known = {each.key: each for each in candidates}

    def rank(key: str) -> tuple[int, int, int, str]:
        each = known[key]
        return each.stand, len((each.conflicts | each.breaks) & known.keys()), each.size, key

    order = in_order({each.key: each.waits_for for each in candidates}, rank)
    steps: list[Step] = []
    for place, key in enumerate(order):
        steps.append(_step(known[key], order[:place], {step.key for step in steps if step.is_now}))
    return tuple(steps)


def _step(each: Candidate, before: Sequence[str], merged_now: set[str]) -> Step:
    needed = [key for key in before if key in each.waits_for]
    conflicts = [key for key in before if key in each.conflicts]
    breaks = [key for key in before if key in each.breaks]
    reasons = [f"it depends on {_listed(needed)}"] if needed else []
    reasons += [f"it conflicts with {_listed(conflicts)}: rebase it on that"] if conflicts else []
    reasons += [f"it fails together with {_listed(breaks)}: mend that first"] if breaks else []
    hindered = _HINDERED.get(each.stand)
    if hindered:
        reasons.insert(0, hindered[1])
    behind = [key for key in before if key in {*needed, *conflicts, *breaks}]
    how = [f"after {_listed(behind)}"] if behind else []
    when = ", ".join([*([hindered[0]] if hindered else []), *how]) or "now"
    is_now = not (hindered or conflicts or breaks) and set(needed) <= merged_now
    if not reasons:
        reasons = ["nothing stands in its way"]
    return Step(each.key, f"Merge {each.key} {when}.", tuple(reasons), is_now)


def _listed(keys: Sequence[str]) -> str:
    return " and ".join((", ".join(keys[:-1]), keys[-1])) if len(keys) > 1 else "".join(keys)
