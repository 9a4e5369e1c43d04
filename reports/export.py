"""A sprint's results as one JSON document; its form is documented in docs/json.md.

{"version": 1, "sprint", "baseline": RUN or null, "tracks": [{"key", "name", "branch", "iterations":
    [RUN + {"delta": DELTA or null, "delta_previous": DELTA or null}],
    "gates": [GATE], "recommended", "decision": DECISION or null}]}
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reports.models import Comparison
from reports.queries import clusters_of, comparison
from reports.readiness import Readiness, readiness_of
from reports.stored import unpack_classes
from reports.transitions import DeltaClass
from tracks import queries
from tracks.models import Run, Sprint, Track

VERSION = 1
LISTED = [name for name in DeltaClass if name not in (DeltaClass.UNCHANGED, DeltaClass.VANISHED)]
Names = Mapping[int, str]


def sprint_document(sprint: Sprint, *, now: datetime) -> dict[str, Any]:
    """Everything that is known of the sprint's runs, comparisons, gates and decisions, ready for
    ``json.dumps``."""
    names = queries.all_node_ids(sprint.project)
    return {
        "version": VERSION,
        "sprint": sprint.name,
        "baseline": _run(sprint.baseline, names) if sprint.baseline else None,
        "tracks": [
            _track(each.track, sprint.baseline, names) | _readiness(each)
            for each in sorted(readiness_of(sprint, now=now).values(), key=lambda each: each.track.key)
        ],
    }


def _readiness(ready: Readiness) -> dict[str, Any]:
    decision = ready.decision
    return {
        "gates": [
            {
                "gate": gate.kind,
                "standing": gate.standing,
                "figure": gate.figure,
                "bound": gate.bound,
                "waived": gate.waiver is not None,
            }
            for gate in ready.gates
        ],
        "recommended": ready.recommendation.kind,
        "decision": decision.kind
        and {
            "kind": decision.kind,
            "sha": decision.sha,
            "by": decision.who,
            "at": decision.at.isoformat() if decision.at else None,
            "approved": decision.is_approved,
            "stale": decision.stale,
        },
    }


def _track(track: Track, baseline: Run | None, names: Names) -> dict[str, Any]:
    iterations = []
    previous: Run | None = None
    for run in queries.iterations(track).defer(None):
        deltas = {
            "delta": _delta(comparison(baseline, run), names),
            "delta_previous": _delta(comparison(previous, run), names),
        }
        iterations.append(_run(run, names) | deltas)
        previous = run
    return {"key": track.key, "name": track.name, "branch": track.branch, "iterations": iterations}


def _run(run: Run, names: Names) -> dict[str, Any]:
    return {
        "sha": run.sha,
        "state": run.state,
        "balanced": run.balanced,
        "reason": run.reason,
        "remedy": run.remedy,
        "detail": run.detail,
        "collected": run.collected,
        "passed": run.passed,
        "failed": run.failed,
        "errors": run.errors,
        "skipped": run.skipped,
        "xfailed": run.xfailed,
        "xpassed": run.xpassed,
        "seconds": run.test_seconds,
        "sandbox": run.tier,
        "clusters": [
            {"signature": each.signature, "title": each.title, "tests": [names[test] for test in each.tests]}
            for each in clusters_of(run)
        ],
    }


def _delta(found: Comparison | None, names: Names) -> dict[str, Any] | None:
    if found is None:
        return None
    classes = unpack_classes(bytes(found.classes))
    listed = {name.value: [names[test] for test in classes[name].tolist()] for name in LISTED}
    now = {int(test): move["now"] for test, move in found.moves.items()}
    vanished = [
        {"test": names[test], "reason": found.vanished[str(test)], "now": names.get(now.get(test, 0))}
        for test in classes[DeltaClass.VANISHED].tolist()
    ]
    return listed | {
        "vanished": vanished,
        "matrix": found.matrix,
        "unchanged": found.figures[DeltaClass.UNCHANGED],
        "worse": found.worse,
        "caveats": found.caveats,
        "conditions": found.conditions,
        "edits": found.edits,
    }
