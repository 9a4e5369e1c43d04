"""``omc-qa demo``: the sample sprint by the whole product, from the command to the JSON."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from omc_qa.local import servers
from omc_qa.local.home import Home
from reports.document import Document, from_json, sections_in
from tests.omc_qa.cli.installations import omc_qa

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


CLASSES = (
    "newly_failing",
    "newly_erroring",
    "fixed",
    "still_broken_same",
    "still_broken_different",
    "vanished",
    "added",
    "muted",
)


def sizes(delta: dict[str, Any]) -> dict[str, int]:
    return {name: len(delta[name]) for name in CLASSES}


def counts(run: dict[str, Any]) -> tuple[int, ...]:
    return tuple(run[name] for name in ("passed", "failed", "errors", "skipped"))


def test_the_sample_sprint_says_by_name_what_its_tracks_lost_and_won(home):
    done = omc_qa(home, "demo", "--once", "--json", str(home.parent / "demo.json"))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Worse than the baseline: track A." in done.stdout
    found = json.loads((home.parent / "demo.json").read_text())
    baseline, (a, b, c) = found["baseline"], found["tracks"]
    assert (counts(baseline), baseline["collected"], baseline["balanced"]) == ((579, 33, 48, 6), 666, True)
    assert max(len(cluster["tests"]) for cluster in baseline["clusters"]) == 48
    initial, broken, again = a["iterations"]
    check_track_a(initial)
    assert counts(broken) == (6, 3, 651, 6)
    assert [len(cluster["tests"]) for cluster in broken["clusters"]][:2] == [651, 1]
    assert (counts(again), sizes(again["delta"])) == (counts(initial), sizes(initial["delta"]))
    (waits,) = b["iterations"]
    assert (counts(waits), sizes(waits["delta"])["fixed"]) == ((591, 21, 48, 6), 12)
    (only,) = c["iterations"]
    assert (counts(only), sizes(only["delta"])) == (
        (579, 33, 48, 6),
        dict.fromkeys(sizes(only["delta"]), 0) | {"still_broken_same": 81, "vanished": 2, "added": 2},
    )
    assert {each["reason"] for each in only["delta"]["vanished"]} == {"renamed or moved"}

    check_decisions(a, b, c)
    check_report(published(home))


def check_decisions(a: dict[str, Any], b: dict[str, Any], c: dict[str, Any]) -> None:
    assert (a["recommended"], a["decision"]["kind"]) == ("reject", "rejected")
    assert (b["recommended"], b["decision"]) == ("reject", None)
    assert {gate["gate"]: gate["standing"] for gate in b["gates"]}[
        "what it depends on is approved"
    ] == "fails"
    assert (c["recommended"], c["decision"]["kind"]) == ("approve", "approved with conditions")
    assert (c["decision"]["by"], c["decision"]["approved"], c["decision"]["stale"]) == (["Lena"], True, [])
    assert [gate["gate"] for gate in c["gates"] if gate["waived"]] == [
        "tests passed",
        "tests failed",
        "tests with errors",
        "every blocking criterion holds",
        "no open finding of this severity",
    ]


def published(home: Path) -> dict[str, Any]:
    """What the first edition of the sample's report froze."""
    with servers.running(Home(home)) as environment, psycopg.connect(environment["DATABASE_URL"]) as database:
        editions = database.execute("SELECT number, by_name, content FROM reports_publication").fetchall()
    [(number, by, content)] = editions
    assert (number, by) == (1, "Tess")
    return dict(content)


def check_report(content: dict[str, Any]) -> None:
    """It has all that a report of such a sprint can tell, and Tess's words with the figures of its runs."""
    document = from_json(content["document"])
    assert isinstance(document, Document)
    assert {section.key for section in sections_in(document)} >= SECTIONS
    figures = content["figures"]
    assert figures["track.A.newly_erroring"]["value"] == 64
    assert figures["integration.together"]["value"] == 12
    assert "{{track.A.newly_erroring}}" in content["texts"]["concerns"]
    assert len(content["rests_on"]["runs"]) == 7


SECTIONS = {
    *("about", "summary", "achievements", "concerns", "metrics", "status", "baseline", "baseline-issues"),
    *(f"track-a-{each}" for each in ("changes", "results", "successes", "regressions", "failures", "errors")),
    *(f"track-a-{each}" for each in ("criteria", "missing", "verdict", "follow-ups", "readiness")),
    *("finding-a-1", "track-c-lost", "track-c-missing"),
    *(f"track-a-retest-{n}-{each}" for n in (1, 2) for each in ("tried", "results", "verdicts")),
    *(f"integration-{each}" for each in ("order", "trial", "conflicts", "interactions", "prerequisites")),
    *("findings", "recommendations", "decisions", "questions", "question-a-2", "timeline", "conclusion"),
    *("next-lead", "next-tester", "next-developer"),
    *("branches", "reproduce", "artefacts", "environments", "glossary"),
}
"""All that the sections of a report are of which the sample has something to tell."""


def check_track_a(initial: dict[str, Any]) -> None:
    assert (initial["state"], counts(initial)) == ("finished", (563, 20, 77, 6))
    largest = initial["clusters"][0]
    assert len(largest["tests"]) == 77
    assert "can't render element of type ARRAY" in largest["title"]
    assert sizes(initial["delta"]) == {
        "newly_failing": 0,
        "newly_erroring": 64,
        "fixed": 48,
        "still_broken_same": 19,
        "still_broken_different": 14,
        "vanished": 0,
        "added": 0,
        "muted": 0,
    }
    assert initial["delta"]["matrix"] == {
        "passed": {"passed": 515, "error": 64},
        "failed": {"passed": 1, "failed": 19, "error": 13},
        "error": {"passed": 47, "failed": 1},
        "skipped": {"skipped": 6},
    }
    assert set(initial["delta"]["newly_erroring"]) < set(largest["tests"])
