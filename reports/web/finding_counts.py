"""How many findings of a track were new, fixed and still open at each of its iterations; pure.

A-1 found in the initial test, ruled fixed in retest 2     initial   1 new, 1 open
A-2 recorded after retest 1                                retest 1  1 new, 2 open
                                                           retest 2  1 fixed, 1 open
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """One fault: where and when it was recorded, and what testers said of it in which run, by primary keys.
    ``is_settled``: it is open no more, without having been fixed."""

    found_in: int | None
    raised_at: datetime
    rulings: Mapping[int, bool]
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    new: int = 0
    fixed: int = 0
    open: int = 0


def count_findings(runs: Sequence[tuple[int, datetime]], findings: Iterable[Recorded]) -> list[Counts]:
    """One for each iteration, in their order; ``runs`` are primary keys and when each was asked for."""
    histories = [_history(runs, each) for each in findings] if runs else []
    return [
        Counts(
            new=sum(history[place] == "new" for history in histories),
            fixed=sum(history[place] == "fixed" for history in histories),
            open=sum(history[place] in ("new", "open") for history in histories),
        )
        for place in range(len(runs))
    ]


def _history(runs: Sequence[tuple[int, datetime]], finding: Recorded) -> list[str]:
    """What the finding was at each iteration: not there yet, new, open, fixed in it, or closed before."""
    begins = _place(runs, finding)
    said: list[str] = []
    is_open = True
    for place, (run, _) in enumerate(runs):
        was_open, is_open = is_open, not finding.rulings.get(run, not is_open)
        if place < begins:
            said.append("")
        elif not is_open:
            said.append("fixed" if was_open else "closed")
        elif place == begins:
            said.append("new")
        else:
            said.append("closed" if finding.is_settled else "open")
    return said


def _place(runs: Sequence[tuple[int, datetime]], finding: Recorded) -> int:
    """The iteration that a finding belongs to: that in which it was found, else the last before it was
    recorded."""
    keys = [run for run, _ in runs]
    if finding.found_in in keys:
        return keys.index(finding.found_in)
    return max((place for place, (_, asked) in enumerate(runs) if asked <= finding.raised_at), default=0)
