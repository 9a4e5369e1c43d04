"""The causes of a run's broken tests: errors that nothing else explains, with what follows from them; pure.

    clusters  A {1 2 3}   B {4 5}   C {6}              Cause A   1 2 3 by themselves, 4 5 follow
    cascades  2 ──> 4 5                         ──>    Cause C   6

An error that only followers have is shown under their cause, and is none itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.clusters import Cluster
from reports.forecasts import Forecast


@dataclass(frozen=True, slots=True)
class Cause:
    """``own`` are the tests of the cluster that follow from nothing, ascending; ``cascades`` are those that
    one of them began."""

    cluster: Cluster
    own: tuple[int, ...]
    cascades: tuple[Forecast, ...]

    @property
    def followers(self) -> int:
        return sum(len(each.cascade.followers) for each in self.cascades)

    @property
    def reach(self) -> int:
        """How many tests it concerns."""
        return len(self.own) + self.followers


def find_causes(clusters: Iterable[Cluster], cascades: Iterable[Forecast]) -> tuple[Cause, ...]:
    """The causes of a run, those that concern most tests first; ``cascades`` as ``roots`` joins them."""
    cascades = tuple(cascades)
    followers = {test for each in cascades for test in each.cascade.followers}
    begun: dict[int, Forecast] = {each.cascade.cause: each for each in cascades}
    causes = []
    for cluster in clusters:
        if own := tuple(test for test in cluster.tests if test not in followers):
            causes.append(Cause(cluster, own, tuple(begun[test] for test in own if test in begun)))
    return tuple(sorted(causes, key=lambda each: (-each.reach, each.cluster.title, each.cluster.signature)))
