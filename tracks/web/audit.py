"""The audit log of a project: a page that can be filtered, and the same as files."""

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracks import chain, queries, spreadsheets
from tracks.models import AuditEntry
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project
from tracks.web.audit_filters import searched
from tracks.web.audit_in_words import in_words

PAGE = 50
COLUMNS = ("link", *queries.CHAINED, "digest")


@in_project(Permission.INSPECT)
@require_safe
def audit_log(request: ProjectRequest) -> HttpResponse:
    project = request.at.project
    wanted = searched(request.GET.dict())
    page = Paginator(queries.audit_of(project, wanted), PAGE).get_page(request.GET.get("page"))
    context = {
        "searched": wanted,
        "narrows": wanted != queries.Searched(),
        "page": page,
        "lines": in_words(project, page.object_list),
        "people": queries.audit_actors(project),
        "product": queries.PRODUCT,
        "actions": queries.audit_actions(project),
        "last": queries.last_link(),
        "query": request.GET.urlencode(),
    }
    return render(request, "tracks/audit.html", context)


@in_project(Permission.INSPECT)
@require_safe
def audit_csv(request: ProjectRequest) -> StreamingHttpResponse:
    rows = ({name: _cell(value) for name, value in row.items()} for row in _rows(request))
    return _file(spreadsheets.csv_lines(COLUMNS, rows), "text/csv", "audit.csv")


@in_project(Permission.INSPECT)
@require_safe
def audit_json(request: ProjectRequest) -> StreamingHttpResponse:
    return _file(_json(_rows(request)), "application/json", "audit.json")


def _json(rows: Iterator[dict[str, object]]) -> Iterator[str]:
    """One list, an entry on each line."""
    mark = "["
    for row in rows:
        yield f"{mark}\n{chain.canonical(row)}"
        mark = ","
    yield "[]\n" if mark == "[" else "\n]\n"


def _rows(request: ProjectRequest) -> Iterator[dict[str, object]]:
    found = queries.audit_of(request.at.project, searched(request.GET.dict()))
    return (_row(entry) for entry in found.iterator(chunk_size=500))


def _row(entry: AuditEntry) -> dict[str, object]:
    """All that the chain rests on, with the link if there is one yet."""
    link = getattr(entry, "link", None)
    ends = {"link": link.number, "digest": link.digest} if link else {"link": None, "digest": ""}
    return {**ends, **queries.chained(entry)}


def _cell(value: object) -> str:
    if value is None:
        return ""
    return chain.canonical(value) if isinstance(value, dict) else str(value)


def _file(lines: Iterator[str], kind: str, name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return StreamingHttpResponse(lines, content_type=f"{kind}; charset=utf-8", headers=headers)
