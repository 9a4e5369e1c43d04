"""What judging a run's criteria costs, beside a bare read of its tests' names; imports Django.

    names    number and node id of every test, by a bare cursor
    one      the product's own action for one criterion, "at most 0 failed in one folder"
    twenty   the same for twenty: folders, globs, ``-k``, "outside of", "nothing worse"

Medians. Nothing is asked of git: there is no repository here.
"""

from collections.abc import Sequence

from django.db import connection

from bench.planted import Planted, plant
from bench.samples import SIZES, median_seconds
from reports.actions.criteria import judge
from reports.models import CriterionResult
from tracks.criteria import Rule, TestsDefinition
from tracks.selections import Selection
from tracks.statuses import CriterionKind

NAMES = "SELECT number, node_id FROM tracks_testcase WHERE project_id = %s"
ONE = [TestsDefinition(Rule.AT_MOST_BROKEN, Selection(places=("tests",)))]
FOUR = [
    TestsDefinition(Rule.AT_MOST_BROKEN, Selection(places=("tests/test_*.py",))),
    TestsDefinition(Rule.EACH_PASSES, Selection(keyword="one or (two and not three)")),
    TestsDefinition(Rule.AT_LEAST, Selection(places=("tests",)), least=12),
    TestsDefinition(Rule.NOTHING_WORSE, Selection(places=("tests/trading",), outside=True)),
]


def main() -> None:
    print(f"{'tests':>8}  {'names':>8}  {'one':>8} {'× names':>9}  {'twenty':>8} {'× names':>9}   (ms)")
    for tests in SIZES:
        print(_line(tests, plant(tests)), flush=True)


def _line(tests: int, planted: Planted) -> str:
    names = median_seconds(lambda: _read(planted))
    one = median_seconds(lambda: _judge(planted, ONE))
    twenty = median_seconds(lambda: _judge(planted, FOUR * 5))
    return (
        f"{tests:>8,}  {names * 1e3:8.1f}  {one * 1e3:8.1f} {one / names:7.1f} ×  "
        f"{twenty * 1e3:8.1f} {twenty / names:7.1f} ×"
    )


def _read(planted: Planted) -> None:
    with connection.cursor() as cursor:
        cursor.execute(NAMES, [planted.head.project_id])
        cursor.fetchall()


def _judge(planted: Planted, asked: Sequence[TestsDefinition]) -> None:
    planted.head.criteria = [
        {"id": number, "text": "", "kind": CriterionKind.TESTS, "definition": each.to_json()}
        for number, each in enumerate(asked)
    ]
    CriterionResult.objects.filter(run=planted.head).delete()
    judge(planted.head, planted.base)
