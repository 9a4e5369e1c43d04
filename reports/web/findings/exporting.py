"""The findings of a list as files."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from reports import finding_exports
from reports.web.findings.filters import Filter
from reports.web.findings.lines import files_as_text
from reports.web.findings.listing import ordered
from tracks import queries, spreadsheets
from tracks.models import Finding
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project

MOST = 10_000
SHORT = ("finding", "title", "kind", "severity", "status", "assignee", "branch", "attempts")
"""The columns of the Markdown table; a file of CSV holds all."""
COLUMNS = (
    *SHORT,
    "sprint",
    "track",
    "effort in hours",
    "tests",
    "files",
    "evidence",
    "root cause",
    "recommended fix",
    "impact",
    "recorded by",
    "recorded at",
    "changed at",
    "address",
)


@in_project(Permission.READ)
@require_safe
def findings_csv(request: ProjectRequest) -> StreamingHttpResponse:
    rows = _rows(request, _exported(request))
    return _file(spreadsheets.csv_lines(COLUMNS, rows), "text/csv", "findings.csv")


@in_project(Permission.READ)
@require_safe
def findings_markdown(request: ProjectRequest) -> StreamingHttpResponse:
    rows = _rows(request, _exported(request))
    return _file(finding_exports.markdown_lines(SHORT, rows), "text/markdown", "findings.md")


def _rows(request: ProjectRequest, findings: "QuerySet[Finding]") -> Iterator[dict[str, object]]:
    return (_row(request, finding) for finding in findings.iterator(chunk_size=500))


def _row(request: ProjectRequest, finding: Finding) -> dict[str, object]:
    track = finding.track
    path = reverse(
        "reports:finding", args=[request.at.project.slug, track.sprint.slug, track.key, finding.number]
    )
    return {
        "finding": finding,
        "title": finding.title,
        "kind": finding.kind,
        "severity": finding.severity,
        "status": finding.status,
        "assignee": finding.assignee or "",
        "branch": track.branch,
        "attempts": finding.attempts,
        "sprint": track.sprint.name,
        "track": track,
        "effort in hours": "" if finding.effort_hours is None else finding.effort_hours,
        "tests": len(finding.tests),
        "files": files_as_text(finding.files),
        "evidence": finding.evidence,
        "root cause": finding.root_cause,
        "recommended fix": finding.recommended_fix,
        "impact": finding.impact,
        "recorded by": finding.raised_by or "",
        "recorded at": finding.raised_at.isoformat(),
        "changed at": finding.changed_at.isoformat(),
        "address": request.build_absolute_uri(path),
    }


def _exported(request: ProjectRequest) -> "QuerySet[Finding]":
    wanted = Filter.from_query(request.GET.dict())
    found = queries.findings_of(request.at.project, wanted.wanted).select_related("raised_by")
    return ordered(found, wanted.sort)[:MOST]


def _file(lines: Iterator[str], kind: str, name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return StreamingHttpResponse(lines, content_type=f"{kind}; charset=utf-8", headers=headers)
