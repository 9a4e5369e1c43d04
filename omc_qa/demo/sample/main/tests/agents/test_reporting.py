import pytest

from app.agents import reporting


@pytest.mark.parametrize(
    ("step", "found", "text"),
    [
        ("trend", "up", "up"),
        ("trend", "flat", "flat"),
        ("risk", 0.0, "0.0%"),
        ("risk", 0.0577, "5.8%"),
        ("risk", 1.0, "100.0%"),
        ("strength", 20.0, "20 (oversold)"),
        ("strength", 30.0, "30 (neutral)"),
        ("strength", 70.0, "70 (neutral)"),
        ("strength", 70.6, "71 (overbought)"),
        ("average", 103.6, "103.60"),
        ("average", 64_210.5, "64,210.50"),
        ("ticks", 12, "12"),
    ],
)
def test_values_are_written_for_people(step, found, text):
    assert reporting.value(step, found) == text


@pytest.mark.parametrize(
    ("prices", "line"),
    [
        ([1, 2], "▁█"),
        ([2, 1], "█▁"),
        ([5, 5, 5], "▁▁▁"),
        ([1, 2, 3, 4, 5, 6, 7, 8], "▁▂▃▄▅▆▇█"),
        ([0, 100, 50], "▁█▅"),
        ([7], "▁"),
    ],
)
def test_sparkline(prices, line):
    assert reporting.sparkline(prices) == line


@pytest.mark.parametrize(
    ("rows", "last"),
    [([], "| --- | --- |"), ([("a", "1")], "| a | 1 |"), ([("a", "1"), ("b|c", "2")], "| b\\|c | 2 |")],
)
def test_table_ends_with_its_last_row(rows, last):
    assert reporting.table(("Key", "Value"), rows).splitlines()[-1] == last


@pytest.mark.parametrize("columns", [1, 2, 4])
def test_a_table_is_as_wide_as_its_headings(columns):
    lines = reporting.table(["x"] * columns, [["1"] * columns]).splitlines()
    assert [line.count("|") for line in lines] == [columns + 1] * 3


@pytest.mark.parametrize(("step", "label"), sorted(reporting.LABELS.items()))
def test_every_step_has_its_label(step, label):
    assert f"| {label} |" in reporting.markdown("BTC", {step: 1.0})


def test_an_unknown_step_is_shown_by_its_name():
    assert "| Ticks | 12 |" in reporting.markdown("BTC", {"ticks": 12})


def test_no_findings_are_said():
    assert reporting.markdown("BTC", {}) == "# BTC\n\nNothing was found."


@pytest.mark.skip(reason="PDF reports are planned for 0.5")
def test_a_report_as_pdf():
    assert reporting.pdf("BTC", {"trend": "up"}).startswith(b"%PDF-")


@pytest.mark.skip(reason="PDF reports are planned for 0.5")
def test_a_pdf_names_its_author():
    assert b"/Author" in reporting.pdf("BTC", {"trend": "up"})
