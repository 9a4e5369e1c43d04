"""The rules about the run's end, its commit, the criteria, the findings, git and other tracks; pure."""

from reports.gates.facts import CriterionFact, GateFacts, IntegrationFact, Tested
from reports.gates.told import OWN_ENDS, Given, Told, counted, fails, holds, unknown
from reports.policies import or_worse
from reports.statuses import IntegrationState, MergeResult
from tracks.finding_statuses import Severity
from tracks.statuses import RunState, Standing

NAMED = 3
"""So many are named in a sentence."""
_WORST_FIRST = list(Severity)


def run(given: Given) -> Told:
    """Only what the branch did itself closes it: a run that was stopped from outside leaves it unknown."""
    tested = given.facts.run
    if tested is None:
        return unknown("The track has not been tested yet.", "test the branch")
    bound = RunState.FINISHED.value
    if tested.state is RunState.FINISHED:
        what = "check" if tested.checks_only else "test"
        return holds(f"Every {what} that was to be run has a result.", figure=tested.state, bound=bound)
    said = " ".join(each for each in (f"The run is {tested.state}.", tested.reason) if each)
    if tested.state in OWN_ENDS:
        return fails(said, "a run that ends in order", figure=tested.state, bound=bound)
    return unknown(said, "test the branch again", figure=tested.state, bound=bound)


def head(given: Given) -> Told:
    tested, now = given.facts.run, given.facts.head
    if tested is None:
        return unknown("The track has not been tested yet.", "test the branch")
    figure = tested.sha[:7]
    if not now:
        said = "The branch's head is not known: nobody has looked, or the branch is gone."
        return unknown(said, "look for new commits", figure=figure)
    if tested.sha == now:
        return holds("The tested commit is the branch's head.", figure=figure, bound=now[:7])
    said = f"{figure} was tested, the branch's head is {now[:7]}."
    return fails(said, "test the branch again", figure=figure, bound=now[:7])


def criteria(given: Given) -> Told:
    """Those that are advisory are told elsewhere."""
    tested = given.facts.run
    if tested is None:
        return unknown("The track has not been tested yet.", "test the branch")
    blocking = [each for each in given.facts.criteria if each.is_blocking]
    if not blocking:
        return holds("No criterion is written down that would stand in the way.", figure="none", bound="all")
    others = [each for each in blocking if each.standing is not Standing.HOLDS]
    figure = f"{len(blocking) - len(others)} of {len(blocking)} hold"
    if not others:
        return holds("Every blocking criterion holds.", figure=figure, bound="all")
    distance = f"{len(others)} more must hold"
    if failing := [each for each in others if each.standing is Standing.FAILS]:
        said = f"Does not hold: {_named(failing)}."
        return fails(said, distance, figure=figure, bound="all")
    return unknown(f"Cannot be told yet: {_named(others)}.", distance, figure=figure, bound="all")


def findings(given: Given) -> Told:
    least = given.policy.severity or Severity.HIGH
    counting = _WORST_FIRST[: _WORST_FIRST.index(least) + 1]
    bound = f"0 {or_worse(least)}"
    found = [each for each in given.facts.findings if each.severity in counting]
    figure = f"{len(found)} open"
    if not found:
        return holds("No such finding is open.", figure=figure, bound=bound)
    named = [f"{each.name} ({each.severity}, {each.status})" for each in found]
    return fails(f"To be mended: {_first(named)}.", f"{len(found)} to settle", figure=figure, bound=bound)


def merges(given: Given) -> Told:
    facts = given.facts
    if facts.run is None:
        return unknown("The track has not been tested yet.", "test the branch")
    if facts.base_is_gone:
        said = "The base branch is gone from the repository: there is nothing to merge into."
        return unknown(said, "a base branch", bound="clean")
    match facts.merge:
        case MergeResult.CLEAN if facts.commits == 0:
            said = "The base branch has all of the branch's commits: there is nothing to merge."
            return holds(said, figure="no commits of its own", bound="clean")
        case MergeResult.CLEAN:
            return holds("The tested commit merges without a conflict.", figure="clean", bound="clean")
        case MergeResult.CONFLICT:
            return _conflict(facts)
        case MergeResult.UNRELATED:
            said = "The branch has no commit in common with the base branch."
            return fails(said, "a branch of the base branch", figure=MergeResult.UNRELATED, bound="clean")
        case MergeResult.UNKNOWN:
            said = facts.merge_note or "git could not tell whether it merges."
            return unknown(said, "git has to be asked again", bound="clean")
        case None:
            return unknown(
                "git has not been asked yet whether it merges.", "git has to be asked", bound="clean"
            )


