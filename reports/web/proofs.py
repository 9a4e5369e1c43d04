"""Red first: what a branch's tests prove, on the pages of its runs; and the buttons that ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from reports import actions, proving
from reports.models import RedFirst
from reports.red_first import SUSPECT, Proof
from reports.statuses import RedFirstKind
from tracks import queries
from tracks.errors import InvalidInput
from tracks.models import Run
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project

FIRST = 50
"""How many tests of a proof are named."""
QUESTIONS = {
    RedFirstKind.NEW_TESTS: "Do the branch's new tests fail without its code?",
    RedFirstKind.OLD_TESTS: "Do the baseline's own tests pass on the branch's code?",
}
GOOD = frozenset({Proof.PROVES, Proof.KEPT})


@dataclass(frozen=True)
class Group:
    """Tests, by number and node id, that show the same; ``count`` is of all of them."""

    proof: Proof
    count: int
    tests: list[tuple[int, str]]

    @property
    def tone(self) -> str:
        return "bad" if self.proof in SUSPECT else "good" if self.proof in GOOD else ""

    @property
    def mark(self) -> str:
        return {"bad": "✕", "good": "✓"}.get(self.tone, "")


@dataclass(frozen=True)
class Answer:
    kind: RedFirstKind
    question: str
    found: RedFirst | None
    groups: list[Group]


@in_project(Permission.READ)
def run_proofs(request: ProjectRequest, run: int) -> HttpResponse:
    """What was found out, and may be, for a track's run; the track's page fetches this."""
    return _section(request, _find(request, run))


@require_POST
@in_project(Permission.RUN)
def start_proof(request: ProjectRequest, run: int) -> HttpResponseBase:
    found = _find(request, run)
    if request.POST.get("kind") not in set(RedFirstKind):
        raise InvalidInput("There is no such question.")
    kind = RedFirstKind(request.POST["kind"])
    actions.start_red_first(kind, found, by=request.user, now=timezone.now())
    if request.htmx or found.sprint is None or found.track is None:
        return _section(request, found)
    place = [request.at.project.slug, found.sprint.slug, found.track.key]
    return redirect(f"{reverse('reports:track', args=place)}?iteration={found.iteration}")


def _find(request: ProjectRequest, key: int) -> Run:
    """The track's run with its baseline, both without their vectors."""
    runs = queries.runs_of(request.at.project).select_related("project", "track", "sprint__baseline")
    runs = runs.defer(*queries.BLOBS, *(f"sprint__baseline__{blob}" for blob in queries.BLOBS))
    return get_object_or_404(runs, track__isnull=False, pk=key)


def _section(request: ProjectRequest, run: Run) -> HttpResponse:
    base = run.sprint.baseline if run.sprint else None
    known = proving.of_run(run, base)
    names = queries.node_ids(request.at.project, _shown(known))
    answers = [
        Answer(kind, question, known.get(kind), _groups(known[kind], names) if kind in known else [])
        for kind, question in QUESTIONS.items()
    ]
    context = {
        "run": run,
        "answers": answers,
        "ready": base is not None and not base.is_active and not run.is_active,
        "going": any(each.is_going for each in known.values()),
    }
    return render(request, "reports/run_proofs.html", context)


def _shown(known: Mapping[str, RedFirst]) -> list[int]:
    return [test for found in known.values() for tests in found.verdicts.values() for test in tests[:FIRST]]


def _groups(found: RedFirst, names: Mapping[int, str]) -> list[Group]:
    return [
        Group(proof, len(tests), [(test, names[test]) for test in tests[:FIRST]])
        for proof in Proof
        if (tests := found.verdicts.get(proof))
    ]
