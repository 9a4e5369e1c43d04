"""Changing which gates a sprint's tracks have to pass; a track's own policy only asks for more."""

from dataclasses import replace

from django.db import transaction

from reports.gate_queries import Policies, stored_policies
from reports.models import GatePolicy
from reports.policies import ALWAYS, Policy, loosened
from tracks.actions.audit import audit
from tracks.actions.findings.locks import lock_track
from tracks.errors import InvalidInput
from tracks.models import Sprint, Track, User
from tracks.permissions import check_can_loosen


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
    targets, and are not kept here. Raises PolicyChanged where there is a later one, and NotPermitted where it
    asks for less and the user may not do that."""
    locked = Sprint.objects.select_for_update(no_key=True).get(pk=sprint.pk)
    policies = stored_policies(locked)
    before, wanted = policies.of_sprint, Policy(gates=policy.gates | ALWAYS, severity=policy.severity)
    if wanted.is_milder_than(Policy(gates=before.gates, severity=before.severity)):
        check_can_loosen(by, locked.project)
    return _keep(policies, None, before, wanted, version=version, by=by)


@transaction.atomic
def change_track_policy(track: Track, policy: Policy, *, version: int, by: User) -> GatePolicy:
    """The same of what a track asks for; what of it goes beyond its sprint is kept, so that it follows the
    sprint in all else. Raises InvalidInput, which names the field, where it is less than that, and
    NotPermitted where it is less than the track has asked for up to now and the user may not do that."""
    locked = lock_track(track)
    policies = stored_policies(locked.sprint)
    sprint, before = policies.of_sprint, policies.of_track(locked.pk)
    for field, said in loosened(policy, sprint, before).items():
        raise InvalidInput(said, remedy="A track may ask for more, not for less.", field=field)
    if sprint.tighten(policy).is_milder_than(sprint.tighten(before)):
        check_can_loosen(by, locked.sprint.project)
    wanted = replace(policy, gates=policy.gates - sprint.gates)
    return _keep(policies, locked, before, wanted, version=version, by=by)


def _keep(
    policies: Policies, track: Track | None, before: Policy, wanted: Policy, *, version: int, by: User
) -> GatePolicy:
    sprint, key = policies.sprint, track.pk if track else None
    if version != policies.version_of(key):
        raise PolicyChanged(policies.version_of(key))
    kept = policies.stored.get(key) or GatePolicy(sprint=sprint, track=track)
    kept.rules, kept.version = wanted.to_json(), version + 1
    kept.save()
    told = {"before": before.to_json(), "after": wanted.to_json()}
    audit("gates.changed", track or sprint, actor=by, project=sprint.project, **told)
    return kept
