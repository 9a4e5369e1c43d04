"""The rules about the figures of the run, and about what it changed against the baseline; pure.

A run in which results are missing can fail a rule already, and never hold one. None of them is asked of a run
that goes through checks alone.
"""

from typing import Literal

from reports.gates.facts import Changes, GateFacts, Tested
from reports.gates.told import Given, Told, counted, fails, holds, telling, unknown, unless_whole
from tracks.statuses import ACTIVE_STATES, RunState


def passed(given: Given) -> Told:
    least = given.policy.min_passed or 0
    bound = f"≥ {least}"
    run = telling(given.facts.run, bound=bound)
    if isinstance(run, Told):
        return run
    figure = f"{run.passed} passed"
    if run.passed >= least:
        found = holds(f"{counted(run.passed, 'test')} passed.", figure=figure, bound=bound)
    else:
        said = f"{counted(run.passed, 'test')} passed, {least} are asked for."
        found = fails(said, f"{least - run.passed} more must pass", figure=figure, bound=bound)
    return unless_whole(run, found)


def failed(given: Given) -> Told:
    return _at_most(given.facts.run, "failed", given.policy.max_failed or 0)


def errors(given: Given) -> Told:
    return _at_most(given.facts.run, "errors", given.policy.max_errors or 0)


def total(given: Given) -> Told:
    """Held against the baseline's tests less those that need not be there."""
    compared = _compared(given.facts)
    if isinstance(compared, Told):
        return compared
    run, baseline, changes = compared
    least = baseline.total - changes.excused
    figure, bound = f"{run.total} tests", f"≥ {least}"
    of = f"{baseline.total} of the baseline" + (
        f", less {changes.excused} excused" if changes.excused else ""
    )
    if run.total >= least:
        found = holds(f"There are {counted(run.total, 'test')}, for {of}.", figure=figure, bound=bound)
    else:
        said = f"There are only {counted(run.total, 'test')}, for {of}."
        found = fails(said, f"{counted(least - run.total, 'test')} too few", figure=figure, bound=bound)
    return unless_whole(run, found)


def newly_broken(given: Given) -> Told:
    compared = _compared(given.facts)
    if isinstance(compared, Told):
        return compared
    run, _, changes = compared
    count, figure = changes.newly_broken, f"{changes.newly_broken} newly broken"
    if count:
        said = f"{counted(count, 'test')} {'breaks' if count == 1 else 'break'} that did not in the baseline."
        return fails(said, f"{count} to mend", figure=figure, bound="0")
    found = holds("No test breaks that did not in the baseline.", figure=figure, bound="0")
    return unless_whole(run, found)


def lost(given: Given) -> Told:
    compared = _compared(given.facts)
    if isinstance(compared, Told):
        return compared
    run, _, changes = compared
    count, bound = len(changes.lost), "0 without an accepted reason"
    figure = f"{count + changes.accepted} lost" + (
        f", {changes.accepted} accepted" if changes.accepted else ""
    )
    if count:
        said = f"{counted(count, 'test')} vanished or {'was' if count == 1 else 'were'} switched off."
        found = fails(said, f"{count} to bring back or to accept", figure=figure, bound=bound)
    else:
        said = "No test is lost without an accepted reason." if changes.accepted else "No test is lost."
        found = holds(said, figure=figure, bound=bound)
    return unless_whole(run, found)


def environment(given: Given) -> Told:
    compared = _compared(given.facts)
    if isinstance(compared, Told):
        return compared
    run, _, changes = compared
    if changes.differences:
        distance = f"{counted(len(changes.differences), 'difference')} to remove"
        figure = counted(len(changes.differences), "difference")
        return fails(" ".join(changes.differences), distance, figure=figure, bound="0")
    found = holds("Both were run under the same conditions.", figure="0 differences", bound="0")
    return unless_whole(run, found)


def _at_most(tested: Tested | None, what: Literal["failed", "errors"], most: int) -> Told:
    bound = f"≤ {most}"
    run = telling(tested, bound=bound)
    if isinstance(run, Told):
        return run
    count = run.failed if what == "failed" else run.errors
    figure, said = f"{count} {what}", f"{count} {what}, at most {most} allowed."
    if count > most:
        over = f"{count - most} failed" if what == "failed" else counted(count - most, "error")
        return fails(said, f"{over} too many", figure=figure, bound=bound)
    return unless_whole(run, holds(said, figure=figure, bound=bound))


def _compared(facts: GateFacts) -> tuple[Tested, Tested, Changes] | Told:
    """The run, the baseline and what changed; or why that cannot be told. Only a baseline that ended in
    order is a measure."""
    run, baseline, changes = telling(facts.run), facts.baseline, facts.changes
    if isinstance(run, Told):
        return run
    if baseline is None:
        return unknown("The sprint has no baseline yet.", "test the baseline")
    if baseline.state in ACTIVE_STATES:
        return unknown("The baseline has not ended yet.", "wait for the baseline")
    if baseline.state is not RunState.FINISHED:
        return unknown(f"The baseline is {baseline.state}: it is no measure.", "test the baseline again")
    if changes is None:
        return unknown("The run is not compared with the baseline yet.", "wait for the comparison")
    return run, baseline, changes
