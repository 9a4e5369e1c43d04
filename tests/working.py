"""The work of the fixture ``worker``."""

from tracks import queries, tasks


def work_until_idle() -> None:
    """Run what is queued, and what that brings."""
    while queries.next_in_line(tasks.tags()) is not None:
        tasks.work()
