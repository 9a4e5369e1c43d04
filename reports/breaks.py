"""A run's broken tests and uncollected modules, as the search for cascades sees them; pure.

Break        test 12, tests/test_a.py::test_x, setup, "9f0c…", place 40, fixture db (module)
Uncollected  entry 4, tests/test_b.py, hides 7 8 9
"""

from dataclasses import dataclass

from tracks.statuses import Phase


@dataclass(frozen=True, slots=True)
class Break:
    """One broken test.

    ``signature`` and ``text`` are digests, ``text`` of the whole error text. ``place`` counts all
    tests of the run, from the first to the last, in the order in which they ran. ``fixture`` is the
    one that failed; it and its scope are empty where not known.
    """

    test: int
    node: str
    phase: Phase
    signature: str
    exception: str
    message: str
    text: str
    place: int
    fixture: str = ""
    fixture_scope: str = ""

    @property
    def module(self) -> str:
        return self.node.partition("::")[0]


@dataclass(frozen=True, slots=True)
class Uncollected:
    """A module that could not be collected: the number of its entry, and the base's tests in it."""

    test: int
    path: str
    hides: tuple[int, ...]
