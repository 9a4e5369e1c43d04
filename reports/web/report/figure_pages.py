"""Where to look at what stands behind a figure of a report.

Query(Asked.CLASS, base=3, head=12, named="fixed")  ──>  /p/ledger/compare?base=3&head=12&class=fixed#tests
Query(Asked.FINDINGS, track=7, filters=…)           ──>  /p/ledger/findings/?sprint=…&track=A&severity=high
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from reports.document import Asked, Query
from reports.models import Changeset
from tracks.finding_statuses import FAULT_KINDS, TO_MEND
from tracks.models import Finding, Run, Sprint, Track
from tracks.queries import FAULTS, UNESTIMATED, UNSOLVED
from tracks.statuses import RunKind


def pages_of(sprint: Sprint) -> Callable[[Query], str]:
    """The address by the query of a figure of the sprint's report, empty where there is no page for it; in a
    number of queries that grows with nothing."""
    return _Pages(sprint).page


class _Pages:
    def __init__(self, sprint: Sprint) -> None:
        self.sprint = sprint
        self.project = sprint.project.slug

    def page(self, query: Query) -> str:
        return _PAGES[query.asked](self, query)

    def outcome(self, query: Query) -> str:
        return f"{self.run(query)}?{urlencode({'outcome': query.named})}#results"

    def run(self, query: Query) -> str:
        return reverse("tracks:run", args=[self.project, query.head])

    def errors(self, query: Query) -> str:
        return f"{self.run(query)}#causes"

    def error(self, query: Query) -> str:
        return f"{self.run(query)}#cause-{query.named}"

    def criteria(self, query: Query) -> str:
        return f"{self.run(query)}#criteria"

    def commits(self, query: Query) -> str:
        return self._at_commits(query.head)

    def compare(self, query: Query) -> str:
        return self._pair(query)

    def in_class(self, query: Query) -> str:
        return self._pair(query, **{"class": query.named})

    def cell(self, query: Query) -> str:
        before, _, after = query.named.partition(">")
        return self._pair(query, **{"from": before, "to": after})

    def _pair(self, query: Query, **narrowed: str) -> str:
        parts = {"base": query.base, "head": query.head, **narrowed}
        return f"{reverse('reports:compare', args=[self.project])}?{urlencode(parts)}#tests"

    def board(self, query: Query) -> str:
        return reverse("reports:sprint", args=[self.project, self.sprint.slug])

    def targets(self, query: Query) -> str:
        return reverse("reports:sprint_policy", args=[self.project, self.sprint.slug])

    def runs(self, query: Query) -> str:
        return self._track(query) if query.track else self.board(query)

    def gates(self, query: Query) -> str:
        track = self._track(query)
        return f"{track}#gates" if track else ""

    def _track(self, query: Query) -> str:
        key = self._tracks.get(query.track or 0)
        return reverse("reports:track", args=[self.project, self.sprint.slug, key]) if key else ""

    def effort(self, query: Query) -> str:
        return self.finding(query) if query.finding else f"{self.findings(query)}#effort"

    def unestimated(self, query: Query) -> str:
        return self.findings(query, effort=UNESTIMATED)

    def findings(self, query: Query, **narrowed: str) -> str:
        named = {name: {value for each, value in query.filters if each == name} for name, _ in query.filters}
        parts = {
            "sprint": self.sprint.slug,
            "track": self._tracks.get(query.track or 0, ""),
            **{name: _in_address(values) for name, values in sorted(named.items())},
            **narrowed,
        }
        kept = {name: value for name, value in parts.items() if value}
        return f"{reverse('reports:findings', args=[self.project])}?{urlencode(kept)}"

    def finding(self, query: Query) -> str:
        place = self._findings.get(query.finding or 0)
        return reverse("reports:finding", args=[self.project, self.sprint.slug, *place]) if place else ""

    def changeset(self, query: Query) -> str:
        return self._at_commits(self._by_commit.get(self._heads.get(query.changeset or 0, "")))

    def _at_commits(self, run: int | None) -> str:
        """What the run's iteration has beyond the baseline."""
        key, iteration = self._runs.get(run or 0, ("", None))
        if iteration is None:
            return ""
        track = reverse("reports:track", args=[self.project, self.sprint.slug, key])
        return f"{track}?iteration={iteration}#commits"

    def integration(self, query: Query) -> str:
        return reverse("reports:integration", args=[self.project, query.integration])

    @cached_property
    def _tracks(self) -> dict[int, str]:
        return dict(Track.objects.filter(sprint=self.sprint).values_list("pk", "key"))

    @cached_property
    def _findings(self) -> dict[int, tuple[str, int]]:
        rows = Finding.objects.filter(track__sprint=self.sprint).values_list("pk", "track__key", "number")
        return {finding: (key, number) for finding, key, number in rows}

    @cached_property
    def _runs(self) -> dict[int, tuple[str, int | None]]:
        """The track's key and the iteration of each run of a track."""
        return {run: (key, iteration) for run, _, key, iteration in self._rows}

    @cached_property
    def _by_commit(self) -> dict[str, int]:
        """The latest run of each commit."""
        return {sha: run for run, sha, _, _ in self._rows}

    @cached_property
    def _rows(self) -> list[tuple[int, str, str, int | None]]:
        runs = Run.objects.filter(sprint=self.sprint, kind=RunKind.TRACK).order_by("pk")
        return list(runs.values_list("pk", "sha", "track__key", "iteration"))

    @cached_property
    def _heads(self) -> dict[int, str]:
        rows = Changeset.objects.filter(project=self.sprint.project_id, head__in=self._by_commit)
        return dict(rows.values_list("pk", "head"))


def _in_address(values: set[str]) -> str:
    """As the list of findings is narrowed; alternatives that it does not know do not narrow it."""
    if len(values) == 1:
        return min(values)
    if values == FAULT_KINDS:
        return FAULTS
    return UNSOLVED if values == TO_MEND else ""


_PAGES: Mapping[Asked, Callable[[_Pages, Query], str]] = {
    Asked.OUTCOME: _Pages.outcome,
    Asked.COLLECTED: _Pages.run,
    Asked.SECONDS: _Pages.run,
    Asked.CHANGE: _Pages.compare,
    Asked.CHANGE_COLLECTED: _Pages.compare,
    Asked.SHARE: _Pages.compare,
    Asked.CLASS: _Pages.in_class,
    Asked.CELL: _Pages.cell,
    Asked.ERROR: _Pages.error,
    Asked.ERRORS: _Pages.errors,
    Asked.CRITERIA: _Pages.criteria,
    Asked.GATES: _Pages.gates,
    Asked.APPROVALS: _Pages.gates,
    Asked.TRACKS: _Pages.board,
    Asked.RUNS: _Pages.runs,
    Asked.FINDINGS: _Pages.findings,
    Asked.EFFORT: _Pages.effort,
    Asked.UNESTIMATED: _Pages.unestimated,
    Asked.AFFECTED: _Pages.finding,
    Asked.FILES: _Pages.changeset,
    Asked.ADDED_LINES: _Pages.changeset,
    Asked.REMOVED_LINES: _Pages.changeset,
    Asked.COMMITS: _Pages.commits,
    Asked.CONFLICTS: _Pages.integration,
    Asked.TOGETHER: _Pages.integration,
    Asked.CONDITIONS: _Pages.board,
    Asked.TARGET: _Pages.targets,
}
