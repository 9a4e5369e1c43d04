"""The whole report of the sample, as Markdown: what a change of a section or of the format changes is seen.

Where that is meant, ``python -m tests.reports.test_report_golden`` writes the golden file again; read its
difference before it is committed.
"""

from pathlib import Path

from reports.rendering import Draft, markdown
from reports.summary import build
from tests.reports.summary_facts import sample

GOLDEN = Path(__file__).parent / "golden" / "report.md"


def rendered() -> str:
    summary = build(sample(), {})
    return markdown.render(summary.document, Draft(summary.digest))


def test_the_report_reads_as_it_did():
    assert rendered() == GOLDEN.read_text(encoding="utf-8")


if __name__ == "__main__":
    GOLDEN.write_text(rendered(), encoding="utf-8")
