"""The forms of the report: publishing it, sharing it.

Summary ──seal──> what was seen, signed, in a hidden field ──form.cleaned_data["seen"]──> the same
"""

from typing import Any

from django import forms
from django.core import signing

from reports.actions.publications import NOTE
from reports.actions.sharing import DAYS, LABEL, MOST_DAYS
from reports.publishing import Seen, seen_of
from reports.summary import Summary
from tracks.models import Sprint
from tracks.web.forms import Form


def seal(sprint: Sprint, summary: Summary) -> str:
    """What is shown to who publishes, so that no browser can change it."""
    return signing.dumps(seen_of(summary), salt=_salt(sprint), compress=True)


class PublishForm(Form):
    note = forms.CharField(
        label="What this edition is",
        required=False,
        max_length=NOTE,
        help_text="A line, as “after retest 2”.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    seen = forms.CharField()

    def __init__(self, data: Any = None, *, sprint: Sprint) -> None:
        super().__init__(data, use_required_attribute=False)
        self._sprint = sprint

    def clean_seen(self) -> Seen:
        try:
            seen: Seen = signing.loads(self.cleaned_data["seen"], salt=_salt(self._sprint))
        except signing.BadSignature as error:
            raise forms.ValidationError(
                "What you saw did not come back whole. Look at this page, and publish again."
            ) from error
        return seen


class ShareForm(Form):
    label = forms.CharField(
        label="For whom",
        required=False,
        max_length=LABEL,
        help_text="To know the link again.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    days = forms.IntegerField(
        label="Valid for days",
        min_value=1,
        max_value=MOST_DAYS,
        initial=DAYS,
        help_text=f"At most {MOST_DAYS}.",
    )


def _salt(sprint: Sprint) -> str:
    return f"report of sprint {sprint.pk}"
