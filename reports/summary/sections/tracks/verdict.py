"""The verdict on the track: the decision, what the gates speak for, and each gate; pure."""

from collections.abc import Iterator, Mapping

from reports.document import Block, Column, Figure, Mono, Paragraph, Quote, Section, Strong, Table, Tone
from reports.document.blocks import Line
from reports.document.prose import blocks_of, line_of
from reports.statuses import Recommended
from reports.summary.facts import GateTold, TrackTold
from reports.summary.numbers import by_number
from reports.summary.sections import keys
from reports.summary.sections.writing import NOTHING, SHORT, bullets, counted, day, line, says
from reports.summary.standing import TONES, latest_decision, state_of, word_of
from reports.wording import listed
from tracks.statuses import Standing

_RECOMMENDED = {
    Recommended.APPROVE: "The gates speak for an approval.",
    Recommended.REJECT: "The gates speak for a rejection.",
    Recommended.WAIT: "The gates speak for waiting.",
}
_GATES = tuple(Column(title) for title in ("Gate", "Standing", "Figure", "Bound", "Why"))


def section(track: TrackTold, figures: Mapping[str, Figure]) -> Section:
    state = state_of(track)
    blocks = (
        Paragraph(line(Strong("Verdict: "), *line_of(word_of(track), figures), "."), TONES[state]),
        *_reasons(track),
        *_gates(track, figures),
    )
    return Section(f"{keys.of_track(track)}-verdict", "Verdict", blocks)


def _reasons(track: TrackTold) -> Iterator[Block]:
    if decision := latest_decision(track):
        yield says(f"{decision.by} on {day(decision.at)}, on commit ", Mono(decision.sha[:SHORT]), ":")
        yield Quote(blocks_of(decision.rationale))
        if decision.stale:
            yield says("It does not count any more:", tone=Tone.WARN)
            yield bullets(line(each) for each in decision.stale)
    yield says(Strong(_RECOMMENDED[track.recommended]))
    if track.reasons:
        yield bullets(line(each) for each in track.reasons)


def _gates(track: TrackTold, figures: Mapping[str, Figure]) -> Iterator[Block]:
    if track.gates:
        opened, total = figures[f"track.{track.key}.gates.open"], figures[f"track.{track.key}.gates"]
        is_or_are = by_number("is", "are", opened, total)
        yield says(opened, " of ", *counted(total, "gate"), f" {is_or_are} open. ", _closed(track))
        yield Table(f"Gates of {track.key}", _GATES, tuple(_gate(each) for each in track.gates))


def _closed(track: TrackTold) -> str:
    """Which gates are closed: those that a decision asks for, and those before the merge alone."""
    asked, later = (
        [each.kind.value for each in track.gates if not each.is_open and each.decides is decides]
        for decides in (True, False)
    )
    first = f"Closed for the decision: {listed(asked)}." if asked else "Every gate of the decision is open."
    waived = [each.kind.value for each in track.gates if _is_waived(each)]
    parts = (
        first,
        f"Closed for the merge alone: {listed(later)}." if later else "",
        f"Open only because they are waived: {listed(waived)}." if waived else "",
    )
    return " ".join(each for each in parts if each)


def _gate(gate: GateTold) -> tuple[Line, ...]:
    is_waived = _is_waived(gate)
    why = (gate.sentence, _waiver(gate) if is_waived else "")
    return (
        line(gate.kind.value, "" if gate.decides else " (before the merge)"),
        line("waived" if is_waived else gate.standing.value),
        line(gate.figure) or NOTHING,
        line(gate.bound) or NOTHING,
        line(" ".join(each for each in why if each)) or NOTHING,
    )


def _is_waived(gate: GateTold) -> bool:
    return gate.waived_by != "" and gate.standing is not Standing.HOLDS


def _waiver(gate: GateTold) -> str:
    until = f" until {day(gate.waived_until)}" if gate.waived_until else ""
    return f"Waived by {gate.waived_by}{until}: {gate.waived_for}"
