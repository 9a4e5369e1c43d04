"""The form of a waiver: it stands beside each gate, and alone where it was refused."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms

from reports.actions.waivers import LONGEST, LONGEST_TIME, SHORTEST
from tracks.web.forms import Form

USUAL_DAYS = 14


@dataclass(frozen=True, slots=True)
class Days:
    """Those on which a waiver may end."""

    first: date
    usual: date
    last: date


def days(now: datetime) -> Days:
    today = now.date()
    return Days(today, today + timedelta(days=USUAL_DAYS), today + LONGEST_TIME - timedelta(days=1))


class WaiveForm(Form):
    sha = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Reason",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
        help_text=f"At least {SHORTEST} characters. It is shown wherever the gate is.",
    )
    until = forms.DateField(
        label="Until",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=f"The last day on which it counts, in UTC; at most {LONGEST_TIME.days} days from now.",
    )

    @property
    def changes(self) -> dict[str, Any]:
        known = self.cleaned_data
        expires_at = datetime.combine(known["until"], time.max, UTC)
        return {"sha": known["sha"], "reason": known["reason"], "expires_at": expires_at}
