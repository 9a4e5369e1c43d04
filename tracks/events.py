"""What a run emits, in the order in which it emits it.

    StageStarted(checkout) … Prepared … StageStarted(test)
        SessionStarted  Deselected*  Collected*  Marked*  TestFinished*  SessionFinished
    CommandEnded(test)  StageStarted(check)  CheckFinished*  StageStarted(after) …

``Log`` and ``Heartbeat`` may come between any two. A ``Heartbeat`` comes at least every half
second, so that whoever reads can renew a lease, write what it holds and stop the run.
"""

from dataclasses import dataclass, field
from typing import Any

from tracks.statuses import Outcome, Phase, Stage, Standing


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Nothing happened; the run goes on."""


@dataclass(frozen=True, slots=True)
class StageStarted:
    stage: Stage


@dataclass(frozen=True, slots=True)
class Prepared:
    """The workspace and the environment stand. ``environment`` is what a comparison looks at:
    ``{"python": "3.11.7", "lock": hash, "tier": "none", "root": folder, "setup": …, "before": …, "test": …,
    "after": …}``."""

    environment: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Log:
    """Output of a command, decoded, as it came (ANSI colours included)."""

    text: str


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """pytest is up and has loaded the recorder."""

    pytest: str
    python: str


@dataclass(frozen=True, slots=True)
class Collected:
    """Some of the tests that pytest will run; a session emits as many of these as it needs."""

    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deselected:
    """Some of the tests that were found and are not run, by the project's own choice."""

    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """Some of the tests that bear a marker of that name."""

    name: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TestFinished:
    """One test has ended, or one module could not be collected or skipped itself as a whole
    (``phase`` is COLLECT then, and ``test`` the module's path)."""

    __test__ = False

    test: str
    outcome: Outcome
    seconds: float
    phase: Phase = Phase.CALL
    message: str = ""
    """One line: the crash message of a broken test, the reason of a skipped or xfailed one."""
    text: str = ""
    """The traceback as pytest prints it; for broken tests only."""
    fixture: str = ""
    """The fixture that failed, where a setup did and pytest tells which."""
    fixture_scope: str = ""


@dataclass(frozen=True, slots=True)
class SessionFinished:
    """pytest ended its session in an orderly way. ``collected`` and ``reported`` count the
    entries (tests, and modules in the COLLECT phase) that the recorder has seen."""

    exit_code: int
    collected: int
    reported: int
    deselected: int = 0
    stopped: str = ""
    """Why pytest ended before all tests were run, in its own words (``-x``, ``--maxfail``)."""
    workers: dict[str, int] = field(default_factory=dict)
    """How many results each of pytest-xdist's workers brought; empty without it."""


@dataclass(frozen=True, slots=True)
class CommandEnded:
    """The command of a stage has ended. ``stopped`` says why we stopped it, else it is empty."""

    stage: Stage
    exit_code: int
    seconds: float
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class CheckFinished:
    """One check of the track's criteria was looked at; ``exit_code`` is None where no command ended."""

    criterion: int
    standing: Standing
    figure: str
    """What was counted or read, with its bound; may be empty."""
    sentence: str
    exit_code: int | None
    output: str
    """What the command printed, or the lines and files that the verdict rests on; head and tail."""
    seconds: float


Event = (
    Heartbeat
    | StageStarted
    | Prepared
    | Log
    | SessionStarted
    | Deselected
    | Collected
    | Marked
    | TestFinished
    | SessionFinished
    | CommandEnded
    | CheckFinished
)

__all__ = [
    "CheckFinished",
    "Collected",
    "CommandEnded",
    "Deselected",
    "Event",
    "Heartbeat",
    "Log",
    "Marked",
    "Prepared",
    "SessionFinished",
    "SessionStarted",
    "StageStarted",
    "TestFinished",
]
