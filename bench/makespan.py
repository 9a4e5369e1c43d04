"""How evenly workers are used: seconds of the longest shard, as ``tracks.sharding`` places the tests.

    by file, by test    longest first, files kept together or not
    even                as many of them to each shard, in their order: what one would do without durations
    ideal               nothing takes less: an even share of all, or the longest single file (or test)
    busy                how much of all workers' time is spent on tests

Durations: 1,000 files with heavy-tailed ones, alike in a file; and those of a JUnit file, where one is named:
``OMC_QA_BENCH_JUNIT=results.xml``. Shards are placed by them and then take others, about a fifth off, as the
next run does. What each shard takes to start is left out.
"""

import os
import xml.etree.ElementTree as ElementTree

import numpy as np

from tracks import sharding
from tracks.statuses import ShardBy

WORKERS = (4, 16, 64)
FILES = 1000
SEED = 3
CHANGE = 0.2
"""From run to run: the standard deviation of a duration's logarithm."""


def main() -> None:
    known = {"made up": _made_up()}
    if junit := os.environ.get("OMC_QA_BENCH_JUNIT"):
        known["recorded"] = _recorded(junit)
    header = f"{'names':>8}{'all, s':>10}{'workers':>9}{'even':>9}{'ours':>9}{'ideal':>9}"
    print(f"{'durations':<19}{header}{'ours/ideal':>12}{'busy':>7}")
    for name, durations in known.items():
        for by in ShardBy:
            before = sharding.weights(durations, by)
            now = sharding.weights(_next_run(durations), by)
            for workers in WORKERS:
                print(f"{name:<10}{f'by {by}':<9}{_line(before, now, workers)}")


def _line(before: dict[str, float], now: dict[str, float], workers: int) -> str:
    every = sum(now.values())
    even = sharding.makespan(now, {name: place * workers // len(now) for place, name in enumerate(now)})
    ours = sharding.makespan(now, sharding.places(before, workers))
    ideal = sharding.shortest(now.values(), workers)
    told = f"{len(now):>8,}{every:>10.1f}{workers:>9}{even:>9.2f}{ours:>9.2f}{ideal:>9.2f}"
    return f"{told}{ours / ideal:>12.3f}{every / workers / ours:>7.0%}"


def _next_run(durations: dict[str, float]) -> dict[str, float]:
    changes = np.exp(np.random.default_rng(SEED + 1).normal(0.0, CHANGE, len(durations))).tolist()
    return {name: took * change for (name, took), change in zip(durations.items(), changes, strict=True)}


def _made_up() -> dict[str, float]:
    """Seconds by node id: a few tests take most of the time, and they gather in few files."""
    chance = np.random.default_rng(SEED)
    durations: dict[str, float] = {}
    for file in range(FILES):
        usual = chance.normal(np.log(0.05), 1.0)
        for test, took in enumerate(np.exp(usual + chance.normal(0.0, 1.2, chance.integers(5, 60)))):
            durations[f"tests/test_{file}.py::test_{test}"] = float(took)
    return durations


def _recorded(path: str) -> dict[str, float]:
    """Of a file that pytest has written; a test's module stands for its file."""
    durations: dict[str, float] = {}
    for case in ElementTree.parse(path).iter("testcase"):
        *modules, last = case.get("classname", "").split(".")
        file = "/".join(modules if last[:1].isupper() else [*modules, last])
        durations[f"{file}.py::{last}::{case.get('name')}"] = float(case.get("time", 0))
    return durations
