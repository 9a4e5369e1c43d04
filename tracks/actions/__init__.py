"""The only writers of facts: each action is one transaction, leaves an audit entry, and sends what has to
happen next on commit. Who may call it is asked first (``tracks.permissions``), by the caller."""

from tracks.actions import findings
from tracks.actions.administration import note_by_operator
from tracks.actions.attachments import attach
from tracks.actions.audit import link_entries
from tracks.actions.criteria import (
    CriterionChanged,
    change_criterion,
    copy_criteria,
    create_criterion,
    move_criterion,
    remove_criterion,
    tick_criterion,
)
from tracks.actions.heads import note_bases, note_gone, note_heads, take_looks
from tracks.actions.notices import choose, mark_read, send_mail_due, tell
from tracks.actions.people import (
    accept,
    add_member,
    create_operator,
    create_user,
    digest,
    invite,
    join,
    note_password,
    note_sign_in_link,
    remove_member,
    revoke_invitation,
)
from tracks.actions.projects import (
    change_project,
    create_project,
    discard_draft,
    publish_project,
    try_draft,
)
from tracks.actions.recording import Recording
from tracks.actions.runs import cancel, put_first
from tracks.actions.secrets import remove_secret, set_secret
from tracks.actions.shards import Claim, claim, give_back, reap
from tracks.actions.signing import resign
from tracks.actions.sprints import (
    change_sprint,
    change_track,
    create_sprint,
    create_track,
    remove_track,
)
from tracks.actions.starting import (
    MAX_FRESH,
    AlreadyRunning,
    start_again,
    start_baseline,
    start_integration_run,
    start_track_run,
    start_trial,
)
from tracks.actions.workers import Standing, dismiss, introduce, note_reaping, see

__all__ = [
    "MAX_FRESH",
    "AlreadyRunning",
    "Claim",
    "CriterionChanged",
    "Recording",
    "Standing",
    "accept",
    "add_member",
    "attach",
    "cancel",
    "change_criterion",
    "change_project",
    "change_sprint",
    "change_track",
    "choose",
    "claim",
    "copy_criteria",
    "create_criterion",
    "create_operator",
    "create_project",
    "create_sprint",
    "create_track",
    "create_user",
    "digest",
    "discard_draft",
    "dismiss",
    "findings",
    "give_back",
    "introduce",
    "invite",
    "join",
    "link_entries",
    "mark_read",
    "move_criterion",
    "note_bases",
    "note_by_operator",
    "note_gone",
    "note_heads",
    "note_password",
    "note_reaping",
    "note_sign_in_link",
    "publish_project",
    "put_first",
    "reap",
    "remove_criterion",
    "remove_member",
    "remove_secret",
    "remove_track",
    "resign",
    "revoke_invitation",
    "see",
    "send_mail_due",
    "set_secret",
    "start_again",
    "start_baseline",
    "start_integration_run",
    "start_track_run",
    "start_trial",
    "take_looks",
    "tell",
    "tick_criterion",
    "try_draft",
]
