"""What testers have written into a report, held against the report as it is now.

Narrative ┬ text, figures as its writer saw them ─┐
Summary ──┴ draft, figures as they are now ───────┴──words_of──> Words of each section
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.models import Narrative
from reports.summary import Summary
from reports.summary.build import NARRATIVES
from reports.summary.narrative import Moved, moved, seen_of, unknown
from tracks.models import Sprint


@dataclass(frozen=True, slots=True)
class Words:
    """A section that people may write. ``narrative`` is None where the machine's ``draft`` stands; ``moved``
    are sentences whose figures are others since they were written, ``unknown`` placeholders without one."""

    section: str
    narrative: Narrative | None
    text: str
    draft: str
    moved: tuple[Moved, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_doubtful(self) -> bool:
        """Whether somebody has to look at it before it is published."""
        return bool(self.moved or self.unknown)

    @property
    def token(self) -> str:
        """What an editor saw, see ``token_of``."""
        return token_of(self.narrative)


def token_of(narrative: Narrative | None) -> str:
    """Which words an editor saw: a row that is removed and written anew is another one."""
    return f"{narrative.pk}.{narrative.version}" if narrative else ""


def words_of(sprint: Sprint, summary: Summary) -> list[Words]:
    """Each section that people may write, in the order of the report."""
    rows = Narrative.objects.filter(sprint=sprint).select_related("by")
    written = {each.section: each for each in rows}
    return [_words(section, written.get(section), summary) for section in NARRATIVES]


def figures_now(text: str, summary: Summary) -> Mapping[str, str]:
    """What each figure in the text is now, by its name."""
    return seen_of(text, summary.figures)


def _words(section: str, narrative: Narrative | None, summary: Summary) -> Words:
    draft = summary.drafts[section]
    if narrative is None:
        return Words(section, None, draft, draft)
    return Words(
        section,
        narrative,
        narrative.text,
        draft,
        moved(narrative.text, narrative.figures, summary.figures),
        tuple(unknown(narrative.text, summary.figures)),
    )
