"""The sentences of the concerns; pure."""

from collections.abc import Iterator

from reports.summary.facts import SummaryFacts
from reports.summary.rules.telling import BOUNDS, Figures, be, by, held_to_targets, shown, some
from reports.summary.standing import called
from tracks.statuses import Outcome, RunState, Standing, Weight

_TARGETS = {
    Outcome.PASSED: "at least {} tests that pass: {} do",
    Outcome.FAILED: "at most {} tests that fail: {} do",
    Outcome.ERROR: "at most {} tests with errors: {} have one",
}


def concerns(facts: SummaryFacts, figures: Figures) -> tuple[str, ...]:
    rules = (_untested, _broke, _lost, _targets_missed, _severe, _criteria_fail, _collide, _conditions)
    return by(rules, facts, figures)


def _untested(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for track in facts.tracks:
        if track.latest is None:
            yield f"Track {track.key} is not tested yet."
        elif track.latest.run.state is not RunState.FINISHED:
            test = f"The latest test of track {track.key}, {called(track.latest)},"
            yield f"{test} is {track.latest.run.state}: what it counts says nothing."


def _broke(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for track in facts.tracks:
        failing, erroring = f"track.{track.key}.newly_failing", f"track.{track.key}.newly_erroring"
        if some(failing, figures) or some(erroring, figures):
            told = f"{shown(failing, figures)} newly failing and {shown(erroring, figures)} newly erroring"
            yield f"Track {track.key} breaks tests that the baseline does not: {told}."


def _lost(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for track in facts.tracks:
        vanished, muted = f"track.{track.key}.vanished", f"track.{track.key}.muted"
        if some(vanished, figures) or some(muted, figures):
            told = f"{shown(vanished, figures)} vanished, {shown(muted, figures)} muted"
            yield f"Tests of the baseline do not count on track {track.key} any more: {told}."


def _targets_missed(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for track in facts.tracks:
        for outcome, reached in held_to_targets(track, figures).items():
            if not reached:
                bound = shown(f"sprint.target.{BOUNDS[outcome]}", figures)
                value = shown(f"track.{track.key}.{outcome}", figures)
                yield f"Track {track.key} misses the target of {_TARGETS[outcome].format(bound, value)}."


def _severe(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for severity in ("critical", "high"):
        name = f"sprint.findings.open.{severity}"
        if some(name, figures):
            yield f"{shown(name, figures, 'finding')} of severity {severity} {be(name, figures)} open."


def _criteria_fail(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for track in facts.tracks:
        blocking = [each for each in track.criteria if each.weight is Weight.BLOCKING]
        if any(each.standing is Standing.FAILS for each in blocking):
            fails = shown(f"track.{track.key}.criteria.fails", figures)
            total = shown(f"track.{track.key}.criteria", figures, "criterion", "criteria")
            yield f"Track {track.key} fails {fails} of {total}."


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
        do = "breaks" if figures["integration.together"].value == 1 else "break"
        yield f"{tests} {do} only where tracks are merged together."


def _conditions(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    if some("sprint.conditions", figures):
        name = "sprint.conditions"
        yield f"{shown(name, figures, 'condition')} of approvals {be(name, figures)} not met yet."
