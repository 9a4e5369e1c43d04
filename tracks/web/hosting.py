"""Where a repository's commits and files can be looked at, guessed from its address; pure.

https://git.example.org/team/ledger.git  ┐
git@git.example.org:team/ledger.git      ┘  ──>  https://git.example.org/team/ledger/commit/264a9b0…
"""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

_SCP = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w.-]+\.[\w-]+):(?P<path>[^/].*)")
_COMMITS = {"gitlab": "-/commit", "bitbucket": "commits"}
_FILES = {"github": "blob", "gitlab": "-/blob", "bitbucket": "src"}
_ANCHORS = {"gitlab": "#L{}-{}", "bitbucket": "#lines-{}:{}"}
"""By a word in the host's name; the others do as Gitea and Forgejo, commits also as GitHub."""


def commit_url(repository: str, sha: str) -> str:
    """The page of a commit; empty for a repository of which no page can be guessed. Holds no credentials."""
    return _page(repository, _COMMITS, "commit", sha)


def file_url(repository: str, sha: str, path: str, lines: str = "") -> str:
    """The page of a file at a commit, at its lines (``12-20``); empty as ``commit_url``, or for no commit."""
    page = _page(repository, _FILES, "src/commit", f"{sha}/{quote(path)}") if sha else ""
    if not page or not lines:
        return page
    host, _ = _place(repository)
    first, _, last = lines.partition("-")
    anchor = next((form for word, form in _ANCHORS.items() if word in host), "#L{}-L{}")
    return page + anchor.format(first, last or first)


def _page(repository: str, kinds: Mapping[str, str], other: str, rest: str) -> str:
    host, path = _place(repository)
    path = path.strip("/").removesuffix(".git")
    if not host or not path or not re.fullmatch(r"[\w.~+/-]+", path):
        return ""
    kind = next((kind for word, kind in kinds.items() if word in host), other)
    return f"https://{host}/{path}/{kind}/{rest}"


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
