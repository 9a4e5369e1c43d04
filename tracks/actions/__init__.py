"""The only writers of facts: each action is one transaction, leaves an audit entry, and sends what has to
happen next on commit. Who may call it is asked first (``tracks.permissions``), by the caller."""

from tracks.actions.people import accept, add_member, create_user, digest, invite, remove_member
from tracks.actions.projects import (
    change_project,
    change_sprint,
    change_track,
    create_project,
    create_sprint,
    create_track,
    discard_draft,
    publish_project,
)
from tracks.actions.recording import Recording
from tracks.actions.runs import (
    AlreadyRunning,
    Claim,
    cancel,
    claim,
    give_back,
    reap,
    start_baseline,
    start_track_run,
    start_trial,
)

__all__ = [
    "AlreadyRunning",
    "Claim",
    "Recording",
    "accept",
    "add_member",
    "cancel",
    "change_project",
    "change_sprint",
    "change_track",
    "claim",
    "create_project",
    "create_sprint",
    "create_track",
    "create_user",
    "digest",
    "discard_draft",
    "give_back",
    "invite",
    "publish_project",
    "reap",
    "remove_member",
    "start_baseline",
    "start_track_run",
    "start_trial",
]
