"""Which run an iteration is held against; pure.

A run that is broken, incomplete, or of checks alone has counts that say nothing: it is held against no
other, and no other against it.
"""

from dataclasses import dataclass

from reports.summary.facts import ComparisonTold, IterationTold, RunTold, TrackTold


@dataclass(frozen=True, slots=True)
class Pair:
    """``comparison`` is None while it has not been made."""

    base: RunTold
    head: RunTold
    comparison: ComparisonTold | None


def against_baseline(iteration: IterationTold, baseline: RunTold | None) -> Pair | None:
    return _pair(baseline, iteration.run, iteration.base)


def against_previous(iteration: IterationTold, track: TrackTold) -> Pair | None:
    """Against the iteration that its comparison names."""
    if iteration.previous is None:
        return None
    before = next((each.run for each in track.iterations if each.run.run == iteration.previous.base), None)
    return _pair(before, iteration.run, iteration.previous)


def awaits_comparison(track: TrackTold, baseline: RunTold | None) -> bool:
    """Whether what the track broke is not known yet, though both runs were measured."""
    pair = against_baseline(track.latest, baseline) if track.latest else None
    return pair is not None and pair.comparison is None


def _pair(base: RunTold | None, head: RunTold, comparison: ComparisonTold | None) -> Pair | None:
    if base is None or not (base.is_measured and head.is_measured):
        return None
    of_both = comparison is not None and (comparison.base, comparison.head) == (base.run, head.run)
    return Pair(base, head, comparison if of_both else None)
