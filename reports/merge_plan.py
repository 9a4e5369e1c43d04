"""In which order the tracks of a sprint are best merged, and why; pure.

C ready                  ──>  1. Merge C now.
A ready, B waits for it  ──>  2. Merge A now.    3. Merge B after A: it depends on A.
D conflicts with A       ──>  4. Merge D after A: they conflict, rebase D on it.
E rejected               ──>  5. Merge E after rework: it is rejected.
F unrelated              ──>  6. Merge F after rework: it shares no history with the base.

What a track depends on comes before it, whatever else speaks for another order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from reports.dependency_graph import in_order
from reports.wording import listed


class Stand(IntEnum):
    """How far a track is, the nearest to its merge first."""

    READY = 0
    APPROVED = 1
    UNDECIDED = 2
    STALE = 3
    REJECTED = 4


_HINDERED = {
    Stand.APPROVED: ("once its gates are open", "it is approved, but not every gate is open"),
    Stand.UNDECIDED: ("once it is approved", "it is not approved yet"),
    Stand.STALE: ("once it is decided again", "its decision does not count any more"),
    Stand.REJECTED: ("after rework", "it is rejected"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A track that may be merged. ``conflicts`` and ``breaks`` are keys of others: with these it cannot be
    merged by git, or fails together; ``rework`` is why it cannot be merged at all as it is, if so."""

    key: str
    stand: Stand
    waits_for: tuple[str, ...] = ()
    conflicts: frozenset[str] = frozenset()
    breaks: frozenset[str] = frozenset()
    rework: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    sentence: str
    """What to do: "Merge B after A."."""
    reasons: tuple[str, ...]
    """Why it stands here, without a full stop."""
    is_now: bool
    """Nothing but the steps before it stands in its way."""


def plan(candidates: Sequence[Candidate]) -> tuple[Step, ...]:
    """Ready tracks first, of these the ones that stand in fewest others' way; those to be reworked last."""
    known = {each.key: each for each in candidates}

    def rank(key: str) -> tuple[int, int, str]:
        each = known[key]
        stand = Stand.REJECTED if each.rework else each.stand
        return stand, len((each.conflicts | each.breaks) & known.keys()), key

    order = in_order({each.key: each.waits_for for each in candidates}, rank)
    steps: list[Step] = []
    for place, key in enumerate(order):
        steps.append(_step(known[key], order[:place], {step.key for step in steps if step.is_now}))
    return tuple(steps)


def _step(each: Candidate, before: Sequence[str], merged_now: set[str]) -> Step:
    needed = [key for key in before if key in each.waits_for]
    conflicts = [key for key in before if key in each.conflicts]
    breaks = [key for key in before if key in each.breaks]
    reasons = [f"it depends on {listed(needed)}"] if needed else []
    reasons += [f"it conflicts with {listed(conflicts)}: rebase it on that"] if conflicts else []
    reasons += [f"it fails together with {listed(breaks)}: mend that first"] if breaks else []
    hindered = ("after rework", each.rework) if each.rework else _HINDERED.get(each.stand)
    if hindered:
        reasons.insert(0, hindered[1])
    behind = [key for key in before if key in {*needed, *conflicts, *breaks}]
    how = [f"after {listed(behind)}"] if behind else []
    when = ", ".join([*([hindered[0]] if hindered else []), *how]) or "now"
    is_now = not (hindered or conflicts or breaks) and set(needed) <= merged_now
    if not reasons:
        reasons = ["nothing stands in its way"]
    return Step(each.key, f"Merge {each.key} {when}.", tuple(reasons), is_now)
