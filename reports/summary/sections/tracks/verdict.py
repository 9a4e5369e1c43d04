"""The verdict on the track: the decision, what the gates speak for, and each gate; pure."""

from collections.abc import Iterator, Mapping

from reports.document import Block, Column, Figure, Mono, Paragraph, Quote, Section, Strong, Table, Tone
from reports.document.blocks import Line
from reports.document.prose import blocks_of
from reports.statuses import Recommended
from reports.summary.facts import GateTold, TrackTold
from reports.summary.sections import keys
from reports.summary.sections.writing import NOTHING, SHORT, bullets, counted, day, is_or_are, line, says
from reports.summary.standing import TONES, latest_decision, state_of
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
        Paragraph(line(Strong("Verdict: "), f"{state}."), TONES[state]),
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
        yield says(opened, " of ", *counted(total, "gate"), f" {is_or_are(opened)} open.")
        yield Table(f"Gates of {track.key}", _GATES, tuple(_gate(each) for each in track.gates))


def _gate(gate: GateTold) -> tuple[Line, ...]:
    is_waived = gate.waived_by != "" and gate.standing is not Standing.HOLDS
    why = (gate.sentence, _waiver(gate) if is_waived else "")
    return (
        line(gate.kind.value),
        line("waived" if is_waived else gate.standing.value),
        line(gate.figure) or NOTHING,
        line(gate.bound) or NOTHING,
        line(" ".join(each for each in why if each)) or NOTHING,
    )


def _waiver(gate: GateTold) -> str:
    until = f" until {day(gate.waived_until)}" if gate.waived_until else ""
    return f"Waived by {gate.waived_by}{until}: {gate.waived_for}"
