"""What came out of the track's latest test, against the baseline; pure."""

from collections.abc import Iterator, Mapping

from reports.document import (
    Block,
    Column,
    Figure,
    Link,
    Mono,
    Section,
    Strong,
    Table,
    Tone,
)
from reports.document.blocks import Line
from reports.summary.facts import ComparisonTold, IterationTold, SummaryFacts, TrackTold
from reports.summary.figures.of_runs import COUNTED
from reports.summary.pairs import Pair, against_baseline, awaits_comparison
from reports.summary.sections import errors, keys
from reports.summary.sections.baseline import KNOWN_ISSUES, has_known_issues
from reports.summary.sections.tracks.flow import flow
from reports.summary.sections.tracks.lists import LOST, REGRESSIONS, STILL_BROKEN, listing
from reports.summary.sections.tracks.outcomes import before_and_after, compared, named
from reports.summary.sections.writing import SHORT, counted, cut, line, moment, says
from reports.summary.standing import called, in_the_way
from reports.transitions import DeltaClass
from tracks.statuses import Outcome, RunState


def section(track: TrackTold, facts: SummaryFacts, figures: Mapping[str, Figure]) -> Section:
    key, latest = f"{keys.of_track(track)}-results", track.latest
    if latest is None:
        untested = says("The track has not been tested yet.", tone=Tone.WARN)
        return Section(key, "Results", (untested, *_fault(track)))
    pair = against_baseline(latest, facts.baseline)
    blocks = (*_run(latest), *_fault(track), *_counts(track, pair, figures), *_not_compared(track, facts))
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
    own = [each for each in track.clusters if each.findings or not each.at_baseline]
    more = cut(len(track.clusters), figures[f"{prefix}.errors"].value)
    told = errors.told(own, prefix, figures, track.findings)
    blocks = (said, *_known(track, figures), *more, *told)
    return Section(f"{keys.of_track(track)}-errors", "Errors and their causes", blocks)


def _known(track: TrackTold, figures: Mapping[str, Figure]) -> Iterator[Block]:
    """What the baseline has already is told there."""
    if not any(each.at_baseline for each in track.clusters):
        return
    there = "Those that the baseline has, too, are told "
    where = Link("there", f"#{KNOWN_ISSUES}") if has_known_issues(figures) else "with it"
    same = figures.get(f"track.{track.key}.{DeltaClass.STILL_BROKEN_SAME}")
    by_them = (
        (" ", *counted(same, "test breaks", "tests break"), " as on the baseline.")
        if same and same.value
        else ()
    )
    yield says(there, where, ".", *by_them)


def _fault(track: TrackTold) -> Iterator[Block]:
    """The run after it that says nothing."""
    if track.fault:
        yield says(Strong(f"{called(track.fault).capitalize()}: "), in_the_way(track.fault), tone=Tone.WARN)


def _not_compared(track: TrackTold, facts: SummaryFacts) -> Iterator[Block]:
    if awaits_comparison(track, facts.baseline):
        said = "It is not compared with the baseline yet: what became of each test is not known."
        yield says(said, tone=Tone.WARN)


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
    yield Section(
        f"{key}-flow", "From the baseline to here", tuple(flow(track.key, latest, comparison, figures))
    )
    yield Section(f"{key}-successes", "Successes", (passing, *fixed))
    yield Section(f"{key}-regressions", "Regressions", tests(*REGRESSIONS))
    yield Section(f"{key}-failures", "Failures that were there before", tests(*STILL_BROKEN))
    yield Section(f"{key}-lost", "Vanished and muted tests", tests(*LOST))
