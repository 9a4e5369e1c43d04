import pytest

from app.collectors.metrics import CollectorMetrics


def metrics(outcomes, window=50):
    """One call a letter: `.` went well, `x` did not."""
    made = CollectorMetrics(window)
    for n, outcome in enumerate(outcomes, start=1):
        made.add(seconds=n / 10, items=2, error="timeout" if outcome == "x" else "")
    return made


@pytest.mark.parametrize(
    ("outcomes", "rate"), [("", 1.0), (".", 1.0), ("x", 0.0), ("..x.", 0.75), ("xx..", 0.5)]
)
def test_success_rate(outcomes, rate):
    assert metrics(outcomes).success_rate == rate


@pytest.mark.parametrize(("outcomes", "streak"), [("", 0), ("x.", 0), (".x", 1), ("x.xx", 2)])
def test_streak(outcomes, streak):
    assert metrics(outcomes).streak() == streak


@pytest.mark.parametrize(
    ("outcomes", "health"),
    [("", "healthy"), ("..........", "healthy"), (".....x....", "healthy"), ("x...", "degraded"), ("xx.", "down"),
     (".......xxx", "down")],
)  # fmt: skip
def test_health(outcomes, health):
    assert metrics(outcomes).health() == health


@pytest.mark.parametrize(("percent", "seconds"), [(50, 0.5), (90, 0.9), (100, 1.0), (1, 0.1)])
def test_percentiles(percent, seconds):
    assert metrics("." * 10).percentile(percent) == seconds


@pytest.mark.parametrize("percent", [0, 101])
def test_percentages_have_their_ends(percent):
    with pytest.raises(ValueError, match="not a percentage"):
        metrics(".").percentile(percent)


def test_only_the_window_counts():
    assert metrics("xxxxx.....", window=5).success_rate == 1.0
