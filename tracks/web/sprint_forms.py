"""The forms of a sprint and of its tracks."""

from typing import Any

from django import forms

from tracks.models import Project, Sprint, Track, User
from tracks.web.forms import Form
from tracks.web.setup_forms import branch_field, code


class SprintForm(Form):
    name = forms.CharField(label="Name of the sprint", max_length=120)
    base_branch = branch_field(
        "Base branch", help_text="The baseline is tested on it; tracks are compared with that."
    )
    min_passed = forms.IntegerField(label="Passed, at least", min_value=0, max_value=10**6, required=False)
    max_failed = forms.IntegerField(label="Failed, at most", min_value=0, max_value=10**6, required=False)
    max_errors = forms.IntegerField(label="Errors, at most", min_value=0, max_value=10**6, required=False)

    def __init__(self, data: Any = None, *, project: Project, sprint: Sprint | None = None) -> None:
        initial = {name: getattr(sprint, name) for name in self.base_fields} if sprint else {}
        super().__init__(data, initial={"base_branch": project.default_branch} | initial)


class TrackForm(Form):
    key = forms.CharField(
        label="Key",
        max_length=8,
        help_text="Short, for tables and addresses: A, B, API2. It cannot be changed later.",
        widget=forms.TextInput(code()),
    )
    name = forms.CharField(label="Name", max_length=120, help_text="What the track is about.")
    branch = branch_field("Branch")
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label="Owner",
        required=False,
        empty_label="nobody",
        help_text="Who answers for it.",
    )
    checks_only = forms.BooleanField(
        label="Checks only",
        required=False,
        help_text="There is nothing that pytest could test: its runs go through the track's criteria alone.",
    )
    depends_on = forms.ModelMultipleChoiceField(
        Track.objects.none(), label="Depends on", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, sprint: Sprint, track: Track | None = None) -> None:
        super().__init__(data, initial=_known(track) if track else {"key": free_key(sprint)})
        members = User.objects.filter(memberships__project=sprint.project_id).order_by("first_name", "email")
        others = sprint.tracks.exclude(pk=track.pk) if track else sprint.tracks.all()
        self.fields["owner"].queryset = members  # type: ignore[attr-defined]
        self.fields["depends_on"].queryset = others  # type: ignore[attr-defined]
        self.fields["key"].disabled = track is not None
        if not others:
            del self.fields["depends_on"]

    @property
    def changes(self) -> dict[str, Any]:
        """What may be changed of a track: all but its key."""
        known = {"depends_on": []} | self.cleaned_data
        return {name: known[name] for name in ("name", "branch", "owner", "checks_only", "depends_on")}

    def clean_key(self) -> str:
        return str(self.cleaned_data["key"]).upper()


def free_key(sprint: Sprint) -> str:
    """The first letter that no track of the sprint has."""
    taken = set(sprint.tracks.values_list("key", flat=True))
    return next((letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter not in taken), "")


def _known(track: Track) -> dict[str, Any]:
    return {
        "key": track.key,
        "name": track.name,
        "branch": track.branch,
        "owner": track.owner_id,
        "checks_only": track.checks_only,
        "depends_on": [other.pk for other in track.depends_on.all()],
    }
