"""What one needs to mend a finding.

Finding ── its tests in the latest run ──> Work(failing tests, an example's traceback, how to reproduce)
        ── its criterion there ──────────> Asked(what is looked at, what the run showed of it)
        ── its claims and what came of them ──> Attempt
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from reports.criteria_queries import Shown, standings_of_runs
from reports.verifying import affected_tests_of
from reports.web.findings.attempts import Attempt, attempts_of
from reports.web.findings.tests_now import TestNow, named, outcomes_at
from tracks import queries, reproduce
from tracks.actions.findings import reason_against_claiming
from tracks.criteria import in_words
from tracks.finding_statuses import FAULT_KINDS, FindingKind
from tracks.models import Finding, Project, Run
from tracks.statuses import BROKEN_OUTCOMES, CriterionKind, Outcome

TESTS = 10
"""How many failing tests of a finding are named, and are in the command that reproduces it."""


@dataclass(frozen=True)
class Asked:
    """A finding's criterion: what is looked at, in a line; and what the run showed of it, empty where it did
    not know it yet."""

    text: str
    looked_at: str
    shown: str


@dataclass(frozen=True)
class Work:
    """``failing`` are the first of ``count`` tests that are broken in the run, of the ``affected`` ones;
    ``example`` is the number of one of them, ``against_claiming`` why it cannot be claimed now."""

    finding: Finding
    affected: int
    failing: Sequence[TestNow]
    count: int
    example: int | None
    asked: Asked | None
    command: str
    attempts: Sequence[Attempt]
    against_claiming: str

    @property
    def more(self) -> int:
        return self.count - len(self.failing)


def works_on(project: Project, findings: Sequence[Finding], runs: Mapping[int, Run]) -> list[Work]:
    """What one needs for each of the findings; ``runs`` are the latest of the tracks, by their keys."""
    prefetch_related_objects(findings, "verifications")
    affected = affected_tests_of(findings)
    numbers = {number for tests in affected.values() for number in tests}
    outcomes = {key: outcomes_at(run, numbers) for key, run in runs.items()}
    broken = {each.pk: _broken(affected[each.pk], outcomes.get(each.track_id, {})) for each in findings}
    shown = {number for tests in broken.values() for number in tests[:TESTS]}
    names = queries.node_ids(project, shown) if shown else {}
    standings = _standings(findings, runs)

    def work(finding: Finding) -> Work:
        run, tests = runs.get(finding.track_id), broken[finding.pk]
        failing = named(names, outcomes.get(finding.track_id, {}), tests[:TESTS])
        return Work(
            finding=finding,
            affected=len(affected[finding.pk]),
            failing=failing,
            count=len(tests),
            example=tests[0] if tests else None,
            asked=_asked(finding, standings),
            command=_command(finding, run, failing),
            attempts=attempts_of(finding.claims.all(), finding.verifications.all(), finding.rulings.all()),
            against_claiming=reason_against_claiming(finding),
        )

    return [work(each) for each in findings]


def _broken(tests: Sequence[int], outcomes: Mapping[int, Outcome]) -> list[int]:
    return [number for number in tests if outcomes.get(number) in BROKEN_OUTCOMES]


def _standings(findings: Sequence[Finding], runs: Mapping[int, Run]) -> dict[int, Shown]:
    """What the runs showed of the criteria, by the criterion's key; asked only where a finding has one."""
    if not any(each.criterion_id for each in findings):
        return {}
    shown = standings_of_runs(list(runs.values()), with_output=False)
    return {each.criterion: each for of_run in shown.values() for each in of_run}


def _asked(finding: Finding, standings: Mapping[int, Shown]) -> Asked | None:
    criterion = finding.criterion
    if criterion is None:
        return None
    shown = standings.get(criterion.pk)
    looked_at = in_words(CriterionKind(criterion.kind), criterion.definition)
    return Asked(criterion.text, looked_at, shown.sentence if shown else "")


def _command(finding: Finding, run: Run | None, failing: Sequence[TestNow]) -> str:
    """How to reproduce what is to be mended: its check, or its tests; all of the tests where none of its own
    fails. Empty where there is nothing to run."""
    if run is None or FindingKind(finding.kind) not in FAULT_KINDS:
        return ""
    spec, criterion = reproduce.frozen(run), finding.criterion
    if failing or criterion is None or criterion.kind == CriterionKind.TESTS:
        return reproduce.commands(run, spec, *(test.node_id for test in failing))
    check = criterion.definition.get("command", "") if criterion.kind == CriterionKind.CHECK else ""
    return reproduce.commands_of_check(run, spec, check)
