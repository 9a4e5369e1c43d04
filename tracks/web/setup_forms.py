"""The first form of the wizard, and the kinds of fields that the forms of projects are made of."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms

from tracks.web.forms import Form, LinesField

VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LONGEST = 14_400
SUGGESTED_BRANCHES = ("main", "master", "develop", "trunk")


def code(**attributes: Any) -> dict[str, Any]:
    """Attributes of a widget for text that a machine reads."""
    return {
        "class": "code",
        "spellcheck": "false",
        "autocapitalize": "off",
        "autocomplete": "off",
    } | attributes


def branch_field(label: str, **options: Any) -> forms.CharField:
    """A branch's name; the datalist ``branches`` offers those that the repository has."""
    return forms.CharField(
        label=label, max_length=255, widget=forms.TextInput(code(list="branches")), **options
    )


def command_field(label: str, help_text: str, *, required: bool = False) -> forms.CharField:
    return LinesField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=20_000,
        widget=forms.Textarea(code(rows=2)),
    )


def limit_field(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=LONGEST)


def size_field(label: str, *, least: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most)


def variables_field(label: str, help_text: str, example: str = "") -> forms.CharField:
    """One KEY=VALUE a line; see ``env_from_text``."""
    return LinesField(
        label=label,
        required=False,
        strip=False,
        max_length=20_000,
        help_text=help_text,
        widget=forms.Textarea(code(rows=3, placeholder=example)),
    )


class RepositoryForm(Form):
    """The wizard's first step; once the repository was tried, it also asks for the branch."""

    name = forms.CharField(label="Name of the project", max_length=120)
    repository = forms.CharField(
        label="Repository",
        max_length=500,
        help_text="Its https or ssh address, without a password or token in it.",
        widget=forms.TextInput(code(placeholder="https://… or ssh://…")),
    )

    def offer(self, branches: Iterable[str]) -> str:
        """Ask for the default branch among these; the one that was chosen already, or nothing."""
        names = sorted(branches)
        likely = next((name for name in SUGGESTED_BRANCHES if name in names), names[0])
        chosen = self.data.get("default_branch", "")
        self.fields["default_branch"] = forms.ChoiceField(
            label="Default branch",
            choices=[(name, name) for name in names],
            help_text="Its tests are tried next; sprints compare with it unless they say otherwise.",
        )
        if chosen in names:
            return str(chosen)
        self.data = {**self.data.dict(), "default_branch": likely}  # type: ignore[attr-defined]  # a QueryDict
        return ""


def env_as_text(env: dict[str, str]) -> str:
    return "\n".join(f"{key}={value}" for key, value in env.items())


def env_from_text(text: str) -> dict[str, str]:
    """Raises ValidationError naming the line that is no KEY=VALUE."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        key, equals, value = line.partition("=")
        key = key.strip()
        if not equals or not VARIABLE.fullmatch(key):
            raise forms.ValidationError(
                f"Line {number} is no KEY=VALUE. A key has letters, digits and _, and starts with no digit."
            )
        if key in found:
            raise forms.ValidationError(f"Line {number} sets {key} a second time.")
        found[key] = value
    return found
