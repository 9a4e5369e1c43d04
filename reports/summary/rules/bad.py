"""The sentences of the concerns; pure."""

from collections.abc import Iterator

from reports.statuses import GateKind
from reports.summary.facts import SummaryFacts
from reports.summary.pairs import awaits_comparison
from reports.summary.rules.telling import BOUNDS, Figures, by, held_to_targets, shown, some, verb
from reports.summary.standing import called
from tracks.statuses import Outcome, RunState, Standing

KEY = 12
"""So many concerns are drafted, the worst."""
_MORE = "There are more: the status of every track tells them."


def concerns(facts: SummaryFacts, figures: Figures) -> tuple[str, ...]:
    """The worst first."""
    rules = (
        *(_severe, _untested, _broke, _uncompared, _criteria_fail, _collide),
        *(_targets_missed, _lost, _faulted, _conditions, _asked),
    )
    found = by(rules, facts, figures)
    return found if len(found) <= KEY else (*found[:KEY], _MORE)


def _untested(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for track in facts.tracks:
        if track.latest is None:
            yield f"Track {track.key} is not tested yet."
        elif track.latest.run.state is not RunState.FINISHED:
            told = f"The {called(track.latest)} of track {track.key} is {track.latest.run.state}"
            yield f"{told}: what it counts says nothing."


def _faulted(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for track in facts.tracks:
        if track.fault:
            told = f"The {called(track.fault)} of track {track.key} is {track.fault.run.state}"
            yield f"{told}: it says nothing of the branch."


def _broke(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for track in facts.tracks:
        failing, erroring = f"track.{track.key}.newly_failing", f"track.{track.key}.newly_erroring"
        if some(failing, figures) or some(erroring, figures):
            told = f"{shown(failing, figures)} newly failing and {shown(erroring, figures)} newly erroring"
            yield f"Track {track.key} breaks tests that the baseline does not: {told}."


def _uncompared(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for track in facts.tracks:
        if awaits_comparison(track, facts.baseline):
            yield f"Track {track.key} is not compared with the baseline yet: what it breaks is not known."


def _lost(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for track in facts.tracks:
        vanished, muted = f"track.{track.key}.vanished", f"track.{track.key}.muted"
        lost = next((gate for gate in track.gates if gate.kind is GateKind.LOST), None)
        if lost and lost.standing is Standing.HOLDS:
            continue  # they were renamed, or somebody accepted that they are gone
        if some(vanished, figures) or some(muted, figures):
            told = f"{shown(vanished, figures)} vanished, {shown(muted, figures)} muted"
            yield f"Tests of the baseline do not count on track {track.key} any more: {told}."


def _targets_missed(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for track in facts.tracks:
        missed = [outcome for outcome, reached in held_to_targets(track, figures).items() if not reached]
        if missed:
            each = ", ".join(_missed(outcome, f"track.{track.key}.{outcome}", figures) for outcome in missed)
            yield f"Track {track.key} misses {'the targets' if len(missed) > 1 else 'a target'}: {each}."


def _missed(outcome: Outcome, name: str, figures: Figures) -> str:
    """``20 fail (at most 4)``."""
    one, many, least_or_most = _TARGETS[outcome]
    bound = shown(f"sprint.target.{BOUNDS[outcome]}", figures)
    return f"{shown(name, figures)} {verb(one, many, figures, name)} ({least_or_most} {bound})"


_TARGETS = {
    Outcome.PASSED: ("passes", "pass", "at least"),
    Outcome.FAILED: ("fails", "fail", "at most"),
    Outcome.ERROR: ("has an error", "have errors", "at most"),
}


def _severe(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for severity in ("critical", "high"):
        name = f"sprint.findings.open.{severity}"
        if some(name, figures):
            be = verb("is", "are", figures, name)
            yield f"{shown(name, figures, 'finding')} of severity {severity} {be} open."


def _criteria_fail(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for track in facts.tracks:
        name = f"track.{track.key}.criteria.blocking"
        if some(f"{name}.fails", figures):
            total = shown(name, figures, "blocking criterion", "blocking criteria")
            yield f"Track {track.key} fails {shown(f'{name}.fails', figures)} of {total}."


def _collide(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    if facts.integration is None:
        return
    for left in facts.integration.left_out:
        name = f"integration.conflicts.{left.key}"
        if some(name, figures):
            files = shown(name, figures, "file")
            yield f"Track {left.key} conflicts in {files} and could not be merged on trial."
    if some("integration.together", figures):
        tests = shown("integration.together", figures, "test")
        do = verb("breaks", "break", figures, "integration.together")
        yield f"{tests} {do} only where tracks are merged together."


def _conditions(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    if some("sprint.conditions", figures):
        name = "sprint.conditions"
        be = verb("is", "are", figures, name)
        yield f"{shown(name, figures, 'condition')} of approvals {be} not met yet."


def _asked(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    if some("sprint.questions", figures):
        name = "sprint.questions"
        yield f"{shown(name, figures, 'question')} {verb('waits', 'wait', figures, name)} for an answer."
