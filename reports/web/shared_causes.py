"""The largest errors of a sprint's tracks, each once, and whether the baseline has it, too.

run of A  ValueError: 40 tests ┐
run of C  ValueError:  3 tests ┴──> SharedCause(ValueError, found on A and C, not on the baseline: one cause)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reports.queries import Cause
from tracks import queries
from tracks.models import Run, Track

CAUSES = 8
"""How many causes the board names."""


@dataclass(frozen=True)
class SharedCause:
    """An error, and the tracks whose tests end with it. ``compared``: whether the baseline's errors were told
    apart by the same rules."""

    title: str
    place: str
    tests: int
    found: list[tuple[Track, Cause]]
    on_baseline: Cause | None
    compared: bool

    @property
    def is_new(self) -> bool:
        return self.compared and self.on_baseline is None


def shared_causes(
    causes: Iterable[Cause], latest: Mapping[int, tuple[Track, Run]], baseline: Run | None
) -> list[SharedCause]:
    """The ``causes`` of the latest runs that have ended, given by the runs' keys, and of the baseline, once
    each, the one with the most tests in one run first."""
    baseline = baseline if baseline and baseline.ended_at and baseline.reported else None
    by_error: dict[str, list[Cause]] = {}
    for cause in causes:
        by_error.setdefault(cause.signature, []).append(cause)
    shared = (_shared(causes, latest, baseline) for causes in by_error.values())
    return [each for each in shared if each.found][:CAUSES]


def _shared(
    causes: Sequence[Cause], latest: Mapping[int, tuple[Track, Run]], baseline: Run | None
) -> SharedCause:
    found = [(latest[cause.run][0], cause) for cause in causes if cause.run in latest]
    runs = [latest[cause.run][1] for _, cause in found]
    compared = baseline is not None and queries.signed_alike(baseline, *runs)
    at_baseline = next((cause for cause in causes if cause.run not in latest), None)
    return SharedCause(
        title=causes[0].title,
        place=causes[0].place,
        tests=max((cause.tests for _, cause in found), default=0),
        found=found,
        on_baseline=at_baseline if compared else None,
        compared=compared,
    )
