"""What came out of the track's latest test, against the baseline; pure."""

from collections.abc import Iterator, Mapping

from reports.document import (
    Block,
    Column,
    Figure,
    Mark,
    Mono,
    Picture,
    PictureKind,
    Section,
    Strong,
    Table,
    Tone,
)
from reports.document.blocks import Line
from reports.summary.facts import IterationTold, SummaryFacts, TrackTold
from reports.summary.figures.of_runs import COUNTED
from reports.summary.pairs import Pair, against_baseline
from reports.summary.sections import errors, keys
from reports.summary.sections.tracks.lists import LOST, REGRESSIONS, listing
from reports.summary.sections.writing import NOTHING, SHORT, bullets, counted, line, moment, says
from reports.summary.standing import called, in_the_way
from reports.transitions import DeltaClass
from tracks.statuses import Outcome, RunState


def section(track: TrackTold, facts: SummaryFacts, figures: Mapping[str, Figure]) -> Section:
    key, latest = f"{keys.of_track(track)}-results", track.latest
    if latest is None:
        return Section(key, "Results", (says("The track has not been tested yet.", tone=Tone.WARN),))
    pair = against_baseline(latest, facts.baseline)
    blocks = (*_run(latest), *_counts(track, pair, figures))
    parts = _parts(track, pair, figures) if pair else ()
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
            (_named(outcome), line(figures[f"{prefix}.{outcome}"])) for outcome in outcomes
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


def before_and_after(before: str, after: str) -> tuple[Column, ...]:
    """The columns of ``compared``."""
    titles = (before, after, "Change", "In per cent")
    return (Column("Outcome"), *(Column(title, is_figure=True) for title in titles))


def compared(
    outcome: Outcome, before: str, after: str, change: str, figures: Mapping[str, Figure]
) -> tuple[Line, ...]:
    """A row; the other arguments are prefixes of figures."""
    share = figures.get(f"{change}.share.{outcome}")
    return (
        _named(outcome),
        line(figures[f"{before}.{outcome}"]),
        line(figures[f"{after}.{outcome}"]),
        line(figures[f"{change}.change.{outcome}"]),
        line(share) if share else NOTHING,
    )


def _named(outcome: Outcome) -> Line:
    return line(Mark(outcome), f" {outcome}")


def _parts(track: TrackTold, pair: Pair, figures: Mapping[str, Figure]) -> Iterator[Section]:
    key, prefix, comparison = keys.of_track(track), f"track.{track.key}", pair.comparison
    if comparison is None:
        return
    of: dict[DeltaClass, tuple[Block, ...]] = {
        kind: tuple(listing(kind, comparison, prefix, figures, folded=kind is DeltaClass.FIXED))
        for kind in DeltaClass
        if kind not in (DeltaClass.ADDED, DeltaClass.UNCHANGED)
    }
    passed, collected = figures[f"{prefix}.passed"], figures[f"{prefix}.collected"]
    passing = says(passed, " of ", *counted(collected, "test"), " passed.")
    still = (DeltaClass.STILL_BROKEN_SAME, DeltaClass.STILL_BROKEN_DIFFERENT)
    yield Section(f"{key}-flow", "From the baseline to here", tuple(_flow(track, pair)))
    yield Section(f"{key}-successes", "Successes", (passing, *of[DeltaClass.FIXED]))
    yield Section(
        f"{key}-regressions", "Regressions", tuple(each for kind in REGRESSIONS for each in of[kind])
    )
    yield Section(
        f"{key}-failures",
        "Failures that were there before",
        tuple(each for kind in still for each in of[kind]),
    )
    yield Section(
        f"{key}-lost", "Vanished and muted tests", tuple(each for kind in LOST for each in of[kind])
    )


def _flow(track: TrackTold, pair: Pair) -> Iterator[Block]:
    comparison = pair.comparison
    if comparison is None:
        return
    if comparison.matrix and track.latest:
        yield Picture(
            PictureKind.FLOW,
            f"Where the tests of {track.key} went",
            _flow_in_words(comparison.matrix),
            {
                "base": "baseline",
                "head": f"{track.key}, {called(track.latest)}",
                "matrix": {base: dict(row) for base, row in comparison.matrix.items()},
            },
        )
    notes = (*comparison.caveats, *comparison.conditions)
    if notes:
        yield says(Strong("To be kept in mind:"))
        yield bullets(line(each) for each in notes)


def _flow_in_words(matrix: Mapping[str, Mapping[str, int]]) -> str:
    cells = (f"{count} {base} → {head}" for base, row in matrix.items() for head, count in row.items())
    return f"{'; '.join(cells)}."
