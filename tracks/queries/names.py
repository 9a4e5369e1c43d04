"""Tests by what they are called: their numbers, and how many there are in each file."""

import hashlib
import uuid
from collections.abc import Collection, Iterable

import numpy as np
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Q

from tracks.models import Project, TestCase
from tracks.queries.results import find_tests
from tracks.vectors import NO_NUMBERS, Numbers

_INSIDE = ("/", "::", "[")
"""What stands in a node id between a folder, file, class or function and what is in it."""

# One array: a parameter for each number takes twice the time.
_FILES = """
    SELECT split_part(node_id, '::', 1) AS file, count(*) AS tests FROM tracks_testcase
    WHERE project_id = %(project)s AND number = ANY(%(numbers)s::int[])
    GROUP BY file ORDER BY tests DESC, file LIMIT %(limit)s
"""


def numbers_of(project: Project, *, text: str = "", path: str = "") -> Numbers:
    """The numbers of the tests whose node id holds ``text``, in that folder, file, class or function."""
    tests = find_tests(project, text) if text else TestCase.objects.filter(project=project)
    if path:
        tests = tests.filter(_under(path))
    # As one array: 100,000 rows take longer than the search.
    found = tests.order_by().aggregate(numbers=ArrayAgg("number"))["numbers"]
    return np.array(found, np.intp) if found else NO_NUMBERS


def numbers_by_name(project: Project, node_ids: Collection[str]) -> dict[str, int]:
    """The number of each of these tests that the project knows."""
    digests = [digest_of(node_id) for node_id in node_ids]
    rows = TestCase.objects.filter(project=project, digest__in=digests).values_list("node_id", "number")
    return dict(rows)


def digest_of(text: str) -> uuid.UUID:
    """By which names and texts of any length are found."""
    return uuid.UUID(bytes=hashlib.md5(text.encode(), usedforsecurity=False).digest())


def files_of(project: Project, numbers: Iterable[int], *, limit: int) -> list[tuple[str, int]]:
    """The files that hold most of these tests, with how many each does."""
    with connection.cursor() as cursor:
        cursor.execute(_FILES, {"project": project.pk, "numbers": list(numbers), "limit": limit})
        return list(cursor.fetchall())


def _under(path: str) -> Q:
    inside = Q(node_id=path)
    for mark in _INSIDE:
        inside |= Q(node_id__startswith=path + mark)
    return inside
