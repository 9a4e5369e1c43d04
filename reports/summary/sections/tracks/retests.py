"""Each retest: what the developer tried, what it changed, and what it shows of each finding; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reports.document import (
    Block,
    Code,
    Column,
    Figure,
    Folded,
    Mono,
    Paragraph,
    Section,
    Strong,
    Table,
    Tone,
)
from reports.document.blocks import Line
from reports.summary.facts import AttemptTold, FindingTold, IterationTold, PatchTold, TrackTold
from reports.summary.figures.of_runs import COUNTED
from reports.summary.pairs import against_previous
from reports.summary.sections import keys
from reports.summary.sections.tracks.changes import changed, commits_of
from reports.summary.sections.tracks.claims import claimed
from reports.summary.sections.tracks.lists import REGRESSIONS, listing
from reports.summary.sections.tracks.outcomes import before_and_after, compared
from reports.summary.sections.writing import NAMED, NOTHING, SHORT, cut, line, moment, says
from reports.summary.standing import called, in_the_way
from reports.transitions import DeltaClass

Tried = Sequence[tuple[FindingTold, AttemptTold]]


def sections(track: TrackTold, figures: Mapping[str, Figure]) -> Iterator[Section]:
    for iteration in track.iterations:
        if iteration.number and iteration.run.ended_at:
            tried = [
                (finding, each)
                for finding in track.findings
                for each in finding.attempts
                if each.iteration == iteration.number
            ]
            parts = (
                _what_was_tried(track, iteration, tried, figures),
                _what_changed(track, iteration, figures),
                _verdicts(track, iteration, _last_of_each(tried)),
            )
            key, title = _key(track, iteration), called(iteration).capitalize()
            yield Section(key, title, tuple(_run(iteration)), tuple(part for part in parts if part))


def _last_of_each(tried: Tried) -> Tried:
    """A finding may be claimed twice before it is tested again: one verdict."""
    return list({finding.name: (finding, each) for finding, each in tried}.values())


def _key(track: TrackTold, iteration: IterationTold) -> str:
    return f"{keys.of_track(track)}-retest-{iteration.number}"


def _run(iteration: IterationTold) -> Iterator[Block]:
    run = iteration.run
    at = f" on {moment(run.ended_at)}" if run.ended_at else ""
    yield says("Of commit ", Mono(run.sha[:SHORT]), f"{at}.")
    if why := in_the_way(iteration):
        yield says(why, tone=Tone.BAD)


def _what_was_tried(
    track: TrackTold, iteration: IterationTold, tried: Tried, figures: Mapping[str, Figure]
) -> Section | None:
    attempt = iteration.attempt
    patches = attempt.patches if attempt else ()
    blocks: list[Block] = []
    if attempt:
        blocks.append(
            Paragraph(line(*changed(f"track.{track.key}.{iteration.number}.attempt", figures), "."))
        )
        if attempt.is_rewritten:
            blocks.append(says("The branch was rewritten since then.", tone=Tone.WARN))
        blocks += commits_of(attempt.commits, attempt.commits_total)
        blocks += (says(each, tone=Tone.QUIET) for each in attempt.bounds)
    shown: set[str] = set()
    for finding, each in tried:
        blocks += claimed(keys.to_finding(finding), each)
        blocks += _again(shown & {patch.path for patch in patches} & set(finding.files))
        blocks += _folded(patch for patch in patches if patch.path in set(finding.files) - shown)
        shown |= set(finding.files)
    blocks += cut(len(patches), attempt.patches_total if attempt else 0)
    blocks += _folded(patch for patch in patches if patch.path not in shown)
    return (
        Section(f"{_key(track, iteration)}-tried", "What the developer tried", tuple(blocks))
        if blocks
        else None
    )


def _again(paths: Iterable[str]) -> Iterator[Block]:
    for path in sorted(paths):
        yield says("What was done to ", Mono(path), " is shown above.", tone=Tone.QUIET)


def _folded(patches: Iterable[PatchTold]) -> Iterator[Block]:
    for each in patches:
        cut = (says("The rest is left out.", tone=Tone.QUIET),) if each.is_cut else ()
        title = line(Mono(each.path), " in ", Mono(each.sha[:SHORT]))
        yield Folded(title, (Code(each.text, "diff"), *cut))


def _what_changed(
    track: TrackTold, iteration: IterationTold, figures: Mapping[str, Figure]
) -> Section | None:
    pair = against_previous(iteration, track)
    if pair is None:
        return None
    before = next(each for each in track.iterations if each.run is pair.base)
    now = f"track.{track.key}.{iteration.number}"
    then, change = f"track.{track.key}.{before.number}", f"{now}.previous"
    outcomes = [each for each in COUNTED if figures[f"{then}.{each}"].value or figures[f"{now}.{each}"].value]
    table = Table(
        f"Before and after {called(iteration)} of {track.key}",
        before_and_after(called(before).capitalize(), called(iteration).capitalize()),
        tuple(compared(outcome, then, now, change, figures) for outcome in outcomes),
    )
    lists = (
        block
        for kind in (*REGRESSIONS, DeltaClass.FIXED)
        if pair.comparison
        for block in listing(kind, pair.comparison, change, figures, folded=True)
    )
    return Section(f"{_key(track, iteration)}-results", "Before and after", (table, *lists))


def _verdicts(track: TrackTold, iteration: IterationTold, tried: Tried) -> Section | None:
    if not tried:
        return None
    columns = tuple(Column(title) for title in ("Finding", "Verdict", "What was seen", "Ruled"))
    rows = tuple(_verdict(finding, each) for finding, each in tried)
    table = Table(f"Verdicts of {called(iteration)} of {track.key}", columns, rows)
    tests = (block for finding, each in tried for block in _tests(finding, each))
    return Section(f"{_key(track, iteration)}-verdicts", "What it shows of each finding", (table, *tests))


def _verdict(finding: FindingTold, attempt: AttemptTold) -> tuple[Line, ...]:
    verdict = attempt.verdict.value if attempt.verdict else "not known yet"
    return (
        line(keys.to_finding(finding), f" {keys.titled(finding)}"),
        line(Strong(verdict)),
        line(attempt.sentence) or NOTHING,
        _ruling(attempt),
    )


def _ruling(attempt: AttemptTold) -> Line:
    if attempt.ruled_fixed is None:
        return line("not yet")
    word = "fixed" if attempt.ruled_fixed else "not fixed"
    by = f" by {attempt.ruled_by}" if attempt.ruled_by else ""
    return line(f"{word}{by}", f": {attempt.reason}" if attempt.reason else "")


def _tests(finding: FindingTold, attempt: AttemptTold) -> Iterator[Block]:
    if attempt.tests:
        columns = (Column("Test"), Column("Before"), Column("After"))
        tests = attempt.tests[:NAMED]
        rows = tuple((line(Mono(test)), line(before), line(after)) for test, before, after in tests)
        table = Table(f"Tests that {finding.name} affects", columns, rows)
        more = cut(len(tests), attempt.tests_total)
        yield Folded(line(f"Tests of {finding.name}"), (*more, table))
