"""Facts, gates and decisions for tests of what is decided; keyword-only, with sane defaults."""

from dataclasses import replace
from datetime import date

from reports.gates import Gate, GateFacts, Tested
from reports.staleness import Decided, Merging, Present
from reports.statuses import DecisionKind, GateKind, MergeResult
from tracks.statuses import RunState, Standing

HEAD, BASE, NEWER, MOVED = "a" * 40, "b" * 40, "c" * 40, "d" * 40
TODAY = date(2026, 11, 23)


def a_run(run: int, sha: str, state: RunState = RunState.FINISHED, **figures: int) -> Tested:
    return Tested(run, sha, state, **({"passed": 3, "total": 3} | figures))


def facts(**other: object) -> GateFacts:
    """A track that was tested at its head, with a baseline at the base's head."""
    known = GateFacts(
        track=1,
        key="A",
        head=HEAD,
        base_head=BASE,
        run=a_run(2, HEAD),
        baseline=a_run(1, BASE),
        changes=None,
        patch_id="e" * 40,
    )
    return replace(known, **other)


def gate(kind: GateKind = GateKind.FAILED, standing: Standing = Standing.HOLDS, **other: object) -> Gate:
    return Gate(kind, standing, "0", "≤ 0", "", "No test failed.", **other)


def decided(**other: object) -> Decided:
    """An approval of what ``facts`` tells."""
    known = Decided(
        DecisionKind.APPROVED,
        sha=HEAD,
        base=BASE,
        tested=a_run(2, HEAD),
        baseline=BASE,
        patch_id="e" * 40,
        commits=1,
        held=frozenset(GateKind),
    )
    return replace(known, **other)


def present(**other: object) -> Present:
    known = Present(
        facts=facts(),
        gates=(gate(),),
        dependencies=(),
        merging=Merging(MergeResult.CLEAN, "e" * 40),
        merging_head=Merging(MergeResult.CLEAN, "e" * 40),
        later=(),
        today=TODAY,
    )
    return replace(known, **other)
