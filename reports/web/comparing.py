"""The page that compares any two runs of a project, test by test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render

from reports.actions import kept_comparison
from reports.queries import Pair, pair_of
from reports.vanished import Numbers
from reports.web import changes, matrix, notes
from tracks import queries
from tracks.errors import InvalidInput
from tracks.models import Project, Run
from tracks.permissions import Permission
from tracks.statuses import BROKEN_OUTCOMES, Outcome
from tracks.vectors import CODES, OUTCOMES, OutcomeVector, decode_seconds, pad
from tracks.web.access import ProjectRequest, in_project

PAGE = 100
CHOICES = 100
"""How many of the latest runs the form offers."""


class UnknownRun(InvalidInput):
    """There is no such run in the project."""


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    node_id: str
    base: Outcome
    head: Outcome
    base_seconds: float
    head_seconds: float
    note: notes.Note

    @property
    def base_broke(self) -> bool:
        return self.base in BROKEN_OUTCOMES

    @property
    def head_broke(self) -> bool:
        return self.head in BROKEN_OUTCOMES


@dataclass(frozen=True)
class Filter:
    """What the list shows: a class of tests, or a cell of the matrix, and a part of the name."""

    name: str
    base: str
    head: str
    text: str

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Filter":
        """What the address asks for; what no page links to shows all changes."""
        base, head = query.get("from", ""), query.get("to", "")
        if not {base, head} <= set(Outcome):
            base = head = ""
        name = query.get("class", "")
        if base or name not in changes.MEMBERS:
            name = "" if base else changes.CHANGED
        return cls(name, base, head, query.get("q", "").strip()[:500])


@in_project(Permission.READ)
def compare(request: ProjectRequest) -> HttpResponse:
    context: dict[str, object] = {"choices": _choices(request.at.project), "section": "compare"}
    status = 200
    try:
        base = context["base"] = _chosen(request, "base")
        head = context["head"] = _chosen(request, "head")
        if base and head:
            stored = kept_comparison(base, head)
            context |= _comparison(request, pair_of(base, head, stored))
    except InvalidInput as problem:
        context["problem"] = problem
        status = 404 if isinstance(problem, UnknownRun) else 400
    return render(request, "reports/compare.html", context, status=status)


def _comparison(request: ProjectRequest, compared: Pair) -> dict[str, object]:
    wanted = Filter.from_query(request.GET.dict())
    outcomes = _both(compared)
    numbers = _select(request.at.project, compared, wanted, outcomes)
    page = Paginator(numbers.tolist(), PAGE).get_page(request.GET.get("page"))
    return {
        "pair": compared,
        "edits": notes.edits_of(compared),
        "filter": wanted,
        "flow": matrix.flow(compared.matrix),
        "matrix": matrix.rows(compared.matrix),
        "chips": _chips(compared.figures),
        "page": page,
        "rows": _rows(compared, page, outcomes),
    }


def _chosen(request: ProjectRequest, side: str) -> Run | None:
    """The run that the address names for that side; None where it names none. Raises UnknownRun."""
    named = request.GET.get(side, "")
    if not named:
        return None
    runs = queries.runs_of(request.at.project).defer(None).defer("spec").select_related("project")
    found = runs.filter(pk=named).first() if named.isascii() and named.isdigit() else None
    if found is None:
        raise UnknownRun(f"This project has no run '{named[:40]}'.", remedy="Choose one of its runs below.")
    return found


def _choices(project: Project) -> list[Run]:
    return list(queries.runs_of(project).filter(ended_at__isnull=False)[:CHOICES])


def _chips(figures: Mapping[str, int]) -> list[changes.Chip]:
    everything = changes.Chip(
        changes.CHANGED, sum(figures[name] for name in changes.MEMBERS[changes.CHANGED]), "changed", ""
    )
    each = [
        changes.Chip(name, figures[name], kind.label, kind.tone, kind.mark)
        for name, kind in changes.KINDS.items()
        if figures[name]
    ]
    return [everything, *each]


def _both(compared: Pair) -> tuple[OutcomeVector, OutcomeVector]:
    """The outcomes of base and head, of one length; of a selection, those that were compared."""
    base, head = (queries.outcome_vector(run) for run in (compared.base, compared.head))
    length = max(base.size, head.size)
    is_compared = np.zeros(length, np.uint8)
    is_compared[np.concatenate(list(compared.classes.values()))] = 1
    return pad(base, length) * is_compared, pad(head, length) * is_compared


def _select(project: Project, compared: Pair, wanted: Filter, outcomes: Sequence[OutcomeVector]) -> Numbers:
    """The numbers of the tests to show, ascending."""
    base, head = outcomes
    if wanted.base:
        numbers = np.flatnonzero(
            (base == CODES[Outcome(wanted.base)]) & (head == CODES[Outcome(wanted.head)])
        )
        numbers = numbers[(base[numbers] != 0) | (head[numbers] != 0)]
    else:
        members = [compared.classes[name] for name in changes.MEMBERS[wanted.name]]
        numbers = np.sort(np.concatenate(members))
    if wanted.text:
        named = queries.find_tests(project, wanted.text).values_list("number", flat=True)
        numbers = np.intersect1d(numbers, np.fromiter(named, np.intp))
    return numbers


def _rows(compared: Pair, page: "Page[int]", outcomes: Sequence[OutcomeVector]) -> list[Row]:
    here = list(page.object_list)
    node_ids = queries.node_ids(compared.head.project, notes.named(compared, here))
    length = outcomes[0].size
    seconds = [
        decode_seconds(pad(durations, max(length, durations.size)))
        for durations in (queries.duration_vector(run) for run in (compared.base, compared.head))
    ]
    return [
        Row(
            number=each,
            node_id=node_ids[each],
            base=OUTCOMES[outcomes[0][each]],
            head=OUTCOMES[outcomes[1][each]],
            base_seconds=float(seconds[0][each]),
            head_seconds=float(seconds[1][each]),
            note=notes.note(compared, each, node_ids),
        )
        for each in here
    ]
