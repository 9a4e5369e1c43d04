"""The form of a run's results: two vectors over the numbers of the project's tests.

    TestCase.number        1   2    3   4   5  …    index 0 belongs to no test
    outcome, one byte   0  1   1    2   0   4  …    passed passed failed absent skipped
    duration, two bytes 0 695 812 1204  0   1  …    695 is 1 ms, 0 no time at all

    numbers, four bytes, 1 2 3 5 9 …                as their steps: 1 1 1 2 4 …

    packed:  version (1 byte)  kind (1 byte, "o", "d" or "n")  length (4 bytes, little-endian)  zlib data

Numbers start at 1, and a vector is as long as its highest number plus one; a number that no test of
the run bears is simply absent. The code of a duration stands for 1 µs · 1.01^(code − 1): durations lie
between 1 µs and 10,000,000 s (longer and shorter ones are cut to that) and come back within 0.5 % of
what went in. Their high bytes are stored before their low bytes, because the high ones repeat and the
low ones do not; for the same reason durations are only Huffman-coded: looking for repetitions costs
twice the time and gains nothing. Measured by ``python -m bench vectors``.

Nothing else in the project knows these bytes.
"""

import struct
import zlib
from collections.abc import Collection, Iterable
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from tracks.statuses import Outcome

_Code = TypeVar("_Code", np.uint8, np.uint16)

OutcomeVector = npt.NDArray[np.uint8]
"""Shape (tests,): the code of each test's outcome, see ``CODES``."""
DurationVector = npt.NDArray[np.uint16]
"""Shape (tests,): the logarithmic code of each test's duration, see ``encode_seconds``."""
Numbers = npt.NDArray[np.intp]
"""Shape (n,): test numbers."""

OUTCOMES = (
    Outcome.ABSENT,
    Outcome.PASSED,
    Outcome.FAILED,
    Outcome.ERROR,
    Outcome.SKIPPED,
    Outcome.XFAILED,
    Outcome.XPASSED,
)
"""The outcome of each code. Stored data depends on this order: append to it, never change it."""
CODES = MappingProxyType({outcome: code for code, outcome in enumerate(OUTCOMES)})

NO_OUTCOMES: OutcomeVector = np.zeros(0, np.uint8)
NO_DURATIONS: DurationVector = np.zeros(0, np.uint16)
NO_NUMBERS: Numbers = np.zeros(0, np.intp)

VERSION = 1
SHORTEST, LONGEST = 1e-6, 1e7
"""Seconds."""
STEP = 1.01
"""The ratio of two neighbouring durations, hence a relative error of at most √1.01 − 1."""
_LAST = 1 + round(np.log(LONGEST / SHORTEST) / np.log(STEP))
_SECONDS = np.concatenate(([0.0], SHORTEST * STEP ** np.arange(_LAST)))

_HEADER = struct.Struct("<BcI")
_OUTCOMES, _DURATIONS, _NUMBERS = b"o", b"d", b"n"


def pack_outcomes(outcomes: OutcomeVector) -> bytes:
    """The bytes to store; ValueError for a code that no outcome has."""
    _check_codes(outcomes, len(OUTCOMES))
    return _HEADER.pack(VERSION, _OUTCOMES, outcomes.size) + zlib.compress(outcomes.tobytes(), 1)


def unpack_outcomes(data: bytes, length: int | None = None) -> OutcomeVector:
    """A new vector, padded with absent tests to ``length``.

    ValueError for bytes that are cut, damaged, of another kind or of an unknown version, and for a
    ``length`` that would lose results.
    """
    outcomes = np.frombuffer(_read(data, _OUTCOMES, itemsize=1), np.uint8)
    _check_codes(outcomes, len(OUTCOMES))
    return pad(outcomes, length)


def pack_durations(durations: DurationVector) -> bytes:
    """The bytes to store; ValueError for a code that ``encode_seconds`` never gives."""
    _check_codes(durations, len(_SECONDS))
    planes = durations.astype("<u2").view(np.uint8).reshape(-1, 2).T.tobytes()
    coder = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_HUFFMAN_ONLY)
    return _HEADER.pack(VERSION, _DURATIONS, durations.size) + coder.compress(planes) + coder.flush()


