"""Facts for tests of the report; keyword-only, with sane defaults. ``sample`` fills every section.

baseline  563 passed, 20 failed, 77 errors
A         retest 1 fixes nearly all, breaks two; approved with conditions
B         a broken run; rejected
C         not tested yet
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from reports.statuses import DecisionKind, GateKind, Recommended, VerdictKind
from reports.summary.facts import (
    AttemptTold,
    ChangesetTold,
    ClusterTold,
    CommitTold,
    ComparisonTold,
    ConditionTold,
    CriterionTold,
    DecisionTold,
    FindingTold,
    GateTold,
    IntegrationTold,
    InteractionTold,
    IterationTold,
    LeftOutTold,
    PatchTold,
    RunTold,
    StepTold,
    SummaryFacts,
    TargetsTold,
    TestTold,
    TrackTold,
)
from reports.transitions import DeltaClass
from tracks.finding_statuses import FindingKind, FindingStatus, Severity
from tracks.statuses import CriterionKind, Outcome, RunState, Standing, Weight

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
BASE, FIRST, SECOND, OTHER = "b" * 40, "1" + "a" * 39, "2" + "a" * 39, "c" * 40
DATABASE, PRICES = "d" * 16, "e" * 16
"""Signatures."""


def create_counts(
    *, passed: int = 0, failed: int = 0, error: int = 0, skipped: int = 0
) -> dict[Outcome, int]:
    known = dict.fromkeys((each for each in Outcome if each is not Outcome.ABSENT), 0)
    return known | {
        Outcome.PASSED: passed,
        Outcome.FAILED: failed,
        Outcome.ERROR: error,
        Outcome.SKIPPED: skipped,
    }


def create_run_told(*, run: int = 1, sha: str = BASE, passed: int = 3, **other: Any) -> RunTold:
    """One that has ended in order; ``failed``, ``error``, ``skipped`` are counts."""
    counts = {name: other.pop(name, 0) for name in ("failed", "error", "skipped")}
    known = RunTold(
        run=run,
        sha=sha,
        state=RunState.FINISHED,
        reason="",
        counts=create_counts(passed=passed, **counts),
        collected=passed + sum(counts.values()),
        seconds=65.2,
        command="python -m pytest -q",
        reproduce="git clone /srv/shop.git\ncd shop\npython -m pytest -q",
        environment=(("Python", "3.11.7"), ("pytest", "9.2.0"), ("Sandbox", "bubblewrap")),
        errors=sum(1 for name in ("failed", "error") if counts[name]),
        ended_at=NOON,
    )
    return replace(known, **other)


def create_comparison_told(
    *,
    comparison: int = 1,
    base: int = 1,
    head: int = 2,
    figures: Mapping[DeltaClass, int] | None = None,
    tests: Mapping[DeltaClass, tuple[TestTold, ...]] | None = None,
    **other: Any,
) -> ComparisonTold:
    known = ComparisonTold(
        comparison=comparison,
        base=base,
        head=head,
        figures=dict.fromkeys(DeltaClass, 0) | dict(figures or {}),
        matrix={},
        caveats=(),
        conditions=(),
        tests=dict(tests or {}),
    )
    return replace(known, **other)


def create_track_told(*, track: int = 1, key: str = "A", **other: Any) -> TrackTold:
    """One that has not been tested, unless ``iterations`` say so."""
    known = TrackTold(
        track=track,
        key=key,
        name="Checkout",
        branch="feature/checkout",
        owner="Dev",
        head=FIRST,
        depends_on=(),
        iterations=(),
        commits=(),
        changes=None,
        clusters=(),
        criteria=(),
        findings=(),
        gates=(),
        decisions=(),
        is_approved=False,
        is_ready=False,
        approvals=0,
        approvals_needed=1,
        recommended=Recommended.WAIT,
        reasons=(),
    )
    return replace(known, **other)


def create_iteration_told(*, number: int = 0, run: RunTold | None = None, **other: Any) -> IterationTold:
    run = run or create_run_told(run=2 + number, sha=FIRST)
    return replace(IterationTold(number, run, None, None, None), **other)


def create_finding_told(*, finding: int = 1, name: str = "A-1", **other: Any) -> FindingTold:
    """An open defect."""
    known = FindingTold(
        finding=finding,
        track=name.split("-")[0],
        name=name,
        title="Prices are not rounded",
        kind=FindingKind.DEFECT,
        severity=Severity.HIGH,
        status=FindingStatus.OPEN,
        evidence="",
        root_cause="",
        recommended_fix="",
        impact="",
        files=(),
        tests=0,
        first=(),
        effort=None,
        assignee="",
        culprit="",
    )
    return replace(known, **other)


def create_decision_told(*, decision: int = 1, track: str = "A", **other: Any) -> DecisionTold:
    known = DecisionTold(
        decision=decision,
        track=track,
        kind=DecisionKind.APPROVED,
        sha=FIRST,
        by="Lena",
        at=NOON,
        rationale="It does what it should.",
        conditions=(),
        counts=True,
        stale=(),
    )
    return replace(known, **other)


def create_gate_told(*, kind: GateKind = GateKind.FAILED, **other: Any) -> GateTold:
    known = GateTold(kind, Standing.HOLDS, "none", "at most none", "No test failed.", decides=True)
    return replace(known, **other)


def create_facts(**other: Any) -> SummaryFacts:
    """A sprint in which there is nothing yet."""
    known = SummaryFacts(
        sprint=1,
        project="Shop",
        name="Autumn",
        base_branch="main",
        testers=("Tess",),
        leads=("Lena",),
        targets=TargetsTold(None, None, None),
        baseline=None,
        baseline_clusters=(),
        tracks=(),
        integration=None,
        plan=(),
        updated_at=None,
    )
    return replace(known, **other)


def sample() -> SummaryFacts:
    """A sprint with three tracks, in the middle of its work."""
    return create_facts(
        testers=("Tess", "Tom"),
        targets=TargetsTold(580, 10, 0),
        baseline=create_run_told(run=1, passed=563, failed=20, error=77, errors=2),
        baseline_clusters=(_database(run=1, tests=77), _prices(run=1, tests=20)),
        tracks=(
            _checkout(),
            _search(),
            create_track_told(track=3, key="C", name="Basket", owner="", head=""),
        ),
        integration=_integration(),
        plan=(
            StepTold("A", "Merge A once its gates are open.", ("not every gate is open",), is_now=False),
            StepTold("B", "Merge B after rework.", ("it is rejected",), is_now=False),
        ),
        updated_at=NOON + timedelta(hours=5),
    )


def _checkout() -> TrackTold:
    return create_track_told(
        name="Checkout",
        head=SECOND,
        iterations=(_initial(), _retest()),
        commits=(
            CommitTold(SECOND, "Dev", "Round prices"),
            CommitTold(FIRST, "Dev", "Connect to the database once"),
        ),
        changes=ChangesetTold(
            changeset=1,
            base=BASE,
            head=SECOND,
            commits=(),
            files=3,
            added=120,
            removed=14,
            first=(("shop/prices.py", 20, 4), ("shop/db.py", 90, 10), ("tests/test_prices.py", 10, 0)),
        ),
        clusters=(replace(_prices(run=3, tests=2), findings=("A-1",)),),
        criteria=_criteria(),
        findings=_findings(),
        gates=(
            create_gate_told(),
            create_gate_told(
                kind=GateKind.NEWLY_BROKEN,
                standing=Standing.FAILS,
                sentence="Some tests are newly broken.",
                waived_by="Lena",
                waived_for="They test the old price list.",
                waived_until=date(2026, 12, 24),
            ),
            create_gate_told(
                kind=GateKind.INTEGRATION,
                standing=Standing.UNKNOWN,
                sentence="No trial integration has taken it.",
                decides=False,
            ),
        ),
        decisions=(
            create_decision_told(
                decision=2,
                kind=DecisionKind.CONDITIONAL,
                sha=SECOND,
                at=NOON + timedelta(hours=4),
                conditions=(
                    ConditionTold(
                        1, "Write the change log", Severity.MEDIUM, date(2026, 12, 1), "Dev", False
                    ),
                    ConditionTold(2, "Name the currency", Severity.LOW, date(2026, 12, 2), "Dev", True),
                ),
            ),
            create_decision_told(
                decision=1,
                kind=DecisionKind.DEFERRED,
                rationale="Wait for the *retest*.",
                counts=False,
                stale=("The branch has moved.",),
            ),
        ),
        is_approved=True,
        approvals=1,
        recommended=Recommended.APPROVE,
        reasons=("Every gate holds or is waived.",),
    )


def _initial() -> IterationTold:
    return create_iteration_told(
        run=create_run_told(run=2, sha=FIRST, passed=640, failed=20, errors=1),
        base=create_comparison_told(
            comparison=1,
            head=2,
            figures={DeltaClass.FIXED: 77, DeltaClass.STILL_BROKEN_SAME: 20, DeltaClass.UNCHANGED: 563},
            matrix={"passed": {"passed": 563}, "error": {"passed": 77}, "failed": {"failed": 20}},
        ),
    )


def _retest() -> IterationTold:
    newly = TestTold(7, "tests/test_cart.py::test_total", message="assert total == sum(prices)")
    erroring = TestTold(8, "tests/test_cart.py::test_empty", message="KeyError: 'price'")
    gone = TestTold(9, "tests/test_old.py::test_list", note="deleted", accepted="The old list is gone.")
    muted = TestTold(10, "tests/test_tax.py::test_rate", message="")
    fixed = tuple(TestTold(20 + at, f"tests/test_prices.py::test_{name}") for at, name in enumerate("xyz"))
    return create_iteration_told(
        number=1,
        run=create_run_told(
            run=3, sha=SECOND, passed=655, failed=1, error=1, skipped=2, ended_at=NOON + timedelta(hours=2)
        ),
        base=create_comparison_told(
            comparison=2,
            head=3,
            figures={
                DeltaClass.NEWLY_FAILING: 1,
                DeltaClass.NEWLY_ERRORING: 1,
                DeltaClass.FIXED: 97,
                DeltaClass.VANISHED: 1,
                DeltaClass.MUTED: 2,
                DeltaClass.UNCHANGED: 558,
            },
            matrix={
                "passed": {"passed": 558, "failed": 1, "error": 1, "skipped": 2, "absent": 1},
                "error": {"passed": 77},
                "failed": {"passed": 20},
            },
            caveats=("The branch left the base branch elsewhere.",),
            conditions=("Python differs.",),
            tests={
                DeltaClass.NEWLY_FAILING: (newly,),
                DeltaClass.NEWLY_ERRORING: (erroring,),
                DeltaClass.FIXED: fixed,
                DeltaClass.VANISHED: (gone,),
                DeltaClass.MUTED: (muted,),
            },
        ),
        previous=create_comparison_told(
            comparison=3,
            base=2,
            head=3,
            figures={DeltaClass.FIXED: 20, DeltaClass.NEWLY_FAILING: 1, DeltaClass.NEWLY_ERRORING: 1},
            matrix={"failed": {"passed": 20}, "passed": {"passed": 635, "failed": 1, "error": 1}},
        ),
        attempt=ChangesetTold(
            changeset=2,
            base=FIRST,
            head=SECOND,
            commits=(CommitTold(SECOND, "Dev", "Round prices"),),
            files=1,
            added=20,
            removed=4,
            first=(("shop/prices.py", 20, 4),),
            patches=(
                PatchTold(SECOND, "shop/prices.py", "-price\n+round(price)\n", is_cut=True),
                PatchTold(SECOND, "shop/other.py", "-a\n+b\n", is_cut=False),
            ),
        ),
    )


def _criteria() -> tuple[CriterionTold, ...]:
    known = CriterionTold(
        criterion=1,
        text="Every price test passes",
        kind=CriterionKind.TESTS,
        weight=Weight.BLOCKING,
        asked="tests/test_prices.py, none failed",
        standing=Standing.HOLDS,
        figure="all",
        sentence="All of them passed.",
        output="",
        exit_code=None,
        tests=(),
        evidence="",
        by="",
    )
    return (
        known,
        replace(
            known,
            criterion=2,
            text="The export exists",
            kind=CriterionKind.CHECK,
            asked="test -f export.csv",
            standing=Standing.FAILS,
            figure="",
            sentence="The command failed.",
            output="no such file: export.csv",
            exit_code=1,
        ),
        replace(
            known,
            criterion=3,
            text="The page looks right",
            kind=CriterionKind.MANUAL,
            weight=Weight.ADVISORY,
            asked="",
            evidence="It **does**.",
            by="Tess",
        ),
    )


def _findings() -> tuple[FindingTold, ...]:
    attempt = AttemptTold(
        claim=1,
        sha=SECOND,
        note="Rounded where they are added.",
        by="Dev",
        at=NOON + timedelta(hours=1),
        iteration=1,
        verdict=VerdictKind.PARTLY,
        sentence="Some of its tests pass now.",
        tests=(("tests/test_prices.py::test_x", "failed", "passed"),),
        ruled_fixed=False,
        ruled_by="Tess",
        reason="Not all of them.",
    )
    return (
        create_finding_told(
            evidence="`assert 1.999 == 2`",
            root_cause="Floats are **not** rounded.",
            recommended_fix="Use decimals.",
            impact="Wrong totals.",
            files=("shop/prices.py",),
            tests=20,
            first=("tests/test_prices.py::test_x", "tests/test_prices.py::test_y"),
            effort=Decimal("2.5"),
            assignee="Dev",
            culprit=FIRST,
            attempts=(attempt,),
            attachments=("screen.png",),
        ),
        create_finding_told(
            finding=2,
            name="A-2",
            title="The export is missing",
            kind=FindingKind.NOT_IMPLEMENTED,
            severity=Severity.CRITICAL,
        ),
        create_finding_told(
            finding=3,
            name="A-3",
            title="Which currency?",
            kind=FindingKind.QUESTION,
            severity=Severity.MEDIUM,
            options=(("Euro", "simple", "one only"), ("Any", "open", "more work")),
        ),
        create_finding_told(
            finding=4,
            name="A-4",
            title="Fast",
            kind=FindingKind.PRAISE,
            severity=Severity.LOW,
            status=FindingStatus.NOTED,
        ),
        create_finding_told(
            finding=5,
            name="A-5",
            title="It was slow",
            severity=Severity.LOW,
            status=FindingStatus.VERIFIED,
            effort=Decimal(1),
        ),
    )


def _search() -> TrackTold:
    broken = create_run_told(
        run=4,
        sha=OTHER,
        passed=0,
        state=RunState.BROKEN,
        reason="conftest.py cannot be imported.",
        seconds=None,
    )
    return create_track_told(
        track=2,
        key="B",
        name="Search",
        branch="feature/search",
        head=OTHER,
        depends_on=("A",),
        iterations=(create_iteration_told(run=broken),),
        decisions=(
            create_decision_told(
                decision=3,
                track="B",
                kind=DecisionKind.REJECTED,
                sha=OTHER,
                rationale="It does not start.",
            ),
        ),
        recommended=Recommended.REJECT,
        reasons=("The run is broken.",),
    )


def _database(*, run: int, tests: int) -> ClusterTold:
    return ClusterTold(
        run=run,
        signature=DATABASE,
        title="OperationalError: no such table",
        place="shop/db.py:connect",
        tests=tests,
        first=("tests/test_db.py::test_a", "tests/test_db.py::test_b"),
        evidence="E   OperationalError: no such table",
        at_baseline=True,
    )


def _prices(*, run: int, tests: int) -> ClusterTold:
    return ClusterTold(
        run=run,
        signature=PRICES,
        title="AssertionError: prices differ",
        place="shop/prices.py:total",
        tests=tests,
        first=("tests/test_prices.py::test_x", "tests/test_prices.py::test_y"),
        evidence="E   AssertionError: prices differ",
        at_baseline=True,
    )


def _integration() -> IntegrationTold:
    return IntegrationTold(
        integration=1,
        base=BASE,
        merged=("A", "B"),
        left_out=(LeftOutTold("C", "It could not be merged.", 1, (("shop/prices.py", ("A",)),)),),
        run=create_run_told(run=5, sha="f" * 40, passed=650, failed=3, seconds=61.0),
        passed=False,
        sentence="Tests fail together that pass on each track.",
        together=3,
        interactions=(
            InteractionTold(("A", "B"), 3, ("tests/test_cart.py::test_sum",), "A and B break them together."),
        ),
        by="Lena",
        at=NOON + timedelta(hours=3),
    )
