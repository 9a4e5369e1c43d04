"""What the commands of runs printed."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.db.models.functions import Length

from tracks.models import LogChunk, Run


def log_text(run: Run, *, shard: int, after: int = 0) -> tuple[str, int]:
    """What one shard's commands printed after the chunk of that id, and the id of the last chunk."""
    texts = list(_chunks(run, shard).filter(pk__gt=after).values_list("pk", "text"))
    return "".join(text for _, text in texts), texts[-1][0] if texts else after


def log_end(run: Run, *, shard: int, characters: int) -> int:
    """The id of the chunk after which about so many characters are left; 0 where there are no more."""
    left = characters
    chunk: int
    for chunk, length in _chunks(run, shard).order_by("-pk").values_list("pk", Length("text")).iterator():
        left -= length
        if left < 0:
            return chunk - 1
    return 0


def log_lines(run: Run, *, shard: int) -> Iterator[str]:
    """What one shard's commands printed, line by line; never all of it in memory."""
    rest = ""
    for text in _chunks(run, shard).values_list("text", flat=True).iterator(chunk_size=20):
        *lines, rest = (rest + text).split("\n")
        yield from lines
    if rest:
        yield rest


def log_tail(run: Run, *, chunks: int = 40) -> str:
    """The end of what the run's commands printed."""
    texts = LogChunk.objects.filter(run=run).order_by("-pk").values_list("text", flat=True)[:chunks]
    return "".join(reversed(texts))


def _chunks(run: Run, shard: int) -> QuerySet[LogChunk]:
    return LogChunk.objects.filter(run=run, shard=shard).order_by("pk")
