"""What became of one test in the latest runs, from their vectors.

outcomes of each run [number]   ──>   Line("Track A", ○ ▲ ▲ ●)   newest right, one line a branch
                                      "fails since retest 1"
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from tracks import queries
from tracks.models import Failure, Run
from tracks.statuses import BROKEN_OUTCOMES, Outcome, RunKind
from tracks.vectors import OUTCOMES, decode_seconds

BAR = 18
"""The height of the longest time, in the units of its drawing."""


@dataclass(frozen=True, slots=True)
class Entry:
    run: Run
    outcome: Outcome
    seconds: float
    failure: Failure | None
    share: float = 0.0
    """Of the longest time that it took in any of the runs that are shown."""

    @property
    def bar(self) -> float:
        """How high its time is drawn; a test that took any is never without a bar."""
        return max(BAR * self.share, 1.0) if self.share else 0.0

    @property
    def is_broken(self) -> bool:
        return self.outcome in BROKEN_OUTCOMES


@dataclass(frozen=True)
class Line:
    """One branch's entries, oldest first."""

    name: str
    sprint: str
    branch: str
    entries: list[Entry]

    @property
    def since(self) -> Entry | None:
        """The first entry of the row of failures that lasts until now; None where it does not fail."""
        row = list(takewhile(lambda entry: entry.is_broken, reversed(self.entries)))
        return row[-1] if row else None

    @property
    def row(self) -> int:
        """How many of its last runs it failed in, without a break."""
        return sum(1 for _ in takewhile(lambda entry: entry.is_broken, reversed(self.entries)))


def entries(runs: Sequence[Run], number: int, failures: Mapping[int, Failure]) -> list[Entry]:
    """The test's outcome in each of the runs, in their order; absent where a run did not collect it. A run
    that goes on and has not come to it says nothing."""
    found = [_entry(run, number, failures.get(run.pk)) for run in runs]
    longest = max((entry.seconds for entry in found), default=0.0)
    if longest:
        found = [replace(entry, share=entry.seconds / longest) for entry in found]
    return [entry for entry in found if entry.outcome is not Outcome.ABSENT or not entry.run.is_active]


def lines(history: Sequence[Entry]) -> list[Line]:
    """The entries by sprint and track, the baseline's line first and that of trial integrations last;
    ``history`` is newest first."""
    grouped: dict[_Place, list[Entry]] = {}
    for entry in reversed(history):
        run = entry.run
        is_merged = run.kind == RunKind.INTEGRATION
        key = (run.sprint_id or 0, is_merged, run.track.key if run.track else "")
        grouped.setdefault(key, []).append(entry)
    return [_line(found) for _, found in sorted(grouped.items(), key=_newest_sprint)]


_Place = tuple[int, bool, str]
"""A sprint, whether tracks are merged, and a track's key."""


def _line(found: list[Entry]) -> Line:
    run = found[-1].run
    return Line(_name(run), run.sprint.name if run.sprint else "", run.branch, found)


def _newest_sprint(item: tuple[_Place, list[Entry]]) -> _Place:
    (sprint, is_merged, track), _ = item
    return -sprint, is_merged, track


def _name(run: Run) -> str:
    if run.sprint is None:
        return "Trials"
    if run.kind == RunKind.INTEGRATION:
        return "Trial integrations"
    return f"Track {run.track.key}" if run.track else "Baseline"


def _entry(run: Run, number: int, failure: Failure | None) -> Entry:
    outcomes, durations = queries.outcome_vector(run), queries.duration_vector(run)
    outcome = OUTCOMES[outcomes[number]] if number < outcomes.size else Outcome.ABSENT
    seconds = float(decode_seconds(durations[number : number + 1])[0]) if number < durations.size else 0.0
    return Entry(run, outcome, seconds, failure)
