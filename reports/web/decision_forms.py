"""The form of a decision, with rows for its conditions.

Readiness ──seal──> what the lead saw, signed, in a hidden field ──form.saw──> the same
rows that were filled in ──> form.conditions
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core import signing

from reports.actions.follow_ups import CONDITION, CONDITIONS, ConditionGiven
from reports.decisions import Frozen
from reports.readiness import Readiness
from reports.statuses import DecisionKind
from tracks.actions.findings.content import TEXT
from tracks.errors import QAError
from tracks.finding_statuses import Severity
from tracks.models import Finding, Project, User
from tracks.statuses import Standing
from tracks.web.forms import Form, LinesField

AT_ONCE = 2
"""How many rows for conditions are shown unfolded."""


def seal(ready: Readiness) -> str:
    """What is shown to who decides, so that no browser can change it."""
    return signing.dumps(ready.frozen, salt=_salt(ready), compress=True)


def proofs_of(ready: Readiness) -> list[tuple[str, str]]:
    """What could prove that a condition is met: open findings, and criteria that do not hold."""
    return [
        *(
            (f"finding:{each.finding}", f"{each.name} {each.title} is settled")
            for each in ready.facts.findings
        ),
        *(
            (f"criterion:{each.criterion}", f"“{each.text}” holds")
            for each in ready.facts.criteria
            if each.standing is not Standing.HOLDS
        ),
    ]


class ConditionForm(Form):
    text = forms.CharField(label="What has to follow", max_length=CONDITION)
    severity = forms.ChoiceField(
        label="Severity",
        choices=[(each.value, each.value) for each in Severity],
        initial=Severity.MEDIUM.value,
    )
    due = forms.DateField(
        label="Due, the last day in UTC",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    owner = forms.ModelChoiceField(User.objects.none(), label="Owner", required=False, empty_label="nobody")
    proof = forms.ChoiceField(label="It is met when")

    def __init__(
        self, data: Any, *, prefix: str, project: Project, proofs: Iterable[tuple[str, str]]
    ) -> None:
        super().__init__(data, prefix=prefix, empty_permitted=True, use_required_attribute=False)
        members = User.objects.filter(memberships__project=project).order_by("first_name", "email")
        self.fields["owner"].queryset = members  # type: ignore[attr-defined]
        self.fields["proof"].choices = [("", "choose …"), *proofs]  # type: ignore[attr-defined]

    def has_changed(self) -> bool:
        """Whether somebody has typed into it: a severity is chosen in every row."""
        return bool(set(self.changed_data) - {"severity"})

    @property
    def given(self) -> ConditionGiven:
        known = dict(self.cleaned_data)
        what, key = known.pop("proof").split(":")
        finding = Finding.objects.filter(pk=key).first() if what == "finding" else None
        criterion = int(key) if what == "criterion" else None
        known["severity"] = Severity(known["severity"])
        return ConditionGiven(**known, finding=finding, criterion=criterion)


class DecisionForm(Form):
    kind = forms.ChoiceField(
        label="Decision",
        choices=[(each.value, each.value) for each in DecisionKind],
        error_messages={"required": "Choose one of the four."},
    )
    rationale = LinesField(
        label="Rationale",
        max_length=TEXT,
        help_text="What the decision rests on, for who reads it in a year. Markdown.",
        widget=forms.Textarea({"rows": 7}),
        error_messages={"required": "A decision needs a rationale: say why."},
    )
    sha = forms.CharField(max_length=40)
    run = forms.IntegerField(min_value=1, max_value=2**62)
    seen = forms.CharField()

    def __init__(self, data: Any = None, *, ready: Readiness) -> None:
        super().__init__(data, use_required_attribute=False)
        self._ready = ready
        proofs = proofs_of(ready)
        project = ready.track.sprint.project
        self.rows = [
            ConditionForm(data, prefix=f"conditions-{number}", project=project, proofs=proofs)
            for number in range(CONDITIONS)
        ]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *[row.is_valid() for row in self.rows]])

    def clean_seen(self) -> Frozen:
        try:
            seen: Frozen = signing.loads(self.cleaned_data["seen"], salt=_salt(self._ready))
        except signing.BadSignature as error:
            raise forms.ValidationError(
                "What you saw did not come back whole. Look at this page, and decide again."
            ) from error
        return seen

    def add_problem(self, problem: QAError, *, field: str = "") -> None:
        """At the row's own field, where the error names one of a condition."""
        named = getattr(problem, "field", "").split("-")
        if len(named) == 3 and named[1].isdigit():
            used = self._used or self.rows
            used[min(int(named[1]), len(used) - 1)].add_error(
                named[2], f"{problem.message} {problem.remedy}".strip()
            )
        else:
            super().add_problem(problem, field=field)

    @property
    def conditions(self) -> list[ConditionGiven]:
        return [row.given for row in self._used]

    @property
    def shown_rows(self) -> list[ConditionForm]:
        return self.rows[:AT_ONCE]

    @property
    def folded_rows(self) -> list[ConditionForm]:
        return self.rows[AT_ONCE:]

    @property
    def is_unfolded(self) -> bool:
        """Whether something was typed into a folded row."""
        return self.is_bound and any(row.has_changed() for row in self.folded_rows)

    @property
    def has_condition(self) -> bool:
        """Whether something was typed into a row at all: then they are shown, whatever is chosen."""
        return self.is_bound and any(row.has_changed() or row.errors for row in self.rows)

    @property
    def status(self) -> int:
        return 422 if self.is_bound and (self.errors or any(row.errors for row in self.rows)) else 200

    @property
    def _used(self) -> list[ConditionForm]:
        return [row for row in self.rows if row.has_changed()]


def _salt(ready: Readiness) -> str:
    """Of the track, so that what was seen of another one is none of it."""
    return f"reports.decision:{ready.track.pk}"
