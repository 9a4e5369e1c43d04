"""What a run's page says beyond its rows.

counts, collected   ──>   "666 collected = 563 passed + 20 failed + …", balances or by how many not
vectors             ──>   410 of 660, about 30 s left
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracks import estimates, queries
from tracks.models import Run, Shard
from tracks.statuses import Network, Outcome, RunState, ServiceKind, Tier
from tracks.vectors import OutcomeVector
from tracks.web import runs_in_words
from tracks.web.shapes import SHOWN, about

_TONES = {
    RunState.INCOMPLETE: "warn",
    RunState.BROKEN: "bad",
    RunState.FAULTED: "warn",
    RunState.CANCELLED: "info",
    RunState.LOST: "warn",
}
SERVICES = {ServiceKind.POSTGRES: "PostgreSQL", ServiceKind.REDIS: "Redis"}
_STEPS = (("setup", "Setup"), ("before", "Before"), ("test", "Test"), ("after", "After"))


@dataclass(frozen=True)
class Progress:
    """How far a run is. ``total`` is 0 where nothing is known; ``left`` is a phrase and may be empty."""

    done: int
    total: int
    left: str
    doing: str


@dataclass(frozen=True)
class Books:
    """Whether the run's figures add up to what was collected."""

    collected: int
    terms: Sequence[tuple[Outcome, int]]
    missing: int

    @property
    def balance(self) -> bool:
        return self.missing == 0


def progress(
    run: Run, outcomes: OutcomeVector, expected: queries.Expected, *, waits_for: str = ""
) -> Progress | None:
    """None for a run that has ended. ``waits_for`` says why a queued one has not begun."""
    if not run.is_active:
        return None
    if waits_for:
        return Progress(0, 0, "", f"{runs_in_words.meaning(run)}: {waits_for}")
    left = estimates.seconds_left(expected.durations, expected.seconds, outcomes)
    total = run.collected or expected.collected
    said = f"{about(left)} left" if left and run.state == RunState.RUNNING else ""
    return Progress(run.reported, max(total, run.reported), said, runs_in_words.meaning(run))


def books(run: Run) -> Books:
    counts = runs_in_words.counts_of(run)
    always = {Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED}
    terms = [(outcome, counts[outcome]) for outcome in SHOWN if counts[outcome] or outcome in always]
    return Books(run.collected, terms, run.collected - run.reported)


def processes(shards: Sequence[Shard]) -> list[tuple[int, list[tuple[str, int]], int]]:
    """Of each shard that used pytest-xdist: its part (0 where it is the only one), what each process brought,
    and all of it."""
    return [
        (shard.number + 1 if len(shards) > 1 else 0, sorted(shard.xdist.items()), shard.reported)
        for shard in shards
        if shard.xdist
    ]


def headline(run: Run) -> tuple[str, str] | None:
    """Tone and sentence on top of a run that did not finish, or finished with something to know."""
    if run.is_active or (run.state == RunState.FINISHED and not run.reason):
        return None
    return _TONES.get(RunState(run.state), "info"), runs_in_words.meaning(run)


def commands(spec: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The shell lines that the run was started with, as they were frozen on it; not what it leaves out."""
    steps = [each for each in _STEPS if each[0] != "test" or not spec.get("checks_only")]
    return [(label, spec[step]) for step, label in steps if spec.get(step)]


def reach(run: Run, spec: Mapping[str, Any]) -> tuple[str, str]:
    """The tone and the words that say what the run's tests reached."""
    if run.tier == Tier.NONE:
        return "", "the worker's: there was no sandbox"
    services = " and ".join(SERVICES[ServiceKind(each["kind"])] for each in spec.get("services", ()))
    beside = f", with {services} of its own" if services else ""
    match spec.get("network"):
        case Network.HOST:
            return "warn", f"the worker's network{beside}"
        case Network.LOOPBACK:
            return "", f"its own 127.0.0.1{beside}"
        case _:
            return "", f"its own 127.0.0.1{beside}" if services else "none"


def tier(run: Run) -> tuple[str, str]:
    """The tone and the words that say how the run was kept apart."""
    if run.tier == Tier.NONE:
        return "warn", "⚠ ran without a sandbox"
    if run.tier == Tier.BUBBLEWRAP:
        return "", "bubblewrap sandbox"
    return "", "not known yet" if run.is_active else "not reached"
