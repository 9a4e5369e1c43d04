"""Whether a run's results are complete; pure. *The books must balance*, or the run is never green.

collected = passed + failed + error + skipped + xfailed + xpassed          what was counted
SessionFinished says the same figures                                     what pytest counted
exit code 0: nothing broken   1: something broken                          how it ended

what disagrees                                        state        balanced
nothing                                               FINISHED     yes
an exit code that is worse than the results           FINISHED     yes, with a reason: a coverage
                                                      threshold or a command after pytest failed;
                                                      every test has its result all the same
an exit code that is better than the results          INCOMPLETE   no: something hides failures
results are missing, for whatever reason              INCOMPLETE   no: by how many, and why
no tests at all                                       BROKEN       no
none were to be run: there are checks alone           FINISHED     yes
checks were not looked at                             INCOMPLETE   no: by how many

A sharded run is the sum of its shards: balanced if all of them are, and they told no test twice.
"""

import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracks.events import SessionFinished
from tracks.statuses import BROKEN_OUTCOMES, Outcome, RunState

INTERRUPTED = 2
INTERNAL_ERROR = 3
USAGE_ERROR = 4
NO_TESTS = 5
HINTS: dict[int, str] = {
    signal.SIGKILL: " (out of memory?)",
    signal.SIGXFSZ: " (a file passed the limit of its size)",
}
SHELL_SIGNALS = range(129, 129 + 64)
"""A shell, and bubblewrap, end with 128 + n where their command was killed by signal n."""


@dataclass(frozen=True, slots=True)
class Ledger:
    collected: int
    outcomes: Mapping[Outcome, int]
    session_finished: SessionFinished | None
    exit_code: int | None
    """Of the test command; None if its end was never seen."""
    stopped: str = ""
    """Why we stopped the command, if we did."""
    is_share: bool = False
    """Other shards run the rest of the tests: this one may hold none."""
    checks_only: bool = False
    """No test was to be run."""
    checks_asked: int = 0
    checks_told: int = 0

    @property
    def reported(self) -> int:
        return sum(self.outcomes.values())

    @property
    def broken(self) -> int:
        return sum(self.outcomes.get(outcome, 0) for outcome in BROKEN_OUTCOMES)


@dataclass(frozen=True, slots=True)
class Balance:
    state: RunState
    balanced: bool
    reason: str
    """Why the books do not balance, or what is to be known although they do; else ""."""


def balance(ledger: Ledger) -> Balance:
    if not ledger.checks_only:
        for check in (_stopped, _ended, _no_tests, _counts, _exit_code):
            found = check(ledger)
            if found:
                return found
    return _checks(ledger) or Balance(RunState.FINISHED, True, "" if ledger.checks_only else _note(ledger))


def combine(
    shards: Sequence[Balance], *, collected: int, told_twice: int, checks_only: bool = False
) -> Balance:
    """What the shards' books, in the order of their numbers, make of the run.

    ``collected`` is how many tests they have together, ``told_twice`` how many of them by more than one;
    ``checks_only``: none were to be run.
    """
    if told_twice:
        return Balance(RunState.INCOMPLETE, False, f"{told_twice} tests were run by more than one shard.")
    states = {shard.state for shard in shards}
    if states == {RunState.FINISHED} and not collected and not checks_only:
        return Balance(RunState.BROKEN, False, "No tests were collected.")
    state = next(state for state in _WORST_FIRST if state in states)
    if state is RunState.BROKEN and states != {RunState.BROKEN}:
        state = RunState.INCOMPLETE
    return Balance(state, all(shard.balanced for shard in shards), _reasons(shards))


_WORST_FIRST = (
    RunState.FAULTED,
    RunState.LOST,
    RunState.CANCELLED,
    RunState.BROKEN,
    RunState.INCOMPLETE,
    RunState.FINISHED,
)


def _reasons(shards: Sequence[Balance]) -> str:
    """Each reason once, with the shards that give it; bare where all of them do."""
    numbers: dict[str, list[str]] = {}
    for number, shard in enumerate(shards, start=1):
        if shard.reason:
            numbers.setdefault(shard.reason, []).append(str(number))
    return " ".join(
        reason if len(named) == len(shards) else f"Shard {' and '.join(named)} of {len(shards)}: {reason}"
        for reason, named in numbers.items()
    )


