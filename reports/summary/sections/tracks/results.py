"""What came out of the track's latest test, against the baseline; pure."""

from collections.abc import Iterator, Mapping

from reports.document import (
    Block,
    Column,
    Figure,
    Mono,
    Section,
    Strong,
    Table,
    Tone,
)
from reports.document.blocks import Line
from reports.summary.facts import ComparisonTold, IterationTold, SummaryFacts, TrackTold
from reports.summary.figures.of_runs import COUNTED
from reports.summary.pairs import Pair, against_baseline
from reports.summary.sections import errors, keys
from reports.summary.sections.tracks.flow import flow
from reports.summary.sections.tracks.lists import LOST, REGRESSIONS, STILL_BROKEN, listing
from reports.summary.sections.tracks.outcomes import before_and_after, compared, named
from reports.summary.sections.writing import SHORT, counted, line, moment, says
from reports.summary.standing import called, in_the_way
from reports.transitions import DeltaClass
from tracks.statuses import Outcome, RunState


def section(track: TrackTold, facts: SummaryFacts, figures: Mapping[str, Figure]) -> Section:
    key, latest = f"{keys.of_track(track)}-results", track.latest
    if latest is None:
        return Section(key, "Results", (says("The track has not been tested yet.", tone=Tone.WARN),))
    pair = against_baseline(latest, facts.baseline)
    blocks = (*_run(latest), *_counts(track, pair, figures))
    comparison = pair.comparison if pair else None
    parts = _parts(track, latest, comparison, figures) if comparison else ()
    return Section(key, "Results", blocks, tuple(part for part in parts if part.blocks))


def errors_section(track: TrackTold, figures: Mapping[str, Figure]) -> Section | None:
    if not track.clusters:
        return None
    prefix = f"track.{track.key}"
    said = says(
        "Its tests break by ", *counted(figures[f"{prefix}.errors"], "error", "different errors"), "."
    )
    told = errors.told(track.clusters, prefix, figures, track.findings)
    return Section(f"{keys.of_track(track)}-errors", "Errors and their causes", (said, *told))


def _run(latest: IterationTold) -> Iterator[Block]:
    run = latest.run
    at = f" on {moment(run.ended_at)}" if run.ended_at else ""
    yield says(Strong("Latest test: "), f"{called(latest)}, of commit ", Mono(run.sha[:SHORT]), f"{at}.")
    if why := in_the_way(latest):
        yield says(why, tone=Tone.QUIET if run.state is RunState.FINISHED else Tone.BAD)


def _counts(track: TrackTold, pair: Pair | None, figures: Mapping[str, Figure]) -> Iterator[Block]:
    prefix = f"track.{track.key}"
    outcomes = [each for each in COUNTED if _is_there(each, prefix, figures)]
    if not outcomes:
        return
    if pair is None:
        columns: tuple[Column, ...] = (Column("Outcome"), Column("Tests", is_figure=True))
        rows: list[tuple[Line, ...]] = [
            (named(outcome), line(figures[f"{prefix}.{outcome}"])) for outcome in outcomes
        ]
    else:
        columns = before_and_after("Baseline", "Now")
        rows = [compared(outcome, "baseline", prefix, prefix, figures) for outcome in outcomes]
    yield Table(f"Results of {track.key}", columns, tuple(rows))


def _is_there(outcome: Outcome, prefix: str, figures: Mapping[str, Figure]) -> bool:
    """In the run, or in the baseline that it is held against."""
    return any(
        figures[name].value
        for name in (f"{prefix}.{outcome}", f"{prefix}.change.{outcome}")
        if name in figures
    )


def _parts(
    track: TrackTold, latest: IterationTold, comparison: ComparisonTold, figures: Mapping[str, Figure]
) -> Iterator[Section]:
    key, prefix = keys.of_track(track), f"track.{track.key}"

    def tests(*kinds: DeltaClass) -> tuple[Block, ...]:
        return tuple(block for kind in kinds for block in listing(kind, comparison, prefix, figures))

    passed, collected = figures[f"{prefix}.passed"], figures[f"{prefix}.collected"]
    passing = says(passed, " of ", *counted(collected, "test"), " passed.")
    fixed = listing(DeltaClass.FIXED, comparison, prefix, figures, folded=True)
    yield Section(f"{key}-flow", "From the baseline to here", tuple(flow(track.key, latest, comparison)))
    yield Section(f"{key}-successes", "Successes", (passing, *fixed))
    yield Section(f"{key}-regressions", "Regressions", tests(*REGRESSIONS))
    yield Section(f"{key}-failures", "Failures that were there before", tests(*STILL_BROKEN))
    yield Section(f"{key}-lost", "Vanished and muted tests", tests(*LOST))
