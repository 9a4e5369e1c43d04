"""The form of a finding; each field of its content is one field of the form.

Content ──initial──> the form ──> form.content
Changed ──show_changes──> what the other person changed is taken over, or shown beside what was typed
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from reports.web.findings import lines
from reports.web.findings.places import numbers_in
from tracks import queries
from tracks.actions.findings import Changed, Content, as_json
from tracks.actions.findings.content import FILES, OPTION, OPTIONS, PATH, TEXT, TITLE
from tracks.finding_statuses import FindingKind, Severity
from tracks.models import Project, User
from tracks.web.forms import Form, LinesField
from tracks.web.setup_forms import code

TESTS_TEXT = 500_000
"""Characters of all node ids together."""


def text_field(label: str, help_text: str = "", rows: int = 5) -> forms.CharField:
    return LinesField(
        label=label,
        required=False,
        max_length=TEXT,
        help_text=help_text,
        widget=forms.Textarea({"rows": rows}),
    )


@dataclass(frozen=True, slots=True)
class Conflict:
    """What two people wrote into one field."""

    label: str
    theirs: str
    mine: str


class FindingForm(Form):
    title = forms.CharField(label="Title", max_length=TITLE)
    kind = forms.ChoiceField(label="Kind", choices=[(each.value, each.value) for each in FindingKind])
    severity = forms.ChoiceField(label="Severity", choices=[(each.value, each.value) for each in Severity])
    assignee = forms.ModelChoiceField(
        User.objects.none(), label="Assignee", required=False, empty_label="nobody"
    )
    effort_hours = forms.DecimalField(
        label="Effort in hours", required=False, min_value=0, max_digits=5, decimal_places=1
    )
    flaky = forms.BooleanField(
        label="Its tests do not always fail",
        required=False,
        help_text="A fix is then verified over several repetitions.",
    )
    evidence = text_field("Evidence", "What was seen, and where. Markdown, as in the texts below.", 12)
    root_cause = text_field("Root cause")
    recommended_fix = text_field("Recommended fix")
    impact = text_field("Impact")
    files = LinesField(  # type: ignore[assignment]  # the metaclass makes a field of it, as of the others
        label="Files and lines",
        required=False,
        max_length=(PATH + 20) * FILES,
        help_text="One a line: app/prices.py or app/prices.py:12-20.",
        widget=forms.Textarea(code(rows=3)),
    )
    tests = LinesField(
        label="Affected tests",
        required=False,
        max_length=TESTS_TEXT,
        help_text="Their node ids, one a line. A fix is verified when each of them ran and passed.",
        widget=forms.Textarea(code(rows=5)),
    )
    options = LinesField(
        label="Options, of a question to decide",
        required=False,
        max_length=3 * OPTION * OPTIONS,
        help_text="One a paragraph: its words, then lines that begin with + for it and with - against it.",
        widget=forms.Textarea({"rows": 4}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    known = forms.CharField(required=False, max_length=5_000, widget=forms.HiddenInput)
    """The primary keys of the findings of which the person was told that they may be the same."""

    def __init__(self, data: Any = None, *, project: Project, content: Content, **hidden: object) -> None:
        self.project = project
        self.conflicts: list[Conflict] = []
        self.taken_over: list[str] = []
        super().__init__(data, initial=self._shown(as_json(content)) | hidden)
        members = User.objects.filter(memberships__project=project).order_by("first_name", "email")
        self.fields["assignee"].queryset = members  # type: ignore[attr-defined]

    @property
    def content(self) -> Content:
        """What a valid form says."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("version", "known")}
        kinds = {"kind": FindingKind(given["kind"]), "severity": Severity(given["severity"])}
        return Content(**(given | kinds))

    @property
    def known_findings(self) -> set[int]:
        return set(numbers_in(self.cleaned_data["known"].split()))

    def clean_files(self) -> list[dict[str, str]]:
        return lines.files_from(self.cleaned_data["files"])

    def clean_options(self) -> list[dict[str, str]]:
        return lines.options_from(self.cleaned_data["options"])

    def clean_tests(self) -> list[int]:
        named = [line.strip() for line in self.cleaned_data["tests"].splitlines() if line.strip()]
        known = queries.numbers_by_name(self.project, named)
        unknown = [name for name in dict.fromkeys(named) if name not in known]
        if unknown:
            others = f", nor {len(unknown) - 1} more of these" if len(unknown) > 1 else ""
            raise forms.ValidationError(f"This project has no test '{unknown[0][:200]}'{others}.")
        return sorted(known.values())

    def show_changes(self, changed: Changed) -> None:
        """Take over what somebody else changed and this person did not; what both did is in ``conflicts``."""
        mine = as_json(self.content)
        theirs, typed = self._shown(changed.theirs), self._shown(mine)
        taken = {"version": str(changed.version)}
        for name in changed.theirs:
            label = str(self.fields[name].label)
            if mine[name] == changed.before[name]:
                self.taken_over.append(label)
                taken[name] = theirs[name] or ""
            elif mine[name] != changed.theirs[name]:
                self.conflicts.append(Conflict(label, self._said(name, theirs), self._said(name, typed)))
        self.retype(**taken)
        self.add_problem(changed)

    def retype(self, **values: str) -> None:
        """Show these instead of what was typed."""
        self.data = dict(self.data.items()) | values

    def _shown(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """What the fields show of such parts of a content."""
        shown = dict(content)
        if "files" in content:
            shown["files"] = lines.files_as_text(content["files"])
        if "options" in content:
            shown["options"] = lines.options_as_text(content["options"])
        if "tests" in content:
            names = queries.node_ids(self.project, content["tests"])
            shown["tests"] = "\n".join(names[number] for number in content["tests"] if number in names)
        return shown

    def _said(self, name: str, shown: Mapping[str, Any]) -> str:
        """What a field says, for a person to read."""
        if name == "assignee":
            return str(User.objects.filter(pk=shown[name]).first() or "nobody")
        return {"True": "yes", "False": "no", "None": ""}.get(str(shown[name]), str(shown[name]))
