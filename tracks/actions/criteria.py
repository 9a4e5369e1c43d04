"""What a track must show: writing criteria down, and saying that one was looked at.

A run keeps the criteria that its track had when it was started: what is changed here holds for later ones.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from tracks.actions.attachments import attach
from tracks.actions.audit import audit
from tracks.checks import CheckDefinition
from tracks.criteria import TestsDefinition, in_words
from tracks.errors import InvalidInput
from tracks.models import Criterion, Run, Tick, Track, User
from tracks.statuses import CriterionKind, Weight

MOST = 100
"""Of one track."""
_CONTROL = dict.fromkeys(range(32))


class CriterionChanged(InvalidInput):
    """Somebody else has changed it since it was read; ``version`` is the present one."""

    def __init__(self, criterion: Criterion) -> None:
        asked = in_words(CriterionKind(criterion.kind), criterion.definition)
        super().__init__(
            "Somebody else has changed this criterion since you opened it. "
            f"It is now: {criterion.text} ({criterion.weight}; {asked}).",
            remedy="Save again to replace that by what is written here.",
        )
        self.version = criterion.version


@transaction.atomic
def create_criterion(
    track: Track,
    *,
    text: str,
    kind: CriterionKind,
    weight: Weight,
    definition: Mapping[str, Any],
    by: User | None,
    now: datetime,
) -> Criterion:
    """Add it at the end. Raises InvalidInput for a definition that cannot be used, and for one too many."""
    _lock(track)
    _check_room(track, 1)
    created = Criterion.objects.create(
        track=track,
        position=_last(track) + 1,
        text=_text(text),
        kind=kind,
        weight=weight,
        definition=_checked(kind, definition),
        created_by=by,
        created_at=now,
    )
    audit("criterion.created", created, actor=by, project=track.sprint.project, after=_told(created))
    return created


@transaction.atomic
def change_criterion(
    criterion: Criterion, *, version: int, text: str, weight: Weight, definition: Mapping[str, Any], by: User
) -> Criterion:
    """Replace what the editor saw as ``version``; its kind stays. Raises CriterionChanged where there is a
    later version, InvalidInput for a definition that cannot be used."""
    _lock(criterion.track)
    found = _still_there(criterion)
    if found.version != version:
        raise CriterionChanged(found)
    before = _told(found)
    found.text, found.weight, found.version = _text(text), weight, version + 1
    found.definition = _checked(CriterionKind(found.kind), definition)
    found.save(update_fields=["text", "weight", "definition", "version"])
    _audit("criterion.changed", found, by, before=before, after=_told(found))
    return found


@transaction.atomic
def move_criterion(criterion: Criterion, *, by: User, places: int) -> None:
    """Move it so many places down the track's list, up where that is negative, no further than its ends."""
    _lock(criterion.track)
    rows = list(Criterion.objects.filter(track=criterion.track).order_by("position", "id"))
    at = next((place for place, row in enumerate(rows) if row.pk == criterion.pk), None)
    if at is None:
        raise _gone()
    moved = rows.pop(at)
    to = max(0, min(len(rows), at + places))
    rows.insert(to, moved)
    for position, row in enumerate(rows, start=1):
        row.position = position
    Criterion.objects.bulk_update(rows, ["position"])
    _audit("criterion.moved", moved, by, before={"position": at + 1}, after={"position": to + 1})


@transaction.atomic
def remove_criterion(criterion: Criterion, *, by: User) -> None:
    """What runs have shown of it, and what people said of it there, stays with them."""
    _lock(criterion.track)
    found = _still_there(criterion)
    _audit("criterion.removed", found, by, before=_told(found))
    found.delete()


