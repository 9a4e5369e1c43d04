"""What came of merging the tracks on trial, and in which order they are best merged; pure."""

from collections.abc import Iterator, Mapping

from reports.document import Block, Bullets, Column, Figure, Mono, Paragraph, Section, Strong, Table, Tone
from reports.document.blocks import Line
from reports.summary.facts import IntegrationTold, InteractionTold, LeftOutTold, StepTold, SummaryFacts
from reports.summary.figures.of_sprint import together_of
from reports.summary.numbers import by_number
from reports.summary.sections.writing import (
    NOTHING,
    SHORT,
    bullets,
    counted,
    first,
    line,
    moment,
    says,
    separated,
)
from reports.summary.standing import moved_on
from reports.wording import listed
from tracks.statuses import Outcome

_CONFLICTS = (Column("Track"), Column("File"), Column("Conflicts with"))


def section(facts: SummaryFacts, figures: Mapping[str, Figure]) -> Section | None:
    trial = facts.integration
    parts = (
        Section("integration-order", "Order of merging", (_order(facts),)) if facts.plan else None,
        _trial(trial, facts, figures) if trial else None,
        _conflicts(trial, figures) if trial and trial.left_out else None,
        _interactions(trial, figures) if trial and (trial.interactions or trial.alone) else None,
        _prerequisites(facts),
    )
    there = tuple(part for part in parts if part)
    return Section("integration", "Integration", (), there) if there else None


def _order(facts: SummaryFacts) -> Bullets:
    return bullets(
        (line(step_in_words(step)) for step in facts.plan),
        ordered=True,
    )


def step_in_words(step: StepTold) -> str:
    """``Merge B after rework: it is rejected.``"""
    return f"{step.sentence.rstrip('.')}: {listed(step.reasons)}." if step.reasons else step.sentence


def _trial(trial: IntegrationTold, facts: SummaryFacts, figures: Mapping[str, Figure]) -> Section:
    tone = Tone.WARN if trial.passed is None else Tone.GOOD if trial.passed else Tone.BAD
    base = (Mono(trial.base[:SHORT]),) if trial.base else ("the base",)
    blocks = [
        says(f"{trial.by or 'Somebody'} tried it on {moment(trial.at)}, onto ", *base, "."),
        _merged(trial),
        *_moved_on(trial, facts),
        *([says(trial.sentence, tone=tone)] if trial.sentence else []),
    ]
    if trial.run and trial.run.ended_at:
        passed, failed, error = (
            figures[f"integration.{each}"] for each in (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR)
        )
        tests = counted(figures["integration.collected"], "test")
        results = (passed, " passed, ", failed, " failed, ", *counted(error, "error"), ".")
        blocks.append(says(f"The run is {trial.run.state}. ", *tests, ": ", *results))
    return Section("integration-trial", "Trial integration", tuple(blocks))


def _merged(trial: IntegrationTold) -> Paragraph:
    if not trial.merged:
        return says("No track was merged.")
    taken = ((*line(key), *_at(trial.shas.get(key, ""))) for key in trial.merged)
    return says("Merged, in this order: ", *separated(taken), ".")


def _at(sha: str) -> Line:
    return line(" at ", Mono(sha[:SHORT])) if sha else ()


def _moved_on(trial: IntegrationTold, facts: SummaryFacts) -> Iterator[Block]:
    if moved := moved_on(trial, facts.tracks):
        said = f"Since then another commit of {listed(moved)} was tested: this does not tell of it."
        yield says(said, tone=Tone.WARN)


def _conflicts(trial: IntegrationTold, figures: Mapping[str, Figure]) -> Section:
    rows = tuple(row for left in trial.left_out for row in _of_track(left))
    said = tuple(_left_out(left, figures) for left in trial.left_out)
    table = (Table("Files in conflict", _CONFLICTS, rows),) if rows else ()
    return Section("integration-conflicts", "Left out, and conflicts", (*said, *table))


def _left_out(left: LeftOutTold, figures: Mapping[str, Figure]) -> Paragraph:
    files = figures[f"integration.conflicts.{left.key}"]
    where = (" It conflicts in ", *counted(files, "file"), ".") if files.value else ()
    return says(Strong(f"{left.key}: "), left.why, *where)


def _of_track(left: LeftOutTold) -> Iterator[tuple[Line, ...]]:
    for path, with_ in left.conflicts:
        yield line(left.key), line(Mono(path)), line(listed(with_)) or line("the base")


def _interactions(trial: IntegrationTold, figures: Mapping[str, Figure]) -> Section:
    number = figures["integration.together"]
    do = by_number("breaks", "break", number)
    said = says(*counted(number, "test"), f" {do} together and on no track alone.")
    blocks = (block for each in trial.interactions for block in _interaction(each, figures))
    alone = (block for each in trial.alone for block in _alone(each))
    return Section("integration-interactions", "Interactions", (said, *blocks, *alone))


def _interaction(each: InteractionTold, figures: Mapping[str, Figure]) -> Iterator[Block]:
    tests = counted(figures[together_of(each)], "test")
    yield says(Strong(f"{listed(each.keys)}: "), *tests, f". {each.sentence}".rstrip())
    yield from first(each.first, each.tests)


def _alone(each: InteractionTold) -> Iterator[Block]:
    """No interaction after all."""
    yield says(Strong(f"{listed(each.keys)} alone: "), "on this base it breaks these without the others.")
    yield from first(each.first, each.tests)


def _prerequisites(facts: SummaryFacts) -> Section | None:
    rows = tuple(
        (
            line(track.key),
            separated((*line(key),) for key in track.depends_on),
            _missing(facts, track.depends_on),
        )
        for track in facts.tracks
        if track.depends_on
    )
    if not rows:
        return None
    columns = (Column("Track"), Column("Needs"), Column("Not approved yet"))
    return Section("integration-prerequisites", "Prerequisites", (Table("Prerequisites", columns, rows),))


def _missing(facts: SummaryFacts, needed: tuple[str, ...]) -> Line:
    approved = {track.key for track in facts.tracks if track.is_approved}
    return line(listed([key for key in needed if key not in approved])) or NOTHING