def dependencies(given: Given) -> Told:
    needed = given.dependencies
    if not needed:
        return holds("It waits for no other track.", figure="none", bound="all")
    waits = [each for each in needed if not each.is_approved]
    figure = f"{len(needed) - len(waits)} of {len(needed)} approved"
    if not waits:
        return holds("Every track that it waits for is approved.", figure=figure, bound="all")
    said = " ".join(f"{each.key}: {each.reason}" for each in waits[:NAMED])
    return fails(said, f"{len(waits)} more to be approved", figure=figure, bound="all")


def integration(given: Given) -> Told:
    """Open only while what was merged is all that is approved, at the commits that are tested and approved
    now, and into the base as it is now."""
    fact, tested = given.facts.integration, given.facts.run
    if tested is None:
        return unknown("The track has not been tested yet.", "test the branch")
    if fact is None:
        return unknown("It was in no trial integration yet.", "start a trial integration")
    if fact.state is not IntegrationState.DONE and fact.state is not IntegrationState.STOPPED:
        return unknown("The trial integration goes on.", "wait for its end", figure=fact.state)
    was_left_out = fact.passed is False and given.facts.key not in dict(fact.shas)
    if not was_left_out and (moved := _moved(fact, tested, given)):
        return moved
    if fact.passed is None:
        return unknown(fact.reason, "start another trial integration", figure=fact.state)
    if not fact.passed:
        figure = "left out" if was_left_out else "not passed"
        return fails(fact.reason, "a trial integration that passes", figure=figure, bound="passed")
    return _not_all(fact, given) or holds(fact.reason, figure="passed", bound="passed")


def _moved(fact: IntegrationFact, tested: Tested, given: Given) -> Told | None:
    """Why the integration is not of the commits that count now; None where it is."""
    again = "start another trial integration"
    base = given.facts.base
    if not base:
        return unknown("The head of the base branch is not known.", "look for new commits")
    if base != fact.base_sha:
        said = f"The base has moved since: to {base[:7]}, it was merged into {fact.base_sha[:7]}."
        return fails(said, again, figure="of another base", bound="passed")
    known = dict(given.approved or {}) | {given.facts.key: tested.sha}
    for key, sha in fact.shas:
        if key not in known and given.approved is None:
            return unknown(f"Whether track {key} is approved is not known.", again)
        if known.get(key) != sha:
            counts = f"by now {known[key][:7]} counts" if key in known else "it is not approved"
            said = f"It merged {sha[:7]} of track {key}: {counts}."
            return fails(said, again, figure="of other commits", bound="passed")
    return None


def _not_all(fact: IntegrationFact, given: Given) -> Told | None:
    """Why tracks that may be merged were not merged together; None where all of them were."""
    missing = sorted({given.facts.key, *(given.approved or {})} - dict(fact.shas).keys())
    if not missing:
        return None
    those = "which is approved" if len(missing) == 1 else "which are approved"
    said = f"It did not merge {_first(missing)}, {those}: nothing shows that they hold together."
    return fails(said, "start another trial integration", figure="of other tracks", bound="passed")


def _conflict(facts: GateFacts) -> Told:
    count = len(facts.conflicts)
    if not count:
        return fails("It conflicts with the base branch.", "a merge of the base branch", bound="clean")
    said = f"It conflicts with the base branch in {_first(list(facts.conflicts))}."
    distance = f"{counted(count, 'file')} to merge"
    return fails(said, distance, figure=f"{counted(count, 'conflict')}", bound="clean")


def _named(criteria: list[CriterionFact]) -> str:
    return _first([f"{each.text} ({each.figure})" if each.figure else each.text for each in criteria])


def _first(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
