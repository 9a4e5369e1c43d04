"""What the commands of runs printed."""

from tracks.models import LogChunk, Run


def log_text(run: Run, *, shard: int | None = None, after: int = 0) -> tuple[str, int]:
    """What the run's commands, or those of one shard, printed after the chunk of that id, and the id of the
    last chunk."""
    chunks = LogChunk.objects.filter(run=run, pk__gt=after)
    if shard is not None:
        chunks = chunks.filter(shard=shard)
    texts = list(chunks.values_list("pk", "text"))
    return "".join(text for _, text in texts), texts[-1][0] if texts else after


def log_tail(run: Run, *, chunks: int = 40) -> str:
    """The end of what the run's commands printed."""
    texts = LogChunk.objects.filter(run=run).order_by("-pk").values_list("text", flat=True)[:chunks]
    return "".join(reversed(texts))
