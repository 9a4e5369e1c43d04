"""The words of the report: outcomes, and what becomes of a test between two runs; pure."""

from reports.document import Column, Mark, Section, Strong, Table
from reports.summary.figures.of_runs import CLASS_WORDS
from reports.summary.sections.writing import line
from reports.transitions import DeltaClass
from tracks.statuses import Outcome

OUTCOMES = {
    Outcome.PASSED: "The test ran through.",
    Outcome.FAILED: "It failed in its own steps.",
    Outcome.ERROR: "It raised before or after its own steps, or could not be collected.",
    Outcome.SKIPPED: "It was not run, and said why.",
    Outcome.XFAILED: "It failed, as its mark expects.",
    Outcome.XPASSED: "It passed, against its mark.",
    Outcome.ABSENT: "It is in the other run only.",
}
CLASSES = {
    DeltaClass.NEWLY_FAILING: "It did not fail before, and fails now.",
    DeltaClass.NEWLY_ERRORING: "It was not broken before, and has an error now.",
    DeltaClass.FIXED: "It was broken before, and passes now.",
    DeltaClass.STILL_BROKEN_SAME: "It breaks as it did before.",
    DeltaClass.STILL_BROKEN_DIFFERENT: "It breaks, but not as before: another fault may have come to light.",
    DeltaClass.VANISHED: "It was there before, and is not there now.",
    DeltaClass.ADDED: "It was not there before.",
    DeltaClass.MUTED: "It counted before, and is skipped or expected to fail now.",
    DeltaClass.UNCHANGED: "Everything else.",
}


def section() -> Section:
    columns = (Column("Word"), Column("What it means"))
    outcomes = tuple((line(Mark(each), f" {each}"), line(words)) for each, words in OUTCOMES.items())
    classes = tuple((line(Strong(CLASS_WORDS[each])), line(words)) for each, words in CLASSES.items())
    tables = (Table("Outcomes", columns, outcomes), Table("From one run to another", columns, classes))
    return Section("glossary", "Glossary", tables)
