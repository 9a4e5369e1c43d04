"""What the compare page of 100,000 tests takes, by every filter and order; imports Django.

Server time of the whole page, its picture and its first hundred rows, from the request to the last byte;
medians and the slowest of REPEATS. The comparison is kept, as it is once a run has ended.
"""

import time
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from bench.planted import Planted, plant
from reports.actions import store_comparison
from tracks.queries import largest_errors

TESTS = 100_000
REPEATS = 7
AIM = 300
"""Milliseconds."""


@dataclass(frozen=True)
class Timed:
    seconds: list[float]
    size: int
    """Bytes of the page."""


def main() -> None:
    planted = plant(TESTS)
    store_comparison(planted.base, planted.head)
    client = Client(SERVER_NAME="localhost")
    client.force_login(planted.user)
    _ask(client, planted, {})  # templates are read, PostgreSQL's plans and pages are warm
    print(f"{TESTS:,} tests; ms to the page. Aim: < {AIM}.\n")
    print(f"{'the list':<44}  {'median':>7} {'slowest':>8} {'kB':>6}")
    for name, asked in _lists(planted).items():
        print(_line(name, _ask(client, planted, asked)), flush=True)


def _lists(planted: Planted) -> dict[str, dict[str, str]]:
    error = largest_errors((planted.base, planted.head), limit=1)[0].digest
    everything = {"class": "all"}
    return {
        "changed": {},
        "changed, last page": {"page": "999"},
        "all": everything,
        "one cell": {"from": "passed", "to": "failed"},
        "all, a text that is in all": everything | {"q": "test"},
        "all, a text that is in few": everything | {"q": "[500-"},
        "all, a path that holds all": everything | {"path": "tests"},
        "changed, in a folder": {"path": "tests/part_1"},
        "changed, breaks by an error": {"error": error},
        "all, marked": everything | {"marker": "slow"},
        "all, slowest first": everything | {"sort": "slowest"},
        "slower than before": {"sort": "slower"},
        "all of these, slowest first": everything
        | {"q": "test", "path": "tests", "marker": "slow", "error": error, "sort": "slowest"},
    }


def _ask(client: Client, planted: Planted, asked: dict[str, str]) -> Timed:
    path = reverse("reports:compare", args=[planted.project.slug])
    query = urlencode({"base": planted.base.pk, "head": planted.head.pk, **asked})
    seconds = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        answer = client.get(f"{path}?{query}")
        seconds.append(time.perf_counter() - began)
        if answer.status_code != 200:
            raise AssertionError(f"{asked} was answered with {answer.status_code}")
    return Timed(seconds, len(answer.content))


def _line(name: str, timed: Timed) -> str:
    return (
        f"{name:<44}  {median(timed.seconds) * 1e3:7.0f} {max(timed.seconds) * 1e3:8.0f} "
        f"{timed.size / 1e3:6.0f}"
    )
