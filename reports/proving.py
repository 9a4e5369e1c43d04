"""Tests on other code than their own, as the pure module ``red_first`` eats them.

comparison's added tests, files that git says hold tests ──> which tests to run
what they did in that run and in the branch's own        ──> what each proves
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

import numpy as np
from django.db.models import Exists, F, OuterRef, Q

from reports.diagnoses import tries_of
from reports.models import Comparison, RedFirst
from reports.red_first import Proof, concerned, counted, proof_of_new, proof_of_old
from reports.repository import ChangedTests
from reports.statuses import Progress, RedFirstKind
from reports.stored import numbered, unpack_classes
from reports.transitions import DeltaClass
from reports.vanished import entry_above
from tracks import queries
from tracks.models import Run, Sprint
from tracks.models.run import ACTIVE
from tracks.statuses import RunKind, RunState

SOME = 50
_CARRIED_OUT = frozenset({RunState.FINISHED, RunState.INCOMPLETE})


def wanted(sprint: Sprint | None, *, since: datetime) -> list[tuple[RedFirstKind, Run]]:
    """What has not been begun yet for the latest runs of tracks whose projects want it by itself, as far as
    they were compared with their baselines since then; of one sprint or of all."""
    later = Run.objects.filter(
        track=OuterRef("head__track"), kind=RunKind.TRACK, iteration__gt=OuterRef("head__iteration")
    )
    compared = Comparison.objects.filter(
        ~Exists(later),
        base=F("head__sprint__baseline"),
        head__kind=RunKind.TRACK,
        head__state__in=_CARRIED_OUT,
        head__project__proves_tests=True,
        created_at__gte=since,
    )
    compared = compared.filter(head__sprint=sprint) if sprint else compared
    rows = compared.select_related("head__project", "head__sprint__baseline").only("head", "base")
    begun = set(
        RedFirst.objects.filter(head__in=[row.head_id for row in rows]).values_list("base", "head", "kind")
    )
    return [
        (kind, row.head)
        for row in rows
        for kind in RedFirstKind
        if (row.base_id, row.head_id, kind) not in begun
    ]


def to_advance() -> list[int]:
    """The primary keys of those that are not begun yet, or whose runs have ended."""
    going = RedFirst.objects.filter(state=Progress.GOING).exclude(Q(run__state__in=ACTIVE))
    return list(going.values_list("pk", flat=True))


def of_run(head: Run, base: Run | None) -> dict[str, RedFirst]:
    """What was begun for the run and its baseline, by kind."""
    rows = RedFirst.objects.filter(head=head, base=base).select_related("run", "started_by")
    return {row.kind: row for row in rows.defer(*(f"run__{blob}" for blob in queries.BLOBS))}


def some_node_ids(run: Run) -> list[str]:
    """A few of the run's tests, which tell to which folder node ids are relative."""
    present = np.flatnonzero(queries.outcome_vector(run))[:SOME].tolist()
    return list(queries.node_ids(run.project, present).values())


def tests_of(
    found: RedFirst, compared: Comparison, changed: ChangedTests, names: Mapping[int, str]
) -> list[int]:
    """The numbers of the tests to run, ascending; ``names`` are the node ids of all tests."""
    if found.kind == RedFirstKind.NEW_TESTS:
        return _added(compared, names)
    present = np.flatnonzero(queries.outcome_vector(found.base)).tolist()
    return concerned(changed.modules, {number: names[number] for number in present if "::" in names[number]})


def _added(compared: Comparison, names: Mapping[int, str]) -> list[int]:
    """The tests that only the branch has, without those that are old ones under new names."""
    moved = {move["now"] for move in numbered(compared.moves).values()}
    added = unpack_classes(bytes(compared.classes))[DeltaClass.ADDED].tolist()
    return [number for number in added if number not in moved and "::" in names[number]]


def why_not_carried_out(run: Run) -> str:
    """Why the run says nothing; empty where it does."""
    if run.state in _CARRIED_OUT:
        return ""
    return f"Run {run.pk} could not be carried out: {run.reason or run.state}".rstrip(".") + "."


def verdicts_of(found: RedFirst, run: Run) -> dict[str, list[int]]:
    """Test numbers by what they show."""
    return counted(_proofs(found, run))


def _proofs(found: RedFirst, run: Run) -> Iterator[tuple[int, Proof]]:
    names = queries.node_ids(run.project, found.tests)
    uncollected = queries.uncollected_modules(run)
    there, own = tries_of(run, found.tests), tries_of(found.head, found.tests)
    for test in found.tests:
        hidden = not there[test].told and entry_above(names[test], uncollected) is not None
        if found.kind == RedFirstKind.NEW_TESTS:
            yield test, proof_of_new(there[test], is_uncollected=hidden)
        else:
            yield test, proof_of_old(there[test], own[test], is_uncollected=hidden)
