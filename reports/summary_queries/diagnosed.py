"""What running newly broken tests again has shown: whether they are flaky, and which commit broke them.

baseline, latest runs ── Diagnosis, the latest done one of each kind ──> sentences by run and test number
"""

from collections import defaultdict
from collections.abc import Mapping

from reports.models import Diagnosis
from reports.statuses import DiagnosisKind, DiagnosisState
from reports.summary_queries.runs import Runs

Diagnosed = Mapping[tuple[int, int], tuple[str, ...]]
"""By run and test number."""


def diagnosed_in(runs: Runs) -> Diagnosed:
    """Of each track's latest run against the baseline."""
    rows = Diagnosis.objects.filter(base=runs.baseline, head__in=runs.latest_ones, state=DiagnosisState.DONE)
    # "stability" first: whether a test is broken at all comes before the commit that broke it.
    latest = rows.order_by("head", "-kind", "-id").distinct("head", "kind")
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for head, kind, verdicts in latest.values_list("head", "kind", "verdicts"):
        for verdict in verdicts:
            found[head, verdict["test"]].append(_sentence(kind, verdict))
    return {key: tuple(sentences) for key, sentences in found.items()}


def _sentence(kind: str, verdict: Mapping[str, str]) -> str:
    """What is said of a test's stability are counts, which take a word on what they mean."""
    if kind == DiagnosisKind.CULPRIT:
        return verdict["sentence"]
    return f"{verdict['kind'].replace('_', ' ').capitalize()}: {verdict['sentence']}"
