"""The forms of a project: its repository, its commands, its limits."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms

from tracks.models import Project
from tracks.web.forms import Form

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
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=20_000,
        widget=forms.Textarea(code(rows=2)),
    )


def limit_field(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=LONGEST)


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


class ProjectForm(Form):
    """How a project is tested."""

    name = forms.CharField(label="Name of the project", max_length=120)
    repository = forms.CharField(label="Repository", max_length=500, widget=forms.TextInput(code()))
    default_branch = branch_field("Default branch")
    subdir = forms.CharField(
        label="Folder",
        max_length=255,
        required=False,
        help_text="Where in the repository the commands run. Empty: at its top.",
        widget=forms.TextInput(code()),
    )
    setup = command_field(
        "Set-up command",
        "Makes the environment, with network. Empty: as uv.lock, requirements*.txt or pyproject.toml say.",
    )
    before = command_field(
        "Before the tests", "Runs before every test run, without network: reset a database, write a file."
    )
    test = command_field(
        "Test command", "Has to run pytest in the end; its exit code and its results are read.", required=True
    )
    after = command_field("After the tests", "Runs in any case, also when the tests fail.")
    env = forms.CharField(
        label="Environment variables",
        required=False,
        strip=False,
        max_length=20_000,
        help_text="One KEY=VALUE a line. Code on a tested branch can read them: no secrets of production.",
        widget=forms.Textarea(code(rows=3)),
    )
    setup_seconds = limit_field("Set-up, in seconds")
    before_seconds = limit_field("Before, in seconds")
    test_seconds = limit_field("Tests, in seconds")
    after_seconds = limit_field("After, in seconds")

    def __init__(self, data: Any = None, *, project: Project) -> None:
        self._project = project
        known = {name: getattr(project, name) for name in self.base_fields}
        super().__init__(data, initial=known | {"env": env_as_text(project.env)})
        if project.trusted:
            for name in self.fields.keys() - {"name"}:
                self.fields[name].disabled = True

    def clean_env(self) -> dict[str, str]:
        return env_from_text(self.cleaned_data["env"])

    def described(self) -> Project:
        """What the repository can be asked of before anything is saved. Trust that was given to a repository
        at the terminal does not pass to another one."""
        repository = self.cleaned_data["repository"]
        trusted = self._project.trusted and repository == self._project.repository
        return Project(repository=repository, trusted=trusted)

    @property
    def moved(self) -> bool:
        """Whether the repository or its default branch is another one now."""
        return bool({"repository", "default_branch"} & set(self.changed_data))


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
