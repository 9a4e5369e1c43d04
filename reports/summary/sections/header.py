"""What the report is about, and how far the sprint is; pure."""

from reports.document import Section
from reports.summary.facts import SummaryFacts
from reports.summary.sections.writing import commit, line, moment, told
from reports.summary.standing import called, overall
from reports.wording import listed


def section(facts: SummaryFacts) -> Section:
    tested = (f"{track.key}: {called(track.latest)}" for track in facts.tracks if track.latest)
    at = facts.updated_at
    rows = (
        ("Project", line(facts.project)),
        ("Sprint", line(facts.name)),
        ("Base branch", line(facts.base_branch)),
        ("Base commit", commit(facts.baseline.sha if facts.baseline else "")),
        ("Status", line(overall(facts))),
        ("Latest tests", line("; ".join(tested))),
        ("Tester", line(listed(facts.testers))),
        ("Lead", line(listed(facts.leads))),
        ("Last updated", line(moment(at) if at else "")),
    )
    return Section("about", "About this report", (told("About this report", rows),))
