"""How much work is left, summed from the estimates; pure."""

from collections.abc import Iterator, Mapping

from reports.document import Column, Figure, Section, Table, Tone
from reports.document.blocks import Line
from reports.summary.numbers import by_number
from reports.summary.sections.writing import counted, line, says
from tracks.finding_statuses import Severity

_COLUMNS = (
    Column("Severity"),
    *(Column(title, is_figure=True) for title in ("Open findings", "Effort", "Without an estimate")),
)


def section(figures: Mapping[str, Figure]) -> Section | None:
    opened, none = figures["sprint.findings.open"], figures["sprint.unestimated"]
    if not opened.value:
        return None
    said = says("The estimate for ", *counted(opened, "open finding"), " is ", figures["sprint.effort"], ".")
    bound = says(
        "It covers these alone: no rebase, no retest, no test that breaks only together.", tone=Tone.QUIET
    )
    table = Table("Effort by severity", _COLUMNS, tuple(_rows(figures)))
    if not none.value:
        return Section("timeline", "Timeline", (said, bound, table))
    without = says(none, f" of these {by_number('has', 'have', none)} no estimate.", tone=Tone.WARN)
    return Section("timeline", "Timeline", (said, without, bound, table))


def _rows(figures: Mapping[str, Figure]) -> Iterator[tuple[Line, ...]]:
    for each in Severity:
        if figures[f"sprint.findings.open.{each}"].value:
            names = (f"sprint.{what}.{each}" for what in ("findings.open", "effort", "unestimated"))
            yield line(each.value), *(line(figures[name]) for name in names)
