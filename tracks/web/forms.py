"""The form that every page of ours uses, and those of people. They parse; what is permitted and possible,
the actions say: ``form.add_problem(error)`` shows an action's error at the field that it names.
"""

from django import forms

from tracks.errors import QAError
from tracks.statuses import Role

ROLE_CHOICES = [
    (Role.READER, "reader: sees everything, changes nothing"),
    (Role.DEVELOPER, "developer: also starts and cancels runs"),
    (Role.TESTER, "tester: also sets up sprints and tracks"),
    (Role.LEAD, "lead: also changes people and settings"),
]


class LinesField(forms.CharField):
    """Text of several lines, ended as a shell and a key file want them; browsers send CR LF."""

    widget = forms.Textarea

    def to_python(self, value: object) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class Unshown(forms.Textarea):
    """Takes a value and never shows one again."""

    def format_value(self, value: object) -> str:
        return ""


class Form(forms.Form):
    detail = ""
    """The evidence of the error that the form shows, as plain text."""

    def add_problem(self, problem: QAError, *, field: str = "") -> None:
        """Show the error at the field that it names, else at ``field``, else above the form."""
        named = getattr(problem, "field", "") or field
        self.add_error(named if named in self.fields else None, f"{problem.message} {problem.remedy}".strip())
        self.detail = problem.detail

    @property
    def status(self) -> int:
        """The HTTP status of a page that shows this form."""
        return 422 if self.is_bound and self.errors else 200


class InviteForm(Form):
    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput({"autocomplete": "off"}))
    role = forms.ChoiceField(label="Role", choices=ROLE_CHOICES, initial=Role.TESTER)


class RoleForm(Form):
    role = forms.ChoiceField(choices=ROLE_CHOICES)


class JoinForm(Form):
    name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="As the others see it.",
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        help_text="At least 10 characters.",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
