"""How many findings of a track were new, fixed and still open at each of its iterations; pure.

A-1 found in the initial test, ruled fixed in retest 2     initial   1 new, 1 open
    and opened again by hand after retest 3                retest 1  1 new, 2 open
A-2 recorded after retest 1                                retest 2  1 fixed, 1 open
                                                           retest 3  2 open
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracks.finding_statuses import TO_MEND, FindingStatus


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody gave it that status, by ruling on the run with that primary key, or by hand."""

    status: FindingStatus
    at: datetime
    run: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """One fault: where, by the run's primary key, and when it was recorded, and its changes, oldest first."""

    found_in: int | None
    raised_at: datetime
    changes: Sequence[Change] = ()


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
            new=sum(history[place].is_new for history in histories),
            fixed=sum(history[place].is_fixed for history in histories),
            open=sum(history[place].is_open for history in histories),
        )
        for place in range(len(runs))
    ]


@dataclass(frozen=True, slots=True)
class _At:
    """What a finding was at one iteration."""

    is_new: bool = False
    is_fixed: bool = False
    is_open: bool = False


def _history(runs: Sequence[tuple[int, datetime]], finding: Recorded) -> list[_At]:
    begins = _place(runs, finding.found_in, finding.raised_at)
    becomes = _statuses(runs, finding, begins)
    found, status = [_At()] * begins, FindingStatus.OPEN
    for place in range(begins, len(runs)):
        before, status = status, becomes.get(place, status)
        is_fixed = status is FindingStatus.VERIFIED is not before
        found.append(_At(place == begins, is_fixed, status in TO_MEND))
    return found


def _statuses(
    runs: Sequence[tuple[int, datetime]], finding: Recorded, begins: int
) -> dict[int, FindingStatus]:
    """The status that it had in the end at each iteration in which somebody changed it. One that is given
    later never belongs to an earlier iteration: the last is what it has now."""
    becomes, place = {}, begins
    for change in finding.changes:
        place = max(place, _place(runs, change.run, change.at))
        becomes[place] = change.status
    return becomes


def _place(runs: Sequence[tuple[int, datetime]], run: int | None, at: datetime) -> int:
    """The iteration to which something belongs: that run, else the last that was asked for by then."""
    keys = [key for key, _ in runs]
    if run in keys:
        return keys.index(run)
    return max((place for place, (_, asked) in enumerate(runs) if asked <= at), default=0)
