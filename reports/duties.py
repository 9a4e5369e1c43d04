"""Who may decide on a track: leads, never programs, and of an approval nobody who has worked on the branch.

Mergeability.authors    who wrote it     ┐
Claim.by                who mended it    ┴── cannot approve, nor waive its gates

Nobody can while git was not asked who wrote it.
"""

from collections.abc import Mapping

from reports.models import Mergeability
from reports.statuses import APPROVALS, DecisionKind, MergeResult
from tracks.errors import NotPermitted
from tracks.models import Claim, Track, User
from tracks.permissions import Permission, check_is_person, check_permission
from tracks.statuses import Role

REMEDY = "Ask somebody else who may; the project's settings hold this rule."


def check_can_decide(user: User, role: Role | None, track: Track, kind: DecisionKind) -> None:
    """Raise NotPermitted where the user cannot decide so on the track, with the sprint and project in it."""
    check_permission(Permission.DECIDE, role)
    check_is_person(user)
    if kind in APPROVALS:
        _check_apart(user, track, "approve it")


def check_can_excuse(user: User, role: Role | None, track: Track) -> None:
    """Raise NotPermitted where the user can neither waive a gate of the track nor accept a loss."""
    check_permission(Permission.WAIVE, role)
    check_is_person(user)
    _check_apart(user, track, "waive its gates")


def reason_against_deciding(user: User, role: Role | None, track: Track, kind: DecisionKind) -> str:
    """Why the user cannot decide so, as a tooltip; empty where they can."""
    try:
        check_can_decide(user, role, track, kind)
    except NotPermitted as refusal:
        return refusal.message
    return ""


def reason_against_excusing(user: User, role: Role | None, track: Track) -> str:
    """Why the user cannot waive a gate or accept a loss, as a tooltip; empty where they can."""
    try:
        check_can_excuse(user, role, track)
    except NotPermitted as refusal:
        return refusal.message
    return ""


def _check_apart(user: User, track: Track, what: str) -> None:
    if not track.sprint.project.separates_duties:
        return
    if Claim.objects.filter(track=track, by=user).exists():
        raise NotPermitted(f"You claimed fixes on this branch: somebody else has to {what}.", remedy=REMEDY)
    known = _told_by_git(track)
    if known is None:
        raise NotPermitted(
            f"It is not known yet who wrote the commits of this branch, and who did cannot {what}.",
            remedy="A worker asks git for them; try again in a moment.",
        )
    if any(_is(user, author) for author in known.authors):
        raise NotPermitted(f"You wrote commits of this branch: somebody else has to {what}.", remedy=REMEDY)


def _told_by_git(track: Track) -> Mergeability | None:
    """With who wrote the commits at the branch's head that the base has not; None where that is not known."""
    sprint = track.sprint
    known = Mergeability.objects.filter(project=sprint.project_id, base=sprint.base, head=track.head)
    return known.exclude(result=MergeResult.UNKNOWN).first()


def _is(user: User, author: Mapping[str, str]) -> bool:
    """By the e-mail address or the full name: many commit under an address that is not their account's."""
    mine = {_plain(user.email), _plain(user.get_full_name())} - {""}
    return bool(mine & {_plain(author.get("email", "")), _plain(author.get("name", ""))})


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
