"""Which tests are the same ones under another name; pure.

git says that tests/test_a.py is tests/test_b.py now       a.py::test_x[1]  ──>  b.py::test_x[1]
a function's code is the same, and it is the only such     a.py::test_x[1]  ──>  a.py::test_y[1]

Only a test that vanished is tied to one that was added, and each to one at most.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping

from reports.source.functions import Function
from reports.source.snapshots import Snapshot, Sources, function_of, parameters_of

Place = tuple[str, str]
"""The path of a file, and the name of a function in it."""


def find_moves(vanished: Mapping[int, str], added: Mapping[int, str], sources: Sources) -> dict[int, int]:
    """The number of the test that each moved one is now; both sides are given as node ids by number."""
    numbers = {node_id: number for number, node_id in added.items()}
    gone = {_place(node_id, sources) for node_id in vanished.values()}
    come = {_place(node_id, sources) for node_id in added.values()}
    now = {place: (sources.moved[place[0]], place[1]) for place in gone if place[0] in sources.moved}
    now = {place: there for place, there in now.items() if there in come}
    now |= _by_code(gone - set(now), come - set(now.values()), sources)
    found = {}
    for number, node_id in vanished.items():
        if place := now.get(_place(node_id, sources)):
            there = numbers.get(sources.node_id(*place) + parameters_of(node_id))
            if there is not None:
                found[number] = there
    return found


def _place(node_id: str, sources: Sources) -> Place:
    return sources.path_of(node_id), function_of(node_id)


def _by_code(gone: Iterable[Place], come: Iterable[Place], sources: Sources) -> dict[Place, Place]:
    """Those with the same code, and with the same name as well where that tells them apart. What says hardly
    anything, such as a lone ``pass``, is alike by chance."""
    before, after = _functions(gone, sources.base), _functions(come, sources.head)
    found: dict[Place, Place] = {}
    for key in (_name_and_code, _code):
        left, right = _single(before, key), _single(after, key)
        pairs = {left[each]: right[each] for each in left.keys() & right.keys()}
        found |= pairs
        before = {place: each for place, each in before.items() if place not in pairs}
        after = {place: each for place, each in after.items() if place not in set(pairs.values())}
    return found


def _functions(places: Iterable[Place], snapshot: Snapshot) -> dict[Place, Function]:
    found = {}
    for path, name in places:
        if function := snapshot.function(path, name):
            found[path, name] = function
    return found


def _single(
    functions: Mapping[Place, Function], key: Callable[[Function], Hashable]
) -> dict[Hashable, Place]:
    """The places of functions that no other one equals."""
    alike = defaultdict(list)
    for place, function in functions.items():
        alike[key(function)].append(place)
    return {code: places[0] for code, places in alike.items() if len(places) == 1}


def _name_and_code(function: Function) -> Hashable:
    return function.node.name, function.fingerprint


def _code(function: Function) -> Hashable:
    says_something = function.asserts > 0 or len(function.node.body) > 1
    return function.fingerprint if says_something else id(function)