def _stopped(ledger: Ledger) -> Balance | None:
    if ledger.stopped:
        return _incomplete(f"Stopped: {ledger.stopped}", ledger)
    if ledger.exit_code is None:
        return _incomplete("The end of the test command was never seen", ledger)
    number = killed_by(ledger.exit_code)
    if number:
        hint = HINTS.get(number, "")
        return _incomplete(f"The test command was killed by {signal_name(number)}{hint}", ledger)
    return None


def _ended(ledger: Ledger) -> Balance | None:
    if ledger.session_finished:
        return None
    if ledger.exit_code == 0:
        return _incomplete(
            "The exit code is 0, but pytest's session never finished: something in it ended the process "
            "(os._exit?)",
            ledger,
        )
    return _incomplete(f"pytest's session never finished; exit code {ledger.exit_code}", ledger)


def _no_tests(ledger: Ledger) -> Balance | None:
    session = ledger.session_finished
    if ledger.collected or ledger.reported or session is None or session.collected:
        return None
    if session.exit_code == USAGE_ERROR:
        return Balance(RunState.BROKEN, False, "pytest could not start: it was used wrongly (exit code 4).")
    if session.exit_code in (INTERRUPTED, INTERNAL_ERROR):
        return None
    if ledger.is_share:
        return Balance(RunState.FINISHED, True, "")
    deselected = f": all {session.deselected} were deselected" if session.deselected else ""
    return Balance(RunState.BROKEN, False, f"No tests were collected{deselected}.")


def _counts(ledger: Ledger) -> Balance | None:
    session = ledger.session_finished
    if session is None:
        return None
    if (session.collected, session.reported) != (ledger.collected, ledger.reported):
        return _incomplete(
            f"pytest counted {session.reported} results of {session.collected} tests, which is not what "
            "arrived here",
            ledger,
        )
    if session.workers and sum(session.workers.values()) != ledger.reported:
        told = ", ".join(f"{count} from {worker}" for worker, count in session.workers.items())
        return _incomplete(f"pytest-xdist's processes brought {told}, which is not what arrived here", ledger)
    if ledger.reported > ledger.collected:
        return _incomplete("There are more results than tests", ledger)
    if ledger.reported < ledger.collected:
        return _incomplete(_why_early(session), ledger)
    return None


def _exit_code(ledger: Ledger) -> Balance | None:
    session, code = ledger.session_finished, ledger.exit_code
    if session is None:
        return None
    if session.exit_code in (INTERRUPTED, INTERNAL_ERROR, USAGE_ERROR):
        return _incomplete(_why_early(session), ledger)
    if ledger.broken and session.exit_code == 0:
        return _incomplete("pytest ended with exit code 0 although tests are broken", ledger)
    if ledger.broken and code == 0:
        return _incomplete(
            f"The test command ended with exit code 0, pytest with {session.exit_code}: the command must "
            "end as pytest does (no '|| true', no pipe)",
            ledger,
        )
    return None


def _checks(ledger: Ledger) -> Balance | None:
    asked, told = ledger.checks_asked, ledger.checks_told
    if asked == told:
        return None
    said = f"{told} of {asked} checks have a result; {asked - told} missing."
    return Balance(RunState.INCOMPLETE, False, said)


def _note(ledger: Ledger) -> str:
    session, code = ledger.session_finished, ledger.exit_code
    own = session.exit_code if session else 0
    if own != code:
        return f"pytest ended with exit code {own}, the test command with {code}: see the end of the log."
    if code and not ledger.broken:
        return (
            f"No test is broken, yet pytest ended with exit code {code}: something else failed, such as a "
            "coverage threshold. See the end of the log."
        )
    return ""


def _why_early(session: SessionFinished) -> str:
    if session.stopped:
        return f"pytest ended early: {session.stopped}"
    if session.exit_code == INTERRUPTED:
        return "pytest was interrupted"
    if session.exit_code == INTERNAL_ERROR:
        return "pytest had an internal error"
    return f"pytest ended early with exit code {session.exit_code}"


def _incomplete(what: str, ledger: Ledger) -> Balance:
    missing = ledger.collected - ledger.reported
    figures = f"{ledger.reported} of {ledger.collected} tests have a result"
    short = f"; {missing} missing" if missing > 0 else ""
    return Balance(RunState.INCOMPLETE, False, f"{what}. {figures}{short}.")


def killed_by(exit_code: int) -> int:
    """The signal that an exit code stands for, or 0."""
    if exit_code < 0:
        return -exit_code
    return exit_code - 128 if exit_code in SHELL_SIGNALS else 0


def signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
