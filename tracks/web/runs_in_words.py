"""How a run is called and what its state means, in words; pure but for reading the run's own fields.

run 12   kind track, iteration 1   ──>   "Track A · retest 1",  ("bad", "broken")
run 14   merges A and C            ──>   "Trial integration",  of "A + C merged"
"""

from collections.abc import Mapping

from tracks.models import Run, Shard
from tracks.models.run import COUNTERS, Tally
from tracks.statuses import Outcome, RunKind, RunState, Stage
from tracks.web.shapes import SHOWN

_TONES = {
    RunState.QUEUED: "info",
    RunState.PREPARING: "info",
    RunState.RUNNING: "info",
    RunState.FINISHED: "",
    RunState.INCOMPLETE: "warn",
    RunState.BROKEN: "bad",
    RunState.FAULTED: "warn",
    RunState.CANCELLED: "",
    RunState.LOST: "warn",
}
MEANINGS = {
    RunState.QUEUED: "Waiting for a worker",
    RunState.PREPARING: "Being prepared",
    RunState.RUNNING: "Tests are running",
    RunState.FINISHED: "Finished: every collected test is accounted for",
    RunState.INCOMPLETE: "Incomplete: some results are missing",
    RunState.BROKEN: "Broken: the branch could not be tested",
    RunState.FAULTED: "Not carried out: the fault is not the branch's",
    RunState.CANCELLED: "Cancelled",
    RunState.LOST: "Lost: its worker went away",
}
_KINDS = {
    RunKind.SELECTION: "some tests again",
    RunKind.BISECTION: "search for a commit",
    RunKind.INTEGRATION: "trial integration",
}
_STAGES = {
    "": "Being prepared",
    Stage.CHECKOUT: "Fetching the commit",
    Stage.SETUP: "Setting up the environment",
    Stage.BEFORE: "Running the command before the tests",
    Stage.TEST: "Tests are running",
    Stage.CHECK: "Checks are looked at",
    Stage.AFTER: "Running the command after the tests",
}


def counts_of(run: Tally) -> Mapping[Outcome, int]:
    """How many tests have had each outcome up to now."""
    return {outcome: getattr(run, COUNTERS[outcome]) for outcome in SHOWN}


def iteration_name(run: Run) -> str:
    """``initial``, ``retest 2``, ``baseline``; ``trial`` for a run outside any sprint."""
    if run.kind == RunKind.TRACK:
        return f"retest {run.iteration}" if run.iteration else "initial"
    if run.kind == RunKind.BASELINE and run.sprint_id is None:
        return "trial"
    return _KINDS.get(RunKind(run.kind), run.kind)


def name(run: Run) -> str:
    """What a person calls the run; needs ``run.track`` where it is one of a track."""
    if run.track is not None:
        return f"Track {run.track.key} · {iteration_name(run)}"
    return iteration_name(run).capitalize()


def under_test(run: Run) -> str:
    """The branch whose commit the run tests; of a trial integration the tracks that it merges."""
    if run.branch:
        return run.branch
    return f"{' + '.join(run.merged)} merged" if run.merged else "the base alone"


def state(run: Run | Shard) -> tuple[str, str]:
    """The tone of the state's chip and its word."""
    return _TONES[RunState(run.state)], run.state


def meaning(run: Run) -> str:
    """One line that says what the state means; what it is doing while it is held."""
    if run.checks_only and run.state == RunState.FINISHED:
        return "Finished: every check was looked at"
    if run.state in (RunState.PREPARING, RunState.RUNNING):
        return _STAGES[run.stage]
    return MEANINGS[RunState(run.state)]


def seconds(run: Run) -> float | None:
    """How long the run took, preparation included; None while it goes on or where it never began."""
    if run.started_at is None or run.ended_at is None:
        return None
    return (run.ended_at - run.started_at).total_seconds()