def unpack_durations(data: bytes, length: int | None = None) -> DurationVector:
    """A new vector, padded with zeros to ``length``; errors as in ``unpack_outcomes``."""
    planes = np.frombuffer(_read(data, _DURATIONS, itemsize=2), np.uint8).reshape(2, -1)
    durations = planes[0] + (planes[1].astype(np.uint16) << 8)
    _check_codes(durations, len(_SECONDS))
    return pad(durations, length)


def pack_numbers(numbers: Iterable[int]) -> bytes:
    """The bytes to store of test numbers in any order, which is kept: those of a set, or a sequence."""
    steps = np.diff(np.fromiter(numbers, np.int32), prepend=np.int32(0)).astype("<i4")
    return _HEADER.pack(VERSION, _NUMBERS, steps.size) + zlib.compress(steps.tobytes(), 1)


def unpack_numbers(data: bytes) -> Numbers:
    """The test numbers in the order in which they were packed; errors as in ``unpack_outcomes``."""
    return np.cumsum(np.frombuffer(_read(data, _NUMBERS, itemsize=4), "<i4"), dtype=np.intp)


def encode_seconds(seconds: npt.ArrayLike) -> DurationVector:
    """Codes of durations in seconds; what is zero, negative or not a number becomes 0."""
    values = np.asarray(seconds, dtype=np.float64)
    known = values > 0
    bounded = np.clip(np.where(known, values, SHORTEST), SHORTEST, LONGEST)
    codes = np.rint(np.log(bounded / SHORTEST) / np.log(STEP)) + 1
    return np.where(known, codes, 0).astype(np.uint16)


def decode_seconds(durations: DurationVector) -> npt.NDArray[np.float64]:
    """Durations in seconds; ValueError for a code that ``encode_seconds`` never gives."""
    _check_codes(durations, len(_SECONDS))
    return _SECONDS[durations]


def count_outcomes(outcomes: OutcomeVector) -> dict[Outcome, int]:
    """How many tests had each outcome, all outcomes but absent included."""
    counts = np.bincount(outcomes, minlength=len(OUTCOMES)).tolist()
    return {outcome: counts[code] for outcome, code in CODES.items() if outcome is not Outcome.ABSENT}


def numbers_with(outcomes: OutcomeVector, wanted: Collection[Outcome]) -> npt.NDArray[np.intp]:
    """The numbers of the tests that had one of the ``wanted`` outcomes, ascending."""
    is_wanted = np.array([outcome in wanted for outcome in OUTCOMES])
    return np.flatnonzero(is_wanted[outcomes])


def overlay(empty: npt.NDArray[_Code], *others: npt.NDArray[_Code]) -> npt.NDArray[_Code]:
    """One vector of all: where several know a test, the last one counts."""
    whole = pad(empty, max([empty.size, *(each.size for each in others)]))
    for each in others:
        told = np.flatnonzero(each)
        whole[told] = each[told]
    return whole


def pad(vector: npt.NDArray[_Code], length: int | None) -> npt.NDArray[_Code]:
    """A copy with zeros at its end up to ``length``; ValueError if it is longer already."""
    if length is None:
        return vector.copy()
    if length < vector.size:
        raise ValueError(f"a vector of {vector.size} tests does not fit into {length}")
    padded = np.zeros(length, vector.dtype)
    padded[: vector.size] = vector
    return padded


def _check_codes(codes: npt.NDArray[Any], limit: int) -> None:
    if codes.size and int(codes.max()) >= limit:
        raise ValueError(f"no such code: {int(codes.max())}; the highest is {limit - 1}")


def _read(data: bytes, kind: bytes, *, itemsize: int) -> bytes:
    """The bytes behind the header, whole."""
    if len(data) < _HEADER.size:
        raise ValueError(f"a vector needs {_HEADER.size} bytes of header, here are {len(data)}")
    version, found, length = _HEADER.unpack_from(data)
    if version != VERSION:
        raise ValueError(f"a vector of version {version}; this code reads version {VERSION}")
    if found != kind:
        raise ValueError(f"a vector of kind {found!r} where {kind!r} was asked for")
    try:
        content = zlib.decompress(data[_HEADER.size :])
    except zlib.error as error:
        raise ValueError(f"a vector that is cut or damaged: {error}") from error
    if len(content) != length * itemsize:
        raise ValueError(f"a vector of {len(content)} bytes where {length * itemsize} belong")
    return content
