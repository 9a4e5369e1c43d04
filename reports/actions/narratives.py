"""Writing a section of a sprint's report, under the sprint's lock.

save     a person's words, with what each figure in them is now
confirm  the words stay, and what their figures are now was looked at
drop     the machine's words again
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from reports.models import Narrative
from reports.narrative_queries import figures_now, token_of
from reports.summarising import summary_of
from reports.summary import Summary
from reports.summary.build import NARRATIVES
from reports.summary.narrative import unknown
from tracks.actions.audit import audit
from tracks.actions.findings.content import checked_text
from tracks.errors import InvalidInput
from tracks.models import Sprint, User


class WordsChanged(InvalidInput):
    """Somebody else wrote meanwhile; nothing was saved. ``theirs`` is what stands there now, None where the
    machine's words do."""

    def __init__(self, theirs: Narrative | None) -> None:
        who = str(theirs.by or "Somebody") if theirs else "Somebody"
        super().__init__(
            f"{who} changed this section while you edited it; nothing of yours is saved yet.",
            remedy="Look at what stands there now, then save again.",
        )
        self.theirs = theirs


@transaction.atomic
def save_narrative(
    sprint: Sprint, section: str, text: str, *, seen: str, by: User, now: datetime
) -> Narrative:
    """Write the section; ``seen`` is the token of the words that the editor began with. Raises WordsChanged
    where others stand there, and InvalidInput for a text that cannot be kept, or names no figure."""
    text = _checked_text(text)
    current, found = _locked(sprint, section, seen)
    summary = summary_of(current, now=now)
    _check_figures(text, summary)
    narrative = found or Narrative(sprint=current, section=section, version=0)
    before = narrative.text
    narrative.text, narrative.figures = text, dict(figures_now(text, summary))
    _store(narrative, "narrative.written", {"text": before}, {"text": text}, by=by, now=now)
    return narrative


@transaction.atomic
def confirm_narrative(
    sprint: Sprint, section: str, *, seen: str, figures: Mapping[str, str], by: User, now: datetime
) -> Narrative:
    """The words are still right, with the ``figures`` that were shown. Raises WordsChanged, and InvalidInput
    where a figure is another one by now, or there is nothing to confirm."""
    current, found = _locked(sprint, section, seen)
    if found is None:
        raise InvalidInput("The machine's words stand there: they are always of today.")
    as_they_are = dict(figures_now(found.text, summary_of(current, now=now)))
    if any(as_they_are.get(name) != shown for name, shown in figures.items()):
        raise InvalidInput("A figure has moved again since you saw it.", remedy="Look at it once more.")
    before = found.figures
    found.figures = {**before, **{name: as_they_are[name] for name in figures}}
    _store(found, "narrative.confirmed", {"figures": before}, {"figures": found.figures}, by=by, now=now)
    return found


@transaction.atomic
def drop_narrative(sprint: Sprint, section: str, *, seen: str, by: User) -> None:
    """Let the machine's words stand again. Raises WordsChanged."""
    current, found = _locked(sprint, section, seen)
    if found is None:
        return
    before = {"section": section, "text": found.text}
    audit("narrative.dropped", found, actor=by, project=current.project, before=before)
    found.delete()


def _locked(sprint: Sprint, section: str, seen: str) -> tuple[Sprint, Narrative | None]:
    """The sprint, locked, and what is written of the section. Raises WordsChanged where it is not what was
    seen, and InvalidInput for a section that nobody writes."""
    if section not in NARRATIVES:
        raise InvalidInput(f"“{section[:20]}” is no section that people write.")
    rows = Sprint.objects.select_for_update(of=("self",), no_key=True).select_related("project")
    current = rows.get(pk=sprint.pk)
    found = Narrative.objects.filter(sprint=current, section=section).select_related("by").first()
    if token_of(found) != seen:
        raise WordsChanged(found)
    return current, found


def _checked_text(text: str) -> str:
    cleaned = checked_text(text, field="text")
    if not cleaned:
        raise InvalidInput(
            "A section without words says nothing.",
            remedy="Write something, or go back to the machine's words.",
            field="text",
        )
    return cleaned


def _check_figures(text: str, summary: Summary) -> None:
    if missing := list(unknown(text, summary.figures)):
        named = ", ".join(f"{{{{{name[:80]}}}}}" for name in missing[:5])
        raise InvalidInput(
            f"There is no such figure: {named}.",
            remedy="Take the name of one from the list of figures.",
            field="text",
        )


def _store(
    narrative: Narrative,
    action: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
    *,
    by: User,
    now: datetime,
) -> None:
    narrative.version += 1
    narrative.by, narrative.at = by, now
    narrative.save()
    audit(
        action,
        narrative,
        actor=by,
        project=narrative.sprint.project,
        before={"section": narrative.section, **before},
        after={"section": narrative.section, **after},
    )
