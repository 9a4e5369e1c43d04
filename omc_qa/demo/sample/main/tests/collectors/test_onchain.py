from datetime import UTC, datetime

import pytest

from app.collectors import onchain


@pytest.mark.parametrize(
    ("raw", "value"),
    [(12, 12), ("12", 12), (" 1,200 ", 1200), ("3.4M", 3_400_000), ("2k", 2000), ("-5%", -0.05), ("1.5B", 1.5e9)],
)
def test_numbers(raw, value):
    assert onchain.number(raw) == pytest.approx(value)


@pytest.mark.parametrize("raw", ["", "many", "3.4X"])
def test_what_is_no_number(raw):
    with pytest.raises(ValueError):
        onchain.number(raw)


@pytest.mark.parametrize(
    ("rows", "names"),
    [({"fees": "1.2M", "addresses": 9}, ["addresses", "fees"]), ({"fees": None, "hash_rate": ""}, []), ({}, [])],
)
def test_metrics_without_a_value_are_left_out(rows, names):
    assert [metric.name for metric in onchain.parse({"t": 0, "metrics": rows})] == names


def test_the_moment_is_in_utc():
    (metric,) = onchain.parse({"t": 1_741_003_200, "metrics": {"fees": 1}})
    assert metric.at == datetime(2025, 3, 3, 12, tzinfo=UTC)
