"""Why a decision does not count any more; pure, derived whenever it is asked, never stored.

Decided   what the decision rested on          ┐
Present   what is known of its track by now    ┴──reasons──> sentences; none where it counts

approvals                 new commits, the base or the baseline moved, a dependency, a condition, a later
                          run, a waiver
rejections, deferrals     new commits, or a later run at the same commit with which every gate is open
what is in the base       no moved base: the decision was carried out; nor a head that is gone, or in it too
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reports.contradictions import contradiction
from reports.gates import Dependency, Gate, GateFacts, Tested
from reports.statuses import APPROVALS, DecisionKind, GateKind, MergeResult
from tracks.statuses import RunState, Standing

OF_THE_RUN = frozenset(GateKind) - {
    GateKind.HEAD,
    GateKind.FINDINGS,
    GateKind.MERGES,
    GateKind.DEPENDENCIES,
    GateKind.INTEGRATION,
}
"""What closes these, a run has shown."""


@dataclass(frozen=True, slots=True)
class DueCondition:
    """``due`` is the last day on which it may be met, in UTC."""

    text: str
    due: date
    is_met: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """``base``, ``baseline`` and ``patch_id`` are empty where they were not known then."""

    kind: DecisionKind
    sha: str
    base: str
    tested: Tested
    """The run that was decided on."""
    baseline: str = ""
    """The commit of the run that it was compared with."""
    patch_id: str = ""
    commits: int = 0
    """How many the base did not have; 0 where git had not been asked, too."""
    held: frozenset[GateKind] = frozenset()
    """The gates that held by themselves."""
    waived: tuple[GateKind, ...] = ()
    """The gates that a waiver alone held open."""
    dependencies: tuple[tuple[str, str], ...] = ()
    """(key, SHA that was approved) of the tracks that it waited for."""
    conditions: tuple[DueCondition, ...] = ()


@dataclass(frozen=True, slots=True)
class Merging:
    """What git says of merging the decided commit into the base as it is now."""

    result: MergeResult
    patch_id: str

    @property
    def is_contained(self) -> bool:
        """The base has all of its changes."""
        return self.result is MergeResult.CLEAN and not self.patch_id


@dataclass(frozen=True, slots=True)
class Present:
    facts: GateFacts
    gates: tuple[Gate, ...]
    dependencies: tuple[Dependency, ...]
    merging: Merging | None
    """None where git was not asked yet."""
    merging_head: Merging | None
    """Likewise, of the commit at the branch's head."""
    later: tuple[Tested, ...]
    """The later runs at the decided commit that have ended, oldest first."""
    today: date


def reasons(decided: Decided, now: Present) -> tuple[str, ...]:
    """Each reason for which the decision does not count any more, as a sentence."""
    if decided.kind in APPROVALS:
        return tuple(_against_approval(decided, now))
    return tuple(_against_refusal(decided, now))


def _against_approval(decided: Decided, now: Present) -> Iterator[str]:
    if not _was_carried_out(decided, now):
        yield from _new_commits(decided, now)
        yield from _base_moved(decided, now)
    elif not _head_is_in_the_base(now):
        yield from _new_commits(decided, now)
    yield from _dependencies(decided, now)
    yield from _conditions(decided, now)
    yield from _later_runs(decided, now)
    yield from _waivers(decided, now)


def _against_refusal(decided: Decided, now: Present) -> Iterator[str]:
    yield from _new_commits(decided, now)
    run = now.facts.run
    if run and run.sha == decided.sha and run.run > decided.tested.run and not _closed(now):
        yield f"Run {run.run} at the same commit contradicts it: every gate is open with it."


def _was_carried_out(decided: Decided, now: Present) -> bool:
    """Not where there was nothing to merge when it was decided: the base had all of it then."""
    return bool(decided.commits and now.merging and now.merging.is_contained)


def _head_is_in_the_base(now: Present) -> bool:
    """Or gone, as branches are that were merged."""
    return not now.facts.head or bool(now.merging_head and now.merging_head.is_contained)


