"""Words that follow the number of a figure; pure."""

from reports.document import Figure


def by_number(one: str, many: str, *figures: Figure) -> str:
    """``1 test is``, ``0 tests are``; of several, ``0 of 1 track is``: one of them is enough."""
    return one if any(abs(each.value) == 1 for each in figures) else many
