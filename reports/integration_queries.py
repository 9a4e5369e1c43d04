"""Reads of trial integrations.

Integration ── its run, the baseline and each merged track's run ──> Prediction, suspects, figures
       └──< steps ── their runs ──> interactions.Search
latest integration of each track ──> IntegrationFact, what its gate rests on
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from django.db.models import F, Func, IntegerField, JSONField, OuterRef, Q, QuerySet, Subquery, Value

from reports.criteria_queries import standings_of
from reports.diagnoses import tries_of
from reports.facts import Try
from reports.gates import IntegrationFact
from reports.gates.told import OWN_ENDS, counted
from reports.interactions import InteractionKind, Keys, Search, Suspect
from reports.models import Comparison, Integration, IntegrationStep
from reports.predictions import Held, Prediction, predict
from reports.queries import newly_broken
from reports.statuses import IntegrationState
from tracks import queries
from tracks.models import Run, Sprint, Track
from tracks.statuses import CriterionKind, RunState, Standing, Weight
from tracks.vectors import OutcomeVector

NAMED = 5
"""So many criteria are named in a sentence."""
MOST_SUSPECTS = 500
"""Of more tests that are broken together the first ones are searched."""
COMBINATIONS = 20
"""How many combinations may be run in one search."""


@dataclass(frozen=True, eq=False)
class Results:
    """Of the baseline, of each merged track alone by its key, and of all of them together."""

    baseline: OutcomeVector
    alone: Mapping[str, OutcomeVector]
    merged: OutcomeVector


def slim(rows: QuerySet[Integration]) -> list[Integration]:
    """Integrations with who started them and their runs, to tell how they stand: of the tests that are broken
    together only their kinds are read, of tracks that were left out only why. They are not to be saved."""
    rows = rows.select_related("run", "started_by").annotate(
        kinds=_of_each("interactions", "kind"),
        left=_of_each("left_out", "key"),
        whys=_of_each("left_out", "why"),
    )
    blobs = (f"run__{blob}" for blob in queries.BLOBS)
    found: list[Integration] = []
    for each in rows.defer("interactions", "left_out", *blobs):
        each.interactions = [{"kind": kind} for kind in each.kinds]
        each.left_out = [{"key": key, "why": why} for key, why in zip(each.left, each.whys, strict=True)]
        found.append(each)
    return found


def _of_each(field: str, key: str) -> Func:
    """What each of a list of objects has under that key, as a list."""
    template = f"jsonb_path_query_array(%(expressions)s, '$[*].{key}')"
    return Func(F(field), template=template, output_field=JSONField())


def why_not_merged(run: Run | None) -> str:
    """Why a track cannot be merged on trial whose latest run that has ended, the one that its gates rest on,
    is this one; or nothing."""
    if run is None:
        return "No run of it has ended: its tests predict nothing."
    if run.state != RunState.FINISHED:
        return f"Its latest run is {run.state}: only one that ended in order predicts anything."
    return ""


def latest_that_merged(sprint: Sprint) -> Integration | None:
    """The latest one that has ended after its tracks were merged, or were found not to merge; with its run
    and who started it."""
    ended = Integration.objects.filter(sprint=sprint, ended_at__isnull=False)
    ended = ended.select_related("run", "started_by").defer(*(f"run__{blob}" for blob in queries.BLOBS))
    return ended.exclude(merged=[], left_out=[]).first()


def steps_of(integration: Integration) -> list[IntegrationStep]:
    """Its steps with their runs; ``size`` of each is the number of its tests, which are not read."""
    size = Func(F("tests"), function="jsonb_array_length", output_field=IntegerField())
    rows = integration.steps.select_related("run").annotate(size=size).order_by("pk")
    return list(rows.defer("tests", *(f"run__{blob}" for blob in queries.BLOBS)))


def revision_of(integration: int) -> str:
    """Changes whenever anything does that its page shows while it goes on."""
    rows = Integration.objects.filter(pk=integration)
    told = rows.values_list("state", "note", "run_id", "run__revision").get()
    steps = IntegrationStep.objects.filter(integration=integration).order_by("pk")
    of_steps = list(steps.values_list("run_id", "run__revision", "note"))
    return sha256(repr((told, of_steps)).encode()).hexdigest()[:16]


def results_of(integration: Integration) -> Results | None:
    """The outcomes that its prediction rests on; None while there is no result."""
    run = integration.run
    if run is None or run.outcomes is None:
        return None
    keys = {each["key"] for each in integration.merged}
    of_keys = {each["key"]: each["run"] for each in integration.tracks if each["key"] in keys}
    vectors = queries.outcomes_of(Run.objects.filter(pk__in=of_keys.values()).only("pk"))
    alone = {key: vectors[run_id] for key, run_id in of_keys.items() if run_id in vectors}
    return Results(queries.outcome_vector(integration.baseline), alone, queries.outcome_vector(run))


def prediction_of(integration: Integration) -> Prediction | None:
    """What was predicted of its run, and what came of that; None while there is no result."""
    results = results_of(integration)
    return predict(results.baseline, results.alone, results.merged) if results else None


def suspects_of(integration: Integration) -> list[dict[str, Any]]:
    """The tests that are broken together and by no track alone, as ``Integration.interactions`` has them."""
    prediction, run = prediction_of(integration), integration.run
    if prediction is None or run is None:
        return []
    errors = queries.signatures_of(run)
    tests = np.flatnonzero(prediction.broken_together)[:MOST_SUSPECTS].tolist()
    return [
        {"test": test, "signature": errors.get(test, ""), "fixers": list(prediction.fixers(test))}
        for test in tests
    ]


def figures_of(integration: Integration, comparison: Comparison) -> dict[str, Any]:
    """As ``Integration.figures`` keeps them."""
    prediction = prediction_of(integration)
    if prediction is None:
        return {}
    counted = np.bincount(prediction.held, minlength=len(Held)).tolist()
    return {
        "better": counted[Held.BETTER],
        "worse": counted[Held.WORSE],
        "contested": counted[Held.CONTESTED],
        "suspects": int(np.count_nonzero(prediction.broken_together)),
        "newly_broken": len(newly_broken(comparison)),
        "criteria": _not_holding(comparison.head),
    }


def search_of(integration: Integration) -> Search:
    """The search for the smallest combinations, as far as it has come."""
    return Search(
        order=tuple(each["key"] for each in integration.merged),
        suspects=tuple(
            Suspect(each["test"], each["signature"], tuple(each["fixers"]))
            for each in integration.interactions
        ),
        answers=_answers(integration),
        budget=COMBINATIONS,
    )


def facts_of(sprint: Sprint) -> dict[int, IntegrationFact]:
    """The latest trial integration that took each track, or was to, by the track's primary key; one that was
    stopped only where there is no other."""
    keys = dict(Track.objects.filter(sprint=sprint).values_list("pk", "key"))
    found: dict[int, IntegrationFact] = {}
    for integration in sorted(slim(_latest(sprint)), key=_is_stopped):
        for track in {each["track"] for each in integration.tracks} & keys.keys() - found.keys():
            found[track] = _fact(integration, keys[track])
    return found


def _is_stopped(integration: Integration) -> bool:
    return integration.state == IntegrationState.STOPPED


def _latest(sprint: Sprint) -> QuerySet[Integration]:
    """The latest one of each track, newest first; one that was stopped only where there is no other."""
    it = Func(Value("track"), OuterRef("pk"), function="jsonb_build_object", output_field=JSONField())
    with_it = Func(it, function="jsonb_build_array", output_field=JSONField())
    took_it = Integration.objects.filter(sprint=sprint, tracks__contains=with_it)
    in_turn = took_it.alias(stopped=Q(state=IntegrationState.STOPPED)).order_by("stopped", "-pk")
    tracks = Track.objects.filter(sprint=sprint).annotate(latest=Subquery(in_turn.values("pk")[:1]))
    return Integration.objects.filter(pk__in=tracks.values("latest"))


def has_passed(integration: Integration) -> tuple[bool | None, str]:
    """Whether the merged tracks hold together, None while that cannot be said; and a sentence."""
    if integration.is_going:
        return None, "The trial integration goes on."
    if integration.state == IntegrationState.STOPPED:
        return None, f"The trial integration was stopped. {integration.note}".strip()
    run = integration.run
    if run is None or run.state not in OWN_ENDS:
        said = "The run of the merged tracks was stopped from outside: it says nothing of them."
        return None, f"{said} {integration.note}".strip()
    if run.state != RunState.FINISHED:
        return False, f"The run of the merged tracks did not end in order. {integration.note}".strip()
    return _shown(integration)


def broken_together(integration: Integration) -> int:
    """How many tests fail with the tracks merged and on none of them alone; those that were not searched
    count."""
    kinds = Counter(each.get("kind") for each in integration.interactions)
    acquitted = kinds[InteractionKind.ALONE] + kinds[InteractionKind.BASE] + kinds[InteractionKind.FLAKY]
    suspects: int = integration.figures.get("suspects", 0)
    return suspects - acquitted


def _fact(integration: Integration, key: str) -> IntegrationFact:
    passed, reason = has_passed(integration)
    if left := next((each for each in integration.left_out if each["key"] == key), None):
        passed, reason = False, left["why"]
    merged = {each["key"] for each in integration.merged}
    return IntegrationFact(
        integration=integration.pk,
        state=IntegrationState(integration.state),
        passed=passed,
        reason=reason,
        base_sha=integration.base_sha,
        shas=tuple((each["key"], each["sha"]) for each in integration.tracks if each["key"] in merged),
    )


def _shown(integration: Integration) -> tuple[bool | None, str]:
    """As ``has_passed``, of one whose run has a result for every test."""
    kinds = Counter(each.get("kind") for each in integration.interactions)
    if against := list(_against(integration, kinds)):
        return False, " ".join(against)
    if flaky := kinds[InteractionKind.FLAKY]:
        said = f"{counted(flaky, 'test')} failed with the whole suite and passed by "
        said += "itself: it is" if flaky == 1 else "themselves: they are"
        depends = "depends" if flaky == 1 else "depend"
        return None, f"{said} flaky, or {depends} on others. Integrate again, or look at what they do."
    said = f"{counted(len(integration.merged), 'track')} merged break nothing that passes on a track alone."
    if base := kinds[InteractionKind.BASE]:
        fails = "fails" if base == 1 else "fail"
        said += f" {counted(base, 'test')} {fails} on today's base with nothing merged."
    return True, said


def _against(integration: Integration, kinds: Mapping[str, int]) -> Iterator[str]:
    """What speaks against the merge, as sentences."""
    if together := broken_together(integration):
        are, passes = ("is", "passes") if together == 1 else ("are", "pass")
        yield f"{counted(together, 'test')} {are} broken together that {passes} on a track alone."
    if alone := kinds[InteractionKind.ALONE]:
        fails = "fails" if alone == 1 else "fail"
        yield f"{counted(alone, 'test')} {fails} with one track alone on today's base."
    if failing := integration.figures.get("criteria"):
        more = f"; and {len(failing) - NAMED} more" if len(failing) > NAMED else ""
        yield f"With the tracks merged, this does not hold: {'; '.join(failing[:NAMED])}{more}."


def _not_holding(run: Run) -> list[str]:
    """The blocking criteria that do not hold of those that a machine looks at: what a person has to look at
    was looked at on each track. What several tracks ask for is named once."""
    failing = (
        shown.text
        for shown in standings_of(run, with_output=False)
        if shown.weight is Weight.BLOCKING
        and shown.kind is not CriterionKind.MANUAL
        and shown.standing is not Standing.HOLDS
    )
    return list(dict.fromkeys(failing))


def _answers(integration: Integration) -> dict[Keys, dict[int, Try]]:
    """Of all runs of the same combination together; none of the tests where it could not be merged or run."""
    ended = integration.steps.filter(Q(run__ended_at__isnull=False) | ~Q(note=""))
    answers: dict[Keys, dict[int, Try]] = {}
    for step in ended.select_related("run").defer("run__spec"):
        told = tries_of(step.run, step.tests) if step.run else {}
        answers.setdefault(tuple(step.keys), {}).update(told)
    return answers
