"""What the track had to show, and what its latest run showed of it; pure."""

from collections.abc import Iterator, Mapping

from reports.document import Block, Code, Column, Figure, Folded, Mono, Quote, Section, Strong, Table
from reports.document.blocks import Line
from reports.document.prose import blocks_of
from reports.summary.facts import CriterionTold, TrackTold
from reports.summary.numbers import by_number
from reports.summary.sections import keys
from reports.summary.sections.writing import NOTHING, counted, first, line, says
from tracks.statuses import CriterionKind, Standing

_WORDS = {Standing.HOLDS: "holds", Standing.FAILS: "fails", Standing.UNKNOWN: "not known"}
_COLUMNS = tuple(
    Column(title) for title in ("Criterion", "Weight", "Asked", "Standing", "Figure", "What was seen")
)


def section(track: TrackTold, figures: Mapping[str, Figure]) -> Section | None:
    if not track.criteria:
        return None
    prefix = f"track.{track.key}.criteria"
    if prefix in figures:
        fails = figures[f"{prefix}.fails"]
        holds, total = figures[f"{prefix}.holds"], figures[prefix]
        hold, fail = by_number("holds", "hold", holds, total), by_number("fails", "fail", fails)
        of = counted(total, "criterion", "criteria")
        said = says(holds, " of ", *of, f" {hold}, ", fails, f" {fail}.")
    else:
        said = says("No run has been held against them yet.")
    table = Table(f"Criteria of {track.key}", _COLUMNS, tuple(_row(each) for each in track.criteria))
    evidence = (block for each in track.criteria for block in _evidence(each))
    return Section(f"{keys.of_track(track)}-criteria", "Criteria and checks", (said, table, *evidence))


def _row(criterion: CriterionTold) -> tuple[Line, ...]:
    is_command = criterion.kind is CriterionKind.CHECK
    asked = line(Mono(criterion.asked) if is_command and criterion.asked else criterion.asked)
    return (
        line(criterion.text),
        line(criterion.weight.value),
        asked or NOTHING,
        line(Strong(_WORDS[criterion.standing])),
        line(criterion.figure) or NOTHING,
        line(criterion.sentence) or NOTHING,
    )


def _evidence(criterion: CriterionTold) -> Iterator[Block]:
    if criterion.output or criterion.exit_code is not None:
        code = criterion.exit_code
        ended = () if code is None else (" (", Mono(f"exit code {code}"), ")")
        title = line(f"Output of “{criterion.text}”", *ended)
        yield Folded(title, (Code(criterion.output or "(no output)"),))
    if criterion.tests:
        tests = tuple(first(criterion.tests, criterion.tests_total))
        yield Folded(line(f"Tests at fault of “{criterion.text}”"), tests)
    if criterion.evidence:
        yield says(f"{criterion.by or 'Somebody'} looked at “{criterion.text}”:")
        yield Quote(blocks_of(criterion.evidence))
