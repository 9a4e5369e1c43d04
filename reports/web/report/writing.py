"""Writing a section of the report: its words, a preview, the figures to name, and the machine's draft."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from reports import actions
from reports.actions.narratives import WordsChanged
from reports.narrative_queries import words_of
from reports.summarising import summary_of
from reports.summary.narrative import typed, unknown
from reports.web.pages import find_sprint
from reports.web.report.forms import ConfirmForm, WordsForm
from reports.web.report.words import TITLES, groups_of, preview, shown_words
from tracks.errors import InvalidInput
from tracks.models import Sprint
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project

UNKNOWN = 10
"""So many names without a figure are told of in a preview."""


@in_project(Permission.PUBLISH)
@require_http_methods(["GET", "POST"])
def edit_words(request: ProjectRequest, sprint: str, section: str) -> HttpResponseBase:
    """Saved, or with ``preview`` only shown; where somebody else wrote meanwhile, both texts are."""
    found = _find(request, sprint, section)
    if request.method != "POST":
        return _page(request, found, section, None)
    form = WordsForm(request.POST)
    if not form.is_valid() or "preview" in request.POST:
        return _page(request, found, section, form)
    try:
        actions.save_narrative(found, section, **form.cleaned_data, by=request.user, now=timezone.now())
    except WordsChanged as changed:
        return _page(request, found, section, form, changed)
    except InvalidInput as problem:
        form.add_problem(problem)
        return _page(request, found, section, form)
    messages.success(request, f"“{TITLES[section]}” is saved.")
    if numbers := typed(form.cleaned_data["text"]):
        messages.warning(request, f"Typed by hand, and so never checked: {', '.join(numbers[:10])}.")
    return _back(request, sprint)


@require_POST
@in_project(Permission.PUBLISH)
def confirm_words(request: ProjectRequest, sprint: str, section: str) -> HttpResponseBase:
    """Still right, with the figures that the page showed."""
    found = _find(request, sprint, section)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("What you confirmed did not come back whole.", remedy="Look at the report again.")
    actions.confirm_narrative(found, section, **form.cleaned_data, by=request.user, now=timezone.now())
    messages.success(request, f"“{TITLES[section]}” is confirmed as it stands.")
    return _back(request, sprint)


@require_POST
@in_project(Permission.PUBLISH)
def drop_words(request: ProjectRequest, sprint: str, section: str) -> HttpResponseBase:
    found = _find(request, sprint, section)
    actions.drop_narrative(found, section, seen=request.POST.get("seen", ""), by=request.user)
    messages.success(request, f"The machine's words stand in “{TITLES[section]}” again.")
    return _back(request, sprint)


def _find(request: ProjectRequest, sprint: str, section: str) -> Sprint:
    """The sprint; 404 where it is none, or the section is none that people write."""
    if section not in TITLES:
        raise Http404
    return find_sprint(request, sprint)


def _back(request: ProjectRequest, sprint: str) -> HttpResponseBase:
    """To the report's top, where it stands what was done."""
    return redirect("reports:report", request.at.project.slug, sprint)


def _page(
    request: ProjectRequest,
    sprint: Sprint,
    section: str,
    form: WordsForm | None,
    changed: WordsChanged | None = None,
) -> HttpResponse:
    """``form`` is what was typed; ``changed`` what somebody else wrote meanwhile."""
    summary = summary_of(sprint, now=timezone.now())
    words = next(each for each in words_of(sprint, summary) if each.section == section)
    form = form or WordsForm(initial={"text": words.text, "seen": words.token})
    theirs = ""
    if changed:
        form.retype(seen=words.token)
        form.add_problem(changed)
        theirs = words.text
    text = str(form["text"].value() or "")
    context = {
        "sprint": sprint,
        "shown": shown_words(words, summary),
        "form": form,
        "theirs": theirs,
        "preview": preview(text, summary),
        "typed": typed(text),
        "unknown": list(unknown(text, summary.figures))[:UNKNOWN],
        "groups": groups_of(summary.figures),
        "section": "sprints",
    }
    template = "reports/report/edit_words.html" + ("#preview" if request.htmx else "")
    return render(request, template, context, status=form.status)
