"""Where a repository's commits can be looked at, guessed from its address; pure.

https://git.example.org/team/ledger.git  ┐
git@git.example.org:team/ledger.git      ┘  ──>  https://git.example.org/team/ledger/commit/264a9b0…
"""

import re
from urllib.parse import urlsplit

_SCP = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w.-]+\.[\w-]+):(?P<path>[^/].*)")
_PATHS = {"gitlab": "-/commit", "bitbucket": "commits"}
"""By a word in the host's name; the others do as GitHub, Gitea and Forgejo."""


def commit_url(repository: str, sha: str) -> str:
    """The page of a commit; empty for a repository of which no page can be guessed. Holds no credentials."""
    host, path = _place(repository)
    path = path.strip("/").removesuffix(".git")
    if not host or not path or not re.fullmatch(r"[\w.~+/-]+", path):
        return ""
    kind = next((kind for word, kind in _PATHS.items() if word in host), "commit")
    return f"https://{host}/{path}/{kind}/{sha}"


def _place(repository: str) -> tuple[str, str]:
    """The host, with its port where that is the web's own, and the path."""
    if "://" not in repository:
        found = _SCP.fullmatch(repository)
        return (found["host"], found["path"]) if found else ("", "")
    try:
        url = urlsplit(repository)
        port = f":{url.port}" if url.port and url.scheme == "https" else ""
    except ValueError:
        return "", ""
    return (
        (f"{url.hostname}{port}", url.path) if url.scheme in ("https", "ssh") and url.hostname else ("", "")
    )
