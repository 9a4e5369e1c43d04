"""The form of a project: its repository and commands, what its runs may take, reach and need.

services   two switches and their variables  <──>  [{"kind": "postgres", "variables": {"URL": "{url}"}}]
lists      one a line, or with commas        <──>  ["gpu", "postgres"]
masks      one a line, blank lines between   <──>  ["tenant-[a-z0-9]+"]
"""

import re
from typing import Any

from django import forms

from tracks import own_masks, patterns
from tracks.errors import SubjectError
from tracks.execution.servers import Address
from tracks.models import Project
from tracks.statuses import Network, ServiceKind, ShardBy
from tracks.web.forms import Form, LinesField
from tracks.web.setup_forms import (
    branch_field,
    code,
    command_field,
    env_as_text,
    env_from_text,
    limit_field,
    size_field,
    variables_field,
)

TAG = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
NETWORKS = [
    (Network.NONE, "None: not even 127.0.0.1"),
    (Network.LOOPBACK, "Its own 127.0.0.1, which no other run shares"),
    (Network.HOST, "The worker's network: tests reach all that the worker reaches"),
]
SHARDINGS = [(ShardBy.FILE, "whole files"), (ShardBy.TEST, "single tests")]
NOWHERE = Address(scheme="", port=0, user="", password="", database="")
POSTGRES_EXAMPLE = "DATABASE_URL={url}\nPOSTGRES_SERVER={host}"
REDIS_EXAMPLE = "REDIS_URL={url}"
MASKS_EXAMPLE = r"tenant-[a-z0-9]+"


