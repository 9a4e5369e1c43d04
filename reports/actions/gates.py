"""Changing which gates a sprint's tracks have to pass; a track's own policy only asks for more."""

from django.db import transaction

from reports.gate_queries import sprint_policy, track_policy
from reports.models import GatePolicy
from reports.policies import ALWAYS, Policy, loosened
from tracks.actions.audit import audit
from tracks.errors import InvalidInput
from tracks.models import Sprint, Track, User


class PolicyChanged(InvalidInput):
    """Somebody else has changed it since it was read; ``version`` is the present one."""

    def __init__(self, version: int) -> None:
        super().__init__(
            "Somebody else has changed these gates since you opened them.",
            remedy="Save again to replace theirs by what is chosen here, or load the page again to see it.",
        )
        self.version = version


@transaction.atomic
def change_sprint_policy(sprint: Sprint, policy: Policy, *, version: int, by: User) -> GatePolicy:
    """Replace what the editor saw as ``version``, 0 where nobody had changed it. Its bounds are the sprint's
    targets, and are not kept here. Raises PolicyChanged where there is a later one."""
    Sprint.objects.select_for_update(no_key=True).get(pk=sprint.pk)
    stored = GatePolicy.objects.filter(sprint=sprint, track=None).first()
    before = sprint_policy(sprint, stored)
    wanted = Policy(gates=policy.gates | ALWAYS, severity=policy.severity)
    return _keep(sprint, None, stored, before, wanted, version=version, by=by)


@transaction.atomic
def change_track_policy(track: Track, policy: Policy, *, version: int, by: User) -> GatePolicy:
    """The same of what a track asks for. Raises InvalidInput, which names the field, where that is less than
    its sprint does."""
    Track.objects.select_for_update(no_key=True).get(pk=track.pk)
    of_sprint = GatePolicy.objects.filter(sprint=track.sprint, track=None).first()
    for field, said in loosened(policy, sprint_policy(track.sprint, of_sprint)).items():
        raise InvalidInput(said, remedy="A track may ask for more, not for less.", field=field)
    stored = GatePolicy.objects.filter(track=track).first()
    return _keep(track.sprint, track, stored, track_policy(stored), policy, version=version, by=by)


def _keep(
    sprint: Sprint,
    track: Track | None,
    stored: GatePolicy | None,
    before: Policy,
    wanted: Policy,
    *,
    version: int,
    by: User,
) -> GatePolicy:
    if version != (stored.version if stored else 0):
        raise PolicyChanged(stored.version if stored else 0)
    kept = stored or GatePolicy(sprint=sprint, track=track)
    kept.rules, kept.version = wanted.to_json(), version + 1
    kept.save()
    audit(
        "gates.changed",
        track or sprint,
        actor=by,
        project=sprint.project,
        before=before.to_json(),
        after=wanted.to_json(),
    )
    return kept
