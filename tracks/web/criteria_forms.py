"""The forms of a track's criteria."""

from typing import Any

from django import forms

from tracks import checks, keyword_expressions, patterns, selections
from tracks.actions import CriterionChanged
from tracks.checks import Bound, CheckDefinition, CheckKind
from tracks.criteria import MOST, Rule, TestsDefinition
from tracks.errors import InvalidInput
from tracks.models import Criterion, Track
from tracks.selections import Selection
from tracks.statuses import CriterionKind, Weight
from tracks.web.criterion_templates import Template
from tracks.web.forms import Form, LinesField
from tracks.web.setup_forms import code

WEIGHTS = [
    (Weight.BLOCKING, "blocking: stands in the way of a merge"),
    (Weight.ADVISORY, "advisory: is told"),
]
OPERATORS = [(Bound.AT_LEAST, "at least"), (Bound.AT_MOST, "at most"), (Bound.EQUAL, "exactly")]


class CriterionForm(Form):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label="In your words", max_length=300, help_text="What the track must show, as people will read it."
    )
    weight = forms.ChoiceField(label="Weight", choices=WEIGHTS, initial=Weight.BLOCKING)
    places = LinesField(
        label="Folders, files or tests",
        required=False,
        max_length=selections.PLACES * (selections.PLACE_CHARACTERS + 1),
        widget=forms.Textarea(code(rows=4)),
        help_text="One on each line: tests/utils/, tests/test_a.py, tests/**/test_*_api.py, "
        "tests/test_a.py::TestB::test_c. Empty: all tests.",
    )
    outside = forms.BooleanField(
        label="Outside of these", required=False, help_text="All tests but those that are named above."
    )
    keyword = forms.CharField(
        label="Names (-k)",
        required=False,
        max_length=keyword_expressions.LENGTH,
        widget=forms.TextInput(code()),
        help_text="As pytest's -k takes it: login and not slow.",
    )
    marker = forms.CharField(
        label="Markers (-m)",
        required=False,
        max_length=keyword_expressions.LENGTH,
        widget=forms.TextInput(code()),
        help_text="As pytest's -m takes it: integration and not slow.",
    )
    failed = forms.IntegerField(label="Failed, at most", min_value=0, max_value=MOST, initial=0)
    errors_allowed = forms.IntegerField(label="Errors, at most", min_value=0, max_value=MOST, initial=0)
    least = forms.IntegerField(label="Tests, at least", min_value=1, max_value=MOST, initial=1)
    command = LinesField(
        label="Command",
        max_length=checks.COMMAND_CHARACTERS,
        widget=forms.Textarea(code(rows=3)),
        help_text="A shell line, run in the checkout and in the sandbox of the tests, after them.",
    )
    seconds = forms.IntegerField(
        label="Seconds, at most", min_value=checks.SECONDS[0], max_value=checks.SECONDS[1], initial=60
    )
    exit_code = forms.IntegerField(label="Exit code", min_value=0, max_value=255, initial=0)
    path = forms.CharField(
        label="File or folder",
        max_length=checks.PATH_CHARACTERS,
        widget=forms.TextInput(code()),
        help_text="From the folder in which the commands run. Files by a pattern: config/**/*.yml.",
    )
    glob = forms.CharField(
        label="Files",
        max_length=checks.PATH_CHARACTERS,
        widget=forms.TextInput(code()),
        help_text="*.yml in the folder itself, **/*.yml also below it.",
    )
    pattern = forms.CharField(
        label="Pattern",
        strip=False,
        max_length=patterns.LENGTH,
        widget=forms.TextInput(code()),
        help_text="A regular expression (RE2), looked for line by line: ^ and $ stand for a line's ends.",
    )
    operator = forms.ChoiceField(label="Compared", choices=OPERATORS, initial=Bound.AT_LEAST)
    bound = forms.FloatField(label="Number", initial=1)

    def __init__(self, data: Any = None, *, template: Template, criterion: Criterion | None = None) -> None:
        super().__init__(data, initial=_known(criterion) if criterion else {})
        self.template = template
        shown = {
            "text",
            "weight",
            *(["version"] if criterion else []),
            *map(_field, template.fields),
        }
        for name in [name for name in self.fields if name not in shown]:
            del self.fields[name]
        if template.rule is CheckKind.NUMBER:
            self.fields["pattern"].help_text += r" One group stands around the number: total +(\d+)%."

    def clean(self) -> dict[str, Any]:
        """Add ``definition``, as it is stored."""
        known = super().clean() or {}
        if not self.errors:
            try:
                known["definition"] = _definition(self.template, known)
            except InvalidInput as problem:
                self.add_problem(problem, field=_field(problem.field))
        return known

    def add_problem(self, problem: Any, *, field: str = "") -> None:
        problem.field = _field(getattr(problem, "field", ""))
        super().add_problem(problem, field=field)

    def show_change(self, changed: CriterionChanged) -> None:
        """Say what was changed since; who saves again has seen it."""
        self.add_problem(changed)
        self.data = dict(self.data.items()) | {"version": str(changed.version)}

    @property
    def changes(self) -> dict[str, Any]:
        known = self.cleaned_data
        return {
            "text": known["text"],
            "weight": Weight(known["weight"]),
            "definition": known["definition"],
        }


class CopyForm(Form):
    source = forms.ModelChoiceField(Track.objects.none(), label="Copy those of", empty_label="a track …")

    def __init__(self, data: Any = None, *, into: Track) -> None:
        super().__init__(data)
        others = Track.objects.filter(sprint__project=into.sprint.project_id, criteria__isnull=False)
        others = others.exclude(pk=into.pk).select_related("sprint").distinct()
        field = self.fields["source"]
        field.queryset = others.order_by("-sprint__created_at", "key")  # type: ignore[attr-defined]
        field.label_from_instance = lambda track: f"{track.sprint}: {track}"  # type: ignore[attr-defined]


class TickForm(Form):
    holds = forms.ChoiceField(choices=[("yes", "it holds"), ("no", "it does not hold")])
    evidence = LinesField(
        label="What you have seen",
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 3}),
        help_text="Markdown.",
    )
    file = forms.FileField(label="File", required=False, help_text="At most 5 MiB.")


def _field(name: str) -> str:
    """``errors`` is a form's own word."""
    return "errors_allowed" if name == "errors" else name


def _definition(template: Template, known: dict[str, Any]) -> dict[str, Any]:
    match template.kind:
        case CriterionKind.TESTS:
            selection = Selection(
                tuple(line.strip() for line in known["places"].splitlines() if line.strip()),
                known.get("outside", False),
                known["keyword"],
                known["marker"],
            )
            numbers = {
                name: known[_field(name)] for name in ("failed", "errors", "least") if _field(name) in known
            }
            return TestsDefinition(Rule(str(template.rule)), selection, **numbers).to_json()
        case CriterionKind.CHECK:
            fields = {name: known[name] for name in template.fields}
            if "operator" in fields:
                fields["operator"] = Bound(fields["operator"])
            return CheckDefinition(CheckKind(str(template.rule)), **fields).to_json()
        case CriterionKind.MANUAL:
            return {}


def _known(criterion: Criterion) -> dict[str, Any]:
    definition = dict(criterion.definition)
    if "places" in definition:
        definition["places"] = "\n".join(definition["places"])
    if "errors" in definition:
        definition["errors_allowed"] = definition.pop("errors")
    return definition | {"text": criterion.text, "weight": criterion.weight, "version": criterion.version}
