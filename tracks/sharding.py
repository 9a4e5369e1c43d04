"""Which shard runs which file, from what the tests took before; pure.

durations by test ──weights──> seconds by file ──places──> {"tests/test_a.py": 2, …}

Longest first, each to the shard with the least to do: R. L. Graham, "Bounds on multiprocessing timing
anomalies" (1969); the longest shard takes at most 4/3 of the shortest time that there is, and of that
less the more files there are. What no earlier run knows is placed by the shards themselves, alike (see
``execution.spec.Share``).
"""

import heapq
from collections.abc import Iterable, Mapping

from tracks.statuses import ShardBy


def weights(durations: Mapping[str, float], by: ShardBy) -> dict[str, float]:
    """Seconds of each file, or of each test, from the seconds of each test by node id."""
    if by is ShardBy.TEST:
        return dict(durations)
    seconds: dict[str, float] = {}
    for test, took in durations.items():
        file = test.partition("::")[0]
        seconds[file] = seconds.get(file, 0.0) + took
    return seconds


def places(seconds: Mapping[str, float], shards: int) -> dict[str, int]:
    """The shard (from 0) of each name; the same for the same figures, whatever their order."""
    loads = [(0.0, shard) for shard in range(shards)]
    found: dict[str, int] = {}
    for name, took in sorted(seconds.items(), key=lambda item: (-item[1], item[0])):
        load, shard = heapq.heappop(loads)
        found[name] = shard
        heapq.heappush(loads, (load + took, shard))
    return found


def makespan(seconds: Mapping[str, float], placed: Mapping[str, int]) -> float:
    """Seconds that the busiest shard takes."""
    loads: dict[int, float] = {}
    for name, shard in placed.items():
        loads[shard] = loads.get(shard, 0.0) + seconds[name]
    return max(loads.values(), default=0.0)


def shortest(seconds: Iterable[float], shards: int) -> float:
    """No placing takes less: an even share of all, or the longest single one."""
    known = list(seconds)
    return max(sum(known) / shards, max(known, default=0.0))
