"""The pages of runs: their list, one run (and the fragment that keeps it up to date), its log."""

from functools import partial

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from tracks import queries, reproduce
from tracks.models import Run
from tracks.permissions import Permission
from tracks.statuses import RunState
from tracks.web import logs, run_view, watching
from tracks.web.access import ProjectRequest, in_project
from tracks.web.results import read_results
from tracks.web.runs_in_words import counts_of

PAGE = 50


@in_project(Permission.READ)
def runs(request: ProjectRequest) -> HttpResponse:
    page = Paginator(queries.runs_of(request.at.project), PAGE).get_page(request.GET.get("page"))
    return render(request, "tracks/runs.html", {"page": page, "section": "runs"})


@in_project(Permission.READ)
def run(request: ProjectRequest, run: int) -> HttpResponse:
    found = find_run(request, run)
    response = render(request, "tracks/run.html", _context(request, found))
    if found.is_active:
        _let_watch(response, request, found)
    return response


def run_live(request: ProjectRequest, *, project: str, run: int) -> HttpResponseBase:
    """What changes while the run goes on; nothing (204) while it is at the revision that was seen."""
    shared = watching.shared_with(request, project=project, run=run)
    return watching.answer(request, shared) if shared else _run_live(request, project=project, run=run)


@in_project(Permission.READ)
def _run_live(request: ProjectRequest, run: int) -> HttpResponse:
    found = find_run(request, run)
    fragment = partial(_fragment, request, found)
    response = watching.answer(request, watching.share(request, found, fragment))
    _let_watch(response, request, found)
    return response


run_live.access_rule = Permission.READ  # type: ignore[attr-defined]  # by its pass, or as ``_run_live``


def _fragment(request: ProjectRequest, run: Run) -> str:
    return render_to_string("tracks/run.html#live", _context(request, run), request=request)


def _let_watch(response: HttpResponse, request: ProjectRequest, run: Run) -> None:
    path = reverse("tracks:run_live", args=[request.at.project.slug, run.pk])
    watching.let_watch(response, request, run, path=path)


@in_project(Permission.READ)
def log(request: ProjectRequest, run: int) -> HttpResponseBase:
    """The log of one shard, the first unless ``?part=2`` says otherwise; of it ``?q=`` the lines that hold
    something, ``?raw`` the file, ``?after=`` what has come since."""
    found = find_run(request, run)
    shard = (_number(request.GET.get("part")) or 1) - 1
    if "raw" in request.GET:
        return _download(found, shard)
    wanted = request.GET.get("q", "").strip()[:200]
    context = {
        "run": found,
        "part": shard + 1,
        "parts": range(1, len(queries.shards_of(found)) + 1),
        "wanted": wanted,
        "section": "runs",
    }
    if wanted:
        return render(
            request, "tracks/run_log.html", context | {"found": logs.find(found, wanted, shard=shard)}
        )
    after = _number(request.GET.get("after"))
    shown = logs.whole(found, shard=shard, after=after or 0)
    if after is not None and found.is_active and not shown.text:
        return HttpResponse(status=204)
    return render(request, f"tracks/run_log.html{'' if after is None else '#more'}", context | {"log": shown})


def _download(run: Run, shard: int) -> HttpResponseBase:
    lines = (f"{line}\n" for line in queries.log_lines(run, shard=shard))
    headers = {
        "Content-Disposition": f'attachment; filename="run-{run.pk}-part-{shard + 1}.log"',
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingHttpResponse(lines, content_type="text/plain; charset=utf-8", headers=headers)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def find_run(request: ProjectRequest, number: int) -> Run:
    """The project's run of that number, with its specification; else 404."""
    return get_object_or_404(
        queries.runs_of(request.at.project).defer(None).defer(*queries.VECTORS, "plan"), pk=number
    )


def _context(request: ProjectRequest, run: Run) -> dict[str, object]:
    counts, vectors = counts_of(run), queries.vectors_of(run)
    expected = queries.expected_of([run] if run.is_active else [])
    spec = reproduce.frozen(run)
    shards = queries.shards_of(run)
    waits_for = queries.what_it_waits_for(run, now=timezone.now()) if run.state == RunState.QUEUED else ""
    return {
        "run": run,
        "section": "runs",
        "counts": counts,
        "progress": run_view.progress(
            run, vectors[0], expected.get(run.pk, queries.NOTHING_EXPECTED), waits_for=waits_for
        ),
        "shards": shards,
        "processes": run_view.processes(shards),
        "books": run_view.books(run),
        "commands": run_view.commands(spec),
        "reach": run_view.reach(run, spec),
        "tier": run_view.tier(run),
        "headline": run_view.headline(run),
        "results": read_results(
            run, counts, vectors, wanted=request.GET.get("outcome", ""), page=request.GET.get("page", "")
        ),
        "log": logs.tail(run),
    }