def _new_commits(decided: Decided, now: Present) -> Iterator[str]:
    head = now.facts.head
    if not head:
        yield "The branch is gone from the repository."
    elif head != decided.sha:
        yield f"The branch has new commits: it is at {head[:7]}, {decided.sha[:7]} was decided on."


def _base_moved(decided: Decided, now: Present) -> Iterator[str]:
    """It may move where the branch changes the same lines on it, and the gates are open there, too; so may
    the baseline alone."""
    base, baseline = now.facts.base, now.facts.baseline
    if not base:
        yield "The base branch is gone from the repository."
    elif base != decided.base:
        if why := _not_the_same_there(decided, now) or _not_open(decided, now):
            yield f"The base moved to {base[:7]}; {why}."
    elif baseline and baseline.sha != decided.baseline and (why := _not_open(decided, now)):
        yield f"The baseline is of {baseline.sha[:7]} now; {why}."


def _not_the_same_there(decided: Decided, now: Present) -> str:
    """Why the branch does not change there what it did; empty where it does."""
    merging, baseline, base = now.merging, now.facts.baseline, now.facts.base
    if merging is None or merging.result is MergeResult.UNKNOWN:
        return "it is not known yet whether the branch changes the same there"
    if merging.result is not MergeResult.CLEAN:
        return f"merging into it gives: {merging.result.value}"
    if not decided.patch_id or merging.patch_id != decided.patch_id:
        return "the branch's changes are others there"
    if baseline is None or baseline.sha != base:
        return "its baseline is not tested yet"
    return ""


def _not_open(decided: Decided, now: Present) -> str:
    """Why nobody can tell that the gates are open against today's baseline; empty where they are."""
    if now.facts.baseline is None or now.facts.baseline.state is not RunState.FINISHED:
        return "its baseline is not tested yet"
    if not (now.facts.run and now.facts.run.sha == decided.sha):
        return "the decided commit is not the one that was tested last"
    if closed := _closed(now):
        return f"these gates are closed there: {', '.join(gate.kind.value for gate in closed)}"
    return ""


def _dependencies(decided: Decided, now: Present) -> Iterator[str]:
    was = dict(decided.dependencies)
    for each in now.dependencies:
        if not each.is_approved:
            yield f"Track {each.key}, which it waits for, is not approved any more: {each.reason}"
        elif each.key not in was:
            yield f"It waits for track {each.key} now, as it did not then."
        elif was[each.key] != each.sha:
            yield f"Track {each.key}, which it waits for, was approved anew, at {each.sha[:7]}."


def _conditions(decided: Decided, now: Present) -> Iterator[str]:
    for each in decided.conditions:
        if not each.is_met and each.due < now.today:
            yield f"The condition “{each.text}” was due on {each.due:%-d %B %Y} and is not met."


def _later_runs(decided: Decided, now: Present) -> Iterator[str]:
    """The latest one that contradicts it. Today's gates are those of the track's latest run; of the runs
    before, their figures tell."""
    for run in reversed(now.later):
        is_latest = now.facts.run is not None and now.facts.run.run == run.run
        failing = [
            gate.kind.value
            for gate in now.gates
            if gate.kind in decided.held & OF_THE_RUN and gate.standing is Standing.FAILS and not gate.is_open
        ]
        if said := contradiction(decided.tested, run, failing if is_latest else ()):
            yield said
            return


def _waivers(decided: Decided, now: Present) -> Iterator[str]:
    """Only at the commit for which they were given: another one has none of them."""
    if not (now.facts.run and now.facts.run.sha == decided.sha):
        return
    for gate in now.gates:
        if gate.decides and gate.kind in decided.waived and not gate.is_open:
            yield f"The waiver of “{gate.kind.value}” ran out or was withdrawn, and the gate is closed."


def _closed(now: Present) -> list[Gate]:
    """Those that stand in the way of an approval; of dependencies there is a reason of their own."""
    return [
        gate
        for gate in now.gates
        if gate.decides and not gate.is_open and gate.kind is not GateKind.DEPENDENCIES
    ]
