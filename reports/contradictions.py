"""Whether a later run of the same commit shows otherwise than the one that was decided on; pure.

decided run  │ ended in order  so many passed, failed …  gates held
later run    │ did not         fewer, more               one fails   ──contradiction──> a sentence

No test is looked at by itself: what a gate asks for, and the figures of both runs, tell enough.
"""

from collections.abc import Iterator, Sequence

from reports.gates import OWN_ENDS, Tested
from tracks.statuses import RunState


def contradiction(decided: Tested, later: Tested, failing: Sequence[str] = ()) -> str:
    """What the later run shows otherwise, as a sentence; empty where it contradicts nothing. ``failing`` are
    the gates that held with the decided run and fail with this one, where that is known."""
    if later.state not in OWN_ENDS:
        return ""
    parts = [*_figures(decided, later)]
    if failing:
        parts.append(f"these gates fail with it: {', '.join(failing)}")
    return f"Run {later.run} at the same commit contradicts it: {'; '.join(parts)}." if parts else ""


def _figures(decided: Tested, later: Tested) -> Iterator[str]:
    if later.state is not RunState.FINISHED:
        yield f"it is {later.state}"
    elif decided.sha == later.sha:
        for what, is_worse in (
            ("passed", later.passed < decided.passed),
            ("failed", later.failed > decided.failed),
            ("errors", later.errors > decided.errors),
        ):
            if is_worse:
                yield f"{getattr(later, what)} {what}, {getattr(decided, what)} before"
