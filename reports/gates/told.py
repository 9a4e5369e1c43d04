"""What a rule is given, and what it says; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.gates.facts import Dependency, GateFacts, Tested
from reports.policies import Policy
from tracks.statuses import RunState, Standing

OWN_ENDS = frozenset({RunState.FINISHED, RunState.INCOMPLETE, RunState.BROKEN})
"""How a run ends by what the branch did. What came out else tells nothing of the branch."""


@dataclass(frozen=True, slots=True)
class Given:
    facts: GateFacts
    policy: Policy
    dependencies: Sequence[Dependency] = ()
    approved: Mapping[str, str] | None = None
    """The approved commit of each track that has one, by key; None where that is not known yet."""


@dataclass(frozen=True, slots=True)
class Told:
    """As in ``Gate``."""

    standing: Standing
    sentence: str
    figure: str = ""
    bound: str = ""
    distance: str = ""


def holds(sentence: str, *, figure: str = "", bound: str = "") -> Told:
    return Told(Standing.HOLDS, sentence, figure, bound)


def fails(sentence: str, distance: str, *, figure: str = "", bound: str = "") -> Told:
    return Told(Standing.FAILS, sentence, figure, bound, distance)


def unknown(sentence: str, distance: str, *, figure: str = "", bound: str = "") -> Told:
    return Told(Standing.UNKNOWN, sentence, figure, bound, distance)


def telling(run: Tested | None, *, bound: str = "") -> Tested | Told:
    """The run, or why it says nothing of its branch."""
    if run is None:
        return unknown("The track has not been tested yet.", "test the branch", bound=bound)
    if run.state not in OWN_ENDS:
        said = f"The run is {run.state}: it says nothing of the branch."
        return unknown(said, "test the branch again", figure=run.state, bound=bound)
    return run


def unless_whole(run: Tested, told: Told) -> Told:
    """What rests on results that may be missing cannot be told of a run that did not finish."""
    if run.state is RunState.FINISHED:
        return told
    said = f"It cannot be told: the run is {run.state}, and results are missing."
    return unknown(said, "test the branch again", figure=told.figure, bound=told.bound)


def counted(count: int, what: str, many: str = "") -> str:
    """``1 test``, ``2 tests``."""
    return f"{count} {what if count == 1 else many or what + 's'}"
