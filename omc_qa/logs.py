"""What no log line may hold."""

import re
from collections.abc import MutableMapping
from typing import Any

_TOKEN = re.compile(r"(/(?:sign-in|invitations|reset/key)/)[^/\s\"']+|(/(?:r|badges)/)[\w-]{40,}")


def hide_tokens(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: addresses that sign somebody in, or let them read, lose their token."""
    for name, value in event.items():
        if isinstance(value, str) and "/" in value:
            event[name] = _TOKEN.sub(r"\1\2…", value)
    return event
