"""Tests that broke on a state which an earlier test left behind; pure.

    place  7  test_pay     call   IntegrityError          the cause
    place  8  test_refund  setup  PendingRollbackError    follows
    place  9  test_units   (passed: it did not need the session)
    place 10  test_list    setup  PendingRollbackError    follows

- A known message (see ``reports.poisons``) in setup follows the last test of its module that broke
  otherwise; passed tests in between did not need the state, and end nothing. In the call, or in
  another module, nothing but broken tests may lie in between.
- A PendingRollbackError repeats the error that it follows: the last test that broke with that one is
  the cause, in whatever module, and where there is none, none is claimed.
- Any other error in setup must fill the places directly after a test of its module that got past its
  own setup, two at least, and be found nowhere else in the run.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reports.breaks import Break
from reports.poisons import original_error, recognise, shows
from tracks.statuses import Phase

UNKNOWN = "it left a state behind in which the setup of others breaks"
LOOK_BACK = 200
"""How many errors before it are looked at for the cause of one: what is farther away is not right after."""

_Streaks = Mapping[int, int]
"""Which unbroken row of broken tests a test is in: equal where only broken tests ran in between."""


@dataclass(frozen=True, slots=True)
class Poisoned:
    """A test that followed, the one that it followed, and what that one left behind."""

    follower: int
    cause: int
    what: str


def find_poisoned(ordered: Sequence[Break], taken: Collection[int]) -> list[Poisoned]:
    """Each test that follows, once; ``ordered`` is by place, those of ``taken`` follow something else."""
    streaks = {each.test: each.place - index for index, each in enumerate(ordered)}
    return [*_by_message(ordered, taken, streaks), *_by_place(ordered, taken, streaks)]


def _by_message(ordered: Sequence[Break], taken: Collection[int], streaks: _Streaks) -> Iterator[Poisoned]:
    """What followed with a known message."""
    earlier: deque[Break] = deque(maxlen=LOOK_BACK)
    last: dict[tuple[str, str], tuple[Break, Break]] = {}  # by message and error: a follower, its cause
    for each in ordered:
        what = recognise(each.exception, each.message)
        if what and each.test not in taken and each.phase in (Phase.SETUP, Phase.CALL):
            follower, cause = last.get((what, each.signature), (None, None))
            if not follower or not _adjoins(each, follower, streaks):
                cause = _cause(each, earlier, streaks)
            if cause:
                last[what, each.signature] = each, cause
                yield Poisoned(each.test, cause.test, what)
                continue
        if earlier and earlier[-1].signature == each.signature:
            earlier.pop()  # of neighbours with one error the later one is enough
        earlier.append(each)


def _cause(each: Break, earlier: deque[Break], streaks: _Streaks) -> Break | None:
    """The last test before it that broke by itself and may have left the state behind."""
    others = (other for other in reversed(earlier) if other.signature != each.signature)
    if original := original_error(each.message):
        return next((other for other in others if shows(original, other.message)), None)
    in_setup = each.phase is Phase.SETUP
    return next(
        (
            other
            for other in others
            if streaks[other.test] == streaks[each.test] or (in_setup and other.module == each.module)
        ),
        None,
    )


def _adjoins(each: Break, follower: Break, streaks: _Streaks) -> bool:
    """Whether what the follower met is still there: nothing but broken tests, or one module, in between."""
    return each.module == follower.module or streaks[each.test] == streaks[follower.test]


def _by_place(ordered: Sequence[Break], taken: Collection[int], streaks: _Streaks) -> Iterator[Poisoned]:
    """What followed with an error of its own in setup, told by its place alone."""
    places: dict[str, list[int]] = {}
    for index, each in enumerate(ordered):
        places.setdefault(each.signature, []).append(index)
    for signature, indexes in places.items():
        first, last = indexes[0], indexes[-1]
        group = ordered[max(first - 1, 0) : last + 1]
        cause, followers = group[0], group[1:]
        if (
            first > 0
            and signature
            and len(indexes) == len(followers) > 1
            and cause.phase in (Phase.CALL, Phase.TEARDOWN)
            and all(each.phase is Phase.SETUP and each.test not in taken for each in followers)
            and len({each.module for each in group}) == len({streaks[each.test] for each in group}) == 1
            and not any(recognise(each.exception, each.message) for each in followers)
        ):
            yield from (Poisoned(each.test, cause.test, UNKNOWN) for each in followers)
