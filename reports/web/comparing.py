"""The page that compares any two runs of a project, test by test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render

from reports.actions import kept_comparison
from reports.pace import Pace, Timed
from reports.queries import Pair, pair_of
from reports.web import changes, matrix, narrowing, notes, pace_in_words, picture
from reports.web.filters import Filter
from reports.web.selecting import arrange, pace_between, select, timed
from tracks import queries
from tracks.errors import InvalidInput
from tracks.models import Project, Run
from tracks.permissions import Permission
from tracks.statuses import BROKEN_OUTCOMES, Outcome
from tracks.vectors import OUTCOMES, decode_seconds, pad
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
    ratio: float
    """How many times as long it took, the machine's share taken off; 0 unless it became slower."""
    note: notes.Note
    places: list[narrowing.Around]
    """Folder, file and class, each with the address of the listed tests in it."""

    @property
    def base_broke(self) -> bool:
        return self.base in BROKEN_OUTCOMES

    @property
    def head_broke(self) -> bool:
        return self.head in BROKEN_OUTCOMES


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
    wanted = Filter.from_query(request.GET.dict(), compared.base.pk, compared.head.pk)
    base, head = timed(compared.base), timed(compared.head)
    pace = pace_between(compared, base, head) if wanted.sort else None
    selected = select(compared, wanted, base, head)
    numbers = arrange(selected, wanted, head, pace)
    page = Paginator(numbers.tolist(), PAGE).get_page(request.GET.get("page"))
    offered = narrowing.choices(compared, wanted)
    active = narrowing.active(wanted, offered)
    return {
        "pair": compared,
        "edits": notes.edits_of(compared),
        "filter": wanted,
        "flow": matrix.flow(compared.matrix),
        "matrix": matrix.rows(compared.matrix),
        "picture": picture.draw_links(compared.matrix, wanted),
        "chips": _chips(compared.figures, wanted),
        "offered": offered,
        "active": active,
        "asked": narrowing.in_words(wanted, active),
        "files": narrowing.files(compared, wanted, numbers),
        "most_files": narrowing.FILES,
        "pace": pace and pace_in_words.in_words(pace),
        "page": page,
        "rows": _rows(compared, page, wanted, base, head, pace),
    }


def _chosen(request: ProjectRequest, side: str) -> Run | None:
    """The run that the address names for that side; None where it names none. Raises UnknownRun."""
    named = request.GET.get(side, "")
    if not named:
        return None
    runs = queries.runs_of(request.at.project).defer(None).defer("spec").select_related("project")
    found = runs.filter(pk=named).first() if named.isascii() and named.isdigit() and len(named) < 19 else None
    if found is None:
        raise UnknownRun(f"This project has no run '{named[:40]}'.", remedy="Choose one of its runs below.")
    return found


def _choices(project: Project) -> list[Run]:
    return list(queries.runs_of(project).filter(ended_at__isnull=False)[:CHOICES])


def _chips(figures: Mapping[str, int], wanted: Filter) -> list[tuple[changes.Chip, str]]:
    """The classes that have tests, each with the address of its list."""
    several = {
        name: changes.Chip(name, sum(figures[each] for each in changes.MEMBERS[name]), label, "")
        for name, label in ((changes.CHANGED, "changed"), (changes.ALL, "in all"))
    }
    each = [
        changes.Chip(name, figures[name], kind.label, kind.tone, kind.mark)
        for name, kind in changes.KINDS.items()
        if figures[name]
    ]
    shown = (several[changes.CHANGED], *each, several[changes.ALL])
    return [(chip, wanted.of_class(chip.value)) for chip in shown]


def _rows(
    compared: Pair, page: "Page[int]", wanted: Filter, base: Timed, head: Timed, pace: Pace | None
) -> list[Row]:
    here = list(page.object_list)
    node_ids = queries.node_ids(compared.head.project, notes.named(compared, here))
    ratios = {each.test: each.ratio for each in pace.slower} if pace else {}
    before, after = _looked_up(base, here), _looked_up(head, here)
    return [
        Row(
            number=each,
            node_id=node_ids[each],
            base=was,
            head=now,
            base_seconds=base_seconds,
            head_seconds=head_seconds,
            ratio=ratios.get(each, 0.0),
            note=notes.note(compared, each, node_ids),
            places=narrowing.around(node_ids[each], wanted),
        )
        for each, (was, base_seconds), (now, head_seconds) in zip(here, before, after, strict=True)
    ]


def _looked_up(run: Timed, numbers: Sequence[int]) -> list[tuple[Outcome, float]]:
    """Outcome and seconds of each of the tests in the run."""
    length = 1 + max(numbers, default=0)
    codes = pad(run.outcomes[:length], length)[numbers]
    seconds = decode_seconds(pad(run.durations[:length], length)[numbers])
    return [(OUTCOMES[code], took) for code, took in zip(codes, seconds.tolist(), strict=True)]