class ProjectForm(Form):
    """How a project is tested."""

    name = forms.CharField(label="Name of the project", max_length=120)
    repository = forms.CharField(label="Repository", max_length=500, widget=forms.TextInput(code()))
    default_branch = branch_field("Default branch")
    protected_branches = LinesField(
        label="Protected branches",
        required=False,
        help_text="Beside the default branch, one a line. What is on them was reviewed: they are given the "
        "project's secrets, and environments of their own.",
        widget=forms.Textarea(code(rows=2)),
    )
    subdir = forms.CharField(
        label="Folder",
        max_length=255,
        required=False,
        help_text="Where in the repository the commands run. Empty: at its top.",
        widget=forms.TextInput(code()),
    )
    setup = command_field(
        "Set-up command",
        "Makes the environment, with network. Empty: found out from uv.lock, poetry.lock, pdm.lock, "
        "requirements*.txt or pyproject.toml.",
    )
    before = command_field(
        "Before the tests",
        "Runs before every test run: migrate a database, start a server. What it starts lives until the end.",
    )
    test = command_field(
        "Test command",
        "Has to run pytest in the end; its exit code and its results are read. --color=yes colours its log.",
        required=True,
    )
    after = command_field("After the tests", "Runs in any case, also when the tests fail.")
    env = variables_field(
        "Environment variables",
        "One KEY=VALUE a line. Code on a tested branch can read them; secrets have a page of their own.",
    )
    network = forms.ChoiceField(label="Network of the tests", choices=NETWORKS, widget=forms.RadioSelect)
    postgres = forms.BooleanField(label="PostgreSQL, empty for each run", required=False)
    postgres_variables = variables_field(
        "Its variables",
        "{url}, {host}, {port}, {user}, {password} and {database} are filled in.",
        POSTGRES_EXAMPLE,
    )
    redis = forms.BooleanField(label="Redis, empty for each run", required=False)
    redis_variables = variables_field("Its variables", "As above.", REDIS_EXAMPLE)
    setup_seconds = limit_field("Set-up, in seconds")
    before_seconds = limit_field("Before, in seconds")
    test_seconds = limit_field("Tests, in seconds")
    after_seconds = limit_field("After, in seconds")
    one_test_seconds = limit_field("One test, in seconds")
    silent_seconds = limit_field("Silence, in seconds")
    memory_mib = size_field("Memory, in MiB", least=64, most=1_048_576)
    processes = size_field("Processes", least=8, most=65_536)
    file_mib = size_field("One file, in MiB", least=1, most=1_048_576)
    disk_mib = size_field("Disk, in MiB", least=16, most=10_485_760)
    output_mib = size_field("Output, in MiB", least=1, most=102_400)
    masks = LinesField(
        label="Masks of errors",
        required=False,
        strip=False,
        max_length=own_masks.MASKS * (patterns.LENGTH + 2),
        help_text="Regular expressions (RE2), one a line, for what differs each time in messages of the same "
        "error: names that tests make up, ids, keys. With the example, 'no tenant-8f3a' and 'no tenant-77b0' "
        "are one error. Numbers, UUIDs, times, addresses and paths are masked without being told. A change "
        "counts for new runs at once, for older ones when they are compared, or by manage.py resign.",
        widget=forms.Textarea(code(rows=3, placeholder=MASKS_EXAMPLE)),
    )
    needs = forms.CharField(
        label="Tags of the worker",
        required=False,
        help_text="Runs go only to workers that have all of these, such as: gpu. With commas between.",
        widget=forms.TextInput(code()),
    )
    shards = size_field("Parts", least=1, most=64)
    shard_by = forms.ChoiceField(label="Divided into", choices=SHARDINGS)
    runs_again = forms.BooleanField(
        label="Run what a track newly breaks again",
        required=False,
        help_text="Up to three times at its commit and at the baseline's, each test in a process of its own: "
        "is it real, flaky, or does it depend on the tests before it?",
    )
    finds_commits = forms.BooleanField(
        label="Find the commits that broke tests",
        required=False,
        help_text="Runs those tests at commits between the baseline and the branch's head.",
    )
    retests = forms.BooleanField(
        label="Test new commits of a track",
        required=False,
        help_text="A retest begins as soon as a track's branch is seen to have new commits.",
    )
    repetitions = size_field("Runs that prove a fix", least=1, most=20)
    proves_tests = forms.BooleanField(
        label="Prove the tests of a track",
        required=False,
        help_text="Its new tests are run on the baseline's code, where they should fail, and the baseline's "
        "tests on its code, where they should pass.",
    )
    approvals = size_field("Leads who must approve a track", least=1, most=10)
    separates_duties = forms.BooleanField(
        label="Who worked on a branch does not judge it",
        required=False,
        help_text="Who wrote commits on a branch, or claimed its fixes, can neither approve its track nor "
        "waive its gates.",
    )

    def __init__(self, data: Any = None, *, project: Project) -> None:
        self._project = project
        super().__init__(data, initial=_as_initial(project))
        if project.trusted:
            for name in self.fields.keys() - {"name", "masks", "approvals", "separates_duties"}:
                self.fields[name].disabled = True

    def clean_env(self) -> dict[str, str]:
        return env_from_text(self.cleaned_data["env"])

    def clean_postgres_variables(self) -> dict[str, str]:
        return _templates(self.cleaned_data["postgres_variables"])

    def clean_redis_variables(self) -> dict[str, str]:
        return _templates(self.cleaned_data["redis_variables"])

    def clean_protected_branches(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["protected_branches"].splitlines()]
        if too_long := [name for name in names if len(name) > 255]:
            raise forms.ValidationError(f"No branch is called {too_long[0][:40]}…: that is too long.")
        return list(dict.fromkeys(filter(None, names)))

    def clean_masks(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["masks"].splitlines()]
        for number, line in enumerate(lines, start=1):
            if line and (reason := own_masks.refusal(line)):
                raise forms.ValidationError(f"Line {number} cannot be used: {reason}")
        masks = list(dict.fromkeys(filter(None, lines)))
        if len(masks) > own_masks.MASKS:
            raise forms.ValidationError(f"These are {len(masks)} masks; at most {own_masks.MASKS} are taken.")
        return masks

    def clean_needs(self) -> list[str]:
        tags = re.split(r"[,\s]+", self.cleaned_data["needs"].lower().strip(", "))
        if refused := [tag for tag in tags if tag and not TAG.fullmatch(tag)]:
            raise forms.ValidationError(f"{refused[0][:60]!r} is no tag: use letters, digits, . _ and -.")
        return list(dict.fromkeys(filter(None, tags)))

    def testing(self) -> dict[str, Any]:
        """The name and the fields that say how the project is tested, as the actions take them."""
        fields = dict(self.cleaned_data)
        kinds = [(kind, fields.pop(kind), fields.pop(f"{kind}_variables")) for kind in ServiceKind]
        services = [{"kind": kind, "variables": variables} for kind, wanted, variables in kinds if wanted]
        return fields | {"services": services}

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


def _as_initial(project: Project) -> dict[str, Any]:
    services = {service["kind"]: service["variables"] for service in project.services}
    initial = {name: getattr(project, name, None) for name in ProjectForm.base_fields}
    for kind in ServiceKind:
        initial |= {kind: kind in services, f"{kind}_variables": env_as_text(services.get(kind, {}))}
    return initial | {
        "env": env_as_text(project.env),
        "protected_branches": "\n".join(project.protected_branches),
        "masks": "\n".join(project.masks),
        "needs": ", ".join(project.needs),
    }


def _templates(text: str) -> dict[str, str]:
    """Variables in whose values a service's address is filled in."""
    found = env_from_text(text)
    try:
        for name, template in found.items():
            NOWHERE.filled(template, name)
    except SubjectError as error:
        raise forms.ValidationError(f"{error.message} {error.remedy}") from error
    return found
