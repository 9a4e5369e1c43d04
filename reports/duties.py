"""Who may decide on a track: leads, never programs, and of an approval nobody who has worked on the branch.

Mergeability.authors, else Run.commits    who wrote it     ┐
Claim.by                                  who mended it    ┴── cannot approve, nor waive its gates
"""

from collections.abc import Collection, Mapping

from reports.models import Mergeability
from reports.statuses import APPROVALS, DecisionKind, MergeResult
from tracks.errors import NotPermitted
from tracks.models import Claim, Run, Track, User
from tracks.permissions import Permission, check_is_person, check_permission
from tracks.statuses import Role, RunKind

NOBODY: Mapping[str, str] = {"name": "", "email": ""}
"""The author of no commit at all: of a branch that has none of its own."""
REMEDY = "Ask somebody else who may; the project's settings hold this rule."


def check_can_decide(user: User, role: Role | None, track: Track, kind: DecisionKind) -> None:
    """Raise NotPermitted where the user cannot decide so on the track, with the sprint and project in it."""
    check_permission(Permission.DECIDE, role)
    check_is_person(user)
    if kind in APPROVALS:
        if track.sprint.project.separates_duties and not _authors(track):
            raise NotPermitted(
                "It is not known yet who wrote the commits of this branch, and who did cannot approve it.",
                remedy="A worker asks git for them; try again in a moment.",
            )
        _check_apart(user, track, "approve it")


def check_can_excuse(user: User, role: Role | None, track: Track) -> None:
    """Raise NotPermitted where the user can neither waive a gate of the track nor accept a loss. Where nobody
    knows who wrote the branch, they can: an approval waits for that anyhow, and names who waived what."""
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
    if Claim.objects.filter(track=track, by=user, withdrawn_at=None).exists():
        raise NotPermitted(f"You claimed fixes on this branch: somebody else has to {what}.", remedy=REMEDY)
    if any(_is(user, author) for author in _authors(track)):
        raise NotPermitted(f"You wrote commits of this branch: somebody else has to {what}.", remedy=REMEDY)


def _authors(track: Track) -> Collection[Mapping[str, str]]:
    """Who wrote the commits at the branch's head that the base has not; empty where that is not known."""
    known = _told_by_git(track)
    if known is not None:
        return known.authors or ([NOBODY] if not known.commits else [])
    runs = Run.objects.filter(track=track, kind=RunKind.TRACK, sha=track.head).exclude(commits=[])
    commits = runs.order_by("-pk").values_list("commits", flat=True).first() or []
    return [{"name": each["author"], "email": ""} for each in commits]


def _told_by_git(track: Track) -> Mergeability | None:
    sprint = track.sprint
    base = sprint.base_head or (sprint.baseline.sha if sprint.baseline else "")
    known = Mergeability.objects.filter(project=sprint.project_id, base=base, head=track.head)
    return known.exclude(result=MergeResult.UNKNOWN).first()


def _is(user: User, author: Mapping[str, str]) -> bool:
    """By the e-mail address or the full name: many commit under an address that is not their account's."""
    mine = {_plain(user.email), _plain(user.get_full_name())} - {""}
    return bool(mine & {_plain(author.get("email", "")), _plain(author.get("name", ""))})


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
