"""The report of a sprint as it is now."""

from datetime import datetime

from reports.models import Narrative
from reports.summary import Summary, build
from reports.summary_queries import facts_of
from tracks.models import Sprint


def summary_of(sprint: Sprint, *, now: datetime) -> Summary:
    """The report, with what testers have written. Nothing is kept."""
    texts = Narrative.objects.filter(sprint=sprint).values_list("section", "text")
    return build(facts_of(sprint, now=now), dict(texts))
