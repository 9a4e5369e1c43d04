"""The form in which a comparison is kept.

classes   one byte a test number: the index of its class in ``transitions.CLASSES``,
          NO_CLASS where it is in neither run; zlib
"""

import zlib

import numpy as np

from reports.deltas import Delta
from reports.transitions import CLASSES, NO_CLASS, DeltaClass
from reports.vanished import Numbers


def pack_classes(delta: Delta) -> bytes:
    """The bytes to store; ``unpack_classes`` reads them."""
    length = 1 + max((int(tests[-1]) for tests in delta.classes.values() if tests.size), default=-1)
    codes = np.full(length, NO_CLASS, np.uint8)
    for code, name in enumerate(CLASSES):
        codes[delta.classes[name]] = code
    return zlib.compress(codes.tobytes(), 1)


def unpack_classes(data: bytes) -> dict[DeltaClass, Numbers]:
    """The test numbers of each class, ascending."""
    codes = np.frombuffer(zlib.decompress(data), np.uint8)
    return {name: np.flatnonzero(codes == code) for code, name in enumerate(CLASSES)}