@transaction.atomic
def copy_criteria(source: Track, into: Track, *, by: User, now: datetime) -> int:
    """Add the criteria of a track of the same project, but for those that are there. Returns how many.

    Raises InvalidInput where there is none to copy, or too many."""
    if source.sprint.project_id != into.sprint.project_id or source.pk == into.pk:
        raise InvalidInput("Criteria are copied from another track of this project.", field="source")
    _lock(into)
    known = [(row.text, row.kind, row.definition) for row in Criterion.objects.filter(track=into)]
    rows = [
        row
        for row in Criterion.objects.filter(track=source).order_by("position", "id")
        if (row.text, row.kind, row.definition) not in known
    ]
    if not rows:
        raise InvalidInput(f"Track {source.key} has no criteria that are not here.", field="source")
    _check_room(into, len(rows))
    last = _last(into)
    Criterion.objects.bulk_create(
        Criterion(
            track=into,
            position=last + place,
            text=row.text,
            kind=row.kind,
            weight=row.weight,
            definition=row.definition,
            created_by=by,
            created_at=now,
        )
        for place, row in enumerate(rows, start=1)
    )
    audit(
        "criteria.copied",
        into,
        actor=by,
        project=into.sprint.project,
        after={"from": source.pk, "count": len(rows)},
    )
    return len(rows)


@transaction.atomic
def tick_criterion(
    run: Run,
    criterion: int,
    *,
    holds: bool,
    evidence: str,
    by: User,
    now: datetime,
    file: tuple[str, bytes] | None = None,
) -> Tick:
    """Say whether a manual criterion, by its key, holds at a run's commit; ``file`` is a name and what it
    holds. What was said of that run before is replaced, its files stay.

    Raises InvalidInput for a criterion that the run has not, or that is not for a person to look at."""
    frozen = next((each for each in run.criteria if each["id"] == criterion), None)
    if frozen is None:
        raise _gone()
    if frozen["kind"] != CriterionKind.MANUAL:
        raise InvalidInput("Only a criterion that a person looks at can be ticked.")
    if not evidence.strip() and file is None:
        raise InvalidInput(
            "What you have seen is missing.", remedy="Say it, or attach a file.", field="evidence"
        )
    known = Tick.objects.filter(criterion=criterion, run=run).first()
    before = {"holds": known.holds, "evidence": known.evidence} if known else {}
    kept, _ = Tick.objects.update_or_create(
        criterion=criterion,
        run=run,
        defaults={
            "text": frozen["text"],
            "holds": holds,
            "evidence": evidence.replace("\0", ""),
            "by": by,
            "at": now,
        },
    )
    audit(
        "criterion.ticked",
        kept,
        actor=by,
        project=run.project,
        before=before,
        after={"criterion": criterion, "run": run.pk, "holds": holds, "evidence": kept.evidence},
    )
    if file:
        attach(tick=kept, name=file[0], content=file[1], by=by, now=now)
    return kept


def _lock(track: Track) -> None:
    """Positions are given under the track's row."""
    Track.objects.select_for_update(no_key=True).filter(pk=track.pk).values_list("pk").first()


def _last(track: Track) -> int:
    return Criterion.objects.filter(track=track).aggregate(last=Max("position"))["last"] or 0


def _check_room(track: Track, more: int) -> None:
    if Criterion.objects.filter(track=track).count() + more > MOST:
        raise InvalidInput(f"A track has at most {MOST} criteria.", remedy="Remove some, or join them.")


def _still_there(criterion: Criterion) -> Criterion:
    found = Criterion.objects.select_related("track__sprint__project").filter(pk=criterion.pk).first()
    if found is None:
        raise _gone()
    return found


def _gone() -> InvalidInput:
    return InvalidInput("This criterion is not there any more.", remedy="Load the page again.")


def _text(text: str) -> str:
    cleaned = text.translate(_CONTROL).strip()
    if not cleaned:
        raise InvalidInput("Say in words what the track must show.", field="text")
    if len(cleaned) > 300:
        raise InvalidInput(f"{len(cleaned)} characters are too long; at most 300 are taken.", field="text")
    return cleaned


def _checked(kind: CriterionKind, definition: Mapping[str, Any]) -> dict[str, Any]:
    """The definition as it is stored; what it must not hold, its class says."""
    match kind:
        case CriterionKind.TESTS:
            return TestsDefinition.from_json(definition).to_json()
        case CriterionKind.CHECK:
            return CheckDefinition.from_json(definition).to_json()
        case CriterionKind.MANUAL:
            return {}


def _told(criterion: Criterion) -> dict[str, Any]:
    return {
        "text": criterion.text,
        "kind": criterion.kind,
        "weight": criterion.weight,
        "definition": criterion.definition,
    }


def _audit(
    action: str,
    criterion: Criterion,
    by: User,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    project = criterion.track.sprint.project
    audit(action, criterion, actor=by, project=project, before=before, after=after)
