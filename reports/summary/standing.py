"""The one word on a track, and the one on the sprint, wherever the report says it; pure.

TrackTold ──state_of──> State ──word_of──> "approved, stale"
SummaryFacts ──overall──> "Not every track is decided"
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from reports.document import Tone
from reports.statuses import APPROVALS, DecisionKind
from reports.summary.facts import DecisionTold, IntegrationTold, IterationTold, SummaryFacts, TrackTold
from reports.wording import decided, listed
from tracks.statuses import RunState


class State(StrEnum):
    APPROVED = "approved"
    CONDITIONAL = "approved with conditions"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    AWAITING = "awaiting"
    """Too few leads have approved it."""
    STALE = "stale"
    UNDECIDED = "not decided"


APPROVED = frozenset({State.APPROVED, State.CONDITIONAL})
NOT_DECIDED = frozenset({State.AWAITING, State.STALE, State.UNDECIDED})

TONES = {
    State.APPROVED: Tone.GOOD,
    State.CONDITIONAL: Tone.GOOD,
    State.REJECTED: Tone.BAD,
    State.DEFERRED: Tone.QUIET,
    State.AWAITING: Tone.WARN,
    State.STALE: Tone.WARN,
    State.UNDECIDED: Tone.WARN,
}
_OF_KINDS = {
    DecisionKind.APPROVED: State.APPROVED,
    DecisionKind.CONDITIONAL: State.CONDITIONAL,
    DecisionKind.REJECTED: State.REJECTED,
    DecisionKind.DEFERRED: State.DEFERRED,
}


def latest_decision(track: TrackTold) -> DecisionTold | None:
    return max(track.decisions, key=lambda each: (each.at, each.decision), default=None)


def state_of(track: TrackTold) -> State:
    latest = latest_decision(track)
    if latest is None:
        return State.UNDECIDED
    if track.is_stale:
        return State.STALE
    if latest.kind in APPROVALS and not track.is_approved:
        return State.AWAITING
    return _OF_KINDS[latest.kind]


def word_of(track: TrackTold) -> str:
    """As the board says it; its figures are placeholders."""
    latest = latest_decision(track)
    return decided(
        latest.kind if latest else None,
        is_stale=track.is_stale,
        is_approved=track.is_approved,
        approvals=f"{{{{track.{track.key}.approvals}}}}",
        needed=f"{{{{track.{track.key}.approvals.needed}}}}",
    )


def overall(facts: SummaryFacts) -> str:
    """The sprint in a few words, without a full stop."""
    states = {state_of(track) for track in facts.tracks}
    if not facts.tracks:
        return "There are no tracks yet"
    if not any(track.latest for track in facts.tracks):
        return "Nothing has been tested yet"
    if states <= APPROVED:
        every = all(track.is_ready for track in facts.tracks)
        return "Every track may be merged" if every else "Every track is approved, not every gate is open"
    return f"Not every track is approved: {', '.join(_named(facts.tracks))}"


def _named(tracks: Iterable[TrackTold]) -> Iterator[str]:
    """``B is rejected``, ``C and D are not decided``."""
    states = {track.key: state_of(track) for track in tracks}
    groups = (({State.REJECTED}, "rejected"), ({State.DEFERRED}, "deferred"), (NOT_DECIDED, "not decided"))
    for group, word in groups:
        if keys := [key for key, state in states.items() if state in group]:
            yield f"{listed(keys)} {'is' if len(keys) == 1 else 'are'} {word}"


def moved_on(trial: IntegrationTold, tracks: Iterable[TrackTold]) -> tuple[str, ...]:
    """The keys of the tracks of which another commit has been tested since the trial took one."""
    return tuple(
        track.key
        for track in tracks
        if track.latest and trial.shas.get(track.key, track.latest.run.sha) != track.latest.run.sha
    )


def called(iteration: IterationTold) -> str:
    return f"retest {iteration.number}" if iteration.number else "initial test"


def in_the_way(iteration: IterationTold) -> str:
    """Why the run's counts say nothing, as a sentence; empty where they can be held against others."""
    run = iteration.run
    if run.state is RunState.FINISHED:
        return "It went through the checks alone: no test was run." if run.checks_only else ""
    said = f"The run is {run.state}: its counts are not compared."
    return f"{said} {run.reason}".strip()
